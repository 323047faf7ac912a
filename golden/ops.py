"""Every tensor op: inputs, value, upstream gradient and the gradient of every input; one entry per checkOp line."""
import zlib

import numpy as np
import torch

CASES = {}


def ops():
    return {"cases": {name: run(name, *case) for name, case in CASES.items()}}


def case(name, compute, *inputs, smooth=True):
    """An input is a shape, (shape, domain) or explicit values; smooth = False where central differences do not apply."""
    assert name not in CASES, f"two cases are named {name!r}"
    CASES[name] = (compute, inputs, smooth)


def run(name, compute, inputs, smooth):
    random = np.random.RandomState(zlib.crc32(name.encode()))
    tensors = [make(random, given).requires_grad_() for given in inputs]
    outputs = compute(*tensors)
    outputs = [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)
    entry = {"smooth": smooth, "inputs": tensors, "outputs": outputs}
    if outputs[0].requires_grad:  # only the first of several outputs (max's values, not its indices) has a gradient
        upstream = uniform(random, outputs[0].shape, -1, 1)
        outputs[0].backward(upstream)
        entry["upstream"] = upstream
        entry["gradients"] = [t.grad for t in tensors]
    return entry


def make(random, given):
    if isinstance(given, torch.Tensor):
        return given.clone()  # a leaf with its own gradient
    shape, domain = given if isinstance(given, tuple) else (given, "any")
    if domain == "positive":
        return uniform(random, shape, 0.5, 2)
    if domain == "far from zero":
        return uniform(random, shape, 0.5, 2) * torch.from_numpy(random.choice(np.float32([-1, 1]), shape))
    if domain == "distinct":  # no two closer than 0.25, so that a small step never changes which one is the largest
        values = random.permutation(int(np.prod(shape))).astype(np.float32) / 4 - 1
        return torch.from_numpy(values.reshape(shape))
    if domain == "small":
        return uniform(random, shape, -0.5, 0.5)
    assert domain == "any", domain
    return uniform(random, shape, -2, 2)


def uniform(random, shape, low, high):
    """Three decimals: the files stay small and readable."""
    return torch.from_numpy(np.asarray(random.uniform(low, high, tuple(shape)).round(3), dtype=np.float32))


def values(*rows):
    return torch.tensor(rows if len(rows) > 1 else rows[0], dtype=torch.float32)


def single(value):
    return torch.tensor(value, dtype=torch.float32)


POSITIVE, FAR, DISTINCT = "positive", "far from zero", "distinct"

# Arithmetic of two tensors

for op, compute, second in [
    ("add", lambda a, b: a + b, "any"),
    ("sub", lambda a, b: a - b, "any"),
    ("mul", lambda a, b: a * b, "any"),
    ("div", lambda a, b: a / b, FAR),
]:
    case(f"{op}", compute, [2, 3], ([2, 3], second))
    case(f"{op}, one row", compute, [2, 3], ([3], second))
    case(f"{op}, one column", compute, [2, 3], ([2, 1], second))
    case(f"{op}, row on the left", compute, [3], ([2, 3], second))
    case(f"{op}, both broadcast", compute, [4, 1, 3], ([2, 1], second))
    case(f"{op}, scalar tensor on the right", compute, [2, 3], ([], second))
    case(f"{op}, scalar tensor on the left", compute, [], ([2, 3], second))
    case(f"{op}, two scalar tensors", compute, [], ([], second))
    case(f"{op}, number", lambda a, compute=compute: compute(a, 1.5), [2, 3])
    case(f"{op}, odd size", compute, [7, 5], ([7, 5], second))
    case(f"{op}, one element in three dimensions", compute, [2, 3], ([1, 1, 1], second))
case("div by zero", lambda a, b: a / b, values(1, -1, 0), values(0, 0, 0), smooth=False)

for exponent in (2, 3, 0.5, -1, 1, 0, 1.7):
    case(f"pow {exponent}", lambda a, e=exponent: a ** e, ([2, 3], POSITIVE))
for exponent in (2, 3, -1):
    case(f"pow {exponent} of either sign", lambda a, e=exponent: a ** e, ([2, 3], FAR))
for exponent in (2, 3, 1, 0, 0.5, -1):
    case(f"pow {exponent} of zero", lambda a, e=exponent: a ** e, values(0, 1, 0), smooth=False)
case("pow 0.5 of a negative number", lambda a: a ** 0.5, values(-1, 4), smooth=False)
case("pow, tensor exponent", lambda a, b: a ** b, ([2, 3], POSITIVE), [2, 3])
case("pow, one row of exponents", lambda a, b: a ** b, ([2, 3], POSITIVE), [3])
case("pow, column of bases", lambda a, b: a ** b, ([2, 1], POSITIVE), [2, 3])
case("pow, scalar tensor exponent", lambda a, b: a ** b, ([2, 3], POSITIVE), [])
case("pow, scalar tensor base", lambda a, b: a ** b, ([], POSITIVE), [2, 3])
case("pow, tensor exponent, of zero", lambda a, b: a ** b, values(0, 0, 0), values(2, 1, 0), smooth=False)

# Functions of each element

for op, compute, domain in [
    ("neg", lambda x: -x, "any"),
    ("exp", torch.exp, "any"),
    ("log", torch.log, POSITIVE),
    ("sqrt", torch.sqrt, POSITIVE),
    ("tanh", torch.tanh, "any"),
    ("sigmoid", torch.sigmoid, "any"),
    ("relu", torch.relu, FAR),
    ("sin", torch.sin, "any"),
    ("cos", torch.cos, "any"),
    ("abs", torch.abs, FAR),
]:
    case(f"{op}", compute, ([2, 3], domain))
    case(f"{op} of a scalar", compute, ([], domain))
    case(f"{op}, odd size", compute, ([7, 5], domain))
    case(f"{op}, transposed", lambda x, compute=compute: compute(x.t()), ([3, 4], domain))
SIDES = values(-100, -20, -9, -1e-4, 0, 1e-4, 9, 20, 100)
case("exp, far out", torch.exp, values(-200, -100, -20, 0, 10, 100), smooth=False)
case("log, far out", torch.log, values(1e-30, 1e-5, 1, 1e5, 1e30), smooth=False)
case("log of zero and less", torch.log, values(0, -1), smooth=False)
case("sqrt, far out", torch.sqrt, values(1e-30, 1e-5, 1, 1e5, 1e30), smooth=False)
case("sqrt of zero and less", torch.sqrt, values(0, -1), smooth=False)
case("tanh, far out", torch.tanh, SIDES)
case("sigmoid, far out", torch.sigmoid, SIDES)
case("sin, far out", torch.sin, values(-314.15927, -3.1415927, 0, 3.1415927, 100, 314.15927), smooth=False)
case("cos, far out", torch.cos, values(-314.15927, -3.1415927, 0, 3.1415927, 100, 314.15927), smooth=False)
case("relu at zero", torch.relu, values(-1, 0, 1), smooth=False)
case("abs at zero", torch.abs, values(-1, 0, 1), smooth=False)

# Matrix products

for left, right in [
    ([5], [5]), ([1], [1]),
    ([3, 5], [5]), ([1, 7], [7]),
    ([5], [5, 7]), ([7], [7, 1]),
    ([1, 1], [1, 1]), ([3, 5], [5, 7]), ([7, 9], [9, 1]), ([1, 9], [9, 7]), ([9, 1], [1, 7]), ([5, 3], [3, 3]),
    ([9, 7], [7, 17]), ([1, 33], [33, 17]), ([17, 33], [33, 5]), ([33, 5], [5, 17]),
    ([3, 2, 5], [3, 5, 7]), ([2, 3, 5], [5, 4]), ([3, 5], [2, 5, 4]), ([2, 1, 3, 5], [4, 5, 2]), ([1, 3, 5], [4, 5, 2]),
    ([2, 3, 1, 5], [2, 1, 5, 3]), ([2, 3, 5], [5]), ([3], [2, 3, 4]),
]:
    case(f"matmul {left} × {right}", torch.matmul, left, right)
# A single number, the sum of 33 terms that cancel: with terms up to 4, float32 itself is off by more than 1e-6.
case("matmul [33] × [33]", torch.matmul, ([33], "small"), ([33], "small"))
case("matmul, left transposed", lambda a, b: a.t() @ b, [5, 3], [5, 7])
case("matmul, right transposed", lambda a, b: a @ b.t(), [3, 5], [7, 5])
case("matmul, both transposed", lambda a, b: a.t() @ b.t(), [5, 3], [7, 5])
case("matmul, batch permuted", lambda a, b: a.permute(1, 0, 2) @ b.transpose(1, 2), [3, 2, 5], [2, 7, 5])
case("matmul, narrowed", lambda a, b: a.narrow(1, 1, 3) @ b.narrow(0, 2, 3), [3, 5], [6, 5])
case("matmul, column of a matrix", lambda a, b: a @ b.select(1, 2), [3, 5], [5, 4])
case("matmul, expanded", lambda a, b: a.expand(3, 5) @ b, [5], [5, 2])
case("matmul with itself", lambda a: a @ a, [3, 3])
case("matmul with its own transpose", lambda a: a @ a.t(), [3, 5])

# Sums, means, extremes

for op in ("sum", "mean"):
    def reduce(*args, op=op):
        return lambda x: getattr(x, op)(*args)
    case(f"{op}", reduce(), [2, 3])
    case(f"{op} of a scalar", reduce(), [])
    case(f"{op}, odd size", reduce(), [7, 5])
    case(f"{op} over dim 0", reduce(0), [2, 3])
    case(f"{op} over dim 1", reduce(1), [2, 3])
    case(f"{op} over dim -1", reduce(-1), [2, 3, 4])
    case(f"{op} over dim 1 of three", reduce(1), [2, 3, 4])
    case(f"{op} over dims 0 and 2", reduce([0, 2]), [2, 3, 4])
    case(f"{op} over dims -1 and 0", reduce([-1, 0]), [2, 3, 4])
    case(f"{op} over all dims", reduce([0, 1, 2]), [2, 3, 4])
    case(f"{op} over dim 0, keepdim", reduce(0, True), [2, 3])
    case(f"{op} over dim -2, keepdim", reduce(-2, True), [2, 3, 4])
    case(f"{op} over dims 0 and 2, keepdim", reduce([0, 2], True), [2, 3, 4])
    case(f"{op} over dim 0, transposed", lambda x, op=op: getattr(x.t(), op)(0), [2, 3])
for op in ("max", "min"):
    def reduce(*args, op=op):
        return lambda x: getattr(x, op)(*args)
    case(f"{op}", reduce(), ([2, 3], DISTINCT))
    case(f"{op} of a scalar", reduce(), [])
    case(f"{op}, ties", reduce(), values((1, 3, 3), (3, 1, 1)), smooth=False)
    case(f"{op} over dim 0", reduce(0), ([3, 4], DISTINCT))
    case(f"{op} over dim 1", reduce(1), ([3, 4], DISTINCT))
    case(f"{op} over dim -1", reduce(-1), ([2, 3, 4], DISTINCT))
    case(f"{op} over dim 1 of three", reduce(1), ([2, 3, 4], DISTINCT))
    case(f"{op} over dim 0, keepdim", reduce(0, True), ([3, 4], DISTINCT))
    case(f"{op} over dim 1, ties", reduce(1), values((1, 3, 3, 1), (2, 2, 2, 2), (0, -1, -1, 0)), smooth=False)
    case(f"{op} over dim 0, transposed", lambda x, op=op: getattr(x.t(), op)(0), ([3, 4], DISTINCT))
case("argmax", lambda x: x.argmax(), ([3, 4], DISTINCT))
case("argmax over dim 0", lambda x: x.argmax(0), ([3, 4], DISTINCT))
case("argmax over dim -1", lambda x: x.argmax(-1), ([2, 3, 4], DISTINCT))
case("argmax, ties", lambda x: x.argmax(), values((1, 3, 3), (3, 1, 1)))
case("argmax over dim 1, ties", lambda x: x.argmax(1), values((1, 3, 3), (2, 2, 2)))

for op in ("softmax", "logSoftmax"):
    compute = torch.softmax if op == "softmax" else torch.log_softmax
    def over(dim, compute=compute):
        return lambda x: compute(x, dim)
    case(f"{op} over dim 0", over(0), [5])
    case(f"{op} over dim 0 of two", over(0), [3, 4])
    case(f"{op} over dim 1 of two", over(1), [3, 4])
    case(f"{op} over dim 1 of three", over(1), [2, 3, 4])
    case(f"{op} over dim -1", over(-1), [2, 3, 5])
    case(f"{op}, one class", over(1), [3, 1])
    case(f"{op}, large values", over(1), values((1000, 1001, 999), (-1000, 0, 1000), (-1e30, -1e30, 0)), smooth=False)
    case(f"{op}, transposed", lambda x, compute=compute: compute(x.t(), 1), [3, 4])

# Views

case("reshape", lambda x: x.reshape(3, 2), [2, 3])
case("reshape with -1", lambda x: x.reshape(-1, 2), [2, 3, 4])
case("reshape to a scalar", lambda x: x.reshape(()), [1, 1])
case("reshape, transposed", lambda x: x.t().reshape(-1), [2, 3])
case("view", lambda x: x.view(3, 2), [2, 3])
case("view with -1", lambda x: x.view(1, -1, 1), [2, 3])
case("transpose", lambda x: x.transpose(0, 1), [2, 3])
case("transpose -1 -2", lambda x: x.transpose(-1, -2), [2, 3, 4])
case("transpose 0 2", lambda x: x.transpose(0, 2), [2, 3, 4])
case("permute", lambda x: x.permute(2, 0, 1), [2, 3, 4])
case("permute, negative dims", lambda x: x.permute(-1, 0, -2), [2, 3, 4])
case("select 0", lambda x: x.select(0, 1), [2, 3])
case("select 1", lambda x: x.select(1, 2), [2, 3, 4])
case("select from the end", lambda x: x.select(-1, -1), [2, 3, 4])
case("select to a scalar", lambda x: x.select(0, 3), [5])
case("narrow 0", lambda x: x.narrow(0, 1, 2), [4, 3])
case("narrow 1", lambda x: x.narrow(1, 0, 2), [2, 3, 2])
case("narrow -1", lambda x: x.narrow(-1, 3, 1), [2, 4])
case("squeeze", lambda x: x.squeeze(), [1, 3, 1])
case("squeeze 0", lambda x: x.squeeze(0), [1, 3, 1])
case("squeeze -1", lambda x: x.squeeze(-1), [1, 3, 1])
case("squeeze a longer dim", lambda x: x.squeeze(1), [1, 3, 1])
case("unsqueeze 0", lambda x: x.unsqueeze(0), [2, 3])
case("unsqueeze 1", lambda x: x.unsqueeze(1), [2, 3])
case("unsqueeze -1", lambda x: x.unsqueeze(-1), [2, 3])
case("unsqueeze a scalar", lambda x: x.unsqueeze(0), [])
case("expand", lambda x: x.expand(2, 3), [3])
case("expand a column", lambda x: x.expand(2, 3), [2, 1])
case("expand with -1", lambda x: x.expand(4, -1, 3), [2, 1])
case("expand a scalar", lambda x: x.expand(2, 2), [])
case("expand, then sum", lambda x: x.expand(4, 3).sum(0), [3])

# Selecting and joining


def indices(*rows):
    return torch.tensor(rows if len(rows) > 1 else rows[0])


case("gather 0", lambda x: x.gather(0, indices((0, 2, 1, 1))[None]), [3, 4])
case("gather 1", lambda x: x.gather(1, indices((3, 0), (1, 2), (2, 2))), [3, 4])
case("gather -1", lambda x: x.gather(-1, indices((2, 1), (0, 0))[None]), [2, 2, 3])
case("gather, repeated", lambda x: x.gather(1, indices((0, 0, 0, 0, 0), (1, 1, 0, 1, 1))), [2, 2])
case("gather, one dim", lambda x: x.gather(0, indices((4, 4, 0))), [5])
case("gather fewer rows", lambda x: x.gather(1, indices((1, 1))[None]), [3, 2])
case("stack 0", lambda a, b: torch.stack([a, b], 0), [2, 3], [2, 3])
case("stack 1", lambda a, b, c: torch.stack([a, b, c], 1), [2, 3], [2, 3], [2, 3])
case("stack -1", lambda a, b: torch.stack([a, b], -1), [2, 3], [2, 3])
case("stack scalars", lambda a, b: torch.stack([a, b]), [], [])
case("stack, the same twice", lambda a: torch.stack([a, a], 1), [2, 3])
case("stack, transposed", lambda a, b: torch.stack([a, b.t()], 1), [2, 3], [3, 2])
case("cat 0", lambda a, b: torch.cat([a, b], 0), [2, 3], [1, 3])
case("cat 1", lambda a, b, c: torch.cat([a, b, c], 1), [2, 3], [2, 1], [2, 2])
case("cat -1", lambda a, b: torch.cat([a, b], -1), [2, 1, 3], [2, 1, 2])
case("cat, the same twice", lambda a: torch.cat([a, a], 0), [2, 3])
case("cat, narrowed", lambda a, b: torch.cat([a.narrow(1, 1, 2), b.t()], 0), [2, 4], [2, 3])
CONDITION = torch.tensor([[True, False, True], [False, False, True]])
case("where", lambda a, b: torch.where(CONDITION, a, b), [2, 3], [2, 3])
case("where, broadcast", lambda a, b: torch.where(CONDITION, a, b), [3], [2, 1])
case("where, broadcast condition", lambda a, b: torch.where(CONDITION[0], a, b), [2, 3], [])
case("where x > 0", lambda x: torch.where(x > 0, x * x, -x), ([2, 3], FAR))
for op, compute in [("eq", torch.eq), ("gt", torch.gt), ("lt", torch.lt)]:
    case(f"{op}", compute, values((1, 2, 3), (4, 5, 6)), values((1, 3, 2), (4, 6, 5)))
    case(f"{op}, broadcast", compute, values((1, 2, 3), (3, 2, 1)), values(1, 2, 2))
    case(f"{op}, number", lambda a, compute=compute: compute(a, 2), values((1, 2, 3), (3, 2, 1)))

# Chains: strides under strides, one tensor used several times

case("transpose, select, mul", lambda x, y: x.transpose(0, 2).select(1, 2) * y, [2, 3, 4], [4, 2])
case("permute, narrow, sum", lambda x: x.permute(2, 0, 1).narrow(0, 1, 2).sum(1), [2, 3, 4])
case("select, unsqueeze, expand, mul", lambda x: x.select(1, 1).unsqueeze(1).expand(2, 3, 4) * x, [2, 3, 4])
case("transpose, reshape, matmul", lambda x, y: x.transpose(1, 2).reshape(-1, 3) @ y, [2, 3, 4], [3, 5])
case("narrow, transpose, tanh", lambda x: torch.tanh(x.narrow(1, 1, 2).t()), [3, 4])
case("used twice", lambda x: x * x + x, [2, 3])
case("overlapping windows", lambda x: x.narrow(0, 0, 3) * x.narrow(0, 1, 3), [4])
case("overlapping rows", lambda x: x.select(0, 0) * x.select(0, 1) + x.select(0, 0), [2, 3])
case("a deep chain", lambda x: torch.sin(torch.tanh(x * 0.5).exp() + x) / (x * x + 1), [2, 3])
case("a diamond", lambda x: (x.exp() * x.sin()).sum(1) * x.mean(), [2, 3])


def two_steps(x, h, w, u, b):
    for t in range(2):
        h = torch.tanh(x.select(1, t) @ w.t() + h @ u.t() + b)
    return h


case("two recurrent steps", two_steps, [3, 2, 2], [3, 5], [5, 2], [5, 5], [5])
case("squared error", lambda p, y: ((p - y) ** 2).mean(), [3, 4], [3, 4])
case("variance", lambda x: ((x - x.mean(1, True)) ** 2).mean(1), [3, 5])

# Reductions over no dimensions are over all of them; empty vectors are ignored when joining

for op in ("sum", "mean"):
    case(f"{op} over no dims", lambda x, op=op: getattr(x, op)([]), [2, 3])
    case(f"{op} over no dims, keepdim", lambda x, op=op: getattr(x, op)([], True), [2, 3])
case("cat of nothing and something", lambda a, b, c: torch.cat([a, b, c], 1), [0], [2, 3], [0])
case("cat of nothing", lambda a, b: torch.cat([a, b]), [0], [0])
