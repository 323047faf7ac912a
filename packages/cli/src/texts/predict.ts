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
    about: "对文件的每一行预测模型的目标。",
    file: "含有模型输入列的 CSV、Excel（.xlsx）、Parquet 或 JSON；标准输入写 -",
    out: "预测结果的文件（.csv、.parquet 或 .json）",
    stdout: "以 CSV 输出到终端",
    noTime: "不使用训练时的时间列，把每一行当作一步",
    noGroup: "不使用训练时的分组列，把所有行当作一个序列",
    noSql: "不使用训练时的查询，直接读取文件",
  },

  interruptedPrinting: "已中断，预测结果没有输出完。",
  outOfMemory: () => "行数太多，内存放不下；请分几部分预测这个文件。",
};
