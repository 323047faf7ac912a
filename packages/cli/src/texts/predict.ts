// The texts of `eddy predict`.

export const en = {
  help: {
    about: "Predict the targets of a model for each row of a file.",
    file: "CSV, TSV, Parquet or JSON with the model's inputs",
    out: "file for the predictions (.csv, .parquet or .json)",
    stdout: "CSV on standard output",
    noTime: "treat each row as one step, even if the model was trained with times",
    noGroup: "treat all rows as one series, even if the model was trained with groups",
    noSql: "read the file itself, even if the model was trained on a query",
  },

  interruptedPrinting: "interrupted; the predictions were not printed completely.",
  outOfMemory: () => "expected rows that fit into memory, received too many; predict the file in parts.",
};

export const zh: typeof en = {
  help: {
    about: "用模型对文件中的每一行预测目标。",
    file: "含有模型输入列的 CSV、TSV、Excel（.xlsx）、Parquet 或 JSON 文件；- 表示标准输入",
    out: "预测结果的输出文件（.csv、.parquet 或 .json）",
    stdout: "以 CSV 格式写到标准输出",
    noTime: "忽略训练时的时间戳列，视各行为等间隔",
    noGroup: "忽略训练时的分组列，把所有行视为一个序列",
    noSql: "忽略训练时的查询，直接读取文件",
  },

  interruptedPrinting: "已中断，预测结果未全部输出。",
  outOfMemory: () => "行数太多，内存不足；请把文件分成几部分分别预测。",
};
