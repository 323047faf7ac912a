// Messages for the library's errors and notes: the library's English, and Chinese for the same codes.
import {
  DataError,
  type DataErrorCode,
  type DataErrorValues,
  type DataPart,
  describe,
  type Note,
  type NoteCode,
  type NoteValues,
  type Plan,
  type TrainingPosition,
} from "eddy/series";

/** The message of an error or a note; rows are numbered from 1, as in the messages about files. */
export type DataMessages = (event: DataError | Note) => string;

const en: DataMessages = (event) => (event instanceof DataError ? event.describe(1) : describe(event));

/** The values of an error, with its row numbered from 1. */
export function countedFromOne({ row, values }: DataError): object {
  return row === undefined ? values : { ...values, row: row + 1 };
}

const zh: DataMessages = (event) => {
  if (!(event instanceof DataError)) return lookUp(notes, event.code, event);
  return lookUp(errors, event.code, countedFromOne(event));
};

const lookUp = (table: object, code: string, values: object) =>
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
  "model to continue from": "起点模型",
};

const quantities = { loss: "损失", gradient: "梯度范数", validation: "验证误差" };

/** The Chinese names of the library's words, for messages of the command line. */
export const chineseNames = { parts, aspects, quantities };

const errors: { [Code in DataErrorCode]: (values: DataErrorValues[Code]) => string } = {
  "column-length": ({ column, like, expected, received }) =>
    `各列的行数应相同：“${like}”有 ${expected} 行，“${column}”有 ${received} 行；缺失值请用 NaN 表示。`,
  "no-column": ({ column, names }) => `没有“${column}”这一列；现有的列：${listed(names)}。请检查列名。`,
  "no-columns": () => "至少需要一列。",
  "column-name": ({ column }) => `列名不能为空，实际为“${column}”；请为每一列命名。`,
  "not-a-number": ({ column, row, received }) =>
    `${rowOf(row)}，列“${column}”：应为数值，实际为 ${received}；缺失值请用 NaN 表示。`,
  "category-code": ({ column, row, labels, received }) =>
    `${rowOf(row)}，列“${column}”：类别编号应在 0 到 ${labels - 1} 之间，实际为 ${received}；请补上对应的标签。`,
  "not-categories": ({ column }) => `列“${column}”在训练时是类别，这里是数值。`,
  "not-numbers": ({ column }) => `列“${column}”应为数值，实际为类别；请换一列。`,
  "no-label": ({ column, labels, received }) =>
    `“${column}”应为 ${listed(labels)} 之一，实际为 ${received}；缺失值请用 NaN 表示。`,
  "too-many-labels": ({ column, most, received }) =>
    `列“${column}”最多可有 ${most} 种文本，实际有 ${received} 种；请换一列，或合并少见的文本。`,
  "unsorted-samples": ({ row, count }) =>
    `时间戳应逐行递增，实际有 ${count} 行缺少时间戳或乱序，首次出现在${rowOf(row)}；请先修复时间戳。`,
  "too-many-intervals": ({ every, most, received }) =>
    `最多可有 ${most} 个时间间隔，长度为 ${every} 时有 ${received} 个；请加大间隔。`,
  "bounds-without-target": ({ column, targets }) => `“${column}”不是目标；目标有：${listed(targets)}。请检查列名。`,
  "fixed-by-model": ({ name, expected, received }) =>
    `继续训练时，设置应与原模型相同，${name} 为 ${received}，而原模型为 ${expected}；请去掉这个设置，或训练新模型。`,
  "other-targets": ({ expected, received }) =>
    `两个模型的目标列应相同，实际为${listed(expected)}和${listed(received)}；请比较目标相同的模型。`,
  "group-length": ({ expected, received }) => `每一行都要有分组：应为 ${expected} 个，实际为 ${received} 个。`,
  "group-code": ({ row, labels, received }) =>
    `${rowOf(row)}：分组编号应在 0 到 ${labels - 1} 之间，实际为 ${received}；请补上对应的标签。`,
  "group-scattered": ({ row, group }) =>
    `同一分组的行必须相邻，而分组“${group}”在${rowOf(row)}再次出现；请先按分组、再按时间戳排序。`,
  "missing-columns": ({ expected, missing, names }) =>
    `需要的列：${listed(expected)}；缺少的列：${listed(missing)}；现有的列：${listed(names)}。`,
  "no-rows": () => "没有任何数据行；请检查文件或查询。",
  "no-time": () => "缺少时间戳列。",
  "uneven-steps": ({ uneven }) =>
    `采样间隔应当固定，实际有 ${uneven} 处不等；请重新采样，或不使用时间列，视各行为等间隔。`,
  "time-order": ({ row, untimed, unsorted, duplicates }) =>
    `时间戳应逐行递增，实际有 ${untimed} 行缺少时间戳、${unsorted} 行乱序、${duplicates} 行重复，首次出现在${rowOf(row)}；请先修复时间戳。`,
  "untimed-rows": ({ row, count }) => `有 ${count} 行缺少时间戳，首次出现在${rowOf(row)}；请删除这些行。`,
  "unsorted-rows": ({ row, count }) => `时间戳应逐行递增，实际有 ${count} 行乱序，首次出现在${rowOf(row)}；请先排序。`,
  "duplicate-times": ({ row, count }) =>
    `时间戳不应重复，实际有 ${count} 行重复，例如${rowOf(row)}；请保留第一行、最后一行或均值。`,
  "long-gap": ({ row, most, missing, stepMs }) =>
    `缺口最多用 ${most} 行填补，而${rowOf(row)}之前的缺口按采样间隔 ${stepMs} 需要 ${missing} 行；请在该处拆分文件，或保留缺口。`,
  "other-interval": ({ expectedMs, receivedMs, moments }) => {
    const every = (ms: number) => (moments ? seconds(ms) : `${digits6(ms)} 个时间单位`);
    return `训练数据的采样间隔是 ${every(expectedMs)}，这里是 ${every(receivedMs)}；请重新采样为训练时的间隔，或为这个间隔另外训练模型。`;
  },
  infinite: ({ column, row, received }) =>
    `${rowOf(row)}，列“${column}”：应为有限值，实际为 ${received}；请标为缺失值，或不使用这一列。`,
  "all-missing": ({ column }) => `列“${column}”在训练集中全部缺失；请换一列，或换一种划分方式。`,
  "beyond-float64": ({ column, received }) =>
    `列“${column}”的值达到 ${received}，平方和超出 float64 的范围；请将这一列除以 10 的某次幂。`,
  outlier: ({ column, row, received, spread, median }) =>
    `${rowOf(row)}，列“${column}”：${received} 是异常值（中位数为 ${median}，四分位距为 ${spread}）；如果不是真实的测量值，请标为缺失值。`,
  "beyond-scale": ({ column, row, received }) =>
    `${row === undefined ? "" : `${rowOf(row)}，`}列“${column}”：应与训练数据的数量级相近，实际为 ${received}；如果不是真实的测量值，请标为缺失值。`,
  "beyond-output": ({ row, received }) =>
    `${row === undefined ? "" : `${rowOf(row)}的`}输入与训练数据相差太大，预测结果为 ${received}；如果不是真实的测量值，请标为缺失值。`,
  "no-value": ({ column, received }) => `“${column}”应为数值，实际为 ${received}；缺失值请用 NaN 表示。`,
  "input-and-target": ({ column }) => `列“${column}”不能既是输入又是目标：目标自身的值会泄漏答案。`,
  "too-many-weights": ({ received, most }) =>
    `网络最多可有 ${most} 个参数，当前设置需要 ${received} 个；请减小隐藏层大小或层数。`,
  "duplicate-name": ({ column, role }) =>
    `${role === "inputs" ? "输入" : "目标"}中的列名不能重复，“${column}”出现了两次；请删除一个。`,
  "no-training-share": ({ validation, test }) =>
    `验证集和测试集的比例（${100 * validation}% 和 ${100 * test}%）过大，没有留下训练数据；请减小比例。`,
  "no-forecast-model": () => "应为预测未来的模型，收到的是其他模型；请用 trainForecast 训练。",
  "known-missing": ({ column, horizon }) =>
    `最后一个目标测量值之后应有 ${horizon} 行“${column}”的值，收到的不足；请补上待预测的行：填写已知的输入，目标留空。`,
  "past-missing": ({ column, group }) =>
    `应有“${column}”${group === undefined ? "" : `（组“${group}”）`}的近期值，收到的不足；请提供预测之前的行。`,
  "no-windows": ({ rows, horizon }) =>
    `测试行数应多于预测步数 ${horizon}，收到 ${rows} 行；请提供更多行，或缩短预测步数。`,
  "long-season": ({ season, most }) =>
    `季节周期最多为 ${most} 行（最长训练序列的一半），收到 ${season} 行；请提供更多行，或改用其他周期。`,
  "short-for-horizon": ({ rows, least }) =>
    `此预测步数至少需要 ${least} 个训练行，收到 ${rows} 行；请提供更多行，或缩短预测步数。`,
  "few-training-rows": ({ least, received, rows }) =>
    `训练至少需要 ${least} 行输入和目标都完整的数据，而 ${rows} 行中只有 ${received} 行；请提供更多数据，或选用缺失值较少的列。`,
  "few-scored-rows": ({ part, least, received, rows, washout }) =>
    `${parts[part]}集至少需要 ${least} 行输入和目标都完整的数据，而 ${rows} 行中只有 ${received} 行${washout > 0 ? `（每段开头的 ${washout} 行预热不计入）` : ""}；请提供更多数据、选用缺失值较少的列${washout > 0 ? "、减小预热行数" : ""}，或换一种划分方式。`,
  "nothing-to-score": ({ rows }) => `${rows} 行中没有一行的输入和目标都完整；请检查缺失值和预热行数。`,
  "constant-target": ({ column, value }) =>
    `目标“${column}”在训练集中恒为 ${value}，无法训练；请换一个目标，或提供更多数据。`,
  "constant-inputs": ({ columns }) => `输入 ${listed(columns)} 在训练集中是常数；请换用其他输入，或提供更多数据。`,
  diverged: ({ last }) =>
    `以各个学习率训练都发散了${last ? `（第 ${last.epoch} 轮，${quantities[last.quantity]}为 ${last.value}）` : ""}；请减小学习率，并检查各列中的异常值。`,
  "already-iterated": () => "一次训练只能遍历一次；请再次调用 train。",
  "not-started": () => "还没有开始训练。",
  untrained: () => "训练还没有得到经过验证的模型。",
  "unknown-input": ({ column, inputs }) => `“${column}”不是模型的输入；模型的输入有：${listed(inputs)}。`,
  unfinished: () => "模型的训练尚未完成；请先完成训练。",
  "short-segments": ({ least, longest }) =>
    `至少需要 ${least} 行连续且输入完整的数据，最长的一段只有 ${longest} 行；请提供更多数据。`,
  "weights-alone": () => "文件只含权重，没有设置和归一化参数。",
  "damaged-model": ({ path, received }) => `${path} 的内容无效（${received}）；文件已损坏，或由更高版本的 Eddy 生成。`,
  "damaged-checkpoint": ({ path, received }) =>
    `${path} 的内容无效（${received}）；文件已损坏，或不是当前版本的 Eddy 生成的检查点。`,
  "other-setting": ({ name, expected, received }) =>
    `设置与上次不同：${name} 上次是 ${expected}，现在是 ${received}；请改回原来的值，或从头训练。`,
  "other-data": ({ part, what, column }) =>
    `数据与上次不同：${parts[part]}集的${aspects[what]}${column === undefined ? "" : `“${column}”`}有变化；请使用与上次相同的文件和选项，或从头训练。`,
};

const digits = (value: number) => Number(value.toPrecision(3));
const planned = ({ epochs, networks }: Plan) => `${networks} 个网络各训练 ${digits(epochs)} 轮`;
const moment = ({ phase, network, epoch }: TrainingPosition) =>
  `${phase === "refit" ? "最终训练，" : ""}第 ${network + 1} 个网络，第 ${epoch} 轮`;
const sameRows = "训练集与验证集相同。早停和模型选择依据的是训练过的数据，因此验证指标只反映拟合程度，不反映泛化能力。";

const notes: { [Code in NoteCode]: (values: NoteValues[Code]) => string } = {
  "test-merged": ({ rows, least }) =>
    `测试集只有 ${rows} 行可用，少于 ${least} 行，已并入训练集和验证集：没有测试指标，也没有留出未参与模型选择的数据。`,
  "validation-merged": ({ train, validation, least }) =>
    `训练集和验证集分别只有 ${train} 行和 ${validation} 行可用，各需要至少 ${least} 行：${sameRows}`,
  "no-validation": () => `未设置验证集：${sameRows}`,
  "parts-merged": () => "因行数太少，部分数据集已合并：评估指标的可信度降低。",
  "constant-input": ({ column, value }) => `输入“${column}”在训练集中恒为 ${value}，不起作用。`,
  "filled-rows": ({ rows, of, fill, most, columns, marked }) =>
    `${of} 行中有 ${rows} 行的 ${listed(columns)} 缺失，已${fill === "hold" ? "用上一个值填补" : "线性插值"}（缺口至多 ${most} 行）${marked.length > 0 ? `；模型另有输入标明 ${listed(marked)} 何处缺失` : ""}。`,
  "unpredicted-rows": ({ rows, of, most }) =>
    `${of} 行中有 ${rows} 行的输入缺失${most > 0 ? "且缺口更长" : ""}：没有预测值，之后重新开始状态。`,
  "excluded-rows": ({ rows, of }) => `${of} 行中有 ${rows} 行被排除；之后重新开始状态。`,
  "unknown-label": ({ column, label, rows }) =>
    `列“${column}”有 ${rows} 行的值为“${label}”，训练数据中没有这个值：按缺失处理。`,
  "beyond-bounds": ({ column, rows, low, high }) => `“${column}”有 ${rows} 个实测值超出范围（${low} 到 ${high}）。`,
  "shortened-plan": ({ budgetMs, from, to }) =>
    `受时间上限（${digits(budgetMs / 1000)} 秒）限制，训练计划由 ${planned(from)}缩减为 ${planned(to)}。`,
  diverged: (at) =>
    `${moment(at)}：训练发散（${quantities[at.quantity]}为 ${at.value}）；恢复第 ${at.backTo} 轮的权重，学习率降为 ${digits(at.learningRate)}。`,
  "gave-up": (at) =>
    `${moment(at)}：降低学习率并重试 ${at.retries} 次后，训练仍然发散（${quantities[at.quantity]}为 ${at.value}）；不采用这个网络。`,
  refit: () =>
    "最终模型是在选出的模型上用全部数据（包括验证集和测试集）继续训练得到的。评估指标属于继续训练之前的模型；没有留出数据来评估最终模型。",
  "refit-unfinished": () => "用全部数据的最终训练未完成：保存的是评估指标所对应的模型。",
};

export const libraryMessages = { en, zh };
