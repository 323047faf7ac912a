// The texts of `eddy train`: help, progress, results, errors.

export const en = {
  help: {
    about: "Learn a model of one or more columns of a file from other columns.",
    file: "CSV, TSV, Parquet or JSON (several with --sql)",
    input: "columns that are known, with commas between them; without --input and --target the columns are shown",
    target: "columns to learn from them",
    time: "column of times; gaps in it are not learned across",
    timeFormat: "how times are written, such as %d/%m/%Y %H:%M; or number, excel, epoch s (ms, us, ns)",
    group: "column that tells which of many series a row belongs to",
    sql: "one SELECT that gives the table; each file is a view named after it; it reads these files alone and writes nothing",
    header: "whether the first line of the table has the names of the columns; told from the lines unless given",
    decimal: "the decimal sign, point or comma; told from the values unless given",
    test: "share of the rows (20%), or a file, that scores the finished model",
    val: "share of the rows that stops the training and chooses the weights",
    repairTime: "put rows in order of time, and of rows with equal time keep the first, the last or their mean",
    budget: "time for the training: 60s, 5m, 1h, or none",
    seed: "where the random numbers start",
    out: "the model; its report goes into a folder beside it",
    hidden: "size of the hidden state",
    layers: "recurrent layers, one on the other",
    epochs: "most passes over the training part",
    lr: "learning rate",
    washout: "rows at the start of each series that loss and scores leave out",
    restarts: "further trainings from other first weights; the best is kept",
    refit: "train the final model on all rows with the choices made",
    resume: "go on from where an earlier run of the same command stopped",
    noReport: "write the model alone",
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

export const zh: typeof en = {
  help: {
    about: "用文件中的一些列学习另一些列，得到模型。",
    file: "CSV、Excel（.xlsx）、Parquet 或 JSON；标准输入写 -；多个文件须配合 --sql",
    input: "已知的列，用逗号隔开；不写 --input 和 --target 就列出文件的各列",
    target: "要由它们学出的列",
    time: "时间列；不会跨过其中的间断学习",
    timeFormat: "时间的写法，例如 %d/%m/%Y %H:%M；或 number、excel、epoch s（ms、us、ns）",
    group: "说明每一行属于哪个序列的列",
    sql: "给出数据表的一条 SELECT；每个文件都是以其文件名命名的视图；只能读取这些文件，不写任何东西",
    header: "表格第一行是不是列名：yes 或 no；不写则从内容判断",
    decimal: "小数点的写法：点（point）或逗号（comma）；不写则从数值判断",
    test: "用来给最终模型打分的行的比例（20%），或另一个文件",
    val: "用来决定何时停止、保留哪组权重的行的比例",
    repairTime: "按时间给各行排序，时间相同的行保留第一行（first）、最后一行（last）或均值（mean）",
    budget: "训练时间：60s、5m、1h，或 none（不限）",
    seed: "随机数种子",
    out: "模型文件；报告写在它旁边的目录里",
    hidden: "隐藏状态的大小",
    layers: "循环层的层数",
    epochs: "训练部分最多过几遍",
    lr: "学习率",
    washout: "每个序列开头不计入损失和得分的行数",
    restarts: "换初始权重再训练几次，保留最好的",
    refit: "按已作的选择，用全部行训练最终模型",
    resume: "从同一命令上次停下的地方继续",
    noReport: "只写出模型",
    json: "只输出一个 JSON 对象（设置、得分和路径）",
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
