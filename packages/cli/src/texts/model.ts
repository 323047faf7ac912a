// The texts about a trained model: what is wrong with its file, and what it requires of the files that it is applied to.
import { counted } from "./plural.ts";

export const en = {
  argument: "model that eddy train wrote",

  // its file
  noModel: (path: string) => `${path}: expected a model that eddy train wrote, found no file; check the path.`,
  emptyModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received an empty file; train it again.`,
  badModel: (path: string, reason: string) =>
    `${path}: expected a model that eddy train wrote, received a damaged or different file (${reason}); copy it again, or train it again.`,
  otherFile: (path: string) =>
    `${path}: expected a model that eddy train wrote, received a damaged or different file; check the path, or copy it again.`,
  checkpointAsModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received the checkpoint of one; name the model next to it.`,
  dataAsModel: (path: string) =>
    `${path}: expected a model that eddy train wrote, received a data file; put the model first, as in eddy predict model.safetensors data.csv.`,

  // the files that it is applied to
  asTrained: (words: string) => `as in training: ${words}`,
  inputOfModel: (path: string) => `inputs of ${path}`,
  targetOfModel: (path: string) => `targets of ${path}`,
  timeOfModel: (path: string) => `${path} was trained with times (--no-time treats each row as one step)`,
  groupOfModel: (path: string) => `${path} was trained with groups (--no-group treats all rows as one series)`,
  otherFiles: (path: string, names: string, received: number) =>
    `${path}: expected the files of its query (${names}), received ${counted(received, "file")}; name the same number in that order, or add --no-sql.`,
};

export const zh: typeof en = {
  argument: "eddy train 写出的模型",

  noModel: (path) => `${path}：应为 eddy train 写出的模型，却没有这个文件；请检查路径。`,
  emptyModel: (path) => `${path}：应为 eddy train 写出的模型，文件却是空的；请重新训练。`,
  badModel: (path, reason) =>
    `${path}：应为 eddy train 写出的模型，却是别的东西或已损坏（${reason}）；请重新训练或重新复制。`,
  otherFile: (path) => `${path}：应为 eddy train 写出的模型，却是别的东西或已损坏；请检查路径或重新复制。`,
  checkpointAsModel: (path) => `${path}：应为 eddy train 写出的模型，却是 --resume 所需的文件；请写它旁边的模型。`,
  dataAsModel: (path) =>
    `${path}：应为 eddy train 写出的模型，却是数据文件；请把模型写在前面，例如 eddy predict model.safetensors data.csv。`,

  asTrained: (words) => `与训练时相同：${words}`,
  inputOfModel: (path) => `${path} 需要它的输入`,
  targetOfModel: (path) => `${path} 要在它的目标上计分`,
  timeOfModel: (path) => `${path} 训练时使用了时间列（--no-time 可把每一行当作一步）`,
  groupOfModel: (path) => `${path} 训练时使用了分组列（--no-group 可把所有行当作一个序列）`,
  otherFiles: (path, names, received) =>
    `${path}：它的查询需要这些文件（${names}），收到的却是 ${received} 个；请按顺序写出同样多的文件，或加上 --no-sql。`,
};
