// Texts of `eddy predict`.
import { counted } from "@eddy/ui/results";

export const en = {
  help: {
    about: "Predict the targets for each row of a file with a trained model.",
    file: "CSV, TSV, Excel (.xlsx), Parquet or JSON file with the model's inputs, or - for standard input",
    out: "output file for the predictions (.csv, .parquet or .json)",
    level: "probability of the intervals (columns NAME lower and NAME upper), from 50% to 99%, or none",
    stdout: "CSV on standard output",
    noTime: "ignore time and treat the rows as evenly spaced, even if the model was trained with times",
    noGroup: "ignore groups and treat all rows as one series, even if the model was trained with groups",
    noSql: "read the file directly, even if the model was trained on the result of a query",
  },

  initialWindow: (rows: number, targets: string) =>
    `The first ${counted(rows, "row")} of ${targets} in each series were used to find the initial state.`,
  fromZero: (targets: string) =>
    `The file has no measured values of ${targets} to find the initial state; each series starts from zero.`,
  noIntervals: (path: string) =>
    `--level: expected a model with intervals, received ${path} of an earlier version; train it again, or omit --level.`,
  interruptedPrinting: "interrupted; the printed predictions are incomplete.",
  outOfMemory: () => "expected rows that fit in memory, received too many; split the file and predict each part.",
};

export const zh: typeof en = {
  help: {
    about: "用模型对文件中的每一行预测目标。",
    file: "含有模型输入列的 CSV、TSV、Excel（.xlsx）、Parquet 或 JSON 文件；- 表示标准输入",
    out: "预测结果的输出文件（.csv、.parquet 或 .json）",
    level: "区间的概率（输出 NAME lower 和 NAME upper 两列），50% 到 99%，或 none",
    stdout: "以 CSV 格式写到标准输出",
    noTime: "忽略训练时的时间戳列，视各行为等间隔",
    noGroup: "忽略训练时的分组列，把所有行视为一个序列",
    noSql: "忽略训练时的查询，直接读取文件",
  },

  initialWindow: (rows, targets) => `每个序列前 ${rows} 行的 ${targets} 用于推断初始状态。`,
  fromZero: (targets) => `文件中没有可用于推断初始状态的 ${targets} 实测值；每个序列从零状态开始。`,
  noIntervals: (path) => `--level：${path} 由早期版本训练，没有区间；请重新训练，或去掉 --level。`,
  interruptedPrinting: "已中断，预测结果未全部输出。",
  outOfMemory: () => "行数太多，内存不足；请把文件分成几部分分别预测。",
};
