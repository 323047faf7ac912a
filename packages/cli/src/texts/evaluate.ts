// The texts of `eddy evaluate`.

export const en = {
  help: {
    about: "Score a model and its baselines on a file with inputs and targets.",
    out: "folder for the report",
    json: "print one JSON object with scores and paths",
  },
  outOfMemory: () => "expected rows that fit into memory, received too many; evaluate the file in parts.",
};

export const zh: typeof en = {
  help: {
    about: "在含有输入和目标的文件上给模型打分，并与基线并列。",
    out: "报告的目录",
    json: "只输出一个 JSON 对象（得分和路径）",
  },
  outOfMemory: () => "行数太多，内存放不下；请分几部分评估这个文件。",
};
