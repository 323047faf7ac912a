/** Functional forms of the methods of Tensor: `sin(x)` is `x.sin()`, with the same arguments and errors. */
import { checkTensor } from "./check.ts";
import type { Tensor } from "./tensor.ts";

type Call = (...args: never[]) => unknown;

type Method = { [Name in keyof Tensor]: Tensor[Name] extends Call ? Name : never }[keyof Tensor];

/** The function with x as its first argument. */
function form<Name extends Method>(name: Name) {
  return (x: Tensor, ...args: Parameters<Tensor[Name]>): ReturnType<Tensor[Name]> => {
    checkTensor(String(name), "x", x);
    return (x as unknown as Record<Name, (...args: unknown[]) => ReturnType<Tensor[Name]>>)[name](...args);
  };
}

export const abs = /* @__PURE__ */ form("abs");
export const add = /* @__PURE__ */ form("add");
export const all = /* @__PURE__ */ form("all");
export const any = /* @__PURE__ */ form("any");
export const argmax = /* @__PURE__ */ form("argmax");
export const argmin = /* @__PURE__ */ form("argmin");
export const argsort = /* @__PURE__ */ form("argsort");
export const bmm = /* @__PURE__ */ form("bmm");
export const ceil = /* @__PURE__ */ form("ceil");
export const chunk = /* @__PURE__ */ form("chunk");
export const clamp = /* @__PURE__ */ form("clamp");
export const cos = /* @__PURE__ */ form("cos");
export const cumprod = /* @__PURE__ */ form("cumprod");
export const cumsum = /* @__PURE__ */ form("cumsum");
export const div = /* @__PURE__ */ form("div");
export const dot = /* @__PURE__ */ form("dot");
export const eq = /* @__PURE__ */ form("eq");
export const exp = /* @__PURE__ */ form("exp");
export const expm1 = /* @__PURE__ */ form("expm1");
export const flatten = /* @__PURE__ */ form("flatten");
export const flip = /* @__PURE__ */ form("flip");
export const floor = /* @__PURE__ */ form("floor");
export const gather = /* @__PURE__ */ form("gather");
export const ge = /* @__PURE__ */ form("ge");
export const gt = /* @__PURE__ */ form("gt");
export const indexSelect = /* @__PURE__ */ form("indexSelect");
export const isfinite = /* @__PURE__ */ form("isfinite");
export const isnan = /* @__PURE__ */ form("isnan");
export const le = /* @__PURE__ */ form("le");
export const log = /* @__PURE__ */ form("log");
export const log1p = /* @__PURE__ */ form("log1p");
export const logSoftmax = /* @__PURE__ */ form("logSoftmax");
export const logsumexp = /* @__PURE__ */ form("logsumexp");
export const lt = /* @__PURE__ */ form("lt");
export const maskedSelect = /* @__PURE__ */ form("maskedSelect");
export const matmul = /* @__PURE__ */ form("matmul");
export const maximum = /* @__PURE__ */ form("maximum");
export const mean = /* @__PURE__ */ form("mean");
export const minimum = /* @__PURE__ */ form("minimum");
export const mm = /* @__PURE__ */ form("mm");
export const movedim = /* @__PURE__ */ form("movedim");
export const mul = /* @__PURE__ */ form("mul");
export const narrow = /* @__PURE__ */ form("narrow");
export const ne = /* @__PURE__ */ form("ne");
export const neg = /* @__PURE__ */ form("neg");
export const norm = /* @__PURE__ */ form("norm");
export const outer = /* @__PURE__ */ form("outer");
export const permute = /* @__PURE__ */ form("permute");
export const pow = /* @__PURE__ */ form("pow");
export const prod = /* @__PURE__ */ form("prod");
export const relu = /* @__PURE__ */ form("relu");
export const reshape = /* @__PURE__ */ form("reshape");
export const round = /* @__PURE__ */ form("round");
export const scatter = /* @__PURE__ */ form("scatter");
export const scatterAdd = /* @__PURE__ */ form("scatterAdd");
export const select = /* @__PURE__ */ form("select");
export const sigmoid = /* @__PURE__ */ form("sigmoid");
export const sign = /* @__PURE__ */ form("sign");
export const sin = /* @__PURE__ */ form("sin");
export const softmax = /* @__PURE__ */ form("softmax");
export const sort = /* @__PURE__ */ form("sort");
export const split = /* @__PURE__ */ form("split");
export const sqrt = /* @__PURE__ */ form("sqrt");
export const squeeze = /* @__PURE__ */ form("squeeze");
export const std = /* @__PURE__ */ form("std");
export const sub = /* @__PURE__ */ form("sub");
export const sum = /* @__PURE__ */ form("sum");
export const t = /* @__PURE__ */ form("t");
export const tanh = /* @__PURE__ */ form("tanh");
export const topk = /* @__PURE__ */ form("topk");
export const transpose = /* @__PURE__ */ form("transpose");
export const trunc = /* @__PURE__ */ form("trunc");
export const unbind = /* @__PURE__ */ form("unbind");
export const unsqueeze = /* @__PURE__ */ form("unsqueeze");

/**
 * The largest element, or along a dimension the largest elements and their indices: `x.max()`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.max.html
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
export function max(x: Tensor, ...args: []): Tensor | [Tensor, Tensor] {
  checkTensor("max", "x", x);
  return x.max(...args);
}

/**
 * The smallest element, or along a dimension the smallest elements and their indices: `x.min()`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.min.html
 */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
export function min(x: Tensor, ...args: []): Tensor | [Tensor, Tensor] {
  checkTensor("min", "x", x);
  return x.min(...args);
}

/** Variance: `x.var()`; `var` itself is a keyword of JavaScript. */
export const variance = /* @__PURE__ */ form("var");
