/** Methods of a tensor that change its values in place. */
import { change } from "./changes.ts";
import { checkTensor } from "./check.ts";
import { full } from "./create.ts";
import { IndexOperations } from "./index-operations.ts";
import type { Tensor } from "./tensor.ts";
import { expand } from "./views.ts";

/** In-place operations: they work outside the graph, and a backward pass that saved the old values throws. */
export abstract class InPlaceOperations extends IndexOperations {
  /**
   * Copies the values of a tensor that broadcasts to this one.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.copy_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError if the shapes do not fit.
   * @example noGrad(() => target.weight.copy_(source.weight));
   */
  copy_(this: Tensor, source: Tensor): Tensor {
    checkTensor("copy_", "source", source);
    return change("copy_", this, [source], () => expand(source, this.shape));
  }

  /**
   * Sets every element to a value. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.fill_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`.
   * @example buffer.fill_(1);
   */
  fill_(this: Tensor, value: number): Tensor {
    return change("fill_", this, [], () => full(this.shape, value));
  }

  /**
   * Sets every element to 0. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.zero_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`.
   * @example weight.grad?.zero_();
   */
  zero_(this: Tensor): Tensor {
    return this.fill_(0);
  }

  /**
   * Adds in place. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.add_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError if the shapes do not fit.
   * @example noGrad(() => weight.add_(weight.grad!.mul(-0.01)));
   */
  add_(this: Tensor, other: Tensor | number): Tensor {
    return change("add_", this, [other], () => this.add(other));
  }

  /**
   * Subtracts in place. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.sub_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError if the shapes do not fit.
   * @example noGrad(() => weight.sub_(weight.grad!.mul(0.01)));
   */
  sub_(this: Tensor, other: Tensor | number): Tensor {
    return change("sub_", this, [other], () => this.sub(other));
  }

  /**
   * Multiplies in place. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.mul_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError if the shapes do not fit.
   * @example gradient.mul_(0.5);
   */
  mul_(this: Tensor, other: Tensor | number): Tensor {
    return change("mul_", this, [other], () => this.mul(other));
  }

  /**
   * Divides in place. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.div_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError if the shapes do not fit.
   * @example gradient.div_(norm);
   */
  div_(this: Tensor, other: Tensor | number): Tensor {
    return change("div_", this, [other], () => this.div(other));
  }

  /**
   * Limits every element in place. Source: https://pytorch.org/docs/stable/generated/torch.Tensor.clamp_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`.
   * @example noGrad(() => weight.clamp_(-1, 1));
   */
  clamp_(this: Tensor, min?: number | null, max?: number | null): Tensor {
    return change("clamp_", this, [], () => this.clamp(min, max));
  }

  /**
   * Sets the elements where the mask is not 0 to a value.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html
   * @throws Error if a gradient is recorded: use it within `noGrad`; RangeError for a mask that does not broadcast.
   * @example x.maskedFill_(x.isnan(), 0);
   */
  maskedFill_(this: Tensor, mask: Tensor, value: number): Tensor {
    return change("maskedFill_", this, [], () => this.maskedFill(mask, value));
  }
}
