// Texts of `eddy export`.

export const en = {
  help: {
    about: "Export a model to a format that other programs can read.",
    onnx: "ONNX file to write; includes the scaling",
    stateDict: "safetensors file to write; contains only the weights, with PyTorch's parameter names",
  },
  noExport: "expected --onnx or --state-dict with a file name, received neither; for example, --onnx model.onnx.",
  outOfMemory: () =>
    "expected a model that fits in memory, received one that does not; close other programs, or use a machine with more memory.",
};

export const zh: typeof en = {
  help: {
    about: "把模型导出为其他程序可读的格式。",
    onnx: "输出的 ONNX 文件（含归一化）",
    stateDict: "输出的权重文件（safetensors），参数名与 PyTorch 一致",
  },
  noExport: "需要 --onnx 或 --state-dict 及输出文件名，例如 --onnx model.onnx。",
  outOfMemory: () => "内存不足，无法载入模型；请关闭其他程序，或换用内存更大的机器。",
};
