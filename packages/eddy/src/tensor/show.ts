/** The printed form of a tensor. */
import type { Tensor } from "./tensor.ts";

const maxPerDimension = 6;

/** Nested brackets as PyTorch prints them; long dimensions show their first and last three entries. */
export function format(tensor: Tensor): string {
  const { values: data, shape } = tensor;
  const number = (value: number) => (Number.isInteger(value) ? `${value}.` : `${Number(value.toPrecision(5))}`);
  const block = (dim: number, start: number, indent: string): string => {
    if (dim === shape.length) return number(data[start]);
    const size = shape[dim];
    const step = shape.slice(dim + 1).reduce((product, size) => product * size, 1);
    const shown =
      size > maxPerDimension ? [0, 1, 2, -1, size - 3, size - 2, size - 1] : Array.from({ length: size }, (_, i) => i);
    const separator = dim === shape.length - 1 ? ", " : `,\n${indent} `;
    return `[${shown.map((i) => (i < 0 ? "…" : block(dim + 1, start + i * step, `${indent} `))).join(separator)}]`;
  };
  const values = block(0, 0, "       ");
  return `tensor(${values}${tensor.requiresGrad ? ", requiresGrad" : ""})`;
}
