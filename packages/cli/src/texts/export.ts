// The texts of `eddy export`.

export const en = {
  help: {
    about: "Write a model in a format that other programs can read.",
    onnx: "ONNX file, including the scaling",
    stateDict: "safetensors file with the weights only, under their PyTorch names",
  },
  noExport: "expected --onnx or --state-dict with a file, received neither; for example, --onnx model.onnx.",
  outOfMemory: () =>
    "expected a model that fits into memory, received one that does not; close other programs, or use a machine with more memory.",
};

export const zh: typeof en = {
  help: {
    about: "把模型写成其他程序能读的形式。",
    onnx: "ONNX 文件，缩放包含在内",
    stateDict: "只含权重的文件，按 PyTorch 的名称（safetensors）",
  },
  noExport: "应写出 --onnx 或 --state-dict 及文件名，却都没有；例如 --onnx model.onnx。",
  outOfMemory: () => "内存放不下这个模型；请关闭其他程序，或换一台内存更大的机器。",
};
