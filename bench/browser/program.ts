// The program in a contestant's page: one library, one work, and the same commands as in Node.
import { obey } from "../harness/measure.ts";
import { materialOf, type Prepare, type Work } from "../work/work.ts";

declare global {
  var contestant: ((command: string) => object) | undefined;
}

/** Fetches the work beside the page, prepares it and is ready for commands. */
export async function open(prepare: Prepare): Promise<void> {
  const work = (await (await fetch("work.json")).json()) as Work;
  const floats = new Float32Array(await (await fetch("material")).arrayBuffer());
  const step = prepare(work, materialOf(work, floats));
  globalThis.contestant = (command) => obey(step, command);
}
