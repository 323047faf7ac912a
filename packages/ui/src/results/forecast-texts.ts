// The words of forecasts and their backtest in each language: for the terminal, the report and the studio.
import { counted } from "./plural.ts";

const en = {
  title: (targets: string, horizon: string) => `Forecast of ${targets}, ${horizon} ahead`,
  rows: (rows: string) => counted(rows, "row"),
  plan: {
    last: "changes since the last value",
    season: (rows: number) => `changes since the last season of ${counted(rows, "row")}`,
    log: "relative to the value (logarithms)",
  },
  planLine: (path: string, transform: string | undefined) =>
    `The model forecasts ${path}${transform === undefined ? "" : `, ${transform}`}.`,
  methods: {
    model: "Eddy",
    last: "last value",
    season: "same row of the last season",
    smoothing: "exponential smoothing",
    linear: "linear filter of the past",
    arima: "seasonal ARIMA",
  },
  columns: {
    rmse: "RMSE",
    mae: "MAE",
    smape: "SMAPE [%]",
    compared: "RMSE of Eddy, relative",
    group: "group",
    coverage: "in band",
    width: "width",
  },
  winner: {
    model: (target: string, other: string, share: string) =>
      `${target}: Eddy has the smallest RMSE, ${share} below ${other}.`,
    other: (target: string, other: string) => `${target}: ${other} has the smallest RMSE; use it instead.`,
    linear: (target: string, other: string, share: string) =>
      `${target}: the linear filter alone has the smallest RMSE, ${share} below ${other}; the networks add nothing here.`,
  },
  bands: (level: string, direct: string, width: string, adaptive: string, adaptiveWidth: string) =>
    `The ${level} bands contain ${direct} of the values (mean width ${width}); bands that adapt to the latest errors contain ${adaptive} (${adaptiveWidth}).`,
  calmer: (ratio: string) =>
    `These rows are calmer than the ones that the bands were calibrated on (errors ${ratio} times as large): the bands are wider than necessary.`,
  rougher: (ratio: string) =>
    `These rows are rougher than the ones that the bands were calibrated on (errors ${ratio} times as large): prefer bands that adapt.`,
  windows: (windows: string, without: number) =>
    `${counted(windows, "forecast")} ${windows === "1" ? "was" : "were"} scored, one from each row${without === 0 ? "" : `; ${counted(without, "row")} had no forecast, because values were missing`}.`,
  measured: (target: string, values: string, all: string) =>
    `${target}: ${values} of the ${all} values that were forecast were measured; only these count.`,
  arimaWindows: (windows: number, all: string) =>
    `Seasonal ARIMA has forecasts for ${windows} of the ${all} rows, those that its time limit allows, evenly spaced, and where its fit did not diverge; its errors are compared on those.`,
  page: {
    history: "The latest forecast",
    historyNote: (level: string) =>
      `The measured values, the forecast after them, and the band in which the value is expected with ${level} probability.`,
    steps: "Errors by step ahead",
    stepsNote: "Root of the mean squared error of each step, in the unit of the target.",
    coverage: "Coverage of the bands by step ahead",
    coverageNote: (level: string) => `Share of the values inside; ${level} are intended.`,
    weights: "What the linear filter looks at",
    weightsNote:
      "The weights of the target's past values in the change that is forecast, for the first, the middle and the last step; 0 rows back is the latest value.",
    scores: "Backtest",
    measured: "measured",
    forecast: "forecast",
    direct: "calibrated",
    adaptive: "adaptive",
    intended: "intended",
    step: "step ahead",
    lag: "rows back",
    rowsAhead: "rows",
    stepOf: (step: number) => `step ${step}`,
  },
};

export type ForecastTexts = typeof en;

const zh: ForecastTexts = {
  title: (targets, horizon) => `预测 ${targets}，提前 ${horizon}`,
  rows: (rows) => `${rows} 行`,
  plan: {
    last: "相对上一个值的变化",
    season: (rows) => `相对上一个季节（${rows} 行）的变化`,
    log: "按比例（对数）",
  },
  planLine: (path, transform) => `模型预测${path}${transform === undefined ? "" : `，${transform}`}。`,
  methods: {
    model: "Eddy",
    last: "上一个值",
    season: "上一个季节的同一行",
    smoothing: "指数平滑",
    linear: "历史值的线性滤波器",
    arima: "季节性 ARIMA",
  },
  columns: {
    rmse: "RMSE",
    mae: "MAE",
    smape: "SMAPE [%]",
    compared: "Eddy 的相对 RMSE",
    group: "分组",
    coverage: "带内比例",
    width: "带宽",
  },
  winner: {
    model: (target, other, share) => `${target}：Eddy 的 RMSE 最小，比${other}低 ${share}。`,
    other: (target, other) => `${target}：${other}的 RMSE 最小；请改用它。`,
    linear: (target, other, share) =>
      `${target}：仅用线性滤波器的 RMSE 最小，比${other}低 ${share}；网络在这里没有帮助。`,
  },
  bands: (level, direct, width, adaptive, adaptiveWidth) =>
    `${level} 预测带包含了 ${direct} 的值（平均宽度 ${width}）；随最新误差调整的预测带包含了 ${adaptive}（${adaptiveWidth}）。`,
  calmer: (ratio) => `这些行比校准预测带的行更平稳（误差为其 ${ratio} 倍）：预测带偏宽。`,
  rougher: (ratio) => `这些行比校准预测带的行更剧烈（误差为其 ${ratio} 倍）：建议使用自适应的预测带。`,
  windows: (windows, without) =>
    `共对 ${windows} 次预测评分，每行一次${without === 0 ? "" : `；其中 ${without} 行因缺失值而没有预测`}。`,
  measured: (target, values, all) => `${target}：${all} 个预测值中有 ${values} 个有测量值，仅这些计入评分。`,
  arimaWindows: (windows, all) =>
    `季节性 ARIMA 对 ${all} 行中的 ${windows} 行给出了预测：在时间限制内均匀选取，且拟合没有发散；误差在这些行上比较。`,
  page: {
    history: "最新的预测",
    historyNote: (level) => `测量值、其后的预测，以及有 ${level} 概率包含真实值的预测带。`,
    steps: "各步的误差",
    stepsNote: "每一步的均方根误差，单位与目标相同。",
    coverage: "各步预测带的覆盖率",
    coverageNote: (level) => `落在预测带内的比例；目标为 ${level}。`,
    weights: "线性滤波器关注什么",
    weightsNote: "预测第一步、中间一步和最后一步的变化时，目标各历史值的权重；0 行之前即最新的值。",
    scores: "回测",
    measured: "测量值",
    forecast: "预测",
    direct: "校准",
    adaptive: "自适应",
    intended: "目标",
    step: "提前步数",
    lag: "之前的行数",
    rowsAhead: "行",
    stepOf: (step) => `第 ${step} 步`,
  },
};

export const forecastTexts = { en, zh };
