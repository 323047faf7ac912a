// Texts about trained models: errors of model files, and what a model requires of its input files.
import { counted } from "@eddy/ui/results";

export const en = {
  argument: "model written by eddy train",

  // its file
  noModel: (path: string) => `${path}: expected a model written by eddy train, found no file; check the path.`,
  emptyModel: (path: string) =>
    `${path}: expected a model written by eddy train, received an empty file; train it again.`,
  badModel: (path: string, reason: string) =>
    `${path}: expected a model written by eddy train, received a damaged file or another kind of file (${reason}); copy it again, or train it again.`,
  otherFile: (path: string) =>
    `${path}: expected a model written by eddy train, received a damaged file or another kind of file; check the path, or copy it again.`,
  checkpointAsModel: (path: string) =>
    `${path}: expected a model written by eddy train, received a checkpoint for --resume; use the model next to it.`,
  dataAsModel: (path: string) =>
    `${path}: expected a model written by eddy train, received a data file; put the model first, as in eddy predict model.safetensors data.csv.`,

  // its input files
  asTrained: (options: string) => `as in training: ${options}`,
  inputOfModel: (path: string) => `inputs of ${path}`,
  targetOfModel: (path: string) => `targets of ${path}`,
  timeOfModel: (path: string) => `${path} was trained with times (use --no-time to ignore time)`,
  groupOfModel: (path: string) => `${path} was trained with groups (use --no-group to treat all rows as one series)`,
  otherFiles: (path: string, names: string, received: number) =>
    `${path}: expected the files of its query (${names}), received ${counted(received, "file")}; give the same number of files in that order, or add --no-sql.`,
};

export const zh: typeof en = {
  argument: "eddy train 写出的模型",

  noModel: (path) => `${path}：找不到这个模型文件；请检查路径。`,
  emptyModel: (path) => `${path}：模型文件是空的；请重新训练。`,
  badModel: (path, reason) => `${path}：不是 eddy train 生成的模型，或已损坏（${reason}）；请重新训练或重新复制。`,
  otherFile: (path) => `${path}：不是 eddy train 生成的模型，或已损坏；请检查路径或重新复制。`,
  checkpointAsModel: (path) => `${path}：这是 --resume 使用的检查点，不是模型；请改用同一目录中的模型文件。`,
  dataAsModel: (path) =>
    `${path}：这是数据文件，不是模型；请把模型写在前面，例如 eddy predict model.safetensors data.csv。`,

  asTrained: (options) => `沿用训练时的设置：${options}`,
  inputOfModel: (path) => `${path} 的输入列`,
  targetOfModel: (path) => `${path} 的目标列`,
  timeOfModel: (path) => `${path} 训练时使用了时间戳列（--no-time 视各行为等间隔）`,
  groupOfModel: (path) => `${path} 训练时使用了分组列（--no-group 把所有行视为一个序列）`,
  otherFiles: (path, names, received) =>
    `${path}：模型的查询需要这些文件（${names}），实际给出了 ${received} 个；请按相同顺序给出全部文件，或加上 --no-sql。`,
};
