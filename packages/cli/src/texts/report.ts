// The texts about a model's quality: verdict, scores, and the pages of the report.
import { counted } from "./plural.ts";

/** The numbers of a verdict, written out with their unit. */
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
  /** The relative amount by which the filter's error is smaller, such as "13 %". */
  smaller: string;
  /** The share of the variance that the model does not explain, such as "80 %". */
  unexplained: string;
}

export const en = {
  parts: { train: "training", validation: "validation", test: "test", data: "this file" },
  rowsOf: (rows: string) => counted(rows, "row"),
  betweenSentences: " ",
  verdicts: {
    beats: ({ part, rows, model, linear, mean, overLinear, overMean }) =>
      `The model beats both baselines. On ${part} (${rows}) its RMSE is ${model}: ${overLinear} times smaller than the linear filter's ${linear}, ${overMean} times smaller than the mean's ${mean}.`,
    weak: ({ part, rows, model, linear, unexplained }) =>
      `The model beats both baselines, but it explains little: on ${part} (${rows}) ${unexplained} of the variance remains unexplained. Its RMSE is ${model}, the linear filter's ${linear}. Add inputs that carry more information about the target.`,
    nothing: ({ part, rows, model, linear, mean, r2 }) =>
      `The model explains almost nothing of the target (R² ${r2}): do not use it. On ${part} (${rows}) its RMSE is ${model}, the linear filter's ${linear}, the mean's ${mean}. Give it other inputs, or more training (--budget, --hidden, --restarts).`,
    barely: ({ part, rows, model, linear }) =>
      `The model is barely better than a linear filter. On ${part} (${rows}) its RMSE is ${model}, the linear filter's ${linear}; consider using the filter.`,
    linearSlightly: ({ part, rows, model, linear, r2, linearR2, smaller }) =>
      `A linear filter is slightly better than the model. On ${part} (${rows}) its RMSE is ${linear}, the model's ${model}. Use the linear filter or the model; the difference is small: the filter's error is ${smaller} smaller, R² is ${linearR2} compared with ${r2}.`,
    linearWins: ({ part, rows, model, linear, r2, linearR2 }) =>
      `A linear filter is better than the model. On ${part} (${rows}) its RMSE is ${linear}, the model's ${model} (R² ${linearR2} compared with ${r2}). Do not trust the model: give it more data, other inputs, or more training (--budget, --hidden, --restarts).`,
    meanWins: ({ part, rows, model, mean, r2 }) =>
      `The mean is better than the model. On ${part} (${rows}) always predicting the training mean has an RMSE of ${mean}, the model ${model} (R² ${r2}). What the model learned does not generalise to these rows: do not trust it.`,
    worseThanMean: ({ part, rows, model, r2 }) =>
      `The model is worse than the mean of the scored rows (R² ${r2}): do not use it. On ${part} (${rows}) its RMSE is ${model}; neither baseline is useful.`,
    leak: ({ part, rows, model, linearR2 }) =>
      `The score is suspiciously good. On ${part} (${rows}) the inputs of the same row give the target almost exactly (linear filter of one tap: R² ${linearR2}; the model's RMSE is ${model}): an input may be the target itself, or computed from it. Remove that input; if it really is known in advance, a formula is enough and no model is needed.`,
    constant: ({ part, rows, model, linear, mean }) =>
      `The model cannot be judged here: on ${part} (${rows}) all measured values are equal, so R² is undefined. Its RMSE is ${model}, the linear filter's ${linear}, the mean's ${mean}. Score it on rows in which the target changes.`,
    unscored: ({ part }) =>
      `The model has no score: on ${part} no row has both a finite prediction and a measured value. Check for missing inputs and targets, and for values far outside those of training.`,
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
  outlier: (column: string, value: string, row: string | undefined) =>
    `A likely cause is an outlier among the training rows: ${column} is ${value}${row ? ` in row ${row}` : ""}, far from all its other values; correct it or leave it empty.`,
  drift: (distance: string, deviations: string) =>
    `A likely cause is drift: the mean of these rows is ${distance} (${deviations} standard deviations) away from the training mean. Train on data that covers both.`,
  noCause:
    "Likely causes are an outlier in training, drift between the parts, or inputs that carry no information about the target.",
  fewScored: (rows: string, error: string, names: string | undefined) =>
    `Only ${rows} ${rows.startsWith("1 ") ? "was" : "were"} scored${names ? ` (${names})` : ""}: the score is uncertain (RMSE ± ${error} or more).`,
  validationOnly:
    "These rows were used to choose the model, so the score is optimistic; hold out a part with --test for an unbiased score.",
  outside: (share: string, part: string, names: string, count: number) =>
    `In ${count === 1 ? "" : "up to "}${share} of the rows of ${part}, ${names} ${count === 1 ? "lies" : "lie"} outside the range that the model was trained on.`,
  leftOver: (value: string) =>
    `The residuals are autocorrelated (${value} at lag 1): the model could learn more from the past, or an input is missing.`,

  scores: "Scores",
  scoresNote: (unit: string) =>
    `RMSE and MAE in ${unit}. R²: share of the variance explained. FIT: 100 % is perfect, 0 % is no better than the mean. Skill: relative reduction of the mean squared error by the model, compared with that baseline; a negative value means a larger error.`,
  unitOf: (name: string) => `the unit of ${name}`,
  unitOfEach: "the unit of each target",
  model: "model",
  linear: (taps: number) => `linear filter (${counted(taps, "tap")})`,
  mean: "training mean",
  skill: "skill",
  columns: ["RMSE", "MAE", "R²", "FIT %"],
  partCaption: (part: string, rows: string, skipped: string) =>
    `${part}: ${counted(rows, "row")}${skipped === "0" ? "" : `, ${skipped} excluded`}`,
  of: (target: string) => `, ${target}`,

  trainTitle: (targets: string, inputs: string) => `${targets} learned from ${inputs}`,
  evaluateTitle: (targets: string, inputs: string) => `${targets} predicted from ${inputs}`,
  subtitle: (file: string, rows: string, date: string) => `${file}, ${counted(rows, "row")}. Eddy, ${date}.`,
  page: {
    verdictTitle: "Verdict",
    signalTitle: "Predicted and measured",
    measured: "measured",
    predicted: "predicted",
    stretch: "Stretch",
    all: "all",
    first: "first",
    last: "last",
    worst: "worst",
    moveLeft: "Earlier",
    moveRight: "Later",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    zoomNote: "Drag across the chart to zoom; double-click shows all.",
    residualTitle: "Residual: measured − predicted",
    autocorrelationTitle: "Autocorrelation of the residuals",
    autocorrelationNote:
      "For white noise, 95 % of the bars lie inside the shaded band. Bars outside it show a pattern that the model has not learned.",
    factsTitle: "Data and settings",
    againTitle: "Command to reproduce this report",
    networkTitle: "The network",
  },
  signalNote: (part: string) => `First, last and worst are stretches of ${part}.`,
  signalNoteAll: "First, last and worst are stretches of this file.",
  downSampled: (drawn: string, rows: string) =>
    `${drawn} of ${rows} rows are drawn: the extremes within each pixel, and every row of the stretches.`,
  tail: (rows: string) => `Only the last ${counted(rows, "row")} are shown.`,
  seriesOmitted: (shown: string, all: string) => `The first ${shown} of ${all} series can be chosen individually.`,
  shaded: "The shaded rows were not used for training.",
  targetChoice: "Target",
  seriesChoice: "File or series",
  curveTitle: "Learning curve",
  curveNote: (best: number) =>
    `Training loss (grey, mean square in scaled units, right axis) and validation RMSE (blue, left axis). The dot marks epoch ${best}, whose weights were kept.`,
  learnedTitle: "What the model learned",
  memoryTitle: "Memory: how long an input affects the output",
  stepTitle: "Step response",
  impulseTitle: "Impulse response",
  gainTitle: "Static gain",
  memoryNote: (horizons: string) => `Memory horizon (where 99 % of the effect has passed): ${horizons}.`,
  memoryNone: "longer than the tested range",
  stepNote: (size: string) => `Change of the output after a step in one input: ${size}.`,
  impulseNote: "Change of the output after one input is raised for a single row.",
  gainNote: "Steady-state output when one input is held constant and the others stay at their mean.",
  learnedOmitted: (shown: number, all: number) => `The first ${shown} of ${counted(all, "input")} are shown.`,
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
    missingInputs: "rows with a missing input",
    missingTargets: "rows with a missing target",
    washout: "washout rows",
    groups: "series",
    cell: "cell",
    parameters: "parameters",
    epochs: "epochs",
    stopped: "stopped by",
    took: "took",
    seed: "seed",
    learningRate: "learning rate",
    chunk: "chunk × lanes",
    restarts: "restarts",
    linear: "linear filter",
    version: "Eddy",
  },
  cellOf: (cell: string, hidden: number, layers: number, linear: boolean) =>
    `${cell}, ${layers === 1 ? "" : `${layers} × `}${counted(hidden, "unit")}${linear ? ", with a linear path" : ""}`,
  epochsOf: (epochs: number, best: number) => `${epochs}, best ${best}`,
  tapsOf: (taps: number, ridge: string) => `${counted(taps, "tap")}, ridge ${ridge}`,
  rowsFromTo: (rows: string, from: string, to: string) => `${counted(rows, "row")}, ${from} to ${to}`,
  stoppedBy: {
    epochs: "the number of epochs",
    patience: "early stopping",
    budget: "the time budget",
    signal: "Ctrl-C",
    divergence: "divergence",
  },
  gapsOf: (count: string, rows: string) => `${count} (${counted(rows, "row")} missing)`,

  // while it is written
  writing: "writing the report",
};

export const zh: typeof en = {
  parts: { train: "训练部分", validation: "验证部分", test: "测试部分", data: "此文件" },
  rowsOf: (rows) => `${rows} 行`,
  betweenSentences: "",
  verdicts: {
    beats: ({ part, rows, model, linear, mean, overLinear, overMean }) =>
      `模型胜过两个基线。在${part}（${rows}）上，它的 RMSE 为 ${model}，是线性滤波器（${linear}）的 1/${overLinear}，均值（${mean}）的 1/${overMean}。`,
    weak: ({ part, rows, model, linear, unexplained }) =>
      `模型胜过两个基线，但解释力很弱：在${part}（${rows}）上，仍有 ${unexplained} 的方差未被解释。它的 RMSE 为 ${model}，线性滤波器为 ${linear}。请加入与目标关系更密切的输入。`,
    nothing: ({ part, rows, model, linear, mean, r2 }) =>
      `模型几乎没有解释目标的任何变化（R² 为 ${r2}）：不要使用它。在${part}（${rows}）上，它的 RMSE 为 ${model}，线性滤波器为 ${linear}，均值为 ${mean}。请换别的输入或作更长的训练（--budget、--hidden、--restarts）。`,
    barely: ({ part, rows, model, linear }) =>
      `模型只比线性滤波器好一点点。在${part}（${rows}）上，它的 RMSE 为 ${model}，线性滤波器为 ${linear}：可以考虑用更简单的那个。`,
    linearSlightly: ({ part, rows, model, linear, r2, linearR2, smaller }) =>
      `线性滤波器略优于模型。在${part}（${rows}）上，它的 RMSE 为 ${linear}，模型为 ${model}。用线性滤波器或模型都可以，差别很小：滤波器的误差小 ${smaller}，R² 为 ${linearR2}，模型为 ${r2}。`,
    linearWins: ({ part, rows, model, linear, r2, linearR2 }) =>
      `线性滤波器比模型更好。在${part}（${rows}）上，它的 RMSE 为 ${linear}，模型为 ${model}（R² 分别为 ${linearR2} 和 ${r2}）。不要相信这个模型：请给它更多数据、别的输入或更长的训练（--budget、--hidden、--restarts）。`,
    meanWins: ({ part, rows, model, mean, r2 }) =>
      `连均值都比模型更好。在${part}（${rows}）上，总是给出训练均值的 RMSE 为 ${mean}，模型为 ${model}（R² 为 ${r2}）。输入与目标的关系在这些行上并不成立：不要相信这个模型。`,
    worseThanMean: ({ part, rows, model, r2 }) =>
      `模型还不如所计分各行的均值（R² 为 ${r2}）：不要使用它。在${part}（${rows}）上，它的 RMSE 为 ${model}；两个基线同样不可用。`,
    leak: ({ part, rows, model, linearR2 }) =>
      `得分好得可疑。在${part}（${rows}）上，只用同一行的输入就几乎能准确算出目标（1 阶线性滤波器的 R² 为 ${linearR2}，模型的 RMSE 为 ${model}）：某个输入可能就是目标本身，或由它计算而来。请去掉这个输入；如果它确实事先已知，用一个公式即可，不需要模型。`,
    constant: ({ part, rows, model, linear, mean }) =>
      `在这里无法评判模型：${part}（${rows}）的实测值全部相同，R² 没有定义。模型的 RMSE 为 ${model}，线性滤波器为 ${linear}，均值为 ${mean}。请在目标有变化的行上打分。`,
    unscored: ({ part }) =>
      `模型没有得分：${part}没有一行同时具有有限的预测值和实测值。请检查缺失的输入和目标，以及远超训练范围的值。`,
  },
  severalTargets: (count, good, even, bad) =>
    good && !even && !bad
      ? `在全部 ${count} 个目标上，模型都胜过两个基线。`
      : `共 ${count} 个目标：${[
          good && `在 ${good} 上模型胜过两个基线`,
          even && `在 ${even} 上用处有限`,
          bad && `在 ${bad} 上不要相信模型`,
        ]
          .filter(Boolean)
          .join("；")}。`,
  ofTarget: (target, text) => `${target}：${text}`,
  outlier: (column, value, row) =>
    `可能的原因是训练数据中有异常值：${row ? `第 ${row} 行的 ` : ""}${column} 为 ${value}，与该列其他值相差极大；请改正或留空。`,
  drift: (distance, deviations) =>
    `可能的原因是漂移：这些行的均值与训练部分的均值相差 ${distance}（${deviations} 个标准差）。请用涵盖两者的数据训练。`,
  noCause: "可能的原因：训练数据中有异常值，各部分之间发生了漂移，或者输入与目标无关。",
  fewScored: (rows, error, names) =>
    `只有 ${rows}参与计分${names ? `（${names}）` : ""}：得分并不可靠（RMSE 的误差至少为 ± ${error}）。`,
  validationOnly: "模型正是用这些行选出来的，所以分数偏好；要知道真实水平，请用 --test 留出一部分。",
  outside: (share, part, names, count) =>
    `${part}有${count === 1 ? "" : "最多"} ${share} 的行，${names} 超出了训练时的范围。`,
  leftOver: (value) => `残差仍然依赖于之前的残差（滞后 1 的自相关为 ${value}）：过去还有可学的东西，或者缺少某个输入。`,

  scores: "得分",
  scoresNote: (unit) =>
    `RMSE 和 MAE 的单位是${unit}。R²：解释了多少方差。FIT：100 % 为完美，0 % 与均值相当。技巧分：模型的平方误差比所在行的基线低多少；小于 0 表示更高。`,
  unitOf: (name) => ` ${name} 的单位`,
  unitOfEach: "各目标自己的单位",
  model: "模型",
  linear: (taps) => `线性滤波器（${taps} 阶）`,
  mean: "训练均值",
  skill: "模型的技巧分",
  columns: ["RMSE", "MAE", "R²", "FIT %"],
  partCaption: (part, rows, skipped) => `${part}：${rows} 行${skipped === "0" ? "" : `，略去 ${skipped} 行`}`,
  of: (target) => `，${target}`,

  trainTitle: (targets, inputs) => `由 ${inputs} 学习 ${targets}`,
  evaluateTitle: (targets, inputs) => `由 ${inputs} 预测 ${targets}`,
  subtitle: (file, rows, date) => `${file}，${rows} 行。Eddy，${date}。`,
  page: {
    verdictTitle: "结论",
    signalTitle: "预测与实测",
    measured: "实测",
    predicted: "预测",
    stretch: "区段",
    all: "全部",
    first: "最前",
    last: "最后",
    worst: "最差",
    moveLeft: "向前",
    moveRight: "向后",
    zoomIn: "放大",
    zoomOut: "缩小",
    zoomNote: "在图上横向拖动可放大，双击显示全部。",
    residualTitle: "残差：实测 − 预测",
    autocorrelationTitle: "残差的自相关",
    autocorrelationNote: "落在浅色带内的柱，100 次中有 95 次只是偶然；超出的柱是模型还可以学到的东西。",
    factsTitle: "数据与设置",
    againTitle: "再来一遍",
    networkTitle: "网络结构",
  },
  signalNote: (part) => `“最前”“最后”“最差”取自${part}。`,
  signalNoteAll: "“最前”“最后”“最差”取自整个文件。",
  downSampled: (drawn, rows) => `共 ${rows} 行，画出 ${drawn} 行：每个像素宽度内的极值，以及各区段的每一行。`,
  tail: (rows) => `只显示最后 ${rows} 行。`,
  seriesOmitted: (shown, all) => `共 ${all} 个序列，可以单独选择前 ${shown} 个。`,
  shaded: "浅色部分从未用于学习。",
  targetChoice: "目标",
  seriesChoice: "文件或序列",
  curveTitle: "学习曲线",
  curveNote: (best) =>
    `训练损失（灰，缩放后的均方误差，右轴）与验证 RMSE（蓝，左轴）。圆点是第 ${best} 轮，保留的就是它的权重。`,
  learnedTitle: "它学到了什么",
  memoryTitle: "记忆：多久以前的输入仍会影响输出",
  stepTitle: "阶跃响应",
  impulseTitle: "脉冲响应",
  gainTitle: "静态增益",
  memoryNote: (horizons) => `记忆长度（99 % 的影响已过去）：${horizons}。`,
  memoryNone: "超出试验范围",
  stepNote: (size) => `某个输入升高并保持之后，输出的变化：${size}。`,
  impulseNote: "某个输入只升高一行之后，输出的变化。",
  gainNote: "保持某个输入不变、其余输入取均值时，输出稳定在哪里。",
  learnedOmitted: (shown, all) => `共 ${all} 个输入，只显示前 ${shown} 个。`,
  chart: {
    measured: "实测",
    predicted: "预测",
    residual: "残差",
    time: "时间（UTC）",
    plainTime: "时间",
    row: "行",
    lagRows: "滞后（行）",
    lagValues: "滞后（实测值，相隔 {rows} 行）",
    lag: "滞后（{unit}）",
    epoch: "轮",
    loss: "训练损失",
    validation: "验证 RMSE",
    autocorrelation: "相关系数",
    influence: "影响",
    shown: "{name}，{from} 至 {to}",
  },
  lagUnits: { rows: "行", us: "微秒", ms: "毫秒", s: "秒", min: "分钟", h: "小时", d: "天" },

  facts: {
    file: "文件",
    rows: "行数",
    time: "时间",
    step: "时间步长",
    gaps: "时间间断",
    training: "训练",
    validation: "验证",
    test: "测试",
    missingInputs: "缺少输入的行",
    missingTargets: "缺少目标的行",
    washout: "略去的起始行",
    groups: "序列数",
    cell: "单元",
    parameters: "参数个数",
    epochs: "轮数",
    stopped: "停止原因",
    took: "用时",
    seed: "随机数种子",
    learningRate: "学习率",
    chunk: "分段 × 并行",
    restarts: "重新开始",
    linear: "线性滤波器",
    version: "Eddy",
  },
  cellOf: (cell, hidden, layers, linear) =>
    `${cell}，${layers === 1 ? "" : `${layers} × `}${hidden} 个单元${linear ? "，带线性通路" : ""}`,
  epochsOf: (epochs, best) => `${epochs}，最佳为第 ${best} 轮`,
  tapsOf: (taps, ridge) => `${taps} 阶，岭系数 ${ridge}`,
  rowsFromTo: (rows, from, to) => `${rows} 行，${from} 至 ${to}`,
  stoppedBy: {
    epochs: "轮数已满",
    patience: "长时间没有进步",
    budget: "时间已到",
    signal: "Ctrl-C",
    divergence: "发散",
  },
  gapsOf: (count, rows) => `${count}（缺 ${rows} 行）`,

  writing: "正在写报告",
};
