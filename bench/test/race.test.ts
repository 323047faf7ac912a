// A race: alternating rounds, ratios to Eddy, values compared, and entrants that fail or are slow.
import { expect, test } from "vitest";
import type { Answer, Contestant } from "../harness/contestant.ts";
import { alternate, type Pace, quick, type Racer, race } from "../harness/race.ts";
import { isSound, tableOf } from "../harness/rows.ts";
import { rnn } from "../questions/rnn.ts";
import { tutorialStep } from "../questions/tutorial.ts";

const pace: Pace = { ...quick, rounds: 3 };

/** An entrant whose steps take the given milliseconds, and which logs its commands. */
function scripted(name: string, stepMs: number, values: number[], log: string[] = []): Racer {
  const contestant: Contestant = {
    async ask(command): Promise<Answer> {
      log.push(`${name} ${command.split(" ")[0]}`.trim());
      if (command === "memory") return { peakMb: 50 };
      return command.startsWith("first") ? { values } : { samples: [stepMs, stepMs, 100 * stepMs] };
    },
    async end() {
      log.push(`${name} ends`);
    },
  };
  return { name, takes: () => true, start: () => contestant };
}

test("rounds alternate", async () => {
  const order: string[] = [];
  await alternate(2, ["A", "B", "C"], async (one) => void order.push(one));
  expect(order.join(" ")).toBe("A B C A B C");
});

test("every entrant starts and warms up, then they alternate, then all end", async () => {
  const log: string[] = [];
  await race("work", tutorialStep, [scripted("Eddy", 1, [1], log), scripted("B", 2, [1], log)], pace);
  const begin = (name: string) => [name, `${name} first`, `${name} measure`];
  const rounds = [1, 2, 3].flatMap(() => ["Eddy measure", "B measure"]);
  const end = (name: string) => [`${name} memory`, `${name} ends`];
  expect(log).toEqual([...begin("Eddy"), ...begin("B"), ...rounds, ...end("Eddy"), ...end("B")]);
});

test("rows have the median of the rounds' medians and its ratio to Eddy's", async () => {
  const { rows } = await race("work", tutorialStep, [scripted("Eddy", 2, [1]), scripted("B", 6, [1])], pace);
  expect(rows[0]).toMatchObject({ entrant: "Eddy", median: 2, rounds: [2, 2, 2], timesEddy: undefined, peakMb: 50 });
  expect(rows[1]).toMatchObject({ entrant: "B", median: 6, timesEddy: 3, disagreement: 0 });
});

test("an entrant with different results is reported, and invalidates the run", async () => {
  const same = await race("work", tutorialStep, [scripted("Eddy", 1, [0.5, 0.25]), scripted("B", 1, [0.5])], pace);
  expect(isSound(same)).toBe(true);
  const other = await race("work", tutorialStep, [scripted("Eddy", 1, [0.5]), scripted("B", 1, [0.4])], pace);
  expect(isSound(other)).toBe(false);
  expect(tableOf(other)).toContain("NO, OTHER WORK");
});

test("an entrant that fails drops out with the reason, and the others continue", async () => {
  const broken: Racer = { name: "B", takes: () => true, start: () => Promise.reject(new Error("no such library")) };
  const findings = await race("work", tutorialStep, [scripted("Eddy", 1, [1]), broken, scripted("C", 1, [1])], pace);
  expect(findings.rows.map(({ entrant }) => entrant)).toEqual(["Eddy", "C"]);
  expect(findings.failures).toEqual([{ work: "work", entrant: "B", failed: "no such library", slow: false }]);
  expect(isSound(findings)).toBe(false);
  expect(tableOf(findings)).toContain("B: no such library");
});

test("a question skips entrants that do not support its work", async () => {
  const picky = { ...scripted("C", 1, [1]), version: "1", takes: () => false };
  const eddy = { ...scripted("Eddy", 1, [1]), version: "1" };
  const { rows } = await rnn.answer({
    entrants: [eddy as never, picky as never],
    pace,
    quick: true,
    wanted: () => true,
  });
  expect(rows.map(({ entrant }) => entrant)).toEqual(["Eddy"]);
});
