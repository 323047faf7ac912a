// The texts of the table view in each language.
import { count, counted, moment, number } from "@eddy/ui/results";
import type { Problem, ProblemKind } from "./reading/problem.ts";

type Problems = { [Kind in ProblemKind]: (values: Extract<Problem, { kind: Kind }>) => string };

const en = {
  code: "en" as "en" | "zh",
  lead: "Drop a table of your own: Eddy learns one column from the others, or forecasts its next rows, here in your browser. Nothing is uploaded.",
  drop: "Drop a CSV, Parquet or Excel file here",
  dropHint: "One row for each point in time. A model from eddy train (.safetensors) works, too.",
  choose: "Choose a file",
  reading: (file: string) => `Reading ${file} …`,
  rows: (rows: number) => counted(count(rows), "row"),
  columnsOf: (columns: number) => counted(columns, "column"),
  another: "Another file",
  again: (file: string) =>
    `Your choices for ${file} are kept. Drop the file again to continue; the data itself is never stored.`,

  columns: "Columns",
  columnHeads: { name: "Column", use: "Use", curve: "Curve", range: "Range", missing: "Missing" },
  kinds: { number: "number", category: "category", time: "time", text: "text", empty: "empty" },
  madeOf: "date and time of day",
  labels: (labels: readonly string[]) =>
    `${labels.slice(0, 4).join(", ")}${labels.length > 4 ? ` and ${count(labels.length - 4)} more` : ""}`,
  treatAsMissing: (code: string) => `Treat ${code} as missing`,
  uses: { time: "time", group: "group", input: "input", target: "target", none: "not used" },
  useOf: (name: string) => `Use of ${name}`,
  range: (low: string, high: string) => `${low} to ${high}`,
  noMissing: "none",
  missing: (missing: number, gaps: number, longest: number) =>
    `${count(missing)} in ${counted(count(gaps), "gap")}${gaps > 1 ? `, longest ${count(longest)}` : ""}`,
  steps: (step: string) => `step ${step}`,
  timeGaps: (gaps: number, rows: number) => `${counted(count(gaps), "gap")}, ${counted(count(rows), "row")} missing`,
  irregular: "not evenly spaced",
  seconds: (seconds: string) => `${seconds} s`,
  timeUnits: { d: "d", h: "h", min: "min", s: "s", ms: "ms" },
  testShare: "Test part",
  noTest: "none",
  testMeaning: "The last rows are held out: the finished model is scored on them once.",
  decimalSign: "Decimal sign",
  decimalPoint: "point: 1.5",
  decimalComma: "comma: 1,5",
  order: (column: string) => `Dates in ${column}`,

  signal: "Data",
  parts: { train: "training", validation: "validation", test: "test" },
  blocks: (blocks: number) =>
    `The training rows are divided into ${counted(blocks, "block")}. Each network is validated on one and learns from the others, so that together they learn from all rows.`,
  oneValidation: "The shaded rows validate the network; it does not learn from them.",
  plannedBlocks: "Validation: each network leaves out another block of the training rows.",
  moreInputs: (more: number) => `${counted(count(more), "more input")} not shown.`,
  measured: "measured",
  predicted: "predicted",
  interval: "90 % interval",
  time: "time",
  row: "row",
  all: "All",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  earlier: "Earlier",
  later: "Later",
  shownTarget: "Target",
  shownRows: (from: number, to: number) => `rows ${count(from)} to ${count(to)}`,
  zoomHint: "Drag to zoom, double-click for all rows. With the keyboard: arrow keys, + and −.",

  training: "Training",
  budget: "Time",
  budgets: { 10: "10 s", 60: "1 min", 300: "5 min", 0: "until done" } as Record<number, string>,
  train: "Train",
  trainAgain: "Train again",
  stop: "Stop and keep the best",
  stopping: "Stopping …",
  preparing: "Preparing the data: split, scaling, linear filter …",
  starting: "Starting …",
  finishing: "Choosing the best combination and scoring it …",
  status: (done: number, all: number, epoch: number, epochs: string) =>
    `${done} of ${counted(all, "network")} trained, epoch ${count(epoch)} of ${epochs}`,
  remaining: (seconds: string) => `about ${seconds} s left`,
  loss: "training loss",
  validationError: "validation error",
  epoch: "epoch",
  curve: "Learning curve",
  draft: "What the networks predict so far",
  needInput: "Choose at least one input and one target.",
  announce: {
    opened: (file: string, rows: string) => `${file} is read: ${rows}.`,
    started: "Training started.",
    trained: (verdict: string) => `Training finished. ${verdict}`,
  },

  verdict: "Verdict",
  share: (target: string, share: string, several: boolean) =>
    `${several ? `${target}: the` : "The"} prediction consists of ${share} networks; the rest is the linear filter.`,
  shareAll: (target: string, several: boolean) =>
    `${several ? `${target}: the` : "The"} prediction comes from the networks alone.`,
  coverage: (covered: string, width: string) =>
    `The 90 % interval covers ${covered} of the rows; it is ${width} wide on average.`,
  noCoverage: "How well the 90 % interval holds is measured on a test part.",
  scores: "Scores",
  predictor: "Predictor",
  model: "model",
  linear: (taps: number) => `linear filter (${counted(taps, "tap")})`,
  mean: "training mean",
  best: "best",
  scoredOn: (part: string, rows: string) => `${part}, ${rows}`,
  scoreMeaning:
    "RMSE: root of the mean squared error. R²: share of the variance that is explained, at most 1. FIT: 100 % is perfect, 0 % no better than the mean.",
  facts: (networks: number, parameters: string, seconds: string, epoch: number) =>
    `${counted(networks, "network")}, ${parameters} weights, trained for ${seconds}; weights of epoch ${count(epoch)}.`,
  details: "Record of the training",
  loaded: "The model was loaded from a file. Feed a table to it, or play.",
  unfinished: "The model has no record of a complete training, so that nothing is known of its scores.",

  prediction: "Predicted and measured",
  feed: "Feed another file",
  feeding: (file: string) => `Predicting ${file} …`,
  shownFile: "Shown",
  trainedFile: "training file",
  followedScore: (file: string) => `Scores on ${file}`,
  unscored: (file: string) => `${file} has no measured targets: it is predicted, not scored.`,

  play: "Play it",
  playHint: "Draw the input with the pointer: the prediction follows. Or use the sliders.",
  playInput: "Draw",
  from: "From row",
  levelOf: (input: string) => `${input} from there on`,
  shapes: { step: "Step", pulse: "Pulse", sine: "Sine", flat: "Mean" },
  inputCurve: (input: string) => `${input}, drawn; drag to change it`,
  answer: "Answer of the model",
  insight: "What the model has learned",
  insightInput: "Input",
  memory: (rows: string) => `99 % of its influence lies within ${rows}`,
  memoryLonger: (rows: string) => `its influence lasts longer than the ${rows} measured`,
  memoryNow: "only the current row matters",
  influence: "Influence by rows back",
  step: (from: string, to: string) => `Answer to a step from ${from} to ${to}`,
  rowsBack: "rows back",
  rowsAfter: "rows after the step",

  take: "Take it along",
  takeHint: "The model as eddy predict reads it, and the command that makes the same one.",
  formats: {
    safetensors: "Model (.safetensors)",
    onnx: "Model (.onnx)",
    csv: "Predictions (.csv)",
    png: "Chart (.png)",
  },
  command: "The same with the command line",
  copy: "Copy",
  copied: "Copied",

  during: {
    open: "The file cannot be read:",
    treat: "The missing values cannot be marked:",
    choose: "These columns cannot be used:",
    train: "Training is not possible:",
    load: "The model cannot be loaded:",
    follow: "The file cannot be predicted:",
    play: "The model cannot answer:",
    export: "Nothing was written:",
    view: "The rows cannot be shown:",
    level: "The forecasts cannot be scored:",
    fan: "The forecast cannot be shown:",
  },
  problems: {
    empty: () => "expected a table, received an empty file; check the export.",
    notATable: ({ format }) =>
      `expected a CSV, Parquet or Excel (.xlsx) file, received ${format ? `a ${format} file` : "binary data"}; save the table in one of these formats.`,
    json: () => "expected a CSV, Parquet or Excel file, received JSON; the command line reads it: eddy look FILE.",
    unreadable: ({ message }) => `expected an intact file, received damage (${message}); save or download it again.`,
    ragged: ({ line, expected, received }) =>
      `line ${line}: expected ${expected} fields as in the header, received ${received}; quote fields that contain the separator.`,
    openQuote: ({ line }) =>
      `line ${line}: expected a closing quote, received the end of the file; close it or double the quote.`,
    longLine: ({ line }) =>
      `line ${line}: expected at most 2,000,000 characters, received more; check the quotes before it.`,
    noRows: () => "expected rows below the header, received none.",
    codec: ({ codec }) =>
      `expected a Parquet file without compression or with SNAPPY, received ${codec}; write it again with SNAPPY.`,
    nested: ({ column }) =>
      `column “${column}”: expected one value per row, received lists or structs; flatten it or leave it out.`,
    notANumber: ({ column, row, value, count: wrong }) =>
      `row ${row}, column “${column}”: expected a number, received “${value}”${wrong > 1 ? ` (and ${count(wrong - 1)} more)` : ""}; correct it, or leave it empty if it is missing.`,
    infinite: ({ column, row, value }) =>
      `row ${row}, column “${column}”: expected a finite number, received “${value}”; leave it empty if it is missing.`,
    mixedDecimals: ({ column }) =>
      `column “${column}”: expected one decimal sign, received both 1.5 and 1,5; write all values in one way.`,
    eitherDecimal: ({ column, row, value }) =>
      `row ${row}, column “${column}”: “${value}” can be read in two ways; choose the decimal sign.`,
    notATime: ({ column, row, value }) =>
      `row ${row}, column “${column}”: expected a time, received “${value}”; correct it or remove the row.`,
    ambiguousTime: ({ column, formats }) =>
      `column “${column}”: the dates can be read as ${formats.join(" or ")}; choose one.`,
    clockDigits: ({ column }) =>
      `column “${column}”: expected times with a separator such as 08:30, received digits only; use no time column, or write them with colons.`,
    clockRestarts: ({ column, row }) =>
      `row ${row}, column “${column}”: expected increasing times, received a clock that starts again; add the date to each time.`,
    noGroup: ({ column, row }) =>
      `row ${row}, column “${column}”: expected the name of a series, received an empty cell; fill it in or remove the row.`,
  } satisfies Problems as Problems,
};

export type TableTexts = typeof en;

const zh: TableTexts = {
  code: "zh",
  lead: "放入您自己的表格：Eddy 在浏览器中从其他列学习一列，或预测它接下来的行，不上传任何数据。",
  drop: "将 CSV、Parquet 或 Excel 文件拖放到这里",
  dropHint: "每行对应一个时刻。也可以放入 eddy train 生成的模型（.safetensors）。",
  choose: "选择文件",
  reading: (file) => `正在读取 ${file} ……`,
  rows: (rows) => `${count(rows)} 行`,
  columnsOf: (columns) => `${columns} 列`,
  another: "换一个文件",
  again: (file) => `已保留对 ${file} 的选择。再次放入该文件即可继续；数据本身不会被保存。`,

  columns: "列",
  columnHeads: { name: "列名", use: "用途", curve: "曲线", range: "范围", missing: "缺失" },
  kinds: { number: "数值", category: "类别", time: "时间", text: "文本", empty: "空" },
  madeOf: "日期与时刻",
  labels: (labels) => `${labels.slice(0, 4).join("、")}${labels.length > 4 ? `等 ${count(labels.length)} 种` : ""}`,
  treatAsMissing: (code) => `将 ${code} 视为缺失值`,
  uses: { time: "时间", group: "分组", input: "输入", target: "目标", none: "不使用" },
  useOf: (name) => `${name} 的用途`,
  range: (low, high) => `${low} 至 ${high}`,
  noMissing: "无",
  missing: (missing, gaps, longest) =>
    `${count(missing)} 个，${count(gaps)} 段${gaps > 1 ? `，最长 ${count(longest)}` : ""}`,
  steps: (step) => `间隔 ${step}`,
  timeGaps: (gaps, rows) => `${count(gaps)} 处缺口，缺 ${count(rows)} 行`,
  irregular: "间隔不固定",
  seconds: (seconds) => `${seconds} 秒`,
  timeUnits: { d: "天", h: "小时", min: "分钟", s: "秒", ms: "毫秒" },
  testShare: "测试集",
  noTest: "无",
  testMeaning: "最后这部分数据不参与训练，只用来对完成的模型评估一次。",
  decimalSign: "小数点",
  decimalPoint: "句点：1.5",
  decimalComma: "逗号：1,5",
  order: (column) => `${column} 的日期格式`,

  signal: "数据",
  parts: { train: "训练", validation: "验证", test: "测试" },
  blocks: (blocks) =>
    `训练数据分为 ${blocks} 块。每个网络在其中一块上验证，从其余各块学习，因此所有网络合起来用到了全部数据。`,
  oneValidation: "阴影部分用于验证，网络不从中学习。",
  plannedBlocks: "验证：每个网络留出训练数据中不同的一块。",
  moreInputs: (more) => `另有 ${count(more)} 个输入未显示。`,
  measured: "实测",
  predicted: "预测",
  interval: "90 % 区间",
  time: "时间",
  row: "行",
  all: "全部",
  zoomIn: "放大",
  zoomOut: "缩小",
  earlier: "向前",
  later: "向后",
  shownTarget: "目标",
  shownRows: (from, to) => `第 ${count(from)} 至 ${count(to)} 行`,
  zoomHint: "拖动可放大，双击显示全部。键盘：方向键、+ 和 −。",

  training: "训练",
  budget: "时间",
  budgets: { 10: "10 秒", 60: "1 分钟", 300: "5 分钟", 0: "直到完成" },
  train: "训练",
  trainAgain: "重新训练",
  stop: "停止并保留最佳模型",
  stopping: "正在停止 ……",
  preparing: "正在准备数据：划分、归一化、线性滤波器 ……",
  starting: "正在开始 ……",
  finishing: "正在选择最佳组合并评估 ……",
  status: (done, all, epoch, epochs) => `已完成 ${done}/${all} 个网络，第 ${count(epoch)} 轮，共 ${epochs} 轮`,
  remaining: (seconds) => `约剩 ${seconds} 秒`,
  loss: "训练损失",
  validationError: "验证误差",
  epoch: "轮次",
  curve: "学习曲线",
  draft: "网络目前的预测",
  needInput: "请至少选择一个输入和一个目标。",
  announce: {
    opened: (file, rows) => `已读取 ${file}：${rows}。`,
    started: "训练已开始。",
    trained: (verdict) => `训练完成。${verdict}`,
  },

  verdict: "结论",
  share: (target, share, several) => `${several ? `${target}：` : ""}预测中网络占 ${share}，其余来自线性滤波器。`,
  shareAll: (target, several) => `${several ? `${target}：` : ""}预测全部来自网络。`,
  coverage: (covered, width) => `90 % 区间覆盖了 ${covered} 的行，平均宽度为 ${width}。`,
  noCoverage: "90 % 区间是否可靠，需要用测试集来检验。",
  scores: "评估指标",
  predictor: "预测方法",
  model: "模型",
  linear: (taps) => `线性滤波器（${taps} 抽头）`,
  mean: "训练集均值",
  best: "最佳",
  scoredOn: (part, rows) => `${part}，${rows}`,
  scoreMeaning: "RMSE：均方根误差。R²：可解释的方差比例，最大为 1。FIT：100 % 为完全吻合，0 % 与均值相当。",
  facts: (networks, parameters, seconds, epoch) =>
    `${networks} 个网络，${parameters} 个参数，训练 ${seconds}；采用第 ${count(epoch)} 轮的权重。`,
  details: "训练记录",
  loaded: "模型来自文件。可以输入一个表格，或动手试一试。",
  unfinished: "该模型没有完整的训练记录，因此没有评估指标。",

  prediction: "预测与实测",
  feed: "输入另一个文件",
  feeding: (file) => `正在预测 ${file} ……`,
  shownFile: "显示",
  trainedFile: "训练文件",
  followedScore: (file) => `${file} 上的评估指标`,
  unscored: (file) => `${file} 没有目标的实测值：只预测，不评估。`,

  play: "动手试试",
  playHint: "用指针画出输入，预测随之变化；也可以使用滑块。",
  playInput: "绘制",
  from: "从第几行起",
  levelOf: (input) => `此后的 ${input}`,
  shapes: { step: "阶跃", pulse: "脉冲", sine: "正弦", flat: "均值" },
  inputCurve: (input) => `${input} 的曲线；拖动可修改`,
  answer: "模型的响应",
  insight: "模型学到了什么",
  insightInput: "输入",
  memory: (rows) => `99 % 的影响在 ${rows}以内`,
  memoryLonger: (rows) => `影响持续超过所测的 ${rows}`,
  memoryNow: "只有当前行有影响",
  influence: "影响随回溯行数的变化",
  step: (from, to) => `输入从 ${from} 阶跃到 ${to} 时的响应`,
  rowsBack: "回溯行数",
  rowsAfter: "阶跃后的行数",

  take: "带走成果",
  takeHint: "eddy predict 可直接使用的模型，以及训练出同一模型的命令。",
  formats: { safetensors: "模型（.safetensors）", onnx: "模型（.onnx）", csv: "预测（.csv）", png: "图表（.png）" },
  command: "用命令行完成同样的训练",
  copy: "复制",
  copied: "已复制",

  during: {
    open: "无法读取文件：",
    treat: "无法标记缺失值：",
    choose: "不能使用这些列：",
    train: "无法训练：",
    load: "无法载入模型：",
    follow: "无法预测该文件：",
    play: "模型无法响应：",
    export: "没有写出文件：",
    view: "无法显示这些行：",
    level: "无法为预测评分：",
    fan: "无法显示预测：",
  },
  problems: {
    empty: () => "应为表格，实际是空文件；请检查导出过程。",
    notATable: ({ format }) =>
      `应为 CSV、Parquet 或 Excel（.xlsx）文件，实际是${format ? ` ${format} 文件` : "二进制数据"}；请另存为其中一种格式。`,
    json: () => "应为 CSV、Parquet 或 Excel 文件，实际是 JSON；命令行可以读取：eddy look FILE。",
    unreadable: ({ message }) => `文件已损坏（${message}）；请重新保存或下载。`,
    ragged: ({ line, expected, received }) =>
      `第 ${line} 行：应与表头一样有 ${expected} 个字段，实际有 ${received} 个；含有分隔符的字段请加引号。`,
    openQuote: ({ line }) => `第 ${line} 行：引号没有闭合；请补上引号，或将引号写成两个。`,
    longLine: ({ line }) => `第 ${line} 行：一行最多 2,000,000 个字符；请检查之前的引号。`,
    noRows: () => "表头之下没有数据行。",
    codec: ({ codec }) => `Parquet 文件应未压缩或使用 SNAPPY，实际是 ${codec}；请用 SNAPPY 重新写出。`,
    nested: ({ column }) => `列“${column}”：每行应只有一个值，实际是列表或结构；请展开或去掉该列。`,
    notANumber: ({ column, row, value, count: wrong }) =>
      `第 ${row} 行，列“${column}”：应为数值，实际是“${value}”${wrong > 1 ? `（另有 ${count(wrong - 1)} 个）` : ""}；请更正，缺失值请留空。`,
    infinite: ({ column, row, value }) => `第 ${row} 行，列“${column}”：应为有限值，实际是“${value}”；缺失值请留空。`,
    mixedDecimals: ({ column }) => `列“${column}”：小数点应统一，实际既有 1.5 又有 1,5；请统一写法。`,
    eitherDecimal: ({ column, row, value }) => `第 ${row} 行，列“${column}”：“${value}”有两种读法；请选择小数点。`,
    notATime: ({ column, row, value }) => `第 ${row} 行，列“${column}”：应为时间，实际是“${value}”；请更正或删除该行。`,
    ambiguousTime: ({ column, formats }) => `列“${column}”：日期可以读作 ${formats.join(" 或 ")}；请选择一种。`,
    clockDigits: ({ column }) =>
      `列“${column}”：时间应有分隔符，如 08:30，实际只有数字；请不使用时间列，或用冒号书写。`,
    noGroup: ({ column, row }) => `第 ${row} 行，列“${column}”：应为序列名称，实际为空；请填写或删除该行。`,
    clockRestarts: ({ column, row }) =>
      `第 ${row} 行，列“${column}”：时间应递增，实际时钟重新开始；请在时间前加上日期。`,
  },
};

export const tableTexts = { en, zh };

/** The text of a problem. */
export function problemText({ problems }: TableTexts, problem: Problem): string {
  return (problems[problem.kind] as (values: Problem) => string)(problem);
}

/** A value of a time column. */
export const timeText = (value: number, isDate: boolean) => (isDate ? moment(value) : number(value, 8));
