// Texts about output files: why one cannot be written, how to fix that, and labels of the written files.

const reasons: Record<string, string> = {
  EISDIR: "it is a folder",
  ENOTDIR: "part of its path is a file",
  ENAMETOOLONG: "its name is too long",
  EACCES: "no write permission",
  EPERM: "no write permission",
  EROFS: "the file system is read-only",
  ELOOP: "its symbolic links form a loop",
  EFBIG: "it would exceed the file size limit",
};

const reasonsZh: Record<string, string> = {
  EISDIR: "这是一个目录",
  ENOTDIR: "路径中的某一级不是目录",
  ENAMETOOLONG: "文件名过长",
  EACCES: "没有写入权限",
  EPERM: "没有写入权限",
  EROFS: "文件系统只读",
  ELOOP: "符号链接形成循环",
  EFBIG: "超出文件大小限制",
};

export const en = {
  empty: (option: string) => `${option}: expected a name, received an empty string; add one after the option.`,
  namesFolder: (option: string, path: string) =>
    `${option}: expected a file name, received "${path}", which is a folder; add the file name.`,
  notStdout: (option: string) =>
    `${option}: expected a file name, received "-"; only predictions can go to standard output.`,
  otherKind: (option: string, path: string, expected: string) =>
    `${option}: expected a file name ending in ${expected}, received "${path}"; rename it.`,
  formats: ".csv, .parquet or .json",
  checkpoint: (option: string, path: string) =>
    `${option}: expected another file name, received "${path}", which is reserved for --resume checkpoints; choose another.`,
  isInput: (option: string, path: string, input: string) =>
    `${option}: expected a file that is not an input, received "${path}", ` +
    `${path === input ? "which is an input" : `the same file as the input "${input}"`}; choose another.`,
  isModel: (option: string, path: string) =>
    `${option}: expected a new file or an earlier result, received "${path}", which is a trained model; choose another, or delete it.`,
  isNoModel: (option: string, path: string) =>
    `${option}: expected a new file or an earlier model, received "${path}", which is not a model; choose another, or delete it.`,
  twice: (option: string, path: string, other: string) =>
    `${option}: expected a different file for each output, received "${path}" for ${other} as well; choose another.`,
  notRegular: (option: string, path: string) =>
    `${option}: expected a regular file or a new file, received "${path}", which is a device, pipe or socket; choose another.`,
  readOnly: (option: string, path: string) =>
    `${option}: expected a writable path, received "${path}" (read-only); choose another, or make it writable.`,
  cannotWrite: (option: string, path: string, code: string) =>
    `${option}: expected a writable path, received "${path}" (${code})${reasons[code] ? `: ${reasons[code]}` : ""}; choose another.`,
  diskFull: (option: string, path: string, code: string) =>
    `${option}: expected enough disk space for "${path}", found too little (${code}); free some space, or choose another path.`,
  locked: (path: string, pid: number, host: string | undefined, since: string) =>
    `--out: expected a model that no other process is training, received "${path}", which process ${pid}` +
    `${host === undefined ? "" : ` on ${host}`} has been training since ${since}; wait for it, stop it, or choose another --out.`,
  lockedElsewhere: (lock: string) => ` If that process no longer exists, delete ${lock}.`,
  swapped: (command: string) =>
    `expected the model before the other files, received it after them; did you mean ${command}?`,

  // labels of the written files
  wrote: {
    model: "model",
    report: "report",
    figures: "figures",
    predictions: "predictions",
    onnx: "ONNX",
    weights: "weights",
  },
};

export const zh: typeof en = {
  empty: (option) => `${option}：文件名不能为空；请在后面写上文件名。`,
  namesFolder: (option, path) => `${option}：应为文件名，“${path}”是目录名；请加上文件名。`,
  notStdout: (option) => `${option}：应为文件名，实际为“-”；只有预测结果可以写到标准输出。`,
  otherKind: (option, path, expected) => `${option}：文件名应以 ${expected} 结尾，实际为“${path}”；请改名。`,
  formats: ".csv、.parquet 或 .json",
  checkpoint: (option, path) => `${option}：“${path}”是 --resume 检查点的保留文件名；请换一个文件名。`,
  isInput: (option, path, input) =>
    `${option}：“${path}”${path === input ? "是输入文件" : `与输入文件“${input}”是同一个文件`}，不能覆盖；请换一个文件名。`,
  isModel: (option, path) => `${option}：“${path}”是训练好的模型，不会被覆盖；请换一个文件名，或先删除它。`,
  isNoModel: (option, path) => `${option}：“${path}”已存在且不是模型，不会被覆盖；请换一个文件名，或先删除它。`,
  twice: (option, path, other) => `${option}：“${path}”与 ${other} 指定的是同一个文件；请换一个文件名。`,
  notRegular: (option, path) => `${option}：“${path}”是设备、管道或套接字，不是普通文件；请换一个文件名。`,
  readOnly: (option, path) => `${option}：“${path}”是只读的；请换一个位置，或授予写入权限。`,
  cannotWrite: (option, path, code) =>
    `${option}：无法写入“${path}”（${code}${reasonsZh[code] ? `：${reasonsZh[code]}` : ""}）；请换一个位置。`,
  diskFull: (option, path, code) => `${option}：磁盘空间不足，无法写入“${path}”（${code}）；请释放空间或换一个位置。`,
  locked: (path, pid, host, since) =>
    `--out：${host === undefined ? "" : `${host} 上的`}进程 ${pid} 自 ${since} 起一直在训练“${path}”；请等待它结束、终止它，或换一个 --out。`,
  lockedElsewhere: (lock) => `如果该进程已不存在，请删除 ${lock}。`,
  swapped: (command) => `模型应写在其他文件之前；是不是想写 ${command}？`,

  wrote: {
    model: "模型",
    report: "报告",
    figures: "图",
    predictions: "预测结果",
    onnx: "ONNX",
    weights: "权重",
  },
};
