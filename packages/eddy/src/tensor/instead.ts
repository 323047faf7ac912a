/** Names of PyTorch that Eddy spells differently: the compiler's and the run time's answer is the name to write. */
import { fault } from "../fault.ts";

declare const write: unique symbol;

/**
 * The type of a name that is spelled differently: the error of the compiler shows the text.
 *
 * @example x.zero_grad() // This expression is not callable. Type 'Instead<"zeroGrad()">' has no call signatures.
 */
export interface Instead<Text extends string> {
  readonly [write]: Text;
}

/** Python's spelling of a name: zeroGrad → zero_grad. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Makes the names of PyTorch throw an error that says what to write: every method in snake case, and the given `others`. */
export function answerNames(what: string, prototype: object, others: Readonly<Record<string, string>> = {}): void {
  const answers: Record<string, string> = { ...others };
  for (let from = prototype; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const name of Object.getOwnPropertyNames(from)) {
      if (/[a-z][A-Z]/.test(name)) answers[snakeCase(name)] ??= name;
    }
  }
  for (const [name, instead] of Object.entries(answers)) {
    const answer = () => {
      throw fault("type", what, instead, name, "this is the name in Eddy");
    };
    Object.defineProperty(prototype, name, { get: answer, set: answer, configurable: true });
  }
}

/** A function of PyTorch that Eddy does not have: calling it throws an error that says what to write. */
export function instead<const Text extends string>(name: string, text: Text): Instead<Text> {
  const answer = () => {
    throw fault("type", "eddy", text, name, "this is the way in Eddy");
  };
  return answer as unknown as Instead<Text>;
}
