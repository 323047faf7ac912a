// Texts about which input matters: the conclusion, the chart of the importance, and the inputs below the predictions.
import { counted } from "@eddy/ui/results";

export const en = {
  title: "Which input matters",
  columns: { input: "input", chart: "error without it", ratio: "ratio", increase: "increase" },
  only: (input: string, times: string) =>
    `${input} carries the prediction: without it the error is ${times} times as large.`,
  most: (input: string, times: string) => `${input} matters most: without it the error is ${times} times as large.`,
  leaveOut: (inputs: string) => `${inputs} can probably be left out.`,
  none: "The error hardly grows without any single input: the prediction does not depend on one of them alone.",
  note: ({ part, rows, blockRows, shuffles }: { part: string; rows: string; blockRows: string; shuffles: number }) =>
    `How many times as large the error becomes when the values of an input are exchanged with those of other times, in blocks of ${counted(blockRows, "row")} (permutation importance on ${part}, ${counted(rows, "row")} scored, ${shuffles} shuffles; the whisker is ± 2 standard errors). Inputs that are correlated share their importance: each may look less important than all of them together.`,
  shown: (shown: number, all: number) => `The ${shown} most important of ${counted(all, "input")} are shown.`,
  inputs: "Inputs",
  moreInputs: (count: number) => `${count} more`,
};

export const zh: typeof en = {
  title: "哪个输入重要",
  columns: { input: "输入", chart: "没有它时的误差", ratio: "倍数", increase: "增量" },
  only: (input, times) => `预测依赖 ${input}：没有它，误差是原来的 ${times} 倍。`,
  most: (input, times) => `${input} 最重要：没有它，误差是原来的 ${times} 倍。`,
  leaveOut: (inputs) => `${inputs} 多半可以去掉。`,
  none: "去掉任何一个输入，误差都几乎不变：预测不单独依赖其中任何一个。",
  note: ({ part, rows, blockRows, shuffles }) =>
    `把某个输入的值按 ${blockRows} 行一块与其他时刻的值互换后，误差变为原来的多少倍（置换重要性，在${part}上计算，评估 ${rows} 行，打乱 ${shuffles} 次；误差线为 ± 2 倍标准误）。彼此相关的输入会分摊重要性：单看每一个，都可能显得不如它们合起来重要。`,
  shown: (shown, all) => `共 ${all} 个输入，只显示最重要的 ${shown} 个。`,
  inputs: "输入",
  moreInputs: (count) => `另外 ${count} 个`,
};
