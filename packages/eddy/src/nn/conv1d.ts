/** The one-dimensional convolution, with causal padding for signals. */
import { fault } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { uniform } from "../tensor/create.ts";
import { cat } from "../tensor/indexing.ts";
import { linear } from "../tensor/matrix.ts";
import { checkSizes, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, flag, positiveInteger, rule } from "./options.ts";

/** Zeros on each side, or "same" (the output has the input's length), "valid" (none), "causal" (all before the start). */
export type Padding = number | "same" | "valid" | "causal";

/** Settings of `Conv1d`. */
export interface Conv1dOptions {
  /** Steps between two outputs; 1 by default. */
  stride?: number;
  /** 0 by default. With "causal", an output depends on no later input, and there are as many outputs as inputs. */
  padding?: Padding;
  /** Steps between two elements of the kernel; 1 by default. */
  dilation?: number;
  /** Number of groups of channels that are convolved separately; 1 by default. */
  groups?: number;
  /** Whether to add b; true by default. */
  bias?: boolean;
}

const named = ["same", "valid", "causal"];
const rules = {
  stride: positiveInteger,
  padding: rule(
    'an integer ≥ 0, "same", "valid" or "causal"',
    (value) => named.includes(value as string) || (Number.isInteger(value) && (value as number) >= 0),
  ),
  dilation: positiveInteger,
  groups: positiveInteger,
  bias: flag,
};

/**
 * Convolution over time, y[b, o, t] = b[o] + Σ_{c, k} W[o, c, k] · x[b, c, t · stride + k · dilation − padding].
 *
 * Shapes: x (batch, channels, time) or (channels, time) → (batch, outChannels, time′); W (out, in / groups, kernel) and b (out)
 * are drawn from U(−1/√n, 1/√n) with n = in / groups · kernel. Sequences of features need `transpose(1, 2)` before and after.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 * @throws RangeError for another number of channels, or if the kernel is longer than the padded input.
 * @example new nn.Conv1d(3, 16, 5, { padding: "causal" }).forward(x) // (batch, 3, time) → (batch, 16, time)
 */
export class Conv1d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly stride: number;
  readonly padding: Padding;
  readonly dilation: number;
  readonly groups: number;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: number,
    options: Conv1dOptions = {},
  ) {
    super();
    const sizes = { inChannels, outChannels, kernelSize };
    const each = { inChannels: positiveInteger, outChannels: positiveInteger, kernelSize: positiveInteger };
    checkOptions("nn.Conv1d", sizes, each, Object.keys(sizes));
    checkOptions("nn.Conv1d", options, rules);
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      const received = `${inChannels} and ${outChannels} channels`;
      throw fault("type", "nn.Conv1d", `numbers of channels that ${groups} groups divide`, received, "change groups");
    }
    if (stride > 1 && (padding === "same" || padding === "causal")) {
      throw fault(
        "type",
        "nn.Conv1d",
        `a stride of 1 with ${padding} padding`,
        `${stride}`,
        "pass a number as padding",
      );
    }
    const fanIn = (inChannels / groups) * kernelSize;
    checkSizes("nn.Conv1d", [outChannels, fanIn]);
    const bound = Math.sqrt(3) * (Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)) / Math.sqrt(fanIn)); // as in nn.Linear
    this.weight = new Parameter(uniform(-bound, bound, [outChannels, inChannels / groups, kernelSize]));
    const biasBound = 1 / Math.sqrt(fanIn);
    this.bias = bias ? new Parameter(uniform(-biasBound, biasBound, [outChannels])) : undefined;
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.Conv1d", "x", x);
    const { inChannels, weight, bias, stride, padding, dilation, groups } = this;
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[x.rank - 2] !== inChannels) {
      throw fault(
        "shape",
        "nn.Conv1d",
        `x of shape (batch, ${inChannels}, time) or (${inChannels}, time)`,
        show(x.shape),
        "transpose(1, 2) turns (batch, time, feature) into (batch, feature, time)",
      );
    }
    const y = conv1d(x.rank === 2 ? x.unsqueeze(0) : x, weight, bias, { stride, padding, dilation, groups });
    return x.rank === 2 ? y.squeeze(0) : y;
  }

  protected override describe(): string {
    const { stride, padding, dilation, groups, bias } = this;
    return [
      `${this.inChannels}, ${this.outChannels}, kernel_size=(${this.kernelSize},), stride=(${stride},)`,
      ...(padding === 0 ? [] : [typeof padding === "number" ? `padding=(${padding},)` : `padding=${padding}`]),
      ...(dilation === 1 ? [] : [`dilation=(${dilation},)`]),
      ...(groups === 1 ? [] : [`groups=${groups}`]),
      ...(bias === undefined ? ["bias=False"] : []),
    ].join(", ");
  }
}

/**
 * The convolution of `Conv1d` with given weights.
 *
 * Shapes: x (batch, in, time), weight (out, in / groups, kernel), bias (out) → (batch, out, time′).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
 * @throws RangeError for mismatched shapes, or if the kernel is longer than the padded input.
 * @example conv1d(x, weight, undefined, { padding: 1 })
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor, options: Omit<Conv1dOptions, "bias"> = {}): Tensor {
  checkTensor("conv1d", "x", x);
  checkTensor("conv1d", "weight", weight);
  if (bias !== undefined) checkTensor("conv1d", "bias", bias);
  const { bias: _, ...own } = rules;
  checkOptions("conv1d", options, own);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const [out, channels, kernel] = weight.shape;
  const fits = x.rank === 3 && weight.rank === 3 && x.shape[1] === channels * groups && out % groups === 0;
  if (!fits || (bias !== undefined && !(bias.rank === 1 && bias.shape[0] === out))) {
    const received = [x, weight, ...(bias ? [bias] : [])].map(({ shape }) => show(shape)).join(", ");
    throw fault("shape", "conv1d", "x (batch, in, time), weight (out, in / groups, kernel), bias (out)", received);
  }
  const reach = dilation * (kernel - 1);
  const [before, after] = {
    same: [Math.floor(reach / 2), Math.ceil(reach / 2)],
    valid: [0, 0],
    causal: [reach, 0],
  }[padding as "same"] ?? [padding as number, padding as number];
  const length = Math.floor((x.shape[2] + before + after - reach - 1) / stride) + 1;
  if (!(length >= 1)) {
    throw fault("shape", "conv1d", `at least ${reach + 1} time steps with padding`, show(x.shape), "pad the input");
  }
  const window = { length, kernel, stride, dilation, before };
  // One product per group: each row of `windows` has all inputs of one output step.
  const parts = Array.from({ length: groups }, (_, g) => {
    const inputs = windows(x.narrow(1, g * channels, channels), window);
    const rows = [g * (out / groups), out / groups] as const;
    const flat = weight.narrow(0, ...rows).reshape(rows[1], channels * kernel);
    return linear(inputs, flat, bias?.narrow(0, ...rows)).transpose(1, 2);
  });
  return groups === 1 ? parts[0] : cat(parts, 1);
}

interface Window {
  length: number;
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
}

/** (batch, channels, time) → (batch, length, channels · kernel): what each step of the output reads, 0 outside. */
function windows(x: Tensor, { length, kernel, stride, dilation, before }: Window): Tensor {
  const [batch, channels, time] = x.shape;
  const columns = channels * kernel;
  checkSizes("conv1d", [batch, length, columns]);
  /** Calls `visit` with each position in x and the position in the windows that reads it. */
  const eachRead = (visit: (from: number, to: number) => void) => {
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < length; t++) {
        for (let c = 0; c < channels; c++) {
          for (let k = 0; k < kernel; k++) {
            const at = t * stride + k * dilation - before;
            if (at >= 0 && at < time)
              visit((b * channels + c) * time + at, (b * length + t) * columns + c * kernel + k);
          }
        }
      }
    }
  };
  const { values } = x;
  const y = new Float32Array(batch * length * columns);
  eachRead((from, to) => {
    y[to] = values[from];
  });
  return record(
    y,
    [batch, length, columns],
    [x],
    (dy) => {
      const dx = new Float64Array(values.length);
      eachRead((from, to) => {
        dx[from] += dy[to];
      });
      return [Float32Array.from(dx)];
    },
    [],
  );
}
