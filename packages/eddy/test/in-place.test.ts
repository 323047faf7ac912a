/** In-place operations: values, version checks, the graph; and masks, primitive values of tensors. */
import { arange, Mask, nn, noGrad, ones, tensor, zeros } from "eddy";
import { expect, test } from "vitest";

test("in-place operations change the tensor and the tensors that share its memory", () => {
  const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: a matrix
  const row = x.select(0, 1);
  expect(x.add_(1)).toBe(x);
  expect(row.toArray()).toEqual([4, 5]);
  row.mul_(tensor([2, 10]));
  expect(x.toArray()).toEqual([[2, 3], [8, 50]]); // biome-ignore format: a matrix
  x.transpose(0, 1).at(0).fill_(7);
  expect(x.toArray()).toEqual([[7, 3], [7, 50]]); // biome-ignore format: a matrix
  expect(x.sub_(1).div_(2).clamp_(0, 10).toArray()).toEqual([[3, 1], [3, 10]]); // biome-ignore format: a matrix
  x.maskedFill_(x.gt(2), 0).copy_(x.add(tensor([1, 2])));
  expect(x.toArray()).toEqual([[1, 3], [1, 2]]); // biome-ignore format: a matrix
  expect(x.zero_().sum().item()).toBe(0);
});

test("a part of a tensor is assigned by copy_ on a view", () => {
  const x = zeros(2, 3);
  x.index(":", "1:").copy_(tensor([[1, 2], [3, 4]])); // biome-ignore format: a matrix
  expect(x.toArray()).toEqual([[0, 1, 2], [0, 3, 4]]); // biome-ignore format: a matrix
});

test("in the graph, in-place operations name noGrad; within it they work, and a backward pass that saved the values throws", () => {
  const w = new nn.Parameter(ones(2));
  expect(() => w.mul_(2)).toThrow("noGrad(() => x.mul_(…))");
  expect(() => zeros(2).add_(w)).toThrow("noGrad");
  expect(() => w.mul(1).zero_()).toThrow("noGrad");
  const loss = w.mul(w).sum();
  noGrad(() => w.mul_(2));
  expect(w.toArray()).toEqual([2, 2]);
  expect(() => loss.backward()).toThrow("changed in place");
});

test("shapes must fit, and elements that share memory cannot be written", () => {
  expect(() => zeros(2).add_(zeros(3, 2))).toThrow("add_: expected a result of x's shape [2]");
  expect(() => zeros(2).copy_(zeros(3))).toThrow(RangeError);
  expect(() => zeros(1).expand(3).add_(1)).toThrow("clone() it first");
});

test("comparisons and truth values are masks, which index by truth", () => {
  const x = tensor([3, 1, 2]);
  expect(x.gt(1)).toBeInstanceOf(Mask);
  expect(tensor([[true, false], [false, true]]).toArray()).toEqual([[1, 0], [0, 1]]); // biome-ignore format: a matrix
  expect(x.index(x.gt(1)).toArray()).toEqual([3, 2]);
  expect(x.index(x.gt(1).mul(1)).toArray()).toEqual([1, 3, 1]); // no mask: indices 1, 0, 1
  expect(() => arange(4).reshape(2, 2).index(x.gt(1))).toThrow("a mask of x's shape");
});

test("one element counts as a number, and operators on more name the methods", () => {
  const x = tensor([1, 2]);
  expect(Number(x.sum())).toBe(3);
  expect(`${tensor(2)}`).toBe("tensor(2.)");
  expect(() => Number(x)).toThrow("write a.add(b)");
  expect([x.ndim, x.dim(), x.T.shape, x.tolist(), x.numpy()]).toEqual([1, 1, [2], [1, 2], new Float32Array([1, 2])]);
});
