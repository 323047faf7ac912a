// Texts of the advice: each states a finding with its figures, then what to do.

export const en = {
  title: "What to do next",
  leak: (input: string, r: string) =>
    `${input} determines the target almost exactly (correlation ${r} in the same row). Remove it from --input. If it is known in advance, a formula is enough.`,
  leakOfSeveral: (r2: string) =>
    `Together, the inputs of one row determine the target almost exactly (R² ${r2}). Remove the one that is computed from the target from --input; if all are known in advance, a formula is enough.`,
  outlier: (column: string, value: string, row: string | undefined) =>
    `${column} is ${value}${row ? ` in row ${row}` : ""}`,
  outliers: (described: string[]) =>
    `The training rows contain outliers: ${described.join(", ")}, far from all other values. Correct them or leave the cells empty, and train again.`,
  drift: (part: string, target: string, distance: string, deviations: string) =>
    `The target has drifted: the mean of ${target} on ${part} is ${distance} (${deviations} standard deviations) away from the training mean. Train on rows that cover both levels, or add an input that explains the change.`,
  outside: (part: string, share: string, input: string, range: string, beyond: string, others: string) =>
    `On ${part}, ${input} is outside its training range (${range}) in ${share} of the rows, by up to ${beyond}${others && `; also outside: ${others}`}. Predictions are less reliable there: add training rows that cover this range.`,
  /** Further inputs that are outside, with their shares of the rows. */
  andMore: (named: string[], others: number) =>
    [named.join(", "), others > 0 && `${others} more`].filter(Boolean).join(" and "),
  few: (rows: string, error: string, names: string | undefined) =>
    `Only ${rows} ${rows.startsWith("1 ") ? "was" : "were"} scored${names ? ` (${names})` : ""}: the score is uncertain (RMSE ± ${error} or more). Hold out more rows with --test, or run eddy evaluate on another file.`,
  missing: (share: string, input: string, rows: string, others: boolean) =>
    `In ${share} of the rows an input is missing for too long to be filled${others ? `, most often ${input} (${rows})` : ""}. These rows have no prediction, and the model starts again after each of them: allow longer gaps with --gaps hold:N${others ? `, or remove ${input} from --input` : ""}.`,
  start: (rows: string, start: string, settled: string, washout: number, initialWindow: number) =>
    `In the first ${rows} rows of a series the errors are larger (RMSE ${start}, then ${settled}), because the model does not know the initial state. ${initialWindow > 0 ? `Let it use more measured values (--initial-window ${2 * initialWindow})` : "If the first values of the target are known, let the model use them (--initial-window 10)"}, or exclude these rows from training and scores with --washout ${washout}.`,
  uninformative: (target: string, explained: string | undefined) =>
    `The inputs explain ${explained ?? "none"} of the variance of ${target}. Add inputs that act on it, and check that inputs and target are from the same time.`,
  belowFilter: (smaller: string) =>
    `The linear filter's error is ${smaller} smaller than the model's. Train longer (--budget), average more networks (--networks) or use more rows; with few rows, choose smaller networks (--hidden).`,
  isFilter:
    "On validation, the networks did not improve the linear filter, so the model uses the filter alone: as far as the data shows, the relation is linear. Other inputs may help, or training rows in which the inputs vary more.",
  likeFilter: (share: string, smaller: string | undefined) =>
    `The networks contribute little: their share of the prediction is ${share}, and they improve ${smaller ? `the linear filter's error by only ${smaller}` : "nothing on the linear filter"}. As far as these rows show, the relation is nearly linear: other inputs may help, or training rows in which the inputs vary more.`,
  moreData: (gain: string, rows: string) =>
    `More data would help: with twice the ${rows} of training data, the error would be about ${gain} lower.`,
  unevenBlocks: (lowest: string, highest: string) =>
    `The accuracy changes over time: on blocks of the training rows that a network had not seen, its RMSE was between ${lowest} and ${highest}. Add training rows from conditions like those of the worst block.`,
  networksDisagree: (spread: string, error: string, option: string) =>
    `The networks disagree: their predictions differ by ${spread} (standard deviation), while the RMSE of their mean is ${error}. More training rows would help most; more networks (${option}) make the mean more reliable.`,
  pastInput: (input: string, lag: string, r: string, option: string) =>
    `The errors follow ${input} ${lag === "0" ? "of the same row" : `${lag === "1" ? "1 row" : `${lag} rows`} earlier`} (correlation ${r}): the model does not use all that this input tells. Try a larger network (${option}) or a longer training (--budget).`,
  autocorrelated: (r: string, option: string) =>
    `Each error resembles the one before (correlation ${r}), without following an input: an influence on the target is not among the inputs, or the model forgets too early. Add an input that measures it, or try a larger network (${option}).`,
  autocorrelatedButSmall: (r: string, option: string) =>
    `The remaining errors are small, but not random: each resembles the one before (correlation ${r}). A longer training (--budget) or a larger network (${option}) may lower them further.`,
};

export const zh: typeof en = {
  title: "下一步建议",
  leak: (input, r) =>
    `仅凭同一行的 ${input} 就几乎能准确算出目标（相关系数 ${r}）。请将它从 --input 中去掉；如果它确实事先已知，用公式计算即可。`,
  leakOfSeveral: (r2) =>
    `同一行的各个输入合起来几乎能准确算出目标（R² 为 ${r2}）。请将由目标计算得到的输入从 --input 中去掉；如果这些输入都事先已知，用公式计算即可。`,
  outlier: (column, value, row) => `${row ? `第 ${row} 行的 ` : ""}${column} 为 ${value}`,
  outliers: (described) =>
    `训练数据中有异常值：${described.join("，")}，远离该列的其他值。请改正或留空，然后重新训练。`,
  drift: (part, target, distance, deviations) =>
    `目标发生了漂移：${part}中 ${target} 的均值与训练集相差 ${distance}（${deviations} 个标准差）。请用同时涵盖两种水平的数据训练，或加入能解释这一变化的输入。`,
  outside: (part, share, input, range, beyond, others) =>
    `${part}中有 ${share} 的行，${input} 超出训练数据的取值范围（${range}），最多超出 ${beyond}${others && `；同样超出的还有 ${others}`}。这些行的预测可靠性较低，请补充涵盖该范围的训练数据。`,
  andMore: (named, others) => named.join("、") + (others > 0 ? `等 ${named.length + others} 个输入` : ""),
  few: (rows, error, names) =>
    `只评估了 ${rows}${names ? `（${names}）` : ""}：结果的不确定性较大（RMSE 的误差至少为 ±${error}）。请用 --test 留出更多数据，或用 eddy evaluate 在其他文件上评估。`,
  missing: (share, input, rows, others) =>
    `${share} 的行有缺失的输入，缺口太长，未能填补${others ? `，其中缺失最多的是 ${input}（${rows} 行）` : ""}。这些行没有预测值，之后模型还要从初始状态重新开始：请用 --gaps hold:N 允许更长的缺口${others ? `，或将 ${input} 从 --input 中去掉` : ""}。`,
  start: (rows, start, settled, washout, initialWindow) =>
    `每个序列的前 ${rows} 行误差偏大（RMSE 为 ${start}，之后为 ${settled}），因为模型不知道初始状态。${initialWindow > 0 ? `可让模型利用更多实测值（--initial-window ${2 * initialWindow}）` : "若开头的目标实测值已知，可让模型利用它们（--initial-window 10）"}，或用 --washout ${washout} 将这些行排除在训练和评估之外。`,
  uninformative: (target, explained) =>
    `输入${explained ? `只能解释 ${target} 方差的 ${explained}` : `无法解释 ${target} 的变化`}。请加入对目标有影响的输入，并检查输入与目标的时间是否对齐。`,
  belowFilter: (smaller) =>
    `线性滤波器的误差比模型小 ${smaller}。请延长训练（--budget）、增加网络个数（--networks）或增加数据；数据较少时，可减小网络（--hidden）。`,
  isFilter:
    "在验证中，网络没有改进线性滤波器，因此模型只使用该滤波器：从这些数据看，输入与目标是线性关系。可以尝试加入其他输入，或使用输入变化更丰富的训练数据。",
  likeFilter: (share, smaller) =>
    `网络的作用很小：在预测中只占 ${share}，${smaller ? `误差只比线性滤波器小 ${smaller}` : "没有比线性滤波器更准确"}。从这些数据看，输入与目标基本是线性关系：可以尝试加入其他输入，或使用输入变化更丰富的训练数据。`,
  moreData: (gain, rows) => `增加数据会有帮助：训练数据（现有 ${rows}）翻倍，误差预计降低约 ${gain}。`,
  unevenBlocks: (lowest, highest) =>
    `准确度随时间变化：网络在各自未见过的训练数据块上的 RMSE 在 ${lowest} 到 ${highest} 之间。请补充与误差最大的一块工况相近的训练数据。`,
  networksDisagree: (spread, error, option) =>
    `各网络的预测不一致：相差 ${spread}（标准差），而它们均值的 RMSE 为 ${error}。增加训练数据最有效；增加网络个数（${option}）能使均值更可靠。`,
  pastInput: (input, lag, r, option) =>
    `误差与${lag === "0" ? "同一行的" : ` ${lag} 行之前的`} ${input} 相关（相关系数 ${r}）：模型没有充分利用这个输入。请尝试增大网络（${option}）或延长训练（--budget）。`,
  autocorrelated: (r, option) =>
    `相邻两行的误差相近（相关系数 ${r}），但与各输入无关：输入中缺少某个影响目标的因素，或模型的记忆太短。请加入能反映该因素的输入，或尝试增大网络（${option}）。`,
  autocorrelatedButSmall: (r, option) =>
    `剩余的误差虽小，但并非完全随机：相邻两行的误差相近（相关系数 ${r}）。延长训练（--budget）或增大网络（${option}）可能进一步降低误差。`,
};
