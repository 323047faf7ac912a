/** utils: PyTorch's module of datasets and checkpoints. */
export * as data from "./data/index.ts";
export * as checkpoint from "./tensor/checkpoint.ts";
