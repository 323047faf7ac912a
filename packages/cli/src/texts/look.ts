// Texts of `eddy look`, and of the list of columns before training.
import { counted } from "@eddy/ui/results";

const joined = (names: readonly string[], last: string) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")}${last}${names.at(-1)}`;

export const en = {
  help: {
    about:
      "Show every column of a file before training: its course, range, gaps, what is suspicious, and a training command.",
    target: "the column to predict, for which inputs are suggested; by default the last numeric column",
    json: "print a single JSON object with columns, times, suspicions and the suggested command",
  },
  outOfMemory: () => "expected columns that fit in memory, received too many; select some of them with --sql.",
  course: "course",
  dataTitle: "Data",
  targetColumn: "target",
  suspicions: "Please check:",
  constant: (name: string, value: string) => `${name} is always ${value}: it is no input.`,
  counter: (name: string) => `${name} counts rows or time: it is no input.`,
  duplicate: (name: string, of: string) =>
    `${name} is the same as ${of}, or a linear function of it: one of them is enough.`,
  missingCode: (value: string, names: string, columns: number, share: string) =>
    `${value} is far from all other values of ${names}${columns > 3 ? ` (${columns} columns)` : ""}, in up to ${share} of the rows: it probably stands for a missing value, which --missing ${value} declares.`,
  category: (name: string, values: number) =>
    `${name} contains texts with ${counted(String(values), "value")}: a category.`,
  leak: (name: string, target: string, lag: number) =>
    `${name} is ${target}${lag === 0 ? "" : ` of ${counted(String(Math.abs(lag)), "row")} ${lag < 0 ? "before" : "later"}`} in other units: it contains the answer and is no input${lag === 0 ? "" : ", unless it is known when the model is used"}.`,
  later: (name: string, target: string, rows: number) =>
    `${name} follows ${target} by about ${counted(String(rows), "row")}: is it known when the model is used?`,
  nearCopy: (name: string, target: string, r: string) =>
    `${name} is almost the same as ${target} (correlation ${r}): is it computed from it?`,
  sum: (target: string, names: readonly string[]) =>
    `${target} is a linear function of ${joined(names, " and ")}: it is probably computed from them.`,
  mode: (name: string, value: string, target: string, share: string, option: string) =>
    `${target} hardly varies where ${name} is ${value} (${share} of the rows): if that is a shutdown, exclude it with ${option}.`,
  frozen: (name: string, rows: string, from: string, to: string, option?: string) =>
    `${name} keeps one value for ${rows} rows, from ${from} to ${to}: a shutdown, or a sensor that failed${option === undefined ? "" : `; ${option} excludes these rows`}.`,
  irregular: (step: string, every: string) =>
    `the rows are unevenly spaced, typically by ${step}; the command resamples them with --every ${every}`,
  row: (row: string) => `row ${row}`,
  delay: (name: string, rows: number, time: string | undefined) =>
    `${name} ${counted(String(rows), "row")}${time === undefined ? "" : ` (${time})`}`,
  delays: (target: string, delays: readonly string[]) =>
    `${target} follows its inputs, by the largest correlation: ${delays.join(", ")}.`,
  otherTarget: "For another target than the last column, add --target NAME to eddy look.",
};

export const zh: typeof en = {
  help: {
    about: "训练之前查看文件的每一列：走势、取值范围、缺口、可疑之处，以及建议的训练命令。",
    target: "要预测的列，据此建议输入列；默认为最后一个数值列",
    json: "只输出一个 JSON 对象（各列、时间戳、可疑之处和建议的命令）",
  },
  outOfMemory: () => "列数太多，内存不足；请用 --sql 选取其中一部分。",
  course: "走势",
  dataTitle: "数据",
  targetColumn: "目标",
  suspicions: "请检查：",
  constant: (name, value) => `列“${name}”始终为 ${value}，不能用作输入。`,
  counter: (name) => `列“${name}”是行号或时间的计数，不能用作输入。`,
  duplicate: (name, of) => `列“${name}”与“${of}”相同，或是它的线性函数，保留一列即可。`,
  missingCode: (value, names, columns, share) =>
    `在列 ${names}${columns > 3 ? `等 ${columns} 列` : ""}中，${value} 与其他值相差很远，最多占 ${share} 的行：很可能表示缺失，可用 --missing ${value} 声明。`,
  category: (name, values) => `列“${name}”是文本，共 ${values} 种取值：属于类别。`,
  leak: (name, target, lag) =>
    `列“${name}”就是${lag === 0 ? "" : `${Math.abs(lag)} 行之${lag < 0 ? "前" : "后"}的`}“${target}”（单位可能不同），含有答案，不能用作输入${lag === 0 ? "" : "，除非使用模型时已知"}。`,
  later: (name, target, rows) => `列“${name}”比“${target}”约晚 ${rows} 行：使用模型时是否已知？`,
  nearCopy: (name, target, r) => `列“${name}”与“${target}”几乎相同（相关系数 ${r}）：是否由它算出？`,
  sum: (target, names) => `“${target}”是 ${joined(names, " 和 ")} 的线性函数，很可能由它们算出。`,
  mode: (name, value, target, share, option) =>
    `当列“${name}”为 ${value} 时（占 ${share} 的行），“${target}”几乎不变：如果这是停机，请用 ${option} 排除。`,
  frozen: (name, rows, from, to, option) =>
    `列“${name}”有 ${rows} 行保持同一个值，从 ${from} 到 ${to}：可能是停机，或传感器故障${option === undefined ? "" : `；可用 ${option} 排除这些行`}。`,
  irregular: (step, every) => `采样间隔不均匀，一般为 ${step}；下面的命令用 --every ${every} 重采样`,
  row: (row) => `第 ${row} 行`,
  delay: (name, rows, time) => `${name} ${rows} 行${time === undefined ? "" : `（${time}）`}`,
  delays: (target, delays) => `按最大相关系数，“${target}”滞后于输入：${delays.join("，")}。`,
  otherTarget: "默认预测最后一个数值列；要换一个目标，请在 eddy look 中加上 --target 列名。",
};
