// What a person reads of train, predict, evaluate and export: their help, their progress, their results, their errors.

import { counted } from "./plural.ts";

export const en = {
  train: {
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
    cell: "rnn, gru or lstm",
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
  predict: {
    about: "Predict the targets of a model for each row of a file.",
    model: "model that eddy train wrote",
    file: "CSV, TSV, Parquet or JSON with the model's inputs",
    out: "file for the predictions (.csv, .parquet or .json)",
    stdout: "printed as CSV",
    noTime: "take each row as one step, although the model was trained with times",
    noGroup: "take all rows as one series, although the model was trained with groups",
    noSql: "read the file itself, although the model was trained on a query",
  },
  evaluate: {
    about: "Score a model on a file with inputs and targets, beside its baselines.",
    out: "folder for the report",
    json: "print one JSON object with scores and paths",
  },
  export: {
    about: "Write a model in a form that other programs read.",
    onnx: "file for ONNX, with the scaling inside",
    stateDict: "file for the weights alone, by PyTorch's names (safetensors)",
  },
  argumentsTitle: "Arguments:",

  // values of options
  share: "a share such as 25% or 0.25",
  shareOrFile: (word: string) =>
    `--test: expected a share such as 20% or a file, received "${word}" (no such file); check the path.`,
  seenTest: (path: string) =>
    `--test: expected rows that the model has not learned from, received "${path}", which is trained on; name another file, or keep a share back, as in --test 20%.`,
  span: "a time such as 60s, 5m, 1h or none",
  columnNames: "names of columns with commas between them",
  bothInputAndTarget: (name: string) =>
    `expected targets that are no inputs, received "${name}" as both; its own values would give it away.`,
  missingOption: (flag: string, other: string) =>
    `expected ${other} together with ${flag}, received ${flag} alone; add ${other}, or leave both out to see the columns.`,
  inputOfModel: (path: string) => `${path} needs its inputs`,
  timeOfModel: (path: string) => `${path} was trained with times (--no-time takes each row as one step)`,
  groupOfModel: (path: string) => `${path} was trained with groups (--no-group takes all rows as one series)`,
  asTrained: (words: string) => `as in training: ${words}`,
  otherFiles: (path: string, names: string, received: number) =>
    `${path}: expected the files of its query (${names}), received ${received}; name as many in that order, or add --no-sql.`,
  targetOfModel: (path: string) => `${path} is scored on its targets`,
  missingArgument: (name: string) => `expected ${name}, received none; write it behind the command.`,
  noExport: "expected --onnx or --state-dict with a file, received neither; write for example --onnx model.onnx.",

  // while it runs
  epoch: (epoch: number, epochs: number) => `epoch ${epoch}/${epochs}`,
  restart: (n: number) => `training ${n}, `,
  refitting: "on all rows, ",
  loss: (value: string) => `loss ${value}`,
  validation: (value: string, best: string | undefined) => `validation ${value}${best ? ` (best ${best})` : ""}`,
  rate: (value: string) => `${value} steps/s`,
  left: (value: string) => `${value} left`,
  stopping: "stopping after this step; press Ctrl-C again to end at once",
  writingReport: "writing the report",

  // the times of a file
  unsortedTime: (file: string, name: string, unsorted: string, duplicates: string, row: string) =>
    `${file}: expected times in ${name} that grow from row to row, received ${unsorted} out of order and ${duplicates} that ${duplicates === "1" ? "stands" : "stand"} twice, first in row ${row}; add --repair-time last (or first, mean), or sort the file.`,
  gapsFound: (count: string, rows: string) =>
    `${counted(count, "gap")} in time (${counted(rows, "row")} missing): the state starts anew behind ${count === "1" ? "it" : "each"}; nothing is filled in.`,
  repaired: (moved: string, dropped: string) =>
    `${counted(moved, "row")} changed places to stand in order of time; ${counted(dropped, "row")} whose time stood twice ${dropped === "1" ? "was" : "were"} dropped.`,

  // results
  wrote: {
    model: "model",
    report: "report",
    figures: "figures",
    resume: "to go on",
    predictions: "predictions",
    onnx: "ONNX",
    weights: "weights",
  },
  next: "Next:",
  interruptedEarly: "interrupted before the first epoch was complete; there is no model yet, and nothing was written.",
  interrupted: (epoch: number) =>
    `interrupted: the best model so far (epoch ${epoch}) was kept; --resume goes on from here.`,
  interruptedPlain: "interrupted; nothing was written.",
  interruptedPrinting: "interrupted; the predictions were not printed to their end.",
  finishedResume: (path: string) =>
    `--resume: the training of ${path} is complete, so nothing is left to learn; its result is written again. Leave --resume out to train anew.`,
  keptPlan: (flag: string, given: number, planned: number) =>
    `--resume: ${flag} ${given} is not used; the training goes on as it was planned, with ${planned}. Leave --resume out to plan anew.`,
  damagedResume: (path: string) =>
    `--resume: expected ${path} as an earlier run wrote it, received something else or a damaged file; leave --resume out to begin.`,
  noResume: (path: string) =>
    `--resume: expected ${path} from an earlier run, found none; leave --resume out to begin.`,
  otherResume: (path: string, reason: string) => `--resume: ${path} does not fit: ${reason}`,

  // what goes wrong with models and places
  noModel: (path: string) => `${path}: expected a model that eddy train wrote, found no file; check the path.`,
  badModel: (path: string, reason: string) =>
    `${path}: expected a model that eddy train wrote, received something else or a damaged file (${reason}); train it again, or copy it again.`,
  otherFile: (path: string) =>
    `${path}: expected a model that eddy train wrote, received something else or a damaged file; check the path, or copy it again.`,
  checkpointAsModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received what --resume needs of one; name the model beside it.`,
  dataAsModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received a file of data; write the model first, as in eddy predict model.safetensors data.csv.`,
  outOfMemory: {
    train:
      "expected a training that fits into memory, received one that does not; choose a smaller --hidden or --layers, or fewer rows or columns.",
    predict: "expected rows that fit into memory, received too many; predict the file in parts.",
    evaluate: "expected rows that fit into memory, received too many; evaluate the file in parts.",
    export:
      "expected a model that fits into memory, received one that does not; close other programs, or use a machine with more memory.",
  },
  emptyModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received an empty file; train it again.`,
  rescued: (path: string, reason: string) => `${reason} The trained model is safe in ${path}; move it from there.`,
  noCheckpoint: (reason: string) => `What --resume needs could not be kept: ${reason} The training is not affected.`,
  reportFailed: (model: string, reason: string) => `${reason} (the model itself is safe in ${model})`,
};

export const zh: typeof en = {
  train: {
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
    cell: "rnn、gru 或 lstm",
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
  predict: {
    about: "对文件的每一行预测模型的目标。",
    model: "eddy train 写出的模型",
    file: "含有模型输入列的 CSV、Excel（.xlsx）、Parquet 或 JSON；标准输入写 -",
    out: "预测结果的文件（.csv、.parquet 或 .json）",
    stdout: "以 CSV 输出到终端",
    noTime: "不使用训练时的时间列，把每一行当作一步",
    noGroup: "不使用训练时的分组列，把所有行当作一个序列",
    noSql: "不使用训练时的查询，直接读取文件",
  },
  evaluate: {
    about: "在含有输入和目标的文件上给模型打分，并与基线并列。",
    out: "报告的目录",
    json: "只输出一个 JSON 对象（得分和路径）",
  },
  export: {
    about: "把模型写成其他程序能读的形式。",
    onnx: "ONNX 文件，缩放包含在内",
    stateDict: "只含权重的文件，按 PyTorch 的名称（safetensors）",
  },
  argumentsTitle: "参数：",

  share: " 25% 或 0.25 这样的比例",
  shareOrFile: (word) => `--test：应为 20% 这样的比例或一个文件，收到的却是“${word}”（没有这个文件）；请检查路径。`,
  seenTest: (path) =>
    `--test：应为模型没有学过的行，“${path}”却正是训练文件；请换一个文件，或留出一部分，例如 --test 20%。`,
  span: " 60s、5m、1h 这样的时间，或 none",
  columnNames: "用逗号隔开的列名",
  bothInputAndTarget: (name) => `目标不能同时是输入，“${name}”却两者都是；它自己的值会泄露答案。`,
  missingOption: (flag, other) => `${flag} 应与 ${other} 一起使用；请加上 ${other}，或两个都不写以查看各列。`,
  inputOfModel: (path) => `${path} 需要它的输入`,
  timeOfModel: (path) => `${path} 训练时使用了时间列（--no-time 可把每一行当作一步）`,
  groupOfModel: (path) => `${path} 训练时使用了分组列（--no-group 可把所有行当作一个序列）`,
  asTrained: (words) => `与训练时相同：${words}`,
  otherFiles: (path, names, received) =>
    `${path}：它的查询需要这些文件（${names}），收到的却是 ${received} 个；请按顺序写出同样多的文件，或加上 --no-sql。`,
  targetOfModel: (path) => `${path} 要在它的目标上计分`,
  missingArgument: (name) => `缺少 ${name}；请写在命令后面。`,
  noExport: "应写出 --onnx 或 --state-dict 及文件名，却都没有；例如 --onnx model.onnx。",

  epoch: (epoch, epochs) => `第 ${epoch}/${epochs} 轮`,
  restart: (n) => `第 ${n} 次训练，`,
  refitting: "用全部行，",
  loss: (value) => `损失 ${value}`,
  validation: (value, best) => `验证 ${value}${best ? `（最佳 ${best}）` : ""}`,
  rate: (value) => `${value} 步/秒`,
  left: (value) => `还剩 ${value}`,
  stopping: "这一步之后停止；再按一次 Ctrl-C 立即结束",
  writingReport: "正在写报告",

  unsortedTime: (file, name, unsorted, duplicates, row) =>
    `${file}：${name} 中的时间应逐行递增，却有 ${unsorted} 行顺序颠倒、${duplicates} 行重复，最早见于第 ${row} 行；请加上 --repair-time last（或 first、mean），或先给文件排序。`,
  gapsFound: (count, rows) => `时间有 ${count} 处间断（缺 ${rows} 行）：每处之后状态重新开始；不作任何填补。`,
  repaired: (moved, dropped) => `${moved} 行换了位置以按时间排列，略去时间重复的 ${dropped} 行。`,

  wrote: {
    model: "模型",
    report: "报告",
    figures: "图",
    resume: "续训",
    predictions: "预测",
    onnx: "ONNX",
    weights: "权重",
  },
  next: "接下来：",
  interruptedEarly: "在第一轮完成之前中断；还没有模型，没有写出任何文件。",
  interrupted: (epoch) => `已中断：保留了到目前为止最好的模型（第 ${epoch} 轮）；用 --resume 可从这里继续。`,
  interruptedPlain: "已中断，没有写出任何文件。",
  interruptedPrinting: "已中断，预测结果没有输出完。",
  finishedResume: (path) =>
    `--resume：${path} 的训练已经完成，没有可继续的内容；只会再次写出结果。去掉 --resume 即可重新训练。`,
  keptPlan: (flag, given, planned) =>
    `--resume：不采用 ${flag} ${given}；训练按原计划（${planned}）继续。去掉 --resume 即可重新计划。`,
  damagedResume: (path) => `--resume：${path} 不是上次运行写出的文件，或已损坏；去掉 --resume 即可重新开始。`,
  noResume: (path) => `--resume：应有上次运行留下的 ${path}，却没有找到；去掉 --resume 即可重新开始。`,
  otherResume: (path, reason) => `--resume：${path} 不相符：${reason}`,

  noModel: (path) => `${path}：应为 eddy train 写出的模型，却没有这个文件；请检查路径。`,
  badModel: (path, reason) =>
    `${path}：应为 eddy train 写出的模型，却是别的东西或已损坏（${reason}）；请重新训练或重新复制。`,
  otherFile: (path) => `${path}：应为 eddy train 写出的模型，却是别的东西或已损坏；请检查路径或重新复制。`,
  checkpointAsModel: (path) => `${path}：应为 eddy train 写出的模型，却是 --resume 所需的文件；请写它旁边的模型。`,
  dataAsModel: (path) =>
    `${path}：应为 eddy train 写出的模型，却是数据文件；请把模型写在前面，例如 eddy predict model.safetensors data.csv。`,
  outOfMemory: {
    train: "内存放不下这次训练；请减小 --hidden 或 --layers，或减少行数、列数。",
    predict: "行数太多，内存放不下；请分几部分预测这个文件。",
    evaluate: "行数太多，内存放不下；请分几部分评估这个文件。",
    export: "内存放不下这个模型；请关闭其他程序，或换一台内存更大的机器。",
  },
  emptyModel: (path) => `${path}：应为 eddy train 写出的模型，文件却是空的；请重新训练。`,
  rescued: (path, reason) => `${reason}训练好的模型已存到 ${path}，请从那里移走。`,
  noCheckpoint: (reason) => `--resume 所需的文件未能保存：${reason}训练不受影响。`,
  reportFailed: (model, reason) => `${reason}（模型本身已安全写入 ${model}）`,
};
