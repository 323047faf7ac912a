// The texts of `eddy train`: help, progress, results, errors.

import { type FlaggedSetting, meanings } from "eddy/series";

/** The meaning of each setting that `eddy train` has an option for, and its default if that depends on the data. */
type SettingTexts = Readonly<Record<FlaggedSetting, { readonly meaning: string; readonly default?: string }>>;
const settings: SettingTexts = meanings;

export const en = {
  settings,
  help: {
    about: "Train a model that estimates one or more columns of a file from other columns.",
    file: "CSV, TSV, Parquet or JSON (several files with --sql)",
    input: "input columns, separated by commas; without --input and --target, the columns are listed",
    target: "columns to learn from the inputs",
    time: "time column; the model does not learn across gaps in time",
    timeFormat: "format of the times, such as %d/%m/%Y %H:%M; or number, excel, epoch s (ms, us, ns)",
    group: "column that identifies the series of each row",
    sql: "a SELECT statement that returns the table; each file is a view named after it; the query can read only these files and cannot write",
    header: "whether the first line of the table contains the column names; detected if not given",
    decimal: "decimal sign, point or comma; detected if not given",
    repairTime: "sort the rows by time, and of rows with duplicate times keep the first, the last or their mean",
    out: "model file; the report is written to a folder next to it",
    resume: "continue from where an earlier run of the same command stopped",
    noReport: "write only the model",
    json: "print one JSON object with settings, scores and paths",
  },

  // wrong usage
  shareOrFile: (word: string) =>
    `--test: expected a share such as 20% or a file, received "${word}" (no such file); check the path.`,
  seenTest: (path: string) =>
    `--test: expected rows that are not used for training, received "${path}", a training file; name another file, or hold out a share, as in --test 20%.`,
  bothInputAndTarget: (name: string) =>
    `expected targets that are not inputs, received "${name}" as both; the model would read the answer from its input.`,
  missingOption: (flag: string, other: string) =>
    `expected ${other} together with ${flag}, received ${flag} alone; add ${other}, or omit both to list the columns.`,

  // progress
  epoch: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
  restart: (n: number) => `training ${n}, `,
  refitting: "on all rows, ",
  loss: (value: string) => `loss ${value}`,
  validation: (value: string, best: string | undefined) => `validation ${value}${best ? ` (best ${best})` : ""}`,
  rate: (value: string) => `${value} steps/s`,
  left: (value: string) => `${value} left`,
  stopping: "stopping after this step; press Ctrl-C again to exit immediately",

  // results
  next: "Next:",
  interruptedEarly: "interrupted before the end of the first epoch; there is no model yet, and nothing was written.",
  interrupted: (epoch: number) =>
    `interrupted: the best model so far (epoch ${epoch}) was saved; --resume continues from here.`,
  rescued: (path: string, reason: string) =>
    `${reason} The trained model was saved to ${path} instead; move it from there.`,
  noCheckpoint: (reason: string) =>
    `The checkpoint for --resume could not be saved: ${reason} The training is not affected.`,
  reportFailed: (model: string, reason: string) => `${reason} (the model itself was saved to ${model})`,
  outOfMemory: () =>
    "expected a training that fits into memory, received one that does not; choose a smaller --hidden or --layers, or fewer rows or columns.",

  // --resume
  finishedResume: (path: string) =>
    `--resume: the training of ${path} is complete; its result is written again. Omit --resume to start a new training.`,
  keptPlan: (flag: string, given: number, planned: number) =>
    `--resume: ${flag} ${given} is ignored; the training continues as planned, with ${planned}. Omit --resume to start a new training.`,
  damagedResume: (path: string) =>
    `--resume: expected ${path} from an earlier run, received a damaged or different file; omit --resume to start a new training.`,
  noResume: (path: string) =>
    `--resume: expected ${path} from an earlier run, found none; omit --resume to start a new training.`,
  otherResume: (path: string, reason: string) => `--resume: ${path} does not match: ${reason}`,
};

const zhSettings: SettingTexts = {
  validation: { meaning: "每个序列中训练部分之后的验证部分，用于早停并选择最佳权重" },
  test: { meaning: "每个序列末尾的测试部分，用于给最终模型评分一次" },
  cell: { meaning: "循环层的类型", default: "gru；训练行数不足 2000 时为 lstm" },
  hiddenSize: { meaning: "每层隐藏状态的大小", default: "32；训练行数不足 2000 时为 16" },
  numLayers: { meaning: "循环层的层数", default: "1；训练行数不足 2000 时为 2" },
  washout: { meaning: "状态每次重新开始后不计入损失和评分的行数" },
  seed: { meaning: "随机数种子" },
  epochs: { meaning: "训练的最大轮数", default: "相当于 12000 个训练步；训练行数不足 2000 时为 3000 步" },
  budgetMs: { meaning: "训练时间上限" },
  learningRate: { meaning: "初始学习率，按半个余弦衰减" },
  restarts: { meaning: "用其他初始权重追加训练的次数，保留最好的一次", default: "0；训练行数不足 20000 时为 2" },
  refit: { meaning: "用全部行继续训练选出的模型" },
};

export const zh: typeof en = {
  settings: zhSettings,
  help: {
    about: "用文件中的一些列估计另一些列，训练模型。",
    file: "CSV、Excel（.xlsx）、Parquet 或 JSON；标准输入写 -；多个文件须配合 --sql",
    input: "输入列，用逗号隔开；不写 --input 和 --target 就列出文件的各列",
    target: "要由输入列学出的列",
    time: "时间列；不会跨过时间间断学习",
    timeFormat: "时间格式，例如 %d/%m/%Y %H:%M；或 number、excel、epoch s（ms、us、ns）",
    group: "标明每一行属于哪个序列的列",
    sql: "返回数据表的一条 SELECT 语句；每个文件都是以其文件名命名的视图；只能读取这些文件，不能写入",
    header: "表格第一行是否为列名：yes 或 no；不写则自动检测",
    decimal: "小数点：点（point）或逗号（comma）；不写则自动检测",
    repairTime: "按时间给各行排序，时间重复的行保留第一行（first）、最后一行（last）或均值（mean）",
    out: "模型文件；报告写在它旁边的目录里",
    resume: "从同一命令上次停下的地方继续",
    noReport: "只写出模型",
    json: "只输出一个 JSON 对象（设置、评分和路径）",
  },

  shareOrFile: (word) => `--test：应为 20% 这样的比例或一个文件，收到的却是“${word}”（没有这个文件）；请检查路径。`,
  seenTest: (path) =>
    `--test：应为模型没有学过的行，“${path}”却正是训练文件；请换一个文件，或留出一部分，例如 --test 20%。`,
  bothInputAndTarget: (name) => `目标不能同时是输入，“${name}”却两者都是；它自己的值会泄露答案。`,
  missingOption: (flag, other) => `${flag} 应与 ${other} 一起使用；请加上 ${other}，或两个都不写以查看各列。`,

  epoch: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  restart: (n) => `第 ${n} 次训练，`,
  refitting: "用全部行，",
  loss: (value) => `损失 ${value}`,
  validation: (value, best) => `验证 ${value}${best ? `（最佳 ${best}）` : ""}`,
  rate: (value) => `${value} 步/秒`,
  left: (value) => `还剩 ${value}`,
  stopping: "这一步之后停止；再按一次 Ctrl-C 立即结束",

  next: "接下来：",
  interruptedEarly: "在第一轮完成之前中断；还没有模型，没有写出任何文件。",
  interrupted: (epoch) => `已中断：保留了到目前为止最好的模型（第 ${epoch} 轮）；用 --resume 可从这里继续。`,
  rescued: (path, reason) => `${reason}训练好的模型已存到 ${path}，请从那里移走。`,
  noCheckpoint: (reason) => `--resume 所需的文件未能保存：${reason}训练不受影响。`,
  reportFailed: (model, reason) => `${reason}（模型本身已安全写入 ${model}）`,
  outOfMemory: () => "内存放不下这次训练；请减小 --hidden 或 --layers，或减少行数、列数。",

  finishedResume: (path) =>
    `--resume：${path} 的训练已经完成，没有可继续的内容；只会再次写出结果。去掉 --resume 即可重新训练。`,
  keptPlan: (flag, given, planned) =>
    `--resume：不采用 ${flag} ${given}；训练按原计划（${planned}）继续。去掉 --resume 即可重新计划。`,
  damagedResume: (path) => `--resume：${path} 不是上次运行写出的文件，或已损坏；去掉 --resume 即可重新开始。`,
  noResume: (path) => `--resume：应有上次运行留下的 ${path}，却没有找到；去掉 --resume 即可重新开始。`,
  otherResume: (path, reason) => `--resume：${path} 不相符：${reason}`,
};
