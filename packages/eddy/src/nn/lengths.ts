/** The lengths of the sequences in a padded batch. */
import { display, fault } from "../fault.ts";
import { Tensor } from "../tensor/tensor.ts";

/** The number of valid steps of each sequence: an array, a typed array or a vector. */
export type Lengths =
  | readonly number[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Tensor;

/** The lengths as an array of their own; throws unless there is an integer from 0 to `time` for each sequence. */
export function checkedLengths(caller: string, lengths: unknown, batch: number, time: number): number[] {
  const list = lengths instanceof Tensor ? lengths.values : lengths;
  const isList = Array.isArray(list) || (ArrayBuffer.isView(list) && !(list instanceof DataView));
  const steps = isList && (list as number[]).length === batch ? Array.from(list as ArrayLike<number>) : [];
  if (isList && steps.length === batch && steps.every((n) => Number.isInteger(n) && n >= 0 && n <= time)) return steps;
  throw fault(
    "value",
    caller,
    `lengths with an integer from 0 to ${time} for each sequence (${batch} here)`,
    isList ? display(Array.from((list as number[]).slice(0, 17))) : display(lengths),
    "pass the number of valid steps of each sequence",
  );
}
