// Texts of forecasts: `eddy train --forecast`, their predictions and their backtest.
import { counted } from "@eddy/ui/results";

export const en = {
  help: {
    forecast:
      "forecast the targets from their own past: a number of rows or a time span, such as 24 or 24h; --input is optional",
    known: "columns that are known for the rows of the forecast, too, such as holidays; separated by commas",
    season: "rows of a season, or none; found in the training rows by default",
    ownPast: "the same as --forecast 1: estimates the next value of the targets from their measured past",
    backtest:
      "forecast from every row and score the whole horizon; evaluates a forecast (the default for such a model)",
    test: "score only the forecasts of the last rows of each series; the rows before them are the past",
  },
  spanOrRows: "a number of rows such as 24, or a time span such as 24h, 90m or 7d",
  rowsOrNone: "an integer of at least 2, or none",
  needsTime: (value: string) =>
    `--forecast: expected a number of rows, since the file has no time column, received "${value}"; pass --time, or the number of rows.`,
  noWholeRows: (value: string, step: string) =>
    `--forecast: expected at least one row, received "${value}" with a row every ${step}; choose a longer time span.`,
  needsTarget: "--forecast: expected --target with the columns to forecast, received none; add --target.",
  notBoth: "--own-past: expected no --forecast beside it, since it is a forecast of one row; omit one of them.",
  noInitialWindow:
    "--initial-window: expected a training without --forecast and --own-past, which read the measured past anyway; omit --initial-window.",
  needsForecast: (flag: string) =>
    `${flag}: expected --forecast or --own-past, received neither; add one of them, or omit ${flag}.`,
  notForecast: (flag: string) => `${flag}: expected the model of a forecast, received another one; omit ${flag}.`,
  notFrom:
    "--from: expected a training without --forecast and --own-past, since a forecast cannot continue from a model; omit --from to train on all rows.",
  fromForecast: (path: string) =>
    `--from: expected a model that estimates its targets from inputs, received a forecast ("${path}"), which cannot be continued; train it anew on all rows with --forecast.`,

  planning: "comparing what to correct: the last value or the last season",
  progress: (percent: string, completed: number, networks: number) =>
    `training ${percent}  ${completed} of ${networks} networks`,

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
    `Seasonal ARIMA was fitted for ${windows} of the ${all} forecasts, evenly spaced, within its time limit; its errors are compared on those.`,
  noTest: "There is no test part; hold out rows with --test 20% to see how good the forecasts are.",

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
      "The weights of the target's past values in the change that is forecast, for the first, the middle and the last step.",
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

export const zh: typeof en = {
  help: {
    forecast: "根据目标自身的历史预测未来：行数或时间跨度，例如 24 或 24h；此时 --input 可省略",
    known: "在预测时段内也已知的列，例如节假日；用逗号分隔",
    season: "一个季节周期的行数，或 none；默认由训练集自动判断",
    ownPast: "等同于 --forecast 1：根据目标的历史测量值估计下一个值",
    backtest: "从每一行出发预测并对整个预测时段评分；用于评估预测模型（此类模型的默认方式）",
    test: "只对每个序列最后一部分行的预测评分；之前的行作为历史",
  },
  spanOrRows: "行数（例如 24）或时间跨度（例如 24h、90m 或 7d）",
  rowsOrNone: "不小于 2 的整数，或 none",
  needsTime: (value) => `--forecast：文件没有时间戳列，应为行数，收到“${value}”；请加上 --time，或改用行数。`,
  noWholeRows: (value, step) => `--forecast：采样间隔为 ${step}，“${value}”不足一行；请改用更长的时间跨度。`,
  needsTarget: "--forecast：缺少要预测的列；请加上 --target。",
  notBoth: "--own-past 就是只预测一行，不能与 --forecast 一起使用；请去掉其中之一。",
  noInitialWindow:
    "--initial-window 不能与 --forecast 或 --own-past 一起使用：预测本来就使用测量到的历史值；请去掉 --initial-window。",
  needsForecast: (flag) => `${flag} 必须与 --forecast 或 --own-past 一起使用；请加上其中之一，或去掉 ${flag}。`,
  notForecast: (flag) => `${flag}：应为预测未来的模型，收到的是其他模型；请去掉 ${flag}。`,
  notFrom:
    "--from 不能与 --forecast 或 --own-past 一起使用：预测模型不能从已有模型继续训练；请去掉 --from，用全部数据训练。",
  fromForecast: (path) =>
    `--from：应为由输入估计目标的模型，收到的是预测未来的模型（“${path}”），它不能继续训练；请用 --forecast 在全部数据上重新训练。`,

  planning: "正在比较预测的基准：上一个值或上一个季节",
  progress: (percent, completed, networks) => `训练 ${percent}  已完成 ${completed}/${networks} 个网络`,

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
    `季节性 ARIMA 在时间限制内对 ${all} 次预测中均匀选取的 ${windows} 次做了拟合，并在这些预测上比较误差。`,
  noTest: "没有测试集；可用 --test 20% 留出一部分数据，以了解预测的好坏。",

  page: {
    history: "最新的预测",
    historyNote: (level) => `测量值、其后的预测，以及有 ${level} 概率包含真实值的预测带。`,
    steps: "各步的误差",
    stepsNote: "每一步的均方根误差，单位与目标相同。",
    coverage: "各步预测带的覆盖率",
    coverageNote: (level) => `落在预测带内的比例；目标为 ${level}。`,
    weights: "线性滤波器关注什么",
    weightsNote: "预测第一步、中间一步和最后一步的变化时，目标各历史值的权重。",
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
