"""Indexing, comparisons, statistics and further functions of tensors: one entry per checkFunction line, as in ops.py."""
import torch
import torch.nn.functional as F

import ops as shared
from ops import indices, values

CASES = {}


def functions():
    return {"cases": {name: shared.run(name, *case) for name, case in CASES.items()}}


def case(name, compute, *inputs, smooth=True):
    assert name not in CASES, f"two cases are named {name!r}"
    CASES[name] = (compute, inputs, smooth)


FAR = "far from zero"
NAN, INF = float("nan"), float("inf")

# Comparisons and rounding

for op in ("ne", "ge", "le"):
    compute = getattr(torch, op)
    case(op, compute, values((1, 2, 3), (4, 5, 6)), values((1, 3, 2), (4, 6, 5)))
    case(f"{op}, number", lambda a, compute=compute: compute(a, 2), values((1, 2, 3), (3, 2, 1)))
SPECIAL = values(NAN, INF, -INF, 0, -2.5)
case("isnan", torch.isnan, SPECIAL)
case("isfinite", torch.isfinite, SPECIAL)
case("any", lambda x: x.bool().any(), values(0, 0, 3))
case("all", lambda x: x.bool().all(), values(1, 0, 3))
case("logicalAnd", torch.logical_and, values(0, 1, 2, 0), values(0, 0, 3, 1))
case("logicalOr", torch.logical_or, values(0, 1, 2, 0), values(0, 0, 3, 1))
case("logicalNot", torch.logical_not, values(0, 1, NAN))
case("clamp", lambda x: x.clamp(-1, 1), values(-2.5, -1, 0.25, 1, 2.5), smooth=False)
case("clamp min", lambda x: x.clamp(min=0.1), ([2, 3], FAR))
case("clamp max", lambda x: x.clamp(max=0.1), ([2, 3], FAR))
case("clamp, crossed bounds", lambda x: x.clamp(1, -1), ([2, 3], FAR), smooth=False)
case("maximum", torch.maximum, ([2, 3], "distinct"), [1, 3], smooth=False)
case("minimum", torch.minimum, ([2, 3], "distinct"), [2, 1], smooth=False)
case("maximum of equals and NaN", torch.maximum, values(1, 2, NAN, 3), values(1, NAN, 0, 4), smooth=False)
for op in ("floor", "ceil", "round", "trunc", "sign"):
    case(op, getattr(torch, op), values(-2.5, -1.5, -0.3, 0, 0.5, 1.5, 2.7), smooth=False)
case("log1p", torch.log1p, ([2, 3], "positive"))
case("expm1", torch.expm1, [2, 3])
case("square", torch.square, [2, 3])
case("silu", F.silu, [3, 4])
case("leakyRelu", lambda x: F.leaky_relu(x, 0.1), ([3, 4], FAR))
case("elu", F.elu, ([3, 4], FAR))
case("elu, alpha", lambda x: F.elu(x, 0.5), ([3, 4], FAR))
case("softplus", F.softplus, [3, 4])
case("softplus, beta", lambda x: F.softplus(x, 2, 1.5), ([3, 4], FAR), smooth=False)
case("gelu", F.gelu, [3, 4])
case("gelu far out", F.gelu, values(-9, -5, -3.6, -3.4, 0, 3.4, 3.6, 5, 9))

# Sums, products, statistics

for op in ("cumsum", "cumprod"):
    case(op, lambda x, op=op: getattr(x, op)(0), [4])
    case(f"{op} 1", lambda x, op=op: getattr(x, op)(1), [2, 4, 3])
    case(f"{op} -1", lambda x, op=op: getattr(x, op)(-1), [2, 5])
case("cumprod with zeros", lambda x: x.cumprod(0), values(2, 0, 3, 0, 4), smooth=False)
case("prod", torch.prod, [2, 3])
case("prod 1", lambda x: x.prod(1), [2, 3, 2])
case("prod, keepdim", lambda x: x.prod(-1, keepdim=True), [2, 3])
case("prod with a zero", torch.prod, values(2, 0, 3))
case("prod with two zeros", torch.prod, values(2, 0, 3, 0))
case("var", torch.var, [2, 3])
case("var 1", lambda x: x.var(1), [2, 4, 3])
case("var, correction 0, keepdim", lambda x: x.var(0, unbiased=False, keepdim=True), [4, 3])
case("var over two dims", lambda x: x.var((0, 2)), [2, 4, 3])
case("std", torch.std, [2, 3])
case("std -1", lambda x: x.std(-1), [2, 5])
case("std of a constant", torch.std, values(2, 2, 2), smooth=False)
case("norm", torch.norm, [2, 3])
case("norm 1", lambda x: x.norm(1), ([2, 3], FAR))
case("norm 3, along 1", lambda x: x.norm(3, 1), ([2, 3], FAR))
case("norm 2, keepdim", lambda x: x.norm(2, -1, True), [2, 3])
case("norm inf", lambda x: x.norm(INF), ([2, 3], "distinct"), smooth=False)
case("norm of zeros", torch.norm, values(0, 0), smooth=False)
case("logsumexp", lambda x: x.logsumexp(1), [2, 3])
case("logsumexp, keepdim", lambda x: x.logsumexp(0, True), [2, 3])
case("logsumexp of infinities", lambda x: x.logsumexp(1), values((-INF, -INF), (0, INF)), smooth=False)

# Order

case("sort", lambda x: x.sort(stable=True), ([2, 4], "distinct"))
case("sort 0, descending", lambda x: x.sort(dim=0, descending=True, stable=True), ([4, 2], "distinct"))
case("sort with NaN and equals", lambda x: x.sort(stable=True), values(2, NAN, 1, 2, -INF, 1), smooth=False)
case("argsort", lambda x: torch.sort(x, dim=0, stable=True)[1].float(), ([4, 2], "distinct"))
case("topk", lambda x: x.topk(2), ([3, 4], "distinct"))
case("topk, smallest, dim 0", lambda x: x.topk(2, 0, False), ([3, 4], "distinct"))
case("argmin", lambda x: x.argmin(), ([2, 3], "distinct"))
case("argmin 1", lambda x: x.argmin(1, keepdim=True), ([2, 3], "distinct"))
case("median", torch.median, ([6], "distinct"))

# Parts

case("at", lambda x: x[-1, 1], [2, 3, 2])
case("slice", lambda x: x[:, 1:-1], [2, 5])
case("slice, step", lambda x: x[::2, :, 1::2], [5, 2, 4])
case("slice beyond the end", lambda x: x[3:99], [5])
case("split", lambda x: x.split(2)[2] * 2, [5, 2])
case("split, sizes", lambda x: x.split([1, 3], 1)[1], [2, 4])
case("chunk", lambda x: x.chunk(3, 1)[1].exp(), [2, 5])
case("unbind", lambda x: x.unbind(1)[2].tanh(), [2, 3])
case("flip", lambda x: x.flip(0, 2) * torch.arange(24.).reshape(2, 3, 4), [2, 3, 4])
case("repeat", lambda x: x.repeat(2, 3), [2, 2])
case("repeat, leading", lambda x: x.repeat(2, 1, 2), [2, 2])
case("flatten", lambda x: x.flatten(), [2, 3])
case("flatten 1", lambda x: x.transpose(1, 2).flatten(1), [2, 3, 2])
case("movedim", lambda x: x.movedim(0, 2), [2, 3, 4])

# Indices

case("index, number and slices", lambda x: x[..., 1, None, 1:], [2, 3, 4])
case("index, list", lambda x: x[:, [2, 0, 2]], [2, 3])
case("index, two lists", lambda x: x[[1, 0, 1], [2, 0, 2]], [2, 3])
case("index, two lists apart", lambda x: x[[1, 0], :, [2, 0]], [2, 2, 3])
case("index, matrix of indices", lambda x: x[:, indices((1, 0), (2, 2))], [2, 3, 2])
case("index, negative", lambda x: x[indices((-1, 0))], [3, 2])
case("index, mask", lambda x: x[x > 0], ([3, 4], FAR))
case("index, mask of rows", lambda x: x[torch.tensor([True, False, True]), 1:], [3, 3])
case("index, slice and mask", lambda x: x[:, torch.tensor([True, False, True])], [2, 3, 2])
case("maskedSelect", lambda x: x.masked_select(torch.tensor([True, False, True])), [2, 3])
case("maskedFill", lambda x: x.masked_fill(torch.tensor([True, False, True]), 7), [2, 3])
case("indexSelect", lambda x: x.index_select(1, indices((2, 0, 2))), [2, 3, 2])
case("nonzero", lambda x: torch.nonzero(x).float(), values((0, 1, 2), (3, 0, 0)))
case("scatter", lambda x, s: x.scatter(1, indices((0, 2), (1, 0)), s), [2, 3], [2, 2])
case("scatter, number", lambda x: x.scatter(0, indices((1, 0, 1))[None], 5), [2, 3])
case("scatterAdd", lambda x, s: x.scatter_add(0, indices((0, 1, 1), (1, 1, 0)), s), [2, 3], [2, 3])
case("scatterAdd, part of the source", lambda x, s: x.scatter_add(1, indices((0, 0), (1, 0)), s[:2, :2]), [2, 3], [3, 4])

# Products and creation

case("mm", torch.mm, [2, 3], [3, 2])
case("bmm", torch.bmm, [2, 2, 3], [2, 3, 2])
case("dot", torch.dot, [4], [4])
case("outer", torch.outer, [2], [3])
for equation, shapes in [
    ("ij,jk->ik", ([2, 3], [3, 4])),
    ("ij,jk", ([2, 3], [3, 4])),
    ("bij,bjk->bik", ([2, 2, 3], [2, 3, 2])),
    ("bsi,oi->bso", ([2, 3, 4], [5, 4])),
    ("i,j->ji", ([2], [3])),
    ("ij->", ([2, 3],)),
    ("ij->ji", ([2, 3],)),
    ("ij,ij->i", ([2, 3], [2, 3])),
    ("...ij,jk->...ik", ([2, 2, 3], [3, 2])),
    ("bi,ij,bj->b", ([2, 3], [3, 4], [2, 4])),
]:
    case(f"einsum {equation}", lambda *xs, equation=equation: torch.einsum(equation, *xs), *shapes)
case("tril", torch.tril, [3, 3])
case("triu 1", lambda x: torch.triu(x, 1), [2, 3, 4])
case("T", lambda x: x.T * torch.arange(6.).reshape(3, 2), [2, 3])
