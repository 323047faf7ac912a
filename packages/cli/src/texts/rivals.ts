// Texts of the comparison of two models: a deployed one and a candidate.

export const en = {
  better: (name: string, other: string, target: string, errors: string, change: string) =>
    `${name} is better than ${other}${target}: RMSE ${errors} (${change}).`,
  even: (candidate: string, deployed: string, target: string, errors: string, change: string) =>
    `${candidate} and ${deployed} do not differ by more than chance${target}: RMSE ${errors} (${change}).`,
  few: (candidate: string, deployed: string, target: string, errors: string) =>
    `${candidate} and ${deployed} cannot be told apart on so few rows${target}: RMSE ${errors}; 100 rows are the minimum.`,
  ofTarget: (target: string) => ` for ${target}`,
  instead: (one: string, other: string) => `${one} instead of ${other}`,
  change: (change: string, low: string, high: string, rows: string, blocks: number) =>
    `in ${blocks} blocks of ${rows} rows it changes by ${change} on average, with 95 % confidence by ${low} to ${high}`,
  keep: (deployed: string) => `Keep ${deployed}.`,
  replace: (deployed: string, candidate: string) => `${candidate} can replace ${deployed}.`,
  mixed: "One model is better for some targets, the other for others.",
  onRows: {
    validation: "on rows that neither had learned from",
    test: "on the test rows",
    data: "on the rows of the file",
  },
  newModel: "the new model",
  oldModel: "the previous model",
  keptFilter:
    "The linear filter of the old model was kept: one that was fitted to the new rows was not better by more than chance.",
  fact: "previous model",
  oneReport: "eddy evaluate: expected a single model for a report, received two, which are only compared; omit --out.",
};

export const zh: typeof en = {
  better: (name, other, target, errors, change) => `${target}${name} 优于 ${other}：RMSE ${errors}（${change}）。`,
  even: (candidate, deployed, target, errors, change) =>
    `${target}${candidate} 与 ${deployed} 的差异没有超出偶然：RMSE ${errors}（${change}）。`,
  few: (candidate, deployed, target, errors) =>
    `${target}行数太少，无法区分 ${candidate} 与 ${deployed}：RMSE ${errors}；至少需要 100 行。`,
  ofTarget: (target) => `就“${target}”而言，`,
  instead: (one, other) => `${one}，原为 ${other}`,
  change: (change, low, high, rows, blocks) =>
    `${rows} 行分为 ${blocks} 块，平均变化 ${change}，95% 置信区间 ${low} 至 ${high}`,
  keep: (deployed) => `请继续使用 ${deployed}。`,
  replace: (deployed, candidate) => `${candidate} 可以取代 ${deployed}。`,
  mixed: "两个模型各有部分目标更好。",
  onRows: { validation: "在两者都没有学习过的行上", test: "在测试集上", data: "在文件的各行上" },
  newModel: "新模型",
  oldModel: "原模型",
  keptFilter: "保留了原模型的线性滤波器：用新数据拟合的滤波器没有显著更好。",
  fact: "与原模型比较",
  oneReport: "eddy evaluate：只有评估单个模型时才生成报告，而这里给出了两个模型，只作比较；请去掉 --out。",
};
