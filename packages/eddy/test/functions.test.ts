/** Indexing, comparisons, statistics and further functions against PyTorch (golden/functions.json) and central differences. */
// biome-ignore-all format: one case, one line; the formatter breaks lists of shapes
import { arange, einsum, elu, gelu, leakyRelu, logicalAnd, logicalNot, logicalOr, median, nonzero, silu, softplus, square, tensor, tril, triu } from "eddy";
import { expect, test } from "vitest";
import { checksOf } from "./oracle.ts";

const { checkOp, uncheckedOps } = checksOf("functions");

// Comparisons and rounding

checkOp("ne", [[2, 3], [2, 3]], (a, b) => a.ne(b));
checkOp("ne, number", [[2, 3]], (a) => a.ne(2));
checkOp("ge", [[2, 3], [2, 3]], (a, b) => a.ge(b));
checkOp("ge, number", [[2, 3]], (a) => a.ge(2));
checkOp("le", [[2, 3], [2, 3]], (a, b) => a.le(b));
checkOp("le, number", [[2, 3]], (a) => a.le(2));
checkOp("isnan", [[5]], (x) => x.isnan());
checkOp("isfinite", [[5]], (x) => x.isfinite());
checkOp("any", [[3]], (x) => x.any());
checkOp("all", [[3]], (x) => x.all());
checkOp("logicalAnd", [[4], [4]], (a, b) => logicalAnd(a, b));
checkOp("logicalOr", [[4], [4]], (a, b) => logicalOr(a, b));
checkOp("logicalNot", [[3]], (x) => logicalNot(x));
checkOp("clamp", [[5]], (x) => x.clamp(-1, 1));
checkOp("clamp min", [[2, 3]], (x) => x.clamp(0.1));
checkOp("clamp max", [[2, 3]], (x) => x.clamp(null, 0.1));
checkOp("clamp, crossed bounds", [[2, 3]], (x) => x.clamp(1, -1));
checkOp("maximum", [[2, 3], [1, 3]], (a, b) => a.maximum(b));
checkOp("minimum", [[2, 3], [2, 1]], (a, b) => a.minimum(b));
checkOp("maximum of equals and NaN", [[4], [4]], (a, b) => a.maximum(b));
checkOp("floor", [[7]], (x) => x.floor());
checkOp("ceil", [[7]], (x) => x.ceil());
checkOp("round", [[7]], (x) => x.round());
checkOp("trunc", [[7]], (x) => x.trunc());
checkOp("sign", [[7]], (x) => x.sign());
checkOp("log1p", [[2, 3]], (x) => x.log1p());
checkOp("expm1", [[2, 3]], (x) => x.expm1());
checkOp("square", [[2, 3]], (x) => square(x));
checkOp("silu", [[3, 4]], (x) => silu(x));
checkOp("leakyRelu", [[3, 4]], (x) => leakyRelu(x, 0.1));
checkOp("elu", [[3, 4]], (x) => elu(x));
checkOp("elu, alpha", [[3, 4]], (x) => elu(x, 0.5));
checkOp("softplus", [[3, 4]], (x) => softplus(x));
checkOp("softplus, beta", [[3, 4]], (x) => softplus(x, 2, 1.5));
checkOp("gelu", [[3, 4]], (x) => gelu(x));
checkOp("gelu far out", [[9]], (x) => gelu(x));

// Sums, products, statistics

checkOp("cumsum", [[4]], (x) => x.cumsum(0));
checkOp("cumsum 1", [[2, 4, 3]], (x) => x.cumsum(1));
checkOp("cumsum -1", [[2, 5]], (x) => x.cumsum(-1));
checkOp("cumprod", [[4]], (x) => x.cumprod(0));
checkOp("cumprod 1", [[2, 4, 3]], (x) => x.cumprod(1));
checkOp("cumprod -1", [[2, 5]], (x) => x.cumprod(-1));
checkOp("cumprod with zeros", [[5]], (x) => x.cumprod(0));
checkOp("prod", [[2, 3]], (x) => x.prod());
checkOp("prod 1", [[2, 3, 2]], (x) => x.prod(1));
checkOp("prod, keepdim", [[2, 3]], (x) => x.prod(-1, true));
checkOp("prod with a zero", [[3]], (x) => x.prod());
checkOp("prod with two zeros", [[4]], (x) => x.prod());
checkOp("var", [[2, 3]], (x) => x.var());
checkOp("var 1", [[2, 4, 3]], (x) => x.var(1));
checkOp("var, correction 0, keepdim", [[4, 3]], (x) => x.var(0, { correction: 0, keepdim: true }));
checkOp("var over two dims", [[2, 4, 3]], (x) => x.var([0, 2]));
checkOp("std", [[2, 3]], (x) => x.std());
checkOp("std -1", [[2, 5]], (x) => x.std(-1));
checkOp("std of a constant", [[3]], (x) => x.std());
checkOp("norm", [[2, 3]], (x) => x.norm());
checkOp("norm 1", [[2, 3]], (x) => x.norm(1));
checkOp("norm 3, along 1", [[2, 3]], (x) => x.norm(3, 1));
checkOp("norm 2, keepdim", [[2, 3]], (x) => x.norm(2, -1, true));
checkOp("norm inf", [[2, 3]], (x) => x.norm(Number.POSITIVE_INFINITY));
checkOp("norm of zeros", [[2]], (x) => x.norm());
checkOp("logsumexp", [[2, 3]], (x) => x.logsumexp(1));
checkOp("logsumexp, keepdim", [[2, 3]], (x) => x.logsumexp(0, true));
checkOp("logsumexp of infinities", [[2, 2]], (x) => x.logsumexp(1));

// Order

checkOp("sort", [[2, 4]], (x) => x.sort());
checkOp("sort 0, descending", [[4, 2]], (x) => x.sort(0, true));
checkOp("sort with NaN and equals", [[6]], (x) => x.sort());
checkOp("argsort", [[4, 2]], (x) => x.argsort(0));
checkOp("topk", [[3, 4]], (x) => x.topk(2));
checkOp("topk, smallest, dim 0", [[3, 4]], (x) => x.topk(2, 0, false));
checkOp("argmin", [[2, 3]], (x) => x.argmin());
checkOp("argmin 1", [[2, 3]], (x) => x.argmin(1, true));
checkOp("median", [[6]], (x) => median(x));

// Parts

checkOp("at", [[2, 3, 2]], (x) => x.at(-1, 1));
checkOp("slice", [[2, 5]], (x) => x.slice(1, 1, -1));
checkOp("slice, step", [[5, 2, 4]], (x) => x.slice(0, undefined, undefined, 2).slice(2, 1, undefined, 2));
checkOp("slice beyond the end", [[5]], (x) => x.slice(0, 3, 99));
checkOp("split", [[5, 2]], (x) => x.split(2)[2].mul(2));
checkOp("split, sizes", [[2, 4]], (x) => x.split([1, 3], 1)[1]);
checkOp("chunk", [[2, 5]], (x) => x.chunk(3, 1)[1].exp());
checkOp("unbind", [[2, 3]], (x) => x.unbind(1)[2].tanh());
checkOp("flip", [[2, 3, 4]], (x) => x.flip(0, 2).mul(arange(24).reshape(2, 3, 4)));
checkOp("repeat", [[2, 2]], (x) => x.repeat(2, 3));
checkOp("repeat, leading", [[2, 2]], (x) => x.repeat(2, 1, 2));
checkOp("flatten", [[2, 3]], (x) => x.flatten());
checkOp("flatten 1", [[2, 3, 2]], (x) => x.transpose(1, 2).flatten(1));
checkOp("movedim", [[2, 3, 4]], (x) => x.movedim(0, 2));

// Indices

checkOp("index, number and slices", [[2, 3, 4]], (x) => x.index("...", 1, null, "1:"));
checkOp("index, list", [[2, 3]], (x) => x.index(":", [2, 0, 2]));
checkOp("index, two lists", [[2, 3]], (x) => x.index([1, 0, 1], [2, 0, 2]));
checkOp("index, two lists apart", [[2, 2, 3]], (x) => x.index([1, 0], ":", [2, 0]));
checkOp("index, matrix of indices", [[2, 3, 2]], (x) => x.index(":", tensor([[1, 0], [2, 2]])));
checkOp("index, negative", [[3, 2]], (x) => x.index(tensor([-1, 0])));
checkOp("index, mask", [[3, 4]], (x) => x.index(x.gt(0)));
checkOp("index, mask of rows", [[3, 3]], (x) => x.index(tensor([true, false, true]), "1:"));
checkOp("index, slice and mask", [[2, 3, 2]], (x) => x.index(":", tensor([true, false, true])));
checkOp("maskedSelect", [[2, 3]], (x) => x.maskedSelect(tensor([1, 0, 1])));
checkOp("maskedFill", [[2, 3]], (x) => x.maskedFill(tensor([1, 0, 1]), 7));
checkOp("indexSelect", [[2, 3, 2]], (x) => x.indexSelect(1, tensor([2, 0, 2])));
checkOp("nonzero", [[2, 3]], (x) => nonzero(x));
checkOp("scatter", [[2, 3], [2, 2]], (x, s) => x.scatter(1, tensor([[0, 2], [1, 0]]), s));
checkOp("scatter, number", [[2, 3]], (x) => x.scatter(0, tensor([[1, 0, 1]]), 5));
checkOp("scatterAdd", [[2, 3], [2, 3]], (x, s) => x.scatterAdd(0, tensor([[0, 1, 1], [1, 1, 0]]), s));
checkOp("scatterAdd, part of the source", [[2, 3], [3, 4]], (x, s) => x.scatterAdd(1, tensor([[0, 0], [1, 0]]), s));

// Products and creation

checkOp("mm", [[2, 3], [3, 2]], (a, b) => a.mm(b));
checkOp("bmm", [[2, 2, 3], [2, 3, 2]], (a, b) => a.bmm(b));
checkOp("dot", [[4], [4]], (a, b) => a.dot(b));
checkOp("outer", [[2], [3]], (a, b) => a.outer(b));
checkOp("einsum ij,jk->ik", [[2, 3], [3, 4]], (...xs) => einsum("ij,jk->ik", ...xs));
checkOp("einsum ij,jk", [[2, 3], [3, 4]], (...xs) => einsum("ij,jk", ...xs));
checkOp("einsum bij,bjk->bik", [[2, 2, 3], [2, 3, 2]], (...xs) => einsum("bij,bjk->bik", ...xs));
checkOp("einsum bsi,oi->bso", [[2, 3, 4], [5, 4]], (...xs) => einsum("bsi,oi->bso", ...xs));
checkOp("einsum i,j->ji", [[2], [3]], (...xs) => einsum("i,j->ji", ...xs));
checkOp("einsum ij->", [[2, 3]], (...xs) => einsum("ij->", ...xs));
checkOp("einsum ij->ji", [[2, 3]], (...xs) => einsum("ij->ji", ...xs));
checkOp("einsum ij,ij->i", [[2, 3], [2, 3]], (...xs) => einsum("ij,ij->i", ...xs));
checkOp("einsum ...ij,jk->...ik", [[2, 2, 3], [3, 2]], (...xs) => einsum("...ij,jk->...ik", ...xs));
checkOp("einsum bi,ij,bj->b", [[2, 3], [3, 4], [2, 4]], (...xs) => einsum("bi,ij,bj->b", ...xs));
checkOp("tril", [[3, 3]], (x) => tril(x));
checkOp("triu 1", [[2, 3, 4]], (x) => triu(x, 1));
checkOp("T", [[2, 3]], (x) => x.T.mul(arange(6).reshape(3, 2)));

test("every golden case is checked", () => expect(uncheckedOps()).toEqual([]));
