// Published errors on ETTh1 (target OT, univariate): mean squared errors in z-scored units, by horizon and method.

/** The results of one source. */
interface Published {
  source: string;
  mse: Readonly<Record<number, Readonly<Record<string, number>>>>;
}

export const published: readonly Published[] = [
  {
    source: "Zhou et al., Informer, AAAI 2021 (arXiv 2012.07436), table 1",
    mse: { 24: { Informer: 0.098, LSTMa: 0.114, DeepAR: 0.107 }, 168: { Informer: 0.183, LSTMa: 0.236 } },
  },
  {
    source: "Zeng et al., Are Transformers Effective for Time Series Forecasting?, AAAI 2023 (arXiv 2205.13504)",
    mse: { 96: { NLinear: 0.053, DLinear: 0.056, ARIMA: 0.058 } },
  },
];

/** The goals: the mean squared error on every window of the test part. */
export const goals: Readonly<Record<number, number>> = { 24: 0.0255, 96: 0.052, 168: 0.0645 };
