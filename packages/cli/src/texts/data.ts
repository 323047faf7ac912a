// The library's errors and notes as sentences: its own English, and Chinese for the same codes.
import {
  DataError,
  type DataErrorCode,
  type DataErrorValues,
  type DataPart,
  describe,
  type Moment,
  type Note,
  type NoteCode,
  type NoteValues,
  type Plan,
} from "eddy/series";

/** An error or a note as a sentence; rows count from 1, as in the messages about files. */
export type DataWords = (message: DataError | Note) => string;

export const en: DataWords = (message) => {
  if (!(message instanceof DataError)) return describe(message);
  return message.code in byOptions ? words(byOptions, message.code, countedFromOne(message)) : message.describe(1);
};

/** Errors whose remedy names a function of the library: here it names an option of the command instead. */
const byOptions: { [Code in DataErrorCode]?: (values: DataErrorValues[Code]) => string } = {
  "uneven-steps": ({ uneven }) =>
    `expected rows at equal steps in time, received ${uneven} steps of a different length; resample the rows, or omit --time to treat each row as one step.`,
  "too-many-weights": ({ received, most }) =>
    `expected a network of at most ${most} weights, received sizes that need ${received}; choose a smaller --hidden or --layers.`,
  "no-training-share": ({ validation, test }) =>
    `expected validation and test shares that leave rows for training, received --val ${100 * validation}% and --test ${100 * test}%; for example, --val 25% --test 20%.`,
  diverged: ({ last }) =>
    `expected a training that converges, received one that diverged at every learning rate${
      last === undefined ? "" : ` (${last.quantity} ${last.value} in epoch ${last.epoch})`
    }; lower --lr, and look for outliers in the columns.`,
  "other-setting": ({ name, expected, received }) =>
    `expected the settings of that training, received ${name} = ${received} instead of ${expected}; restore it, or omit --resume to start a new training.`,
  "other-data": ({ part, what, column }) =>
    `expected the rows of that training, received a different ${what}${column === undefined ? "" : ` "${column}"`} in the ${part} data; give the same files and options, or omit --resume to start a new training.`,
};

function countedFromOne({ row, values }: DataError): object {
  return row === undefined ? values : { ...values, row: row + 1 };
}

export const zh: DataWords = (message) => {
  if (!(message instanceof DataError)) return words(notes, message.code, message);
  return words(errors, message.code, countedFromOne(message));
};

const words = (table: object, code: string, values: object) =>
  (table as Record<string, (values: object) => string>)[code]!(values);

const listed = (names: readonly string[]) => names.map((name) => `“${name}”`).join("、") || "无";
const digits6 = (value: number) => Number(value.toPrecision(6));
const seconds = (ms: number) => `${digits6(ms / 1000)} 秒`;
const rowOf = (row: number | undefined) => (row === undefined ? "" : `第 ${row} 行`);
const parts: Record<DataPart, string> = { training: "训练", validation: "验证", test: "测试" };
const aspects: Record<DataErrorValues["other-data"]["what"], string> = {
  "number of rows": "行数",
  time: "时间",
  grouping: "分组",
  split: "划分",
  input: "输入列",
  target: "目标列",
};

const errors: { [Code in DataErrorCode]: (values: DataErrorValues[Code]) => string } = {
  "column-length": ({ column, like, expected, received }) =>
    `各列行数应相同：“${like}”有 ${expected} 行，“${column}”却有 ${received} 行；缺失值请记为 NaN。`,
  "no-column": ({ column, names }) => `没有“${column}”这一列；现有的列：${listed(names)}。请检查列名。`,
  "no-columns": () => "至少需要一列，却没有任何列。",
  "column-name": ({ column }) => `列名不能为空，收到的却是“${column}”；请给每一列起名。`,
  "not-a-number": ({ column, row, received }) =>
    `${rowOf(row)}，列“${column}”：应为数字，收到的却是 ${received}；缺失值请记为 NaN。`,
  "group-length": ({ expected, received }) => `每一行都要有所属的组：应为 ${expected} 个，却有 ${received} 个。`,
  "group-code": ({ row, labels, received }) =>
    `${rowOf(row)}：组的编号应在 0 到 ${labels - 1} 之间，收到的却是 ${received}；请补上它的名称。`,
  "group-scattered": ({ row, group }) =>
    `同一组的行应当连在一起，组“${group}”却在${rowOf(row)}再次出现；请先按组、再按时间排序。`,
  "missing-columns": ({ expected, missing, names }) =>
    `需要 ${listed(expected)} 这些列，却缺少 ${listed(missing)}；现有的列：${listed(names)}。`,
  "no-rows": () => "没有任何数据行；请检查文件或查询。",
  "no-time": () => "需要时间，却没有时间列。",
  "uneven-steps": ({ uneven }) =>
    `各行的时间间隔应当相等，却有 ${uneven} 处不等；请重新采样，或不用时间列，把每一行当作一步。`,
  "time-order": ({ row, untimed, unsorted, duplicates }) =>
    `时间应逐行递增，却有 ${untimed} 行没有时间、${unsorted} 行顺序颠倒、${duplicates} 行重复，最早见于${rowOf(row)}；请先修复时间。`,
  "untimed-rows": ({ row, count }) => `每一行都要有时间，却有 ${count} 行没有，最早见于${rowOf(row)}；请去掉这些行。`,
  "unsorted-rows": ({ row, count }) => `时间应逐行递增，却有 ${count} 行顺序颠倒，最早见于${rowOf(row)}；请先排序。`,
  "duplicate-times": ({ row, count }) =>
    `每个时间只应出现一次，却有 ${count} 行时间相同，其中有${rowOf(row)}；请保留第一行、最后一行或均值。`,
  "long-gap": ({ row, most, missing, stepMs }) =>
    `间断最多可用 ${most} 行填补，${rowOf(row)}之前的间断按间隔 ${stepMs} 却需要 ${missing} 行；请在那里拆分文件，或保留间断。`,
  "other-interval": ({ expectedMs, receivedMs, moments }) => {
    const every = (ms: number) => (moments ? seconds(ms) : `${digits6(ms)} 个时间单位`);
    return `训练数据每 ${every(expectedMs)}一行，这里却是每 ${every(receivedMs)}一行；请按训练时的间隔重新采样，或为这个间隔另训练一个模型。`;
  },
  infinite: ({ column, row, received }) =>
    `${rowOf(row)}，列“${column}”：应为有限的数，收到的却是 ${received}；请记为缺失值，或不用这一列。`,
  "all-missing": ({ column }) => `列“${column}”在训练部分中没有任何数值；请换一列，或换一种划分。`,
  "beyond-float64": ({ column, received }) =>
    `列“${column}”的数值大到 ${received}，平方和超出了 float64 的范围；请把这一列除以 10 的幂。`,
  outlier: ({ column, row, received, spread, median }) =>
    `${rowOf(row)}，列“${column}”：值 ${received} 远离其余各值（中间一半的值在 ${median} 附近 ${spread} 之内）；如果不是测量值，请记为缺失值。`,
  "beyond-scale": ({ column, row, received }) =>
    `${rowOf(row)}列“${column}”：应为与训练数据相近的数，收到的却是 ${received}；如果不是测量值，请记为缺失值。`,
  "beyond-output": ({ row, received }) =>
    `${rowOf(row)}的输入与训练数据相差太远，得到的是 ${received}；如果不是测量值，请记为缺失值。`,
  "no-value": ({ column, received }) => `“${column}”应为数字，收到的却是 ${received}；缺失值请记为 NaN。`,
  "input-and-target": ({ column }) => `目标不能同时是输入，“${column}”却两者都是；它自己的值会泄露答案。`,
  "too-many-weights": ({ received, most }) =>
    `网络最多可有 ${most} 个参数，给定的尺寸却需要 ${received} 个；请减小隐藏状态或层数。`,
  "duplicate-name": ({ column, role }) =>
    `${role === "inputs" ? "输入" : "目标"}中每个列名只应出现一次，“${column}”却出现了两次；请去掉一个。`,
  "no-training-share": ({ validation, test }) =>
    `验证和测试的比例应给训练留下一些行，收到的却是 ${validation} 和 ${test}；例如 0.25 和 0.2。`,
  "few-training-rows": ({ least, received, rows }) =>
    `训练至少需要 ${least} 行既有全部输入又有目标的数据，${rows} 行中却只有 ${received} 行；请提供更多数据，或选用缺失较少的列。`,
  "few-scored-rows": ({ part, least, received, rows, washout }) =>
    `${parts[part]}部分至少需要 ${least} 行既有全部输入又有目标的数据，${rows} 行中却只有 ${received} 行${washout > 0 ? `（每次开始后略去 ${washout} 行）` : ""}；请提供更多数据，选用缺失较少的列，或换一种划分${washout > 0 ? "、减小 washout" : ""}。`,
  "nothing-to-score": ({ rows }) => `${rows} 行中没有一行既有全部输入又有目标；请检查缺失值和 washout。`,
  "constant-target": ({ column, value }) =>
    `目标“${column}”在训练部分的每一行都是 ${value}，没有可学的东西；请换一个目标，或提供更多数据。`,
  "constant-inputs": ({ columns }) =>
    `输入 ${listed(columns)} 在训练部分的每一行都是同一个值；请换输入，或提供更多数据。`,
  diverged: ({ last }) =>
    `无论用多小的学习率，训练都发散了${last ? `（第 ${last.epoch} 轮，${quantities[last.quantity]}为 ${last.value}）` : ""}；请减小学习率，并检查各列中的异常值。`,
  "already-iterated": () => "一次训练只能遍历一次；请再次调用 train。",
  "not-started": () => "还没有开始训练。",
  untrained: () => "训练还没有得到经过验证的模型。",
  "unknown-input": ({ column, inputs }) => `“${column}”不是模型的输入；模型的输入有：${listed(inputs)}。`,
  unfinished: () => "模型的训练没有完成；请先把训练做完。",
  "short-segments": ({ least, longest }) =>
    `需要至少 ${least} 行连续且输入齐全的数据，最长的却只有 ${longest} 行；请提供更多数据。`,
  "weights-alone": () => "文件只有权重，没有设置和缩放。",
  "damaged-model": ({ path, received }) =>
    `${path} 处的内容不合要求，收到的是 ${received}；文件已损坏，或由更新的 Eddy 写出。`,
  "damaged-checkpoint": ({ path, received }) =>
    `${path} 处的内容不合要求，收到的是 ${received}；文件已损坏，或不是这个版本的 Eddy 写出的。`,
  "other-setting": ({ name, expected, received }) =>
    `设置与上次不同：${name} 现在是 ${received}，上次是 ${expected}；请保持原样，或去掉 --resume 重新开始。`,
  "other-data": ({ part, what, column }) =>
    `数据与上次不同：${parts[part]}数据的${aspects[what]}${column === undefined ? "" : `“${column}”`}变了；请用同样的数据，或去掉 --resume 重新开始。`,
};

const quantities = { loss: "损失", gradient: "梯度的范数", validation: "验证误差" };
const digits = (value: number) => Number(value.toPrecision(3));
const planned = ({ epochs, restarts }: Plan) =>
  `${restarts === 0 ? "" : `${restarts + 1} 次训练，每次 `}${digits(epochs)} 轮`;
const moment = ({ phase, restart, epoch }: Moment) =>
  `${phase === "refit" ? "最终训练，" : restart > 0 ? `第 ${restart + 1} 次训练，` : ""}第 ${epoch} 轮`;
const sameRows =
  "两者用的是同样的行。模型的停止和选择都依据它学过的行，所以验证得分只说明它重复所学的能力，不说明它预测未来的能力。";

const notes: { [Code in NoteCode]: (values: NoteValues[Code]) => string } = {
  "test-merged": ({ rows, least }) =>
    `测试部分只有 ${rows} 行可用，少于 ${least} 行，已并入其他部分：没有测试得分，也没有留出任何未参与选择的行。`,
  "validation-merged": ({ train, validation, least }) =>
    `训练和验证部分各只有 ${train} 和 ${validation} 行可用，而每部分需要 ${least} 行：${sameRows}`,
  "no-validation": () => `没有要求验证部分：${sameRows}`,
  "parts-merged": () => "因行数太少，数据的一些部分已合并：得分不那么可信。",
  "constant-input": ({ column, value }) => `输入“${column}”在训练部分的每一行都是 ${value}：它不起作用。`,
  "shortened-plan": ({ budgetMs, from, to }) =>
    `限时 ${digits(budgetMs / 1000)} 秒，计划由 ${planned(from)}缩短为 ${planned(to)}。`,
  diverged: (at) =>
    `${moment(at)}：训练发散（${quantities[at.quantity]}为 ${at.value}）；退回第 ${at.backTo} 轮之后的权重，此后学习率为 ${digits(at.learningRate)}。`,
  "gave-up": (at) =>
    `${moment(at)}：降低学习率重试 ${at.retries} 次之后训练仍然发散（${quantities[at.quantity]}为 ${at.value}）；到此为止。`,
  refit: () =>
    "这个模型是选出的模型用全部行（包括验证和测试）继续训练的结果。得分属于继续训练之前、没有见过这些行的模型；没有留下给这个模型打分的行。",
  "refit-unfinished": () => "用全部行的最终训练没有完成：这就是得分所属的模型。",
};
