/** Products with other rules than matmul's: outer, batched, and by Einstein's summation. */
import { display, fault } from "../fault.ts";
import { checkTensor, checkTensors } from "./check.ts";
import { checkMask } from "./comparison.ts";
import { arange } from "./create.ts";
import { where } from "./elementwise.ts";
import { matmul } from "./matrix.ts";
import { numelOf, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** `matmul` of two tensors of the given rank. */
export function productOf(operation: string, rank: number, a: Tensor, b: Tensor): Tensor {
  checkTensor(operation, "the right factor", b);
  if (a.rank === rank && b.rank === rank) return matmul(a, b);
  const received = `${show(a.shape)} and ${show(b.shape)}`;
  throw fault("shape", operation, `two tensors of ${rank} dimensions`, received, "use matmul, which broadcasts");
}

export function outer(a: Tensor, b: Tensor): Tensor {
  checkTensor("outer", "the right factor", b);
  if (a.rank === 1 && b.rank === 1) return a.unsqueeze(1).mul(b);
  throw fault("shape", "outer", "two vectors", `${show(a.shape)} and ${show(b.shape)}`, "use mul, which broadcasts");
}

/**
 * Sum of products by Einstein's convention: each dimension has a letter, and letters missing from the result are summed.
 *
 * "..." stands for leading dimensions of a batch, which must be the same number in all tensors that have it.
 * Source: https://pytorch.org/docs/stable/generated/torch.einsum.html
 * @throws RangeError for an equation that does not fit the shapes.
 * @example einsum("bij,bjk->bik", a, b) // the same as a.bmm(b)
 */
export function einsum(equation: string, ...tensors: Tensor[]): Tensor {
  checkTensors("einsum", tensors);
  const [left, right] = parsed(equation, tensors);
  let result: Labelled | undefined;
  for (const [i, tensor] of tensors.entries()) {
    const later = new Set([right, ...left.slice(i + 1)].flat());
    const next = summed({ tensor, labels: left[i] }, (label) => later.has(label) || !!result?.labels.includes(label));
    result = result === undefined ? next : contracted(result, next, later);
  }
  const { tensor, labels } = summed(result!, (label) => right.includes(label));
  return tensor.permute(right.map((label) => labels.indexOf(label)));
}

interface Labelled {
  tensor: Tensor;
  labels: readonly string[];
}

/** The letters of each operand's dimensions and of the result's; the dimensions of "..." are numbered. */
function parsed(equation: string, tensors: readonly Tensor[]): [left: string[][], right: string[]] {
  const match = typeof equation === "string" ? /^([a-z.,]*)(->([a-z.]*))?$/i.exec(equation.replaceAll(" ", "")) : null;
  const terms = match?.[1].split(",") ?? [];
  if (match === null || terms.length !== tensors.length || terms.length === 0) {
    const expected = `an equation such as "ij,jk->ik" with ${tensors.length} terms`;
    throw fault("value", "einsum", expected, display(equation), "separate the terms by commas");
  }
  const lettersOf = (term: string, rank: number) => {
    const dots = rank - term.replace("...", "").length;
    return term.split(/(\.\.\.)/).flatMap((part) => (part === "..." ? rest(dots) : [...part]));
  };
  const rest = (count: number) => Array.from({ length: Math.max(0, count) }, (_, i) => `${i}`);
  const left = terms.map((term, i) => lettersOf(term, tensors[i].rank));
  const sizes = new Map<string, number>();
  for (const [i, labels] of left.entries()) {
    const { shape } = tensors[i];
    const fits = labels.length === shape.length && new Set(labels).size === labels.length && !labels.includes(".");
    if (!fits || labels.some((label, d) => (sizes.get(label) ?? shape[d]) !== shape[d])) {
      throw fault(
        "shape",
        "einsum",
        `one letter for each dimension of tensor ${i}, each letter once in a term and with one size`,
        `${display(terms[i])} for shape ${show(shape)}`,
        "take a diagonal or broadcast before the product",
      );
    }
    for (const [d, label] of labels.entries()) sizes.set(label, shape[d]);
  }
  const all = left.flat();
  const batch = [...new Set(all.filter((label) => /\d/.test(label)))].sort();
  const once = [...new Set(all)].filter((label) => !/\d/.test(label) && all.indexOf(label) === all.lastIndexOf(label));
  const output =
    match[3] === undefined
      ? [...batch, ...once.sort()]
      : lettersOf(match[3], match[3].replace("...", "").length + batch.length);
  if (output.some((label) => !sizes.has(label)) || new Set(output).size !== output.length) {
    throw fault("value", "einsum", "letters of the terms in the result, each once", display(match[3]), "correct it");
  }
  return [left, output];
}

/** Sums over the dimensions that nothing needs. */
function summed({ tensor, labels }: Labelled, isKept: (label: string) => boolean): Labelled {
  const dims = labels.flatMap((label, d) => (isKept(label) ? [] : [d]));
  return dims.length === 0 ? { tensor, labels } : { tensor: tensor.sum(dims), labels: labels.filter(isKept) };
}

/** The product of two as one batched matrix product: letters of both that are needed later are the batch. */
function contracted(a: Labelled, b: Labelled, later: ReadonlySet<string>): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => later.has(label));
  const inner = shared.filter((label) => !later.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const sizesOf = ({ tensor, labels }: Labelled, chosen: readonly string[]) =>
    chosen.map((label) => tensor.shape[labels.indexOf(label)]);
  const arranged = (operand: Labelled, ...groups: (readonly string[])[]) =>
    operand.tensor
      .permute(groups.flat().map((label) => operand.labels.indexOf(label)))
      .reshape(groups.map((group) => numelOf(sizesOf(operand, group))));
  const product = matmul(arranged(a, batch, rows, inner), arranged(b, batch, inner, columns));
  return {
    tensor: product.reshape([...sizesOf(a, batch), ...sizesOf(a, rows), ...sizesOf(b, columns)]),
    labels: [...batch, ...rows, ...columns],
  };
}

/**
 * The part of a matrix on and below a diagonal; the rest is 0. Source: https://pytorch.org/docs/stable/generated/torch.tril.html
 * @example tril(ones(2, 2)).toArray() // [[1, 0], [1, 1]]
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return triangle("tril", x, (rows, columns) => columns.sub(rows).le(diagonal));
}

/**
 * The part of a matrix on and above a diagonal; the rest is 0. Source: https://pytorch.org/docs/stable/generated/torch.triu.html
 * @example triu(ones(2, 2), 1).toArray() // [[0, 1], [0, 0]]
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return triangle("triu", x, (rows, columns) => columns.sub(rows).ge(diagonal));
}

function triangle(operation: string, x: Tensor, isInside: (rows: Tensor, columns: Tensor) => Tensor): Tensor {
  checkTensor(operation, "x", x);
  if (x.rank < 2) throw fault("shape", operation, "at least two dimensions", show(x.shape), "reshape it");
  const [rows, columns] = x.shape.slice(-2);
  const mask = isInside(arange(rows).unsqueeze(1), arange(columns));
  checkMask(operation, x, mask);
  return where(mask, x, 0);
}
