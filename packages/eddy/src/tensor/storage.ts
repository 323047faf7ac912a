/** The memory that a tensor shares with its views. */
import { fault } from "../fault.ts";

/** The values of one or more tensors; `version` increases with every in-place change. */
export class Storage {
  version = 0;
  readonly length: number;

  constructor(public values: Float32Array) {
    this.length = values.length;
  }

  /** Whether the values were transferred together with their ArrayBuffer. */
  get isTransferred(): boolean {
    return this.values.length !== this.length;
  }

  /** Throws if the values were transferred. */
  checkedValues(): Float32Array {
    if (!this.isTransferred) return this.values;
    throw fault(
      "state",
      "Tensor",
      "values in memory",
      "a tensor whose ArrayBuffer was transferred",
      "transfer a copy: tensor.clone().data.buffer",
    );
  }
}
