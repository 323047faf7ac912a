/** Numbers that follow from a seed: independent seeds for the networks of a training, and random shares for its epochs. */
import { Hash } from "./fingerprint.ts";

const words = (text: string) => new Hash().addText(text).digest();

/** The seed of a network. The first has the seed of the training; the others have nothing in common with those of other seeds. */
export function seedOf(seed: number, network: number): number {
  return network === 0 ? seed : Number.parseInt(words(`${seed} network ${network}`).slice(0, 8), 16);
}

/** A number from 0 up to but excluding 1 for an epoch of a network; unlike a generator, it has no state to save. */
export function randomShare(seed: number, epoch: number, draw: number): number {
  return Number.parseInt(words(`${seed} epoch ${epoch} draw ${draw}`).slice(0, 8), 16) / 2 ** 32;
}
