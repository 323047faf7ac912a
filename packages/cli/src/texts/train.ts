// Texts of `eddy train`: help, progress, results, errors.

import { type FlaggedSetting, meanings } from "eddy/series";

/** The meaning of each setting that has an option in `eddy train`, and its default if that depends on the data. */
type SettingTexts = Readonly<Record<FlaggedSetting, { readonly meaning: string; readonly default?: string }>>;
const settings: SettingTexts = meanings;

export const en = {
  settings,
  help: {
    about: "Train a model that predicts one or more columns of a file from other columns.",
    file: "CSV, TSV, Excel (.xlsx), Parquet or JSON file, or - for standard input; several files only with --sql",
    input: "input columns, separated by commas; omit --input and --target to list the columns of the file",
    target: "target columns (to predict), separated by commas",
    time: "time column; the hidden state is reset at gaps in time",
    timeFormat: "time format, such as %d/%m/%Y %H:%M; or number, excel, epoch s (ms, us, ns)",
    group: "column that identifies the series each row belongs to",
    sql: "a SELECT query that returns the table; each file is a view with the name of the file; the query can read only these files and cannot write",
    header: "whether the first line of the table contains the column names; detected by default",
    decimal: "decimal separator: point or comma; detected by default",
    every: "resample: one row for each interval, such as 10s, 5m, 1h, labelled with its end; needs --time",
    everyBy: "summaries of columns for --every, as in flow=sum,valve=last: mean, last or sum (default: mean)",
    exclude: "range of times, or of row numbers without --time, to leave out, as in 2024-05-01..2024-05-03; repeatable",
    when: "condition that rows must meet, in SQL, as in \"mode = 'run'\"; the others are left out",
    repairTime: "sort the rows by time; of rows with the same timestamp, keep the first, the last or their mean",
    out: "model file; the report is written to a folder next to it",
    from: "a model to continue from, with its columns and settings, on new rows; the new model is compared with it",
    resume: "resume an interrupted run of the same command",
    noReport: "write only the model",
    json: "print a single JSON object with settings, scores, importance of the inputs, and paths",
  },

  // usage errors
  shareOrFile: (value: string) =>
    `--test: expected a share such as 20% or a file, received "${value}" (no such file); check the path.`,
  seenTest: (path: string) =>
    `--test: expected rows that are not used for training, received "${path}", a training file; use another file, or hold out a share of the rows, as in --test 20%.`,
  bothInputAndTarget: (name: string) =>
    `expected targets that are not inputs, received "${name}" as both; a target cannot be its own input.`,
  missingOption: (flag: string, other: string) =>
    `expected ${other} together with ${flag}, received only ${flag}; add ${other}, or omit both to list the columns.`,

  // progress
  epoch: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
  networks: (completed: number, all: number) => `${completed} of ${all} networks`,
  refitting: "final training, ",
  /** What happens while no network is trained. */
  activities: {
    fitting: "preparing: fitting the linear filter",
    planning: "preparing: planning the training",
    combining: "combining the networks and scoring the model",
  },
  /** The heading of the validation curve. */
  curve: (unit: string | undefined, networks: number) =>
    `validation RMSE${unit ? ` [${unit}]` : ""}${networks > 1 ? `, mean of ${networks} networks` : ""}`,
  loss: (value: string) => `loss ${value}`,
  validation: (value: string, best: string | undefined) => `validation ${value}${best ? ` (best ${best})` : ""}`,
  rate: (value: string) => `${value} steps/s`,
  left: (value: string) => `${value} remaining`,
  stopping: "stopping; press Ctrl-C again to exit immediately",

  // results
  next: "Commands:",
  interruptedEarly: "interrupted before the first validation; there is no model yet, and nothing was written.",
  interrupted: (epoch: number) =>
    `interrupted: the best model so far (epoch ${epoch}) was saved; --resume continues from here.`,
  rescued: (path: string, reason: string) =>
    `${reason} The trained model was saved to ${path} instead; move it from there.`,
  noCheckpoint: (reason: string) =>
    `The checkpoint for --resume could not be saved: ${reason} The training is not affected.`,
  reportFailed: (model: string, reason: string) => `${reason} (the model itself was saved to ${model})`,
  outOfMemory: () =>
    "expected a training run that fits in memory, received one that does not; choose a smaller --hidden or --layers, or use fewer rows or columns.",

  // --resume
  finishedResume: (path: string) =>
    `--resume: the training run of ${path} is already complete, so its result is written again. Omit --resume to train from scratch.`,
  keptPlan: (flag: string, given: number, planned: number) =>
    `--resume: ${flag} ${given} is ignored; the resumed run keeps its planned value, ${planned}. Omit --resume to train from scratch.`,
  damagedResume: (path: string) =>
    `--resume: expected ${path} to be a checkpoint of an earlier run, received a damaged file or another kind of file; omit --resume to train from scratch.`,
  noResume: (path: string) =>
    `--resume: expected the checkpoint ${path} of an earlier run, found none; omit --resume to train from scratch.`,
  otherResume: (path: string, reason: string) => `--resume: ${path} does not match: ${reason}`,
};

const zhSettings: SettingTexts = {
  validation: {
    meaning: "验证网络所用的行：每个序列中位于训练集之后的一部分",
    default: "分块：每个网络留出不同的一块，模型因而学习了全部数据；只有一个网络时为 25%",
  },
  test: { meaning: "每个序列末尾的测试集，只在训练结束时评估一次" },
  cell: { meaning: "循环层的类型" },
  hiddenSize: {
    meaning: "每层隐藏状态的维数",
    default: "32；训练行数不足 2000 时为 16；若验证误差更小则加倍",
  },
  numLayers: { meaning: "循环层的层数" },
  initialWindow: { meaning: "每个序列开头用于推断初始状态的行数（需要目标的实测值，这些行不计入评估指标）" },
  gaps: {
    meaning:
      "缺失输入的填补方式：hold:N 用上一个值填补至多 N 行，interpolate:N 对至多 N 行的缺口做线性插值，restart 不填补；缺口更长时重新开始状态",
    default: "hold，行数以上一个值比均值更准为限",
  },
  missing: { meaning: "表示缺失值的数", default: "无" },
  bounds: { meaning: "目标可能的最小值和最大值，预测值和区间不会超出", default: "无" },
  washout: { meaning: "预热行数：每次重置隐藏状态后不计入损失和评估指标的行数" },
  seed: { meaning: "随机数种子" },
  epochs: { meaning: "最大训练轮数", default: "相当于 16000 个训练步；训练行数不足 2000 时为 3000 步" },
  budgetMs: { meaning: "训练时间上限" },
  learningRate: { meaning: "初始学习率，按半个余弦衰减" },
  networks: {
    meaning: "网络的个数，预测取其平均；各网络的初始权重不同，验证所用的数据块也不同",
    default: "4；训练行数不足 20000 时为 8",
  },
  variants: {
    meaning: "网络的备选方案数，由验证误差选出一种；各方案的隐藏状态维数不同",
    default: "2；只有一个网络或训练行数不少于 20000 时为 1",
  },
  refit: { meaning: "按选定的设置，用全部数据继续训练最终模型" },
  jobs: { meaning: "同时训练的网络个数，每个网络占用一个线程；不影响结果", default: "全部 CPU 核心" },
};

export const zh: typeof en = {
  settings: zhSettings,
  help: {
    about: "训练一个模型，用文件中的一些列预测另一些列。",
    file: "CSV、TSV、Excel（.xlsx）、Parquet 或 JSON 文件；- 表示标准输入；多个文件须配合 --sql",
    input: "输入列，用逗号分隔；省略 --input 和 --target 时列出文件中的所有列",
    target: "目标列（要预测的列），用逗号分隔",
    time: "时间戳列；遇到缺口时重置隐藏状态",
    timeFormat: "时间戳格式，例如 %d/%m/%Y %H:%M；或 number、excel、epoch s（ms、us、ns）",
    group: "分组列：标明每一行属于哪个序列",
    sql: "一条 SELECT 查询，其结果作为数据表；每个文件对应一个同名视图；只能读取这些文件，不能写入",
    header: "第一行是否为列名：yes 或 no；默认自动判断",
    decimal: "小数分隔符：point（点）或 comma（逗号）；默认自动判断",
    every: "重采样：每个时间间隔（例如 10s、5m、1h）合为一行，以其终点为时间；须配合 --time",
    everyBy: "--every 对各列的汇总方式，例如 flow=sum,valve=last：均值 mean（默认）、最后一个值 last 或总和 sum",
    exclude: "要排除的时间范围（没有 --time 时为行号范围），例如 2024-05-01..2024-05-03；可重复使用",
    when: "SQL 条件，例如 \"mode = 'run'\"；不满足条件的行被排除",
    repairTime: "按时间戳排序；时间戳重复时保留第一行（first）、最后一行（last）或均值（mean）",
    out: "模型的输出路径；报告保存在同一位置的单独目录中",
    from: "在新数据上继续训练这个模型（沿用它的列和设置），并与它比较",
    resume: "从同一命令上次中断处继续训练",
    noReport: "只保存模型，不生成报告",
    json: "只输出一个 JSON 对象（设置、评估指标、输入的重要性和路径）",
  },

  shareOrFile: (value) => `--test：应为 20% 这样的比例或一个文件，实际为“${value}”（没有这个文件）；请检查路径。`,
  seenTest: (path) =>
    `--test：测试集不能参与训练，而“${path}”就是训练文件；请换一个文件，或留出一部分数据，例如 --test 20%。`,
  bothInputAndTarget: (name) => `列“${name}”不能既是输入又是目标：目标自身的值会泄漏答案。`,
  missingOption: (flag, other) => `${flag} 必须与 ${other} 一起使用；请加上 ${other}，或两个都省略以查看各列。`,

  epoch: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  networks: (completed, all) => `${completed}/${all} 个网络`,
  refitting: "最终训练（全部数据），",
  activities: {
    fitting: "准备中：拟合线性滤波器",
    planning: "准备中：制定训练计划",
    combining: "正在组合各网络并评估模型",
  },
  curve: (unit, networks) =>
    `验证集 RMSE${unit ? ` [${unit}]` : ""}${networks > 1 ? `，${networks} 个网络的平均` : ""}`,
  loss: (value) => `损失 ${value}`,
  validation: (value, best) => `验证误差 ${value}${best ? `（最佳 ${best}）` : ""}`,
  rate: (value) => `${value} 步/秒`,
  left: (value) => `剩余 ${value}`,
  stopping: "正在停止；再按一次 Ctrl-C 立即退出",

  next: "后续命令：",
  interruptedEarly: "第一次验证之前已中断；尚无模型，未写入任何文件。",
  interrupted: (epoch) => `已中断：已保存目前最好的模型（第 ${epoch} 轮）；可用 --resume 继续训练。`,
  rescued: (path, reason) => `${reason}训练好的模型已保存到 ${path}，请移动到需要的位置。`,
  noCheckpoint: (reason) => `未能保存 --resume 使用的检查点：${reason}训练不受影响。`,
  reportFailed: (model, reason) => `${reason}（模型已保存到 ${model}）`,
  outOfMemory: () => "内存不足，无法训练；请减小 --hidden 或 --layers，或减少行数或列数。",

  finishedResume: (path) => `--resume：${path} 的训练已经完成，无需继续；将重新输出结果。要从头训练，请去掉 --resume。`,
  keptPlan: (flag, given, planned) =>
    `--resume：忽略 ${flag} ${given}，继续使用原来的设置（${planned}）。要使用新的设置，请去掉 --resume。`,
  damagedResume: (path) => `--resume：${path} 不是有效的检查点，或已损坏；要从头训练，请去掉 --resume。`,
  noResume: (path) => `--resume：找不到上次运行的检查点 ${path}；要从头训练，请去掉 --resume。`,
  otherResume: (path, reason) => `--resume：${path} 与当前命令不符：${reason}`,
};
