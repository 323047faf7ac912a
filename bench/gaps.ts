// How much do missing inputs cost, and what helps? The same models on complete inputs and on inputs of which 5 % are missing,
// which are held, interpolated, or restart the state.
// Run: npm run bench:gaps -- --data DIR [--sets A,B]; besides the sets of DIR, the sample file is measured.
import { parseArgs } from "node:util";
import { evaluate, Frame, type Gaps, type Model, train } from "eddy/series";
import { findSets, readColumns, readPart } from "./accuracy/sets.ts";
import { thisMachine, today } from "./harness/results.ts";

const missingShare = 0.05;
const testShare = 0.3;
const settings = { networks: 2, variants: 1, hiddenSize: 16, chunk: 128, lanes: 1, seed: 1 };
/** Training steps of each network: fewer than by default, since many models are compared. */
const steps = 3000;

/** Lengths of gaps in rows, each as likely as the others. */
const patterns = { "single values": [1, 1], "gaps of 1 to 9 rows": [1, 9] } as const;

/** Numbers from 0 to 1 that look random and are the same everywhere. */
function uniform(seed: number): () => number {
  let bits = seed;
  return () => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return bits / 2 ** 32;
  };
}

/** The frame with gaps in each input, until the share of the values is missing. */
function withGaps(frame: Frame, inputs: readonly string[], [shortest, longest]: readonly [number, number]): Frame {
  const random = uniform(7);
  const columns = inputs.map((name) => {
    const values = frame.column(name).slice();
    for (let missing = 0; missing < missingShare * values.length; ) {
      const start = 1 + Math.floor(random() * (values.length - longest - 1));
      const end = start + shortest + Math.floor(random() * (longest - shortest + 1));
      for (let row = start; row < end; row++) {
        if (!Number.isNaN(values[row])) missing++;
        values[row] = Number.NaN;
      }
    }
    return [name, values] as const;
  });
  return frame.with(new Map(columns));
}

interface Signals {
  name: string;
  frame: Frame;
  inputs: string[];
  targets: string[];
}

async function trained({ inputs, targets }: Signals, frame: Frame, gaps?: Gaps): Promise<Model> {
  const epochs = Math.ceil(steps / Math.ceil(frame.length / settings.chunk));
  const training = train(frame, { ...settings, epochs, inputs, targets, ...(gaps && { gaps }) });
  for await (const _ of training);
  return training.model;
}

/** The RMSE of each target over the measured ones of these rows, as a share of its standard deviation there; the mean over the targets. */
function errorOf(frame: Frame, predicted: Frame, targets: readonly string[], predictedRows: readonly number[]): number {
  const errors = targets.map((target) => {
    const [measured, own] = [frame.column(target), predicted.column(target)];
    const rows = predictedRows.filter((row) => !Number.isNaN(measured[row]));
    const mean = rows.reduce((sum, row) => sum + measured[row], 0) / rows.length;
    const squares = (of: (row: number) => number) => rows.reduce((sum, row) => sum + of(row) ** 2, 0);
    return Math.sqrt(squares((row) => own[row] - measured[row]) / squares((row) => measured[row] - mean));
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

async function measure(signals: Signals): Promise<void> {
  const { frame, inputs, targets, name } = signals;
  const border = Math.round((1 - testShare) * frame.length);
  for (const [pattern, lengths] of Object.entries(patterns)) {
    const holed = withGaps(frame, inputs, lengths);
    const [training, test] = [holed.slice(0, border), holed.slice(border)];
    const held = await trained(signals, training);
    const most = held.options.gaps.replace("hold:", "");
    const kinds: Record<string, [Model, Frame]> = {
      "complete inputs": [await trained(signals, frame.slice(0, border)), frame.slice(border)],
      [held.options.gaps]: [held, test],
      [`interpolate:${most}`]: [await trained(signals, training, `interpolate:${Number(most)}`), test],
      restart: [await trained(signals, training, "restart"), test],
    };
    const predictions = Object.entries(kinds).map(([kind, [model, rows]]) => ({
      kind,
      predicted: evaluate(model, rows).predicted,
    }));
    const isPredicted = (predicted: Frame, row: number) => !Number.isNaN(predicted.column(targets[0])[row]);
    const all = Array.from({ length: test.length }, (_, row) => row);
    const common = all.filter((row) => predictions.every(({ predicted }) => isPredicted(predicted, row)));
    for (const { kind, predicted } of predictions) {
      const own = all.filter((row) => isPredicted(predicted, row));
      const [inCommon, inAll] = [common, own].map((rows) => errorOf(test, predicted, targets, rows).toFixed(4));
      console.log(
        `| ${name} | ${pattern} | ${kind} | ${inCommon} | ${inAll} | ${((100 * own.length) / all.length).toFixed(1)} % |`,
      );
    }
  }
}

const { values } = parseArgs({ options: { data: { type: "string" }, sets: { type: "string" } } });
const { cpu, cores, node } = thisMachine();
console.log(`${today()}, ${cpu}, ${cores} cores, Node ${node}, ${JSON.stringify({ ...settings, steps })}`);
console.log(
  `RMSE / standard deviation on the last ${100 * testShare} % of the rows; 5 % of the values of each input are missing\n`,
);
console.log("| data | missing | gaps | rows predicted by all | all its rows | predicted |");
console.log("|---|---|---|---:|---:|---:|");
const sample = new URL("../examples/tank.csv", import.meta.url);
const [inputs, targets] = [["pump [V]", "valve [%]"], ["level [cm]"]];
await measure({ name: "tank", frame: new Frame(readColumns(sample, [...inputs, ...targets], true)), inputs, targets });
if (values.data !== undefined) {
  const wanted = values.sets?.split(",");
  for (const set of findSets(values.data).sets.filter(({ name }) => wanted?.includes(name) ?? true)) {
    await measure({ ...set, frame: readPart(set, "train") });
  }
}
