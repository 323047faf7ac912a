// Messages for the library's errors and notes; where the remedy is a setting, they name the option of the command.
import { chineseNames, countedFromOne, type DataMessages, libraryMessages } from "@eddy/ui/results";
import { DataError, type DataErrorCode, type DataErrorValues } from "eddy/series";

type ByOptions = { [Code in DataErrorCode]?: (values: DataErrorValues[Code]) => string };

const withOptions =
  (messages: DataMessages, byOptions: ByOptions): DataMessages =>
  (event) => {
    const byOption = event instanceof DataError ? byOptions[event.code as DataErrorCode] : undefined;
    return byOption === undefined
      ? messages(event)
      : (byOption as (values: object) => string)(countedFromOne(event as DataError));
  };

/** Errors whose remedy names a function of the library; these messages name an option of the command instead. */
const english: ByOptions = {
  "uneven-steps": ({ uneven }) =>
    `expected evenly spaced rows, received ${uneven} time steps of another length; resample the rows, or omit --time to treat the rows as evenly spaced.`,
  "too-many-weights": ({ received, most }) =>
    `expected a network of at most ${most} weights, received sizes that require ${received}; choose a smaller --hidden or --layers.`,
  "no-training-share": ({ validation, test }) =>
    `expected validation and test shares that leave rows for training, received --val ${100 * validation}% and --test ${100 * test}%; for example, --val 25% --test 20%.`,
  diverged: ({ last }) =>
    `expected the training to converge, received divergence at every learning rate${
      last === undefined ? "" : ` (${last.quantity} ${last.value} in epoch ${last.epoch})`
    }; choose a smaller --lr, and check the columns for outliers.`,
  "other-setting": ({ name, expected, received }) =>
    `expected the settings of the interrupted run, received ${name} = ${received} instead of ${expected}; restore the value, or omit --resume to train from scratch.`,
  "other-data": ({ part, what, column }) =>
    `expected the rows of the interrupted run, received a different ${what}${column === undefined ? "" : ` "${column}"`} in the ${part} data; give the same files and options, or omit --resume to train from scratch.`,
};

const { parts, aspects, quantities } = chineseNames;

const chinese: ByOptions = {
  "uneven-steps": ({ uneven }) =>
    `采样间隔应当固定，实际有 ${uneven} 处不等；请重新采样，或去掉 --time，视各行为等间隔。`,
  "too-many-weights": ({ received, most }) =>
    `网络最多可有 ${most} 个参数，当前设置需要 ${received} 个；请减小 --hidden 或 --layers。`,
  "no-training-share": ({ validation, test }) =>
    `验证集和测试集的比例（${100 * validation}% 和 ${100 * test}%）过大，没有留下训练数据；例如可用 --val 25% --test 20%。`,
  "few-scored-rows": ({ part, least, received, rows, washout }) =>
    `${parts[part]}集至少需要 ${least} 行输入和目标都完整的数据，而 ${rows} 行中只有 ${received} 行${washout > 0 ? `（每段开头的 ${washout} 行预热不计入）` : ""}；请提供更多数据、选用缺失值较少的列${washout > 0 ? "、减小 --washout" : ""}，或换一种划分方式。`,
  "nothing-to-score": ({ rows }) => `${rows} 行中没有一行的输入和目标都完整；请检查缺失值和预热行数（--washout）。`,
  diverged: ({ last }) =>
    `以各个学习率训练都发散了${last ? `（第 ${last.epoch} 轮，${quantities[last.quantity]}为 ${last.value}）` : ""}；请减小 --lr，并检查各列中的异常值。`,
  "other-setting": ({ name, expected, received }) =>
    `设置与上次不同：${name} 上次是 ${expected}，现在是 ${received}；请改回原来的值，或去掉 --resume 从头训练。`,
  "other-data": ({ part, what, column }) =>
    `数据与上次不同：${parts[part]}集的${aspects[what]}${column === undefined ? "" : `“${column}”`}有变化；请使用与上次相同的文件和选项，或去掉 --resume 从头训练。`,
};

export const en = withOptions(libraryMessages.en, english);
export const zh = withOptions(libraryMessages.zh, chinese);
