// Texts about a model's quality: the verdict, the scores and the report page.
import { counted } from "./plural.ts";

/** The numbers of a verdict, formatted with their units. */
export interface VerdictNumbers {
  part: string;
  /** Such as "1,234 rows". */
  rows: string;
  model: string;
  linear: string;
  mean: string;
  /** The baseline's error divided by the model's, such as "3.4". */
  overLinear: string;
  overMean: string;
  r2: string;
  linearR2: string;
  /** How much smaller the filter's error is than the model's, such as "13 %". */
  smaller: string;
  /** The unexplained share of the variance, such as "80 %". */
  unexplained: string;
}

export const en = {
  parts: { train: "training", validation: "validation", test: "test", data: "this file" },
  rowsOf: (rows: string) => counted(rows, "row"),
  betweenSentences: " ",
  verdicts: {
    beats: ({ part, rows, overLinear, overMean }) =>
      `The model beats both baselines. On ${part} (${rows}) its RMSE is ${overLinear} times smaller than the linear filter's and ${overMean} times smaller than the mean's.`,
    weak: ({ part, rows, model, linear, unexplained }) =>
      `The model beats both baselines, but it explains little: on ${part} (${rows}) ${unexplained} of the variance is unexplained. Its RMSE is ${model}, the linear filter's ${linear}.`,
    nothing: ({ part, rows, model, linear, mean, r2 }) =>
      `The model explains almost none of the variance of the target (R² ${r2}): do not use it. On ${part} (${rows}) its RMSE is ${model}, the linear filter's ${linear}, the mean's ${mean}.`,
    barely: ({ part, rows, model, linear }) =>
      `The model is barely better than a linear filter. On ${part} (${rows}) its RMSE is ${model}, the linear filter's ${linear}.`,
    isFilter: ({ part, rows, model, overMean }) =>
      `The model is the linear filter; the networks add nothing to it. On ${part} (${rows}) its RMSE is ${model}, ${overMean} times smaller than the mean's.`,
    linearSlightly: ({ part, rows, model, linear, r2, linearR2, smaller }) =>
      `A linear filter is slightly better than the model. On ${part} (${rows}) its RMSE is ${linear}, the model's ${model}. Use the linear filter or the model; the difference is small: the filter's error is ${smaller} smaller, R² is ${linearR2} compared with ${r2}.`,
    linearWins: ({ part, rows, model, linear, r2, linearR2 }) =>
      `A linear filter is better than the model. On ${part} (${rows}) its RMSE is ${linear}, the model's ${model} (R² ${linearR2} compared with ${r2}). Do not trust the model.`,
    meanWins: ({ part, rows, model, mean, r2 }) =>
      `The mean is better than the model. On ${part} (${rows}) always predicting the training mean has an RMSE of ${mean}, the model ${model} (R² ${r2}). What the model learned does not generalise to these rows: do not trust it.`,
    worseThanMean: ({ part, rows, model, r2 }) =>
      `The model is worse than the mean of the scored rows (R² ${r2}): do not use it. On ${part} (${rows}) its RMSE is ${model}; neither baseline is useful.`,
    leak: ({ part, rows, model, linearR2 }) =>
      `The score is suspiciously good. On ${part} (${rows}) the inputs of the same row determine the target almost exactly (linear filter with one tap: R² ${linearR2}; the model's RMSE is ${model}): an input may be the target itself, or computed from it.`,
    constant: ({ part, rows, model, linear, mean }) =>
      `The model cannot be evaluated here: on ${part} (${rows}) all measured values are equal, so R² is undefined. Its RMSE is ${model}, the linear filter's ${linear}, the mean's ${mean}. Evaluate it on rows in which the target varies.`,
    unscored: ({ part }) =>
      `The model has no score: on ${part} no row has both a finite prediction and a measured value. Check for missing inputs and targets, and for values far outside the range of the training data.`,
  } satisfies Record<string, (numbers: VerdictNumbers) => string>,
  severalTargets: (count: number, good: string, even: string, bad: string) =>
    good && !even && !bad
      ? `The model beats both baselines on all ${count} targets.`
      : `Of ${count} targets, ${[
          good && `the model beats both baselines on ${good}`,
          even && `the model is of limited use on ${even}`,
          bad && `do not trust the model on ${bad}`,
        ]
          .filter(Boolean)
          .join("; ")}.`,
  ofTarget: (target: string, text: string) => `${target}: ${text}`,
  errors: ({ typical, within95, largest, place }: Record<"typical" | "within95" | "largest" | "place", string>) =>
    `Typical error ${typical}; 95 % of the rows are within ${within95}; largest ${largest} ${place}.`,
  atMoment: (moment: string, group: string) => `at ${moment}${group && ` (${group})`}`,
  atTime: (time: string, group: string) => `at time ${time}${group && ` (${group})`}`,
  atRow: (row: string, group: string) => `in row ${row}${group && ` of ${group}`}`,
  intervalOf: (level: string) => `${level} interval`,
  covers: (covered: string) => `on average; covers ${covered} of the rows`,
  interval: ({ name, covered, halfWidth }: Record<"name" | "covered" | "halfWidth", string>) =>
    `${name}: covers ${covered} of the rows, ${halfWidth} on average.`,
  initialWindow: (rows: number, rmse: string) =>
    `The measured values of the first ${counted(rows, "row")} of each series were used to find the initial state; these rows are not scored. Started from zero instead, the RMSE is ${rmse}.`,
  noInitialWindow:
    "The initial window has no influence on these scores, for example because the scored rows continue a series.",
  validationOnly:
    "These rows were used to select the model, so the score is optimistic; hold out a test part with --test for an unbiased score.",
  groupsTitle: "Errors by group",
  groupsOmitted: (count: number) => `… and ${count} more`,
  errorColumns: {
    group: "group",
    target: "target",
    rows: "rows",
    typical: "typical error",
    within95: "95 % of rows within",
    largest: "largest error",
  },
  errorsNote: "Typical error: half of the rows have at most this error.",

  scores: "Scores",
  scoreMeanings: (unit: string): [name: string, meaning: string][] => [
    ["RMSE", `root of the mean squared error, in ${unit}; large errors count more than small ones`],
    ["MAE", `mean of the absolute errors, in ${unit}`],
    ["R²", "share of the variance that is explained: 1 is perfect, 0 is no better than the mean"],
    ["FIT", "the same for the RMSE instead of its square: 100 % is perfect, 0 % is no better than the mean"],
    ["skill", "how much lower the model's mean squared error is than that baseline's; negative if it is higher"],
  ],
  unitOf: (name: string) => `the unit of ${name}`,
  unitOfEach: "the unit of each target",
  model: "model",
  fromZero: "model, started from zero",
  linear: (taps: number) => `linear filter (${counted(taps, "tap")})`,
  mean: "training mean",
  skill: "skill",
  columns: ["RMSE", "MAE", "R²", "FIT %"],
  partCaption: (part: string, rows: string, skipped: string) =>
    `${part}: ${counted(rows, "row")}${skipped === "0" ? "" : `, ${skipped} excluded`}`,
  of: (target: string) => `, ${target}`,

  trainTitle: (targets: string, inputs: string) => `Training report: ${targets} predicted from ${inputs}`,
  evaluateTitle: (targets: string, inputs: string) => `Evaluation report: ${targets} predicted from ${inputs}`,
  subtitle: (file: string, rows: string, date: string) => `${file}, ${counted(rows, "row")}. Eddy, ${date}.`,
  page: {
    verdictTitle: "Verdict",
    signalTitle: "Predicted and measured",
    measured: "measured",
    predicted: "predicted",
    stretch: "Range",
    all: "all",
    first: "first",
    last: "last",
    worst: "worst",
    moveLeft: "Earlier",
    moveRight: "Later",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    zoomNote: "Drag across the chart to zoom; double-click to reset.",
    residualTitle: "Residual: measured − predicted",
    autocorrelationTitle: "Autocorrelation of the residuals",
    autocorrelationNote:
      "For white noise, 95 % of the bars lie inside the shaded band. Bars outside it indicate structure that the model has not learned.",
    factsTitle: "Data and settings",
    againTitle: "Command to reproduce this report",
  },
  networkTitle: (networks: number) => (networks === 1 ? "The network" : `Each of the ${networks} networks`),
  signalNote: (part: string) => `First, last and worst are ranges of the ${part} part.`,
  signalNoteAll: "First, last and worst are ranges of this file.",
  downSampled: (drawn: string, rows: string) =>
    `${drawn} of ${rows} rows are drawn: the minimum and maximum within each pixel, and every row of the ranges.`,
  tail: (rows: string) => `Only the last ${counted(rows, "row")} are shown.`,
  seriesOmitted: (shown: string, all: string) => `The first ${shown} of ${all} series can be selected individually.`,
  excludedShaded: "Rows shaded in brown are excluded.",
  shaded: "The shaded rows were not used for training.",
  targetChoice: "Target",
  seriesChoice: "File or series",
  curveTitle: "Learning curve",
  curveNote: (best: number) =>
    `Training loss (grey, MSE in scaled units, right axis) and validation RMSE (blue, left axis). The dot marks epoch ${best}, whose weights were kept.`,
  learnedTitle: "What the model learned",
  memoryTitle: "Memory: how long an input affects the output",
  stepTitle: "Step response",
  impulseTitle: "Impulse response",
  gainTitle: "Static gain",
  memoryNote: (horizons: string) => `Memory horizon (99 % of the effect is within it): ${horizons}.`,
  memoryNone: "longer than the tested range",
  stepNote: (size: string) => `Change of the output after a step in one input: ${size}.`,
  impulseNote: "Change of the output after a pulse of one row in one input.",
  gainNote: "Steady-state output when one input is held constant and the others stay at their mean.",
  learnedOmitted: (shown: number, all: number) =>
    `${shown} of ${counted(all, "input")} are shown, in order of importance.`,
  chart: {
    measured: "measured",
    predicted: "predicted",
    residual: "residual",
    time: "time (UTC)",
    plainTime: "time",
    row: "row",
    lagRows: "lag in rows",
    lagValues: "lag in measured values ({rows} rows apart)",
    lag: "lag in {unit}",
    epoch: "epoch",
    loss: "training loss",
    validation: "validation RMSE",
    autocorrelation: "correlation",
    influence: "influence",
    shown: "{name}, from {from} to {to}",
  },
  lagUnits: {
    rows: "rows",
    us: "microseconds",
    ms: "milliseconds",
    s: "seconds",
    min: "minutes",
    h: "hours",
    d: "days",
  },

  facts: {
    file: "file",
    rows: "rows",
    time: "time",
    step: "time step",
    gaps: "gaps in time",
    training: "training",
    validation: "validation",
    test: "test",
    filledInputs: "rows with filled inputs",
    excluded: "excluded rows",
    missingInputs: "rows with missing inputs",
    missingTargets: "rows with missing targets",
    washout: "washout rows",
    groups: "series",
    cell: "cell",
    parameters: "parameters",
    epochs: "epochs",
    stopped: "stopped by",
    took: "duration",
    seed: "seed",
    learningRate: "learning rate",
    chunk: "chunk × lanes",
    networks: "networks",
    share: "share of the networks",
    spread: "spread of the networks (standard deviation)",
    overBlocks: "RMSE of each network on its own block",
    initialWindow: "rows for the initial state",
    randomStarts: "epochs with random starts",
    scored: "scores of",
    linear: "linear filter",
    version: "Eddy",
  },
  cellOf: (cell: string, hidden: number, layers: number, linear: boolean) =>
    `${cell}, ${layers === 1 ? "" : `${layers} × `}${counted(hidden, "unit")}${linear ? ", with a direct linear path" : ""}`,
  networksOf: (used: number, trained: number) =>
    trained === used ? String(used) : `${used}, selected from ${trained} of several variants`,
  inBlocks: "the training rows in blocks, of which each network leaves out one",
  /** Which model the scores describe. */
  scoredModel: {
    blocks:
      "validation: each block was predicted by networks and a filter that had not seen it; the model itself has learned from all rows except the test part",
    "held-out": "the model, which has not learned from the validation and test rows",
    refit: "the model before the final training; the final model has also learned from the validation and test rows",
  },
  epochsOf: (epochs: number, best: number) => `${epochs}, weights from epoch ${best}`,
  tapsOf: (taps: number, ridge: string) => `${counted(taps, "tap")}, ridge ${ridge}`,
  rowsFromTo: (rows: string, from: string, to: string) => `${counted(rows, "row")}, ${from} to ${to}`,
  stoppedBy: {
    epochs: "the maximum number of epochs",
    patience: "early stopping",
    budget: "the time limit",
    signal: "Ctrl-C",
    divergence: "divergence",
  },
  gapsOf: (count: string, rows: string) => `${count} (${counted(rows, "row")} missing)`,

  // progress
  writing: "writing the report",
};

export const zh: typeof en = {
  parts: { train: "训练集", validation: "验证集", test: "测试集", data: "该文件" },
  rowsOf: (rows) => `${rows} 行`,
  betweenSentences: "",
  verdicts: {
    beats: ({ part, rows, overLinear, overMean }) =>
      `模型优于两个基线。在${part}（${rows}）上，线性滤波器的 RMSE 是模型的 ${overLinear} 倍，均值的 RMSE 是模型的 ${overMean} 倍。`,
    weak: ({ part, rows, model, linear, unexplained }) =>
      `模型优于两个基线，但解释力很弱：在${part}（${rows}）上，仍有 ${unexplained} 的方差未被解释。模型的 RMSE 为 ${model}，线性滤波器为 ${linear}。`,
    nothing: ({ part, rows, model, linear, mean, r2 }) =>
      `模型几乎没有解释目标的变化（R² 为 ${r2}），请勿使用。在${part}（${rows}）上，模型的 RMSE 为 ${model}，线性滤波器为 ${linear}，均值为 ${mean}。`,
    barely: ({ part, rows, model, linear }) =>
      `模型只略优于线性滤波器。在${part}（${rows}）上，模型的 RMSE 为 ${model}，线性滤波器为 ${linear}。`,
    isFilter: ({ part, rows, model, overMean }) =>
      `模型就是线性滤波器，网络没有带来改进。在${part}（${rows}）上，其 RMSE 为 ${model}，均值的 RMSE 是它的 ${overMean} 倍。`,
    linearSlightly: ({ part, rows, model, linear, r2, linearR2, smaller }) =>
      `线性滤波器略优于模型。在${part}（${rows}）上，线性滤波器的 RMSE 为 ${linear}，模型为 ${model}。差别很小，两者都可以使用：线性滤波器的误差小 ${smaller}，R² 为 ${linearR2}（模型为 ${r2}）。`,
    linearWins: ({ part, rows, model, linear, r2, linearR2 }) =>
      `线性滤波器优于模型。在${part}（${rows}）上，线性滤波器的 RMSE 为 ${linear}，模型为 ${model}（R² 分别为 ${linearR2} 和 ${r2}）。这个模型不可信。`,
    meanWins: ({ part, rows, model, mean, r2 }) =>
      `均值优于模型。在${part}（${rows}）上，始终预测训练集均值的 RMSE 为 ${mean}，模型为 ${model}（R² 为 ${r2}）。训练集中输入与目标的关系在这些数据上不成立，这个模型不可信。`,
    worseThanMean: ({ part, rows, model, r2 }) =>
      `模型不如被评估数据自身的均值（R² 为 ${r2}），请勿使用。在${part}（${rows}）上，模型的 RMSE 为 ${model}；两个基线同样不可用。`,
    leak: ({ part, rows, model, linearR2 }) =>
      `结果好得可疑。在${part}（${rows}）上，仅凭同一行的输入就几乎能准确算出目标（1 抽头线性滤波器的 R² 为 ${linearR2}，模型的 RMSE 为 ${model}）：可能存在数据泄漏，即某个输入就是目标本身，或由目标计算得到。`,
    constant: ({ part, rows, model, linear, mean }) =>
      `此处无法评估模型：${part}（${rows}）的实测值全部相同，R² 没有定义。模型的 RMSE 为 ${model}，线性滤波器为 ${linear}，均值为 ${mean}。请用目标有变化的数据评估。`,
    unscored: ({ part }) =>
      `无法计算评估指标：${part}中没有一行同时具有有限的预测值和实测值。请检查输入和目标中的缺失值，以及远超训练范围的值。`,
  },
  severalTargets: (count, good, even, bad) =>
    good && !even && !bad
      ? `在全部 ${count} 个目标上，模型都优于两个基线。`
      : `共 ${count} 个目标：${[
          good && `模型在 ${good} 上优于两个基线`,
          even && `模型在 ${even} 上作用有限`,
          bad && `模型在 ${bad} 上不可信`,
        ]
          .filter(Boolean)
          .join("；")}。`,
  ofTarget: (target, text) => `${target}：${text}`,
  errors: ({ typical, within95, largest, place }) =>
    `典型误差 ${typical}；95% 的行误差不超过 ${within95}；最大误差 ${largest}，${place}。`,
  atMoment: (moment, group) => `出现在 ${moment}${group && `（${group}）`}`,
  atTime: (time, group) => `出现在时间 ${time}${group && `（${group}）`}`,
  atRow: (row, group) => `出现在${group && ` ${group} 的`}第 ${row} 行`,
  intervalOf: (level) => `${level} 区间`,
  covers: (covered) => `（平均），覆盖 ${covered} 的行`,
  interval: ({ name, covered, halfWidth }) => `${name}：覆盖 ${covered} 的行，平均 ${halfWidth}。`,
  initialWindow: (rows, rmse) =>
    `每个序列前 ${rows} 行的实测值用于推断初始状态，这些行不计入评估指标。若从零状态开始，RMSE 为 ${rmse}。`,
  noInitialWindow: "初始窗口不影响这些指标，例如因为被评估的数据是序列的后续部分。",
  validationOnly: "模型正是根据验证集选出的，因此这些指标偏乐观；要得到可靠的评估，请用 --test 留出测试集。",
  groupsTitle: "各分组的误差",
  groupsOmitted: (count) => `…… 另有 ${count} 个`,
  errorColumns: {
    group: "分组",
    target: "目标",
    rows: "行数",
    typical: "典型误差",
    within95: "95% 的行不超过",
    largest: "最大误差",
  },
  errorsNote: "典型误差：半数的行误差不超过该值。",

  scores: "评估指标",
  scoreMeanings: (unit) => [
    ["RMSE", `均方根误差，单位：${unit}；较大的误差影响更大`],
    ["MAE", `平均绝对误差，单位：${unit}`],
    ["R²", "可解释的方差比例：1 表示完全吻合，0 表示与均值相当"],
    ["FIT", "含义类似，但按 RMSE 而不是其平方计算：100% 表示完全吻合，0% 表示与均值相当"],
    ["相对改进", "模型的均方误差比该基线低多少；负值表示更高"],
  ],
  unitOf: (name) => `与 ${name} 相同`,
  unitOfEach: "与各目标相同",
  model: "模型",
  fromZero: "模型（从零状态开始）",
  linear: (taps) => `线性滤波器（${taps} 抽头）`,
  mean: "训练集均值",
  skill: "相对改进",
  columns: ["RMSE", "MAE", "R²", "FIT %"],
  partCaption: (part, rows, skipped) => `${part}：${rows} 行${skipped === "0" ? "" : `，另有 ${skipped} 行未计入`}`,
  of: (target) => `，${target}`,

  trainTitle: (targets, inputs) => `由 ${inputs} 预测 ${targets}：训练报告`,
  evaluateTitle: (targets, inputs) => `由 ${inputs} 预测 ${targets}：评估报告`,
  subtitle: (file, rows, date) => `${file}，${rows} 行。Eddy，${date}。`,
  page: {
    verdictTitle: "结论",
    signalTitle: "预测值与实测值",
    measured: "实测",
    predicted: "预测",
    stretch: "区间",
    all: "全部",
    first: "开头",
    last: "末尾",
    worst: "误差最大",
    moveLeft: "更早",
    moveRight: "更晚",
    zoomIn: "放大",
    zoomOut: "缩小",
    zoomNote: "在图上横向拖动可放大，双击可还原。",
    residualTitle: "残差：实测值 − 预测值",
    autocorrelationTitle: "残差的自相关",
    autocorrelationNote:
      "浅色带为 95% 置信带：纯随机的残差有 95% 的柱落在带内；超出浅色带的柱表示模型还有未学到的规律。",
    factsTitle: "数据与设置",
    againTitle: "复现命令",
  },
  networkTitle: (networks) => (networks === 1 ? "网络结构" : `每个网络的结构（共 ${networks} 个）`),
  signalNote: (part) => `“开头”“末尾”“误差最大”均取自${part}。`,
  signalNoteAll: "“开头”“末尾”“误差最大”均取自整个文件。",
  downSampled: (drawn, rows) =>
    `共 ${rows} 行，图中绘制 ${drawn} 行：每个像素宽度内的最大值和最小值，以及各区间内的所有行。`,
  tail: (rows) => `只显示最后 ${rows} 行。`,
  seriesOmitted: (shown, all) => `共 ${all} 个序列，只能单独查看前 ${shown} 个。`,
  excludedShaded: "棕色底纹的行被排除。",
  shaded: "浅色部分的数据未用于训练。",
  targetChoice: "目标",
  seriesChoice: "文件或序列",
  curveTitle: "学习曲线",
  curveNote: (best) =>
    `灰线为训练损失（归一化后的均方误差，右轴），蓝线为验证集 RMSE（左轴）。圆点标出第 ${best} 轮，最终保留该轮的权重。`,
  learnedTitle: "模型学到了什么",
  memoryTitle: "记忆长度：多久以前的输入仍会影响输出",
  stepTitle: "阶跃响应",
  impulseTitle: "脉冲响应",
  gainTitle: "稳态增益",
  memoryNote: (horizons) => `记忆长度（99% 的影响在此范围内）：${horizons}。`,
  memoryNone: "超出考察范围",
  stepNote: (size) => `某个输入阶跃升高并保持后，输出的变化。阶跃幅度：${size}。`,
  impulseNote: "某个输入仅在一行中升高时，输出的变化。",
  gainNote: "某个输入保持恒定、其余输入取均值时，输出的稳态值。",
  learnedOmitted: (shown, all) => `共 ${all} 个输入，按重要性只显示 ${shown} 个。`,
  chart: {
    measured: "实测",
    predicted: "预测",
    residual: "残差",
    time: "时间（UTC）",
    plainTime: "时间",
    row: "行号",
    lagRows: "滞后（行）",
    lagValues: "滞后（实测点数，相邻两点相隔 {rows} 行）",
    lag: "滞后（{unit}）",
    epoch: "训练轮数",
    loss: "训练损失",
    validation: "验证集 RMSE",
    autocorrelation: "相关系数",
    influence: "影响",
    shown: "{name}，{from} 至 {to}",
  },
  lagUnits: { rows: "行", us: "微秒", ms: "毫秒", s: "秒", min: "分钟", h: "小时", d: "天" },

  facts: {
    file: "文件",
    rows: "行数",
    time: "时间范围",
    step: "采样间隔",
    gaps: "时间缺口",
    training: "训练集",
    validation: "验证集",
    test: "测试集",
    filledInputs: "输入经填补的行数",
    excluded: "被排除的行数",
    missingInputs: "输入有缺失值的行数",
    missingTargets: "目标有缺失值的行数",
    washout: "预热行数（washout）",
    groups: "序列数",
    cell: "单元类型",
    parameters: "参数量",
    epochs: "训练轮数",
    stopped: "停止原因",
    took: "训练用时",
    seed: "随机数种子",
    learningRate: "学习率",
    chunk: "片段长度 × 并行数",
    networks: "网络个数",
    share: "网络所占的比例",
    spread: "各网络预测的标准差",
    overBlocks: "各网络在各自数据块上的 RMSE",
    initialWindow: "推断初始状态所用的行数",
    randomStarts: "随机起点的轮数",
    scored: "评估指标的含义",
    linear: "线性滤波器",
    version: "Eddy",
  },
  cellOf: (cell, hidden, layers, linear) =>
    `${cell}，${layers === 1 ? "" : `${layers} 层 × `}${hidden} 个隐藏单元${linear ? "，含线性直连" : ""}`,
  networksOf: (used, trained) => (trained === used ? String(used) : `${used}，选自多种方案的共 ${trained} 个网络`),
  inBlocks: "把训练集分成若干块，每个网络留出其中一块",
  scoredModel: {
    blocks: "验证：每一块都由未见过该块的网络和滤波器预测；模型本身学习了除测试集以外的全部数据",
    "held-out": "即本模型的指标；模型没有学习过验证集和测试集",
    refit: "属于最终训练之前的模型；最终模型还学习了验证集和测试集",
  },
  epochsOf: (epochs, best) => `${epochs}（采用第 ${best} 轮的权重）`,
  tapsOf: (taps, ridge) => `${taps} 抽头，岭参数 ${ridge}`,
  rowsFromTo: (rows, from, to) => `${rows} 行，${from} 至 ${to}`,
  stoppedBy: {
    epochs: "达到轮数上限",
    patience: "早停（验证误差不再下降）",
    budget: "达到时间上限",
    signal: "Ctrl-C",
    divergence: "训练发散",
  },
  gapsOf: (count, rows) => `${count}（缺 ${rows} 行）`,

  writing: "正在生成报告",
};
