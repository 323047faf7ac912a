/** Every op against PyTorch's value and gradients (golden/ops.json) and against central differences. */
import { cat, stack, type Tensor, tensor, where } from "eddy";
import { expect, test } from "vitest";
import { checkOp, uncheckedOps } from "./oracle.ts";

// Arithmetic of two tensors

checkOp(
  "add",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.add(b),
);
checkOp("add, one row", [[2, 3], [3]], (a, b) => a.add(b));
checkOp(
  "add, one column",
  [
    [2, 3],
    [2, 1],
  ],
  (a, b) => a.add(b),
);
checkOp("add, row on the left", [[3], [2, 3]], (a, b) => a.add(b));
checkOp(
  "add, both broadcast",
  [
    [4, 1, 3],
    [2, 1],
  ],
  (a, b) => a.add(b),
);
checkOp("add, scalar tensor on the right", [[2, 3], []], (a, b) => a.add(b));
checkOp("add, scalar tensor on the left", [[], [2, 3]], (a, b) => a.add(b));
checkOp("add, two scalar tensors", [[], []], (a, b) => a.add(b));
checkOp("add, number", [[2, 3]], (a) => a.add(1.5));
checkOp(
  "add, odd size",
  [
    [7, 5],
    [7, 5],
  ],
  (a, b) => a.add(b),
);
checkOp(
  "add, one element in three dimensions",
  [
    [2, 3],
    [1, 1, 1],
  ],
  (a, b) => a.add(b),
);
checkOp(
  "sub",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.sub(b),
);
checkOp("sub, one row", [[2, 3], [3]], (a, b) => a.sub(b));
checkOp(
  "sub, one column",
  [
    [2, 3],
    [2, 1],
  ],
  (a, b) => a.sub(b),
);
checkOp("sub, row on the left", [[3], [2, 3]], (a, b) => a.sub(b));
checkOp(
  "sub, both broadcast",
  [
    [4, 1, 3],
    [2, 1],
  ],
  (a, b) => a.sub(b),
);
checkOp("sub, scalar tensor on the right", [[2, 3], []], (a, b) => a.sub(b));
checkOp("sub, scalar tensor on the left", [[], [2, 3]], (a, b) => a.sub(b));
checkOp("sub, two scalar tensors", [[], []], (a, b) => a.sub(b));
checkOp("sub, number", [[2, 3]], (a) => a.sub(1.5));
checkOp(
  "sub, odd size",
  [
    [7, 5],
    [7, 5],
  ],
  (a, b) => a.sub(b),
);
checkOp(
  "sub, one element in three dimensions",
  [
    [2, 3],
    [1, 1, 1],
  ],
  (a, b) => a.sub(b),
);
checkOp(
  "mul",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.mul(b),
);
checkOp("mul, one row", [[2, 3], [3]], (a, b) => a.mul(b));
checkOp(
  "mul, one column",
  [
    [2, 3],
    [2, 1],
  ],
  (a, b) => a.mul(b),
);
checkOp("mul, row on the left", [[3], [2, 3]], (a, b) => a.mul(b));
checkOp(
  "mul, both broadcast",
  [
    [4, 1, 3],
    [2, 1],
  ],
  (a, b) => a.mul(b),
);
checkOp("mul, scalar tensor on the right", [[2, 3], []], (a, b) => a.mul(b));
checkOp("mul, scalar tensor on the left", [[], [2, 3]], (a, b) => a.mul(b));
checkOp("mul, two scalar tensors", [[], []], (a, b) => a.mul(b));
checkOp("mul, number", [[2, 3]], (a) => a.mul(1.5));
checkOp(
  "mul, odd size",
  [
    [7, 5],
    [7, 5],
  ],
  (a, b) => a.mul(b),
);
checkOp(
  "mul, one element in three dimensions",
  [
    [2, 3],
    [1, 1, 1],
  ],
  (a, b) => a.mul(b),
);
checkOp(
  "div",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.div(b),
);
checkOp("div, one row", [[2, 3], [3]], (a, b) => a.div(b));
checkOp(
  "div, one column",
  [
    [2, 3],
    [2, 1],
  ],
  (a, b) => a.div(b),
);
checkOp("div, row on the left", [[3], [2, 3]], (a, b) => a.div(b));
checkOp(
  "div, both broadcast",
  [
    [4, 1, 3],
    [2, 1],
  ],
  (a, b) => a.div(b),
);
checkOp("div, scalar tensor on the right", [[2, 3], []], (a, b) => a.div(b));
checkOp("div, scalar tensor on the left", [[], [2, 3]], (a, b) => a.div(b));
checkOp("div, two scalar tensors", [[], []], (a, b) => a.div(b));
checkOp("div, number", [[2, 3]], (a) => a.div(1.5));
checkOp(
  "div, odd size",
  [
    [7, 5],
    [7, 5],
  ],
  (a, b) => a.div(b),
);
checkOp(
  "div, one element in three dimensions",
  [
    [2, 3],
    [1, 1, 1],
  ],
  (a, b) => a.div(b),
);
checkOp("div by zero", [[3], [3]], (a, b) => a.div(b));
checkOp("pow 2", [[2, 3]], (a) => a.pow(2));
checkOp("pow 3", [[2, 3]], (a) => a.pow(3));
checkOp("pow 0.5", [[2, 3]], (a) => a.pow(0.5));
checkOp("pow -1", [[2, 3]], (a) => a.pow(-1));
checkOp("pow 1", [[2, 3]], (a) => a.pow(1));
checkOp("pow 0", [[2, 3]], (a) => a.pow(0));
checkOp("pow 1.7", [[2, 3]], (a) => a.pow(1.7));
checkOp("pow 2 of either sign", [[2, 3]], (a) => a.pow(2));
checkOp("pow 3 of either sign", [[2, 3]], (a) => a.pow(3));
checkOp("pow -1 of either sign", [[2, 3]], (a) => a.pow(-1));
checkOp("pow 2 of zero", [[3]], (a) => a.pow(2));
checkOp("pow 3 of zero", [[3]], (a) => a.pow(3));
checkOp("pow 1 of zero", [[3]], (a) => a.pow(1));
checkOp("pow 0 of zero", [[3]], (a) => a.pow(0));
checkOp("pow 0.5 of zero", [[3]], (a) => a.pow(0.5));
checkOp("pow -1 of zero", [[3]], (a) => a.pow(-1));
checkOp("pow 0.5 of a negative number", [[2]], (a) => a.pow(0.5));
checkOp(
  "pow, tensor exponent",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.pow(b),
);
checkOp("pow, one row of exponents", [[2, 3], [3]], (a, b) => a.pow(b));
checkOp(
  "pow, column of bases",
  [
    [2, 1],
    [2, 3],
  ],
  (a, b) => a.pow(b),
);
checkOp("pow, scalar tensor exponent", [[2, 3], []], (a, b) => a.pow(b));
checkOp("pow, scalar tensor base", [[], [2, 3]], (a, b) => a.pow(b));
checkOp("pow, tensor exponent, of zero", [[3], [3]], (a, b) => a.pow(b));

// Functions of each element

checkOp("neg", [[2, 3]], (x) => x.neg());
checkOp("neg of a scalar", [[]], (x) => x.neg());
checkOp("neg, odd size", [[7, 5]], (x) => x.neg());
checkOp("neg, transposed", [[3, 4]], (x) => x.transpose(0, 1).neg());
checkOp("exp", [[2, 3]], (x) => x.exp());
checkOp("exp of a scalar", [[]], (x) => x.exp());
checkOp("exp, odd size", [[7, 5]], (x) => x.exp());
checkOp("exp, transposed", [[3, 4]], (x) => x.transpose(0, 1).exp());
checkOp("log", [[2, 3]], (x) => x.log());
checkOp("log of a scalar", [[]], (x) => x.log());
checkOp("log, odd size", [[7, 5]], (x) => x.log());
checkOp("log, transposed", [[3, 4]], (x) => x.transpose(0, 1).log());
checkOp("sqrt", [[2, 3]], (x) => x.sqrt());
checkOp("sqrt of a scalar", [[]], (x) => x.sqrt());
checkOp("sqrt, odd size", [[7, 5]], (x) => x.sqrt());
checkOp("sqrt, transposed", [[3, 4]], (x) => x.transpose(0, 1).sqrt());
checkOp("tanh", [[2, 3]], (x) => x.tanh());
checkOp("tanh of a scalar", [[]], (x) => x.tanh());
checkOp("tanh, odd size", [[7, 5]], (x) => x.tanh());
checkOp("tanh, transposed", [[3, 4]], (x) => x.transpose(0, 1).tanh());
checkOp("sigmoid", [[2, 3]], (x) => x.sigmoid());
checkOp("sigmoid of a scalar", [[]], (x) => x.sigmoid());
checkOp("sigmoid, odd size", [[7, 5]], (x) => x.sigmoid());
checkOp("sigmoid, transposed", [[3, 4]], (x) => x.transpose(0, 1).sigmoid());
checkOp("relu", [[2, 3]], (x) => x.relu());
checkOp("relu of a scalar", [[]], (x) => x.relu());
checkOp("relu, odd size", [[7, 5]], (x) => x.relu());
checkOp("relu, transposed", [[3, 4]], (x) => x.transpose(0, 1).relu());
checkOp("sin", [[2, 3]], (x) => x.sin());
checkOp("sin of a scalar", [[]], (x) => x.sin());
checkOp("sin, odd size", [[7, 5]], (x) => x.sin());
checkOp("sin, transposed", [[3, 4]], (x) => x.transpose(0, 1).sin());
checkOp("cos", [[2, 3]], (x) => x.cos());
checkOp("cos of a scalar", [[]], (x) => x.cos());
checkOp("cos, odd size", [[7, 5]], (x) => x.cos());
checkOp("cos, transposed", [[3, 4]], (x) => x.transpose(0, 1).cos());
checkOp("abs", [[2, 3]], (x) => x.abs());
checkOp("abs of a scalar", [[]], (x) => x.abs());
checkOp("abs, odd size", [[7, 5]], (x) => x.abs());
checkOp("abs, transposed", [[3, 4]], (x) => x.transpose(0, 1).abs());
checkOp("exp, far out", [[6]], (x) => x.exp());
checkOp("log, far out", [[5]], (x) => x.log());
checkOp("log of zero and less", [[2]], (x) => x.log());
checkOp("sqrt, far out", [[5]], (x) => x.sqrt());
checkOp("sqrt of zero and less", [[2]], (x) => x.sqrt());
checkOp("tanh, far out", [[9]], (x) => x.tanh());
checkOp("sigmoid, far out", [[9]], (x) => x.sigmoid());
checkOp("sin, far out", [[6]], (x) => x.sin());
checkOp("cos, far out", [[6]], (x) => x.cos());
checkOp("relu at zero", [[3]], (x) => x.relu());
checkOp("abs at zero", [[3]], (x) => x.abs());

// Matrix products

checkOp("matmul [5] × [5]", [[5], [5]], (a, b) => a.matmul(b));
checkOp("matmul [1] × [1]", [[1], [1]], (a, b) => a.matmul(b));
checkOp("matmul [33] × [33]", [[33], [33]], (a, b) => a.matmul(b));
checkOp("matmul [3, 5] × [5]", [[3, 5], [5]], (a, b) => a.matmul(b));
checkOp("matmul [1, 7] × [7]", [[1, 7], [7]], (a, b) => a.matmul(b));
checkOp("matmul [5] × [5, 7]", [[5], [5, 7]], (a, b) => a.matmul(b));
checkOp("matmul [7] × [7, 1]", [[7], [7, 1]], (a, b) => a.matmul(b));
checkOp(
  "matmul [1, 1] × [1, 1]",
  [
    [1, 1],
    [1, 1],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [3, 5] × [5, 7]",
  [
    [3, 5],
    [5, 7],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [7, 9] × [9, 1]",
  [
    [7, 9],
    [9, 1],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [1, 9] × [9, 7]",
  [
    [1, 9],
    [9, 7],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [9, 1] × [1, 7]",
  [
    [9, 1],
    [1, 7],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [5, 3] × [3, 3]",
  [
    [5, 3],
    [3, 3],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [9, 7] × [7, 17]",
  [
    [9, 7],
    [7, 17],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [1, 33] × [33, 17]",
  [
    [1, 33],
    [33, 17],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [17, 33] × [33, 5]",
  [
    [17, 33],
    [33, 5],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [33, 5] × [5, 17]",
  [
    [33, 5],
    [5, 17],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [3, 2, 5] × [3, 5, 7]",
  [
    [3, 2, 5],
    [3, 5, 7],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [2, 3, 5] × [5, 4]",
  [
    [2, 3, 5],
    [5, 4],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [3, 5] × [2, 5, 4]",
  [
    [3, 5],
    [2, 5, 4],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [2, 1, 3, 5] × [4, 5, 2]",
  [
    [2, 1, 3, 5],
    [4, 5, 2],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [1, 3, 5] × [4, 5, 2]",
  [
    [1, 3, 5],
    [4, 5, 2],
  ],
  (a, b) => a.matmul(b),
);
checkOp(
  "matmul [2, 3, 1, 5] × [2, 1, 5, 3]",
  [
    [2, 3, 1, 5],
    [2, 1, 5, 3],
  ],
  (a, b) => a.matmul(b),
);
checkOp("matmul [2, 3, 5] × [5]", [[2, 3, 5], [5]], (a, b) => a.matmul(b));
checkOp("matmul [3] × [2, 3, 4]", [[3], [2, 3, 4]], (a, b) => a.matmul(b));
checkOp(
  "matmul, left transposed",
  [
    [5, 3],
    [5, 7],
  ],
  (a, b) => a.transpose(0, 1).matmul(b),
);
checkOp(
  "matmul, right transposed",
  [
    [3, 5],
    [7, 5],
  ],
  (a, b) => a.matmul(b.transpose(0, 1)),
);
checkOp(
  "matmul, both transposed",
  [
    [5, 3],
    [7, 5],
  ],
  (a, b) => a.transpose(0, 1).matmul(b.transpose(0, 1)),
);
checkOp(
  "matmul, batch permuted",
  [
    [3, 2, 5],
    [2, 7, 5],
  ],
  (a, b) => a.permute(1, 0, 2).matmul(b.transpose(1, 2)),
);
checkOp(
  "matmul, narrowed",
  [
    [3, 5],
    [6, 5],
  ],
  (a, b) => a.narrow(1, 1, 3).matmul(b.narrow(0, 2, 3)),
);
checkOp(
  "matmul, column of a matrix",
  [
    [3, 5],
    [5, 4],
  ],
  (a, b) => a.matmul(b.select(1, 2)),
);
checkOp("matmul, expanded", [[5], [5, 2]], (a, b) => a.expand(3, 5).matmul(b));
checkOp("matmul with itself", [[3, 3]], (a) => a.matmul(a));
checkOp("matmul with its own transpose", [[3, 5]], (a) => a.matmul(a.transpose(0, 1)));

// Sums, means, extremes

checkOp("sum", [[2, 3]], (x) => x.sum());
checkOp("sum of a scalar", [[]], (x) => x.sum());
checkOp("sum, odd size", [[7, 5]], (x) => x.sum());
checkOp("sum over dim 0", [[2, 3]], (x) => x.sum(0));
checkOp("sum over dim 1", [[2, 3]], (x) => x.sum(1));
checkOp("sum over dim -1", [[2, 3, 4]], (x) => x.sum(-1));
checkOp("sum over dim 1 of three", [[2, 3, 4]], (x) => x.sum(1));
checkOp("sum over dims 0 and 2", [[2, 3, 4]], (x) => x.sum([0, 2]));
checkOp("sum over dims -1 and 0", [[2, 3, 4]], (x) => x.sum([-1, 0]));
checkOp("sum over all dims", [[2, 3, 4]], (x) => x.sum([0, 1, 2]));
checkOp("sum over dim 0, keepdim", [[2, 3]], (x) => x.sum(0, true));
checkOp("sum over dim -2, keepdim", [[2, 3, 4]], (x) => x.sum(-2, true));
checkOp("sum over dims 0 and 2, keepdim", [[2, 3, 4]], (x) => x.sum([0, 2], true));
checkOp("sum over dim 0, transposed", [[2, 3]], (x) => x.transpose(0, 1).sum(0));
checkOp("mean", [[2, 3]], (x) => x.mean());
checkOp("mean of a scalar", [[]], (x) => x.mean());
checkOp("mean, odd size", [[7, 5]], (x) => x.mean());
checkOp("mean over dim 0", [[2, 3]], (x) => x.mean(0));
checkOp("mean over dim 1", [[2, 3]], (x) => x.mean(1));
checkOp("mean over dim -1", [[2, 3, 4]], (x) => x.mean(-1));
checkOp("mean over dim 1 of three", [[2, 3, 4]], (x) => x.mean(1));
checkOp("mean over dims 0 and 2", [[2, 3, 4]], (x) => x.mean([0, 2]));
checkOp("mean over dims -1 and 0", [[2, 3, 4]], (x) => x.mean([-1, 0]));
checkOp("mean over all dims", [[2, 3, 4]], (x) => x.mean([0, 1, 2]));
checkOp("mean over dim 0, keepdim", [[2, 3]], (x) => x.mean(0, true));
checkOp("mean over dim -2, keepdim", [[2, 3, 4]], (x) => x.mean(-2, true));
checkOp("mean over dims 0 and 2, keepdim", [[2, 3, 4]], (x) => x.mean([0, 2], true));
checkOp("mean over dim 0, transposed", [[2, 3]], (x) => x.transpose(0, 1).mean(0));
checkOp("max", [[2, 3]], (x) => x.max());
checkOp("max of a scalar", [[]], (x) => x.max());
checkOp("max, ties", [[2, 3]], (x) => x.max());
checkOp("max over dim 0", [[3, 4]], (x) => x.max(0));
checkOp("max over dim 1", [[3, 4]], (x) => x.max(1));
checkOp("max over dim -1", [[2, 3, 4]], (x) => x.max(-1));
checkOp("max over dim 1 of three", [[2, 3, 4]], (x) => x.max(1));
checkOp("max over dim 0, keepdim", [[3, 4]], (x) => x.max(0, true));
checkOp("max over dim 1, ties", [[3, 4]], (x) => x.max(1));
checkOp("max over dim 0, transposed", [[3, 4]], (x) => x.transpose(0, 1).max(0));
checkOp("min", [[2, 3]], (x) => x.min());
checkOp("min of a scalar", [[]], (x) => x.min());
checkOp("min, ties", [[2, 3]], (x) => x.min());
checkOp("min over dim 0", [[3, 4]], (x) => x.min(0));
checkOp("min over dim 1", [[3, 4]], (x) => x.min(1));
checkOp("min over dim -1", [[2, 3, 4]], (x) => x.min(-1));
checkOp("min over dim 1 of three", [[2, 3, 4]], (x) => x.min(1));
checkOp("min over dim 0, keepdim", [[3, 4]], (x) => x.min(0, true));
checkOp("min over dim 1, ties", [[3, 4]], (x) => x.min(1));
checkOp("min over dim 0, transposed", [[3, 4]], (x) => x.transpose(0, 1).min(0));
checkOp("argmax", [[3, 4]], (x) => x.argmax());
checkOp("argmax over dim 0", [[3, 4]], (x) => x.argmax(0));
checkOp("argmax over dim -1", [[2, 3, 4]], (x) => x.argmax(-1));
checkOp("argmax, ties", [[2, 3]], (x) => x.argmax());
checkOp("argmax over dim 1, ties", [[2, 3]], (x) => x.argmax(1));
checkOp("softmax over dim 0", [[5]], (x) => x.softmax(0));
checkOp("softmax over dim 0 of two", [[3, 4]], (x) => x.softmax(0));
checkOp("softmax over dim 1 of two", [[3, 4]], (x) => x.softmax(1));
checkOp("softmax over dim 1 of three", [[2, 3, 4]], (x) => x.softmax(1));
checkOp("softmax over dim -1", [[2, 3, 5]], (x) => x.softmax(-1));
checkOp("softmax, one class", [[3, 1]], (x) => x.softmax(1));
checkOp("softmax, large values", [[3, 3]], (x) => x.softmax(1));
checkOp("softmax, transposed", [[3, 4]], (x) => x.transpose(0, 1).softmax(1));
checkOp("logSoftmax over dim 0", [[5]], (x) => x.logSoftmax(0));
checkOp("logSoftmax over dim 0 of two", [[3, 4]], (x) => x.logSoftmax(0));
checkOp("logSoftmax over dim 1 of two", [[3, 4]], (x) => x.logSoftmax(1));
checkOp("logSoftmax over dim 1 of three", [[2, 3, 4]], (x) => x.logSoftmax(1));
checkOp("logSoftmax over dim -1", [[2, 3, 5]], (x) => x.logSoftmax(-1));
checkOp("logSoftmax, one class", [[3, 1]], (x) => x.logSoftmax(1));
checkOp("logSoftmax, large values", [[3, 3]], (x) => x.logSoftmax(1));
checkOp("logSoftmax, transposed", [[3, 4]], (x) => x.transpose(0, 1).logSoftmax(1));

// Views

checkOp("reshape", [[2, 3]], (x) => x.reshape(3, 2));
checkOp("reshape with -1", [[2, 3, 4]], (x) => x.reshape(-1, 2));
checkOp("reshape to a scalar", [[1, 1]], (x) => x.reshape([]));
checkOp("reshape, transposed", [[2, 3]], (x) => x.transpose(0, 1).reshape(-1));
checkOp("view", [[2, 3]], (x) => x.view(3, 2));
checkOp("view with -1", [[2, 3]], (x) => x.view(1, -1, 1));
checkOp("transpose", [[2, 3]], (x) => x.transpose(0, 1));
checkOp("transpose -1 -2", [[2, 3, 4]], (x) => x.transpose(-1, -2));
checkOp("transpose 0 2", [[2, 3, 4]], (x) => x.transpose(0, 2));
checkOp("permute", [[2, 3, 4]], (x) => x.permute(2, 0, 1));
checkOp("permute, negative dims", [[2, 3, 4]], (x) => x.permute([-1, 0, -2]));
checkOp("select 0", [[2, 3]], (x) => x.select(0, 1));
checkOp("select 1", [[2, 3, 4]], (x) => x.select(1, 2));
checkOp("select from the end", [[2, 3, 4]], (x) => x.select(-1, -1));
checkOp("select to a scalar", [[5]], (x) => x.select(0, 3));
checkOp("narrow 0", [[4, 3]], (x) => x.narrow(0, 1, 2));
checkOp("narrow 1", [[2, 3, 2]], (x) => x.narrow(1, 0, 2));
checkOp("narrow -1", [[2, 4]], (x) => x.narrow(-1, 3, 1));
checkOp("squeeze", [[1, 3, 1]], (x) => x.squeeze());
checkOp("squeeze 0", [[1, 3, 1]], (x) => x.squeeze(0));
checkOp("squeeze -1", [[1, 3, 1]], (x) => x.squeeze(-1));
checkOp("squeeze a longer dim", [[1, 3, 1]], (x) => x.squeeze(1));
checkOp("unsqueeze 0", [[2, 3]], (x) => x.unsqueeze(0));
checkOp("unsqueeze 1", [[2, 3]], (x) => x.unsqueeze(1));
checkOp("unsqueeze -1", [[2, 3]], (x) => x.unsqueeze(-1));
checkOp("unsqueeze a scalar", [[]], (x) => x.unsqueeze(0));
checkOp("expand", [[3]], (x) => x.expand(2, 3));
checkOp("expand a column", [[2, 1]], (x) => x.expand(2, 3));
checkOp("expand with -1", [[2, 1]], (x) => x.expand(4, -1, 3));
checkOp("expand a scalar", [[]], (x) => x.expand(2, 2));
checkOp("expand, then sum", [[3]], (x) => x.expand(4, 3).sum(0));

// Picking and joining

checkOp("gather 0", [[3, 4]], (x) => x.gather(0, tensor([[0, 2, 1, 1]])));
checkOp("gather 1", [[3, 4]], (x) =>
  x.gather(
    1,
    tensor([
      [3, 0],
      [1, 2],
      [2, 2],
    ]),
  ),
);
checkOp("gather -1", [[2, 2, 3]], (x) =>
  x.gather(
    -1,
    tensor([
      [
        [2, 1],
        [0, 0],
      ],
    ]),
  ),
);
checkOp("gather, repeated", [[2, 2]], (x) =>
  x.gather(
    1,
    tensor([
      [0, 0, 0, 0, 0],
      [1, 1, 0, 1, 1],
    ]),
  ),
);
checkOp("gather, one dim", [[5]], (x) => x.gather(0, tensor([4, 4, 0])));
checkOp("gather fewer rows", [[3, 2]], (x) => x.gather(1, tensor([[1, 1]])));
checkOp(
  "stack 0",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => stack([a, b], 0),
);
checkOp(
  "stack 1",
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  (a, b, c) => stack([a, b, c], 1),
);
checkOp(
  "stack -1",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => stack([a, b], -1),
);
checkOp("stack scalars", [[], []], (a, b) => stack([a, b]));
checkOp("stack, the same twice", [[2, 3]], (a) => stack([a, a], 1));
checkOp(
  "stack, transposed",
  [
    [2, 3],
    [3, 2],
  ],
  (a, b) => stack([a, b.transpose(0, 1)], 1),
);
checkOp(
  "cat 0",
  [
    [2, 3],
    [1, 3],
  ],
  (a, b) => cat([a, b], 0),
);
checkOp(
  "cat 1",
  [
    [2, 3],
    [2, 1],
    [2, 2],
  ],
  (a, b, c) => cat([a, b, c], 1),
);
checkOp(
  "cat -1",
  [
    [2, 1, 3],
    [2, 1, 2],
  ],
  (a, b) => cat([a, b], -1),
);
checkOp("cat, the same twice", [[2, 3]], (a) => cat([a, a], 0));
checkOp(
  "cat, narrowed",
  [
    [2, 4],
    [2, 3],
  ],
  (a, b) => cat([a.narrow(1, 1, 2), b.transpose(0, 1)], 0),
);
const condition = tensor([
  [1, 0, 1],
  [0, 0, 1],
]);
checkOp(
  "where",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => where(condition, a, b),
);
checkOp("where, broadcast", [[3], [2, 1]], (a, b) => where(condition, a, b));
checkOp("where, broadcast condition", [[2, 3], []], (a, b) => where(condition.select(0, 0), a, b));
checkOp("where x > 0", [[2, 3]], (x) => where(x.gt(0), x.mul(x), x.neg()));
checkOp(
  "eq",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.eq(b),
);
checkOp("eq, broadcast", [[2, 3], [3]], (a, b) => a.eq(b));
checkOp("eq, number", [[2, 3]], (a) => a.eq(2));
checkOp(
  "gt",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.gt(b),
);
checkOp("gt, broadcast", [[2, 3], [3]], (a, b) => a.gt(b));
checkOp("gt, number", [[2, 3]], (a) => a.gt(2));
checkOp(
  "lt",
  [
    [2, 3],
    [2, 3],
  ],
  (a, b) => a.lt(b),
);
checkOp("lt, broadcast", [[2, 3], [3]], (a, b) => a.lt(b));
checkOp("lt, number", [[2, 3]], (a) => a.lt(2));

// Chains: strides under strides, one tensor used several times

checkOp(
  "transpose, select, mul",
  [
    [2, 3, 4],
    [4, 2],
  ],
  (x, y) => x.transpose(0, 2).select(1, 2).mul(y),
);
checkOp("permute, narrow, sum", [[2, 3, 4]], (x) => x.permute(2, 0, 1).narrow(0, 1, 2).sum(1));
checkOp("select, unsqueeze, expand, mul", [[2, 3, 4]], (x) => x.select(1, 1).unsqueeze(1).expand(2, 3, 4).mul(x));
checkOp(
  "transpose, reshape, matmul",
  [
    [2, 3, 4],
    [3, 5],
  ],
  (x, y) => x.transpose(1, 2).reshape(-1, 3).matmul(y),
);
checkOp("narrow, transpose, tanh", [[3, 4]], (x) => x.narrow(1, 1, 2).transpose(0, 1).tanh());
checkOp("used twice", [[2, 3]], (x) => x.mul(x).add(x));
checkOp("overlapping windows", [[4]], (x) => x.narrow(0, 0, 3).mul(x.narrow(0, 1, 3)));
checkOp("overlapping rows", [[2, 3]], (x) => x.select(0, 0).mul(x.select(0, 1)).add(x.select(0, 0)));
checkOp("a deep chain", [[2, 3]], (x) => x.mul(0.5).tanh().exp().add(x).sin().div(x.mul(x).add(1)));
checkOp("a diamond", [[2, 3]], (x) => x.exp().mul(x.sin()).sum(1).mul(x.mean()));

function twoSteps(x: Tensor, start: Tensor, w: Tensor, u: Tensor, b: Tensor): Tensor {
  let h = start;
  for (let t = 0; t < 2; t++) {
    h = x
      .select(1, t)
      .matmul(w.transpose(0, 1))
      .add(h.matmul(u.transpose(0, 1)))
      .add(b)
      .tanh();
  }
  return h;
}

checkOp("two recurrent steps", [[3, 2, 2], [3, 5], [5, 2], [5, 5], [5]], twoSteps);
checkOp(
  "squared error",
  [
    [3, 4],
    [3, 4],
  ],
  (p, y) => p.sub(y).pow(2).mean(),
);
checkOp("variance", [[3, 5]], (x) => x.sub(x.mean(1, true)).pow(2).mean(1));

test("every golden case is checked", () => expect(uncheckedOps()).toEqual([]));
