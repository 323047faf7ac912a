// Texts of forecasts: `eddy train --forecast`, their predictions and their backtest.
import { forecastTexts } from "@eddy/ui/results";

export const en = {
  ...forecastTexts.en,
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
  noTest: "There is no test part; hold out rows with --test 20% to see how good the forecasts are.",
};

export const zh: typeof en = {
  ...forecastTexts.zh,
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
  noTest: "没有测试集；可用 --test 20% 留出一部分数据，以了解预测的好坏。",
};
