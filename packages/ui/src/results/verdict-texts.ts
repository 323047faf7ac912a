// The sentences of a verdict in each language.
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

const en = {
  parts: { train: "training", validation: "validation", test: "test", data: "this file" },
  rowsOf: (rows: string) => counted(rows, "row"),
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
};

export type VerdictTexts = typeof en;

const zh: VerdictTexts = {
  parts: { train: "训练集", validation: "验证集", test: "测试集", data: "该文件" },
  rowsOf: (rows) => `${rows} 行`,
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
};

export const verdictTexts = { en, zh };
