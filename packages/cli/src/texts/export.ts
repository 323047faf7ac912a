// Texts of `eddy export`.

export const en = {
  help: {
    about: "Export a model to a format that other programs can read.",
    onnx: "ONNX file to write; includes scaling and bounds, but does not fill missing inputs",
    stateDict: "safetensors file to write; contains only the weights, with PyTorch's parameter names",
  },
  noExport: "expected --onnx or --state-dict with a file name, received neither; for example, --onnx model.onnx.",
  features: (names: readonly string[]) =>
    `The ONNX input x has a number for each of: ${names.join(", ")}; where a name ends in "= LABEL", 1 for that label, and in "missing", 1 for a filled value, otherwise 0.`,
  outOfMemory: () =>
    "expected a model that fits in memory, received one that does not; close other programs, or use a machine with more memory.",
};

export const zh: typeof en = {
  help: {
    about: "把模型导出为其他程序可读的格式。",
    onnx: "输出的 ONNX 文件（含归一化和目标的范围，不含缺失输入的填补）",
    stateDict: "输出的权重文件（safetensors），参数名与 PyTorch 一致",
  },
  noExport: "需要 --onnx 或 --state-dict 及输出文件名，例如 --onnx model.onnx。",
  features: (names) =>
    `ONNX 的输入 x 依次为：${names.join("、")}；名称以“= 标签”结尾的，取该标签时为 1；以“missing”结尾的，值经填补时为 1；否则为 0。`,
  outOfMemory: () => "内存不足，无法载入模型；请关闭其他程序，或换用内存更大的机器。",
};
