// Texts of `eddy evaluate`.

export const en = {
  help: {
    about:
      "Evaluate a model and its baselines on a file with inputs and targets; of two models, old.safetensors new.safetensors, say which one is better.",
    out: "output folder for the report",
    json: "print a single JSON object with scores, importance of the inputs, and paths",
  },
  outOfMemory: () => "expected rows that fit in memory, received too many; split the file and evaluate each part.",
};

export const zh: typeof en = {
  help: {
    about:
      "在含有输入列和目标列的文件上评估模型，并与基线比较；给出两个模型（old.safetensors new.safetensors）时，判断哪一个更好。",
    out: "报告的输出目录",
    json: "只输出一个 JSON 对象（评估指标、输入的重要性和路径）",
  },
  outOfMemory: () => "行数太多，内存不足；请把文件分成几部分分别评估。",
};
