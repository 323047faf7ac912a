/** Random numbers: mt19937 in the draw order of PyTorch's CPU generator, so that the same seed gives the same numbers as in PyTorch. */
import { display, fault, isListOf } from "./fault.ts";

/** The state of a {@link Generator}: plain data that can be stored as JSON. */
export interface GeneratorState {
  /** The 624 words of mt19937, each a signed 32-bit integer. */
  words: number[];
  /** The number of words drawn so far, 0 to 624. */
  position: number;
  /** The second number of the last pair of normals, or null if it was already returned. */
  normalTwin: number | null;
}

const wordCount = 624;
const wordOffset = 397;

/** PyTorch's `default_rng_seed_val`, the seed of a fresh `torch.Generator()`. */
const defaultSeed = 67280421310721;

/** From this number on, float32 skips integers. */
const largestExactInteger = 2 ** 24;

/** PyTorch draws fewer normals than this one by one in float64, and otherwise blocks of this size in float32. */
const normalBlockSize = 16;

const twoPiFloat32 = Math.fround(2 * Math.PI);

/**
 * A generator of random numbers: mt19937 of Matsumoto and Nishimura (1998) with the transformations of PyTorch's
 * `at::CPUGeneratorImpl`.
 *
 * Uniforms, integers and permutations equal PyTorch's exactly; normals differ at most in the last bits of log, sin and cos.
 * The reference is PyTorch with its AVX2 or AVX-512 kernels, which it uses on current x86 processors.
 *
 * Source: https://github.com/pytorch/pytorch/blob/v1.13.1/aten/src/ATen/core/DistributionsHelper.h and
 * aten/src/ATen/native/cpu/DistributionTemplates.h
 * @example new Generator(42).uniform(new Float32Array(2)) // [0.8822692632675171, 0.9150039553642273]
 */
export class Generator {
  readonly #words = new Int32Array(wordCount);
  #position = wordCount;
  #normalTwin: number | null = null;

  /** Starts at a seed: by default that of a new `torch.Generator()`. Throws as `manualSeed` does. */
  constructor(seed = defaultSeed) {
    this.manualSeed(seed);
  }

  /**
   * Restarts the generator at a seed, as `torch.manual_seed(seed)` does.
   *
   * As in PyTorch, mt19937 takes the low 32 bits of the seed (two's complement for a negative one), so seeds that differ
   * by a multiple of 2³² give the same stream.
   * @throws RangeError unless the seed is an integer from −(2⁵³ − 1) to 2⁵³ − 1.
   */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed)) {
      throw fault(
        "value",
        "manualSeed",
        "an integer from -(2^53 - 1) to 2^53 - 1",
        display(seed),
        "pass for example 42",
      );
    }
    const words = this.#words;
    words[0] = seed >>> 0;
    for (let i = 1; i < wordCount; i++) {
      words[i] = Math.imul(1812433253, words[i - 1] ^ (words[i - 1] >>> 30)) + i;
    }
    this.#position = wordCount;
    this.#normalTwin = null;
    return this;
  }

  /** A copy of the state, from which {@link Generator.setState} continues bit for bit. */
  state(): GeneratorState {
    return { words: Array.from(this.#words), position: this.#position, normalTwin: this.#normalTwin };
  }

  /**
   * Continues from a state that {@link Generator.state} returned.
   *
   * @throws RangeError for anything else.
   */
  setState(state: GeneratorState): this {
    const { words, position, normalTwin } = state ?? {};
    const invalid = (field: string, expected: string, received: unknown) =>
      fault("value", "setState", `${field} ${expected}`, display(received), "pass the result of state()");
    if (
      !Array.isArray(words) ||
      words.length !== wordCount ||
      !isListOf(words, (word) => word === ((word as number) | 0))
    ) {
      throw invalid("words", `of ${wordCount} signed 32-bit integers`, words);
    }
    if (!Number.isInteger(position) || position < 0 || position > wordCount) {
      throw invalid("position", `from 0 to ${wordCount}`, position);
    }
    if (normalTwin !== null && !Number.isFinite(normalTwin)) {
      throw invalid("normalTwin", "that is null or a finite number", normalTwin);
    }
    this.#words.set(words);
    this.#position = position;
    this.#normalTwin = normalTwin;
    return this;
  }

  /** One float64 number from [0, 1) in steps of 2⁻⁵³, as PyTorch draws it for float64 tensors and for dropout masks. */
  nextDouble(): number {
    const high = this.#next() & 0x1fffff;
    const low = this.#next() >>> 0;
    return (high * 2 ** 32 + low) * 2 ** -53;
  }

  /**
   * Fills `out` with draws from [from, to), as `Tensor.uniform_(from, to)` does.
   *
   * y = u · (to − from) + from with u = 24 bits · 2⁻²⁴; the bounds are rounded to float32 first, and y once at the end.
   * @throws RangeError unless from ≤ to, and the bounds and their difference are finite in float32.
   */
  uniform(out: Float32Array, from = 0, to = 1): Float32Array {
    checkOut("uniform", out);
    const areNumbers = typeof from === "number" && typeof to === "number";
    const shift = areNumbers ? Math.fround(from) : Number.NaN;
    const scale = areNumbers ? Math.fround(Math.fround(to) - shift) : Number.NaN;
    if (!(areNumbers && from <= to && Number.isFinite(shift) && Number.isFinite(scale))) {
      throw fault(
        "value",
        "uniform",
        "float32 bounds from <= to",
        `from = ${display(from)}, to = ${display(to)}`,
        "swap or narrow the bounds",
      );
    }
    for (let i = 0; i < out.length; i++) {
      out[i] = multiplyAdd((this.#next() & 0xffffff) * 2 ** -24, scale, shift);
    }
    return out;
  }

  /**
   * Fills `out` with draws from the normal distribution, as `Tensor.normal_(mean, std)` does.
   *
   * Box-Muller transform: uniforms u and v give √(−2 ln(1 − u)) · cos(2πv) and √(−2 ln(1 − u)) · sin(2πv).
   * @throws RangeError unless the mean is finite and std is finite and ≥ 0.
   */
  normal(out: Float32Array, mean = 0, std = 1): Float32Array {
    checkOut("normal", out);
    if (!(Number.isFinite(mean) && Number.isFinite(std) && std >= 0)) {
      throw fault(
        "value",
        "normal",
        "a finite mean and a finite std >= 0",
        `mean = ${display(mean)}, std = ${display(std)}`,
        "pass a standard deviation, not a logarithm, and check both for NaN",
      );
    }
    const size = out.length;
    if (size < normalBlockSize) {
      for (let i = 0; i < size; i++) out[i] = this.#nextNormal() * std + mean;
      return out;
    }
    this.uniform(out);
    for (let start = 0; start + normalBlockSize <= size; start += normalBlockSize) {
      uniformToNormal(out.subarray(start, start + normalBlockSize), mean, std);
    }
    if (size % normalBlockSize !== 0) {
      // Like PyTorch, draw the last block again: it overlaps values that are already transformed.
      uniformToNormal(this.uniform(out.subarray(size - normalBlockSize)), mean, std);
    }
    return out;
  }

  /**
   * Fills `out` with integers from [low, high), as `torch.randint(low, high, …)` does.
   *
   * y = (32 bits mod (high − low)) + low.
   * @throws RangeError unless low < high are integers within ±2²⁴, where float32 represents every integer.
   */
  integers(out: Float32Array, low: number, high: number): Float32Array {
    checkOut("randint", out);
    const exact = (bound: number) => Number.isInteger(bound) && Math.abs(bound) <= largestExactInteger;
    if (!(exact(low) && exact(high) && low < high)) {
      throw fault(
        "value",
        "randint",
        "integers low < high from -2^24 to 2^24",
        `low = ${display(low)}, high = ${display(high)}`,
        "high is exclusive, and beyond 2^24 float32 skips integers",
      );
    }
    const range = high - low;
    for (let i = 0; i < out.length; i++) out[i] = ((this.#next() >>> 0) % range) + low;
    return out;
  }

  /**
   * The integers 0 to n − 1 in random order, as from `torch.randperm(n)`.
   *
   * Fisher-Yates shuffle from the front: position i swaps with position i + (32 bits mod (n − i)).
   * @throws RangeError unless n is an integer from 0 to 2²⁴, where float32 represents every index.
   */
  permutation(n: number): Int32Array {
    if (!(Number.isInteger(n) && n >= 0 && n <= largestExactInteger)) {
      throw fault("value", "randperm", "an integer n from 0 to 2^24", display(n), "permute fewer items");
    }
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + ((this.#next() >>> 0) % (n - i));
      const moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /** The low 32 bits of a random int64: a seed for another generator. */
  nextSeed(): number {
    this.#next();
    return this.#next() >>> 0;
  }

  /** The engine's next 32 bits, as a signed integer. */
  #next(): number {
    if (this.#position === wordCount) this.#regenerate();
    let bits = this.#words[this.#position++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return bits ^ (bits >>> 18);
  }

  #regenerate(): void {
    const words = this.#words;
    for (let i = 0; i < wordCount; i++) {
      const next = words[i + 1 < wordCount ? i + 1 : 0];
      const far = words[i + wordOffset < wordCount ? i + wordOffset : i + wordOffset - wordCount];
      const joined = (words[i] & 0x80000000) | (next & 0x7fffffff);
      words[i] = far ^ (joined >>> 1) ^ (-(joined & 1) & 0x9908b0df);
    }
    this.#position = 0;
  }

  /** One standard normal in float64; the second number of the pair is kept for the next call, even after other draws. */
  #nextNormal(): number {
    if (this.#normalTwin !== null) {
      const twin = this.#normalTwin;
      this.#normalTwin = null;
      return twin;
    }
    const angle = 2 * Math.PI * this.nextDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.nextDouble()));
    this.#normalTwin = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/**
 * u · scale + shift of float32 values, rounded once to float32.
 *
 * PyTorch's compiler fuses the two operations, so there is no rounding in between. The product of two float32 numbers is
 * exact in float64, but the sum is rounded twice. That matters if the float64 sum is halfway between two float32 numbers:
 * its rounding error then decides which of them is nearer (for example with bounds as different as 1e-20 and 1).
 */
function multiplyAdd(u: number, scale: number, shift: number): number {
  const product = u * scale;
  const sum = product + shift;
  const rounded = Math.fround(sum);
  const mirrored = sum + (sum - rounded);
  if (mirrored === rounded || mirrored !== Math.fround(mirrored)) return rounded;

  // Knuth's two-sum: lost = product + shift − sum, exactly.
  const shiftPart = sum - product;
  const lost = product - (sum - shiftPart) + (shift - shiftPart);
  return lost !== 0 && lost > 0 === mirrored > rounded ? mirrored : rounded;
}

/** Transforms a block of 8 + 8 float32 uniforms to normals in place, with the roundings of PyTorch's float32 kernel. */
function uniformToNormal(block: Float32Array, mean: number, std: number): void {
  const half = normalBlockSize / 2;
  for (let i = 0; i < half; i++) {
    const logarithm = Math.fround(Math.log(1 - block[i]));
    const radius = Math.fround(Math.sqrt(-2 * logarithm));
    const angle = Math.fround(twoPiFloat32 * block[i + half]);
    block[i] = radius * Math.cos(angle) * std + mean;
    block[i + half] = radius * Math.sin(angle) * std + mean;
  }
}

function checkOut(operation: string, out: unknown): asserts out is Float32Array {
  if (out instanceof Float32Array) return;
  throw fault("type", operation, "a Float32Array to fill", display(out), "for example new Float32Array(10)");
}

/** The generator of all random functions and initialisations. */
export const defaultGenerator = new Generator();

/**
 * Restarts the default generator at a seed, and returns it.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.manual_seed.html
 * @throws RangeError unless the seed is an integer from −(2⁵³ − 1) to 2⁵³ − 1.
 * @example manualSeed(42); rand(1).item() // 0.8822692632675171
 */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}
