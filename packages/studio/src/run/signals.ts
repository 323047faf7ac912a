// The signals that a run can learn from: formulas, and what was drawn with the pointer.
import { type ProgramSettings, type Signal, sinToCos } from "@eddy/ui/program";
import type { SignalSource } from "./protocol.ts";

/** Input and target at one instant. */
type Row = [input: number, target: number];

/** A signal by formula. */
interface Formula {
  /** Where the formula starts to draw random numbers, if it does; any number from 1 to 2³¹ − 2. */
  rows: (start: number) => Generator<Row>;
  /** Time from row to row. */
  dt: number;
  /** Settings with which the network learns the signal. */
  recommended: Partial<ProgramSettings>;
}

/** The settings that suit most formulas: windows that share no row and show more than one response of the system. */
const suitable = { cell: "gru", lr: 0.005, timeStep: 50, steps: 400, endpoint: false } as const;

/** The formulas by name. Each is written a second and a third time as text, in `code/`. */
const formulas: Record<string, Formula> = {
  "phase-shift": {
    dt: 1,
    recommended: { ...suitable, cell: "rnn", timeStep: 20, steps: 200 },
    *rows() {
      for (let t = 0; ; t++) yield [Math.sin(t / 4), Math.sin(t / 4 + Math.PI / 4)];
    },
  },
  echo: {
    dt: 1,
    recommended: suitable,
    *rows(start) {
      const random = uniform(start);
      const past = [0, 0, 0, 0, 0];
      for (;;) {
        const pulse = random() < 0.3 ? 1 : 0;
        past.push(pulse);
        yield [pulse, past.shift()!];
      }
    },
  },
  "low-pass": {
    dt: 1,
    recommended: suitable,
    *rows(start) {
      let y = 0;
      for (const u of levels(start)) {
        y += 0.2 * (u - y);
        yield [u, y];
      }
    },
  },
  spring: {
    dt: 0.5,
    recommended: suitable,
    *rows(start) {
      let position = 0;
      let speed = 0;
      for (const force of levels(start)) {
        speed += 0.5 * (force - position - 0.4 * speed);
        position += 0.5 * speed;
        yield [force, position];
      }
    },
  },
  tanks: {
    dt: 1,
    recommended: suitable,
    *rows(start) {
      let upper = 0;
      let lower = 0;
      for (const level of levels(start)) {
        const pump = (level + 1) / 2;
        const between = 0.2 * Math.sqrt(upper);
        lower = Math.max(0, lower + between - 0.2 * Math.sqrt(lower));
        upper = Math.max(0, upper + 0.2 * pump - between);
        yield [pump, lower];
      }
    },
  },
  "noisy-sensor": {
    dt: 1,
    recommended: suitable,
    *rows(start) {
      const random = uniform(start);
      for (let t = 0; ; t++) {
        const truth = 0.6 * Math.sin(t / 5) + 0.4 * Math.sin(t / 13);
        yield [truth + (random() - 0.5), truth];
      }
    },
  },
  lorenz: {
    dt: 0.05,
    recommended: suitable,
    *rows() {
      let [x, y, z] = [1, 1, 20];
      for (;;) {
        for (let i = 0; i < 10; i++) {
          const [dx, dy, dz] = [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];
          x += 0.005 * dx;
          y += 0.005 * dy;
          z += 0.005 * dz;
        }
        yield [x / 20, (z - 25) / 25];
      }
    },
  },
};

/** The names of all signals by formula; the first is the tutorial's, which `@eddy/ui` has. */
export const signalNames = ["sin", ...Object.keys(formulas)];

/** Settings with which a network learns a signal; the others are the tutorial's. */
export function recommendedFor(source: SignalSource): Partial<ProgramSettings> {
  if (source.kind === "drawn") return { ...suitable, lr: 0.01 };
  return formulas[source.name]?.recommended ?? {};
}

/** Random numbers from 0 to 1 (Park and Miller's generator): one line in every language, with the same numbers. */
function uniform(start: number): () => number {
  let state = start;
  return () => {
    state = (16807 * state) % 2147483647;
    return state / 2147483647;
  };
}

/** Random levels from −1 to 1, held for 5 to 19 rows each. */
function* levels(start: number): Generator<number> {
  const random = uniform(start);
  for (;;) {
    const level = 2 * random() - 1;
    const rows = 5 + Math.floor(15 * random());
    for (let i = 0; i < rows; i++) yield level;
  }
}

/** Where the random numbers of a seed start; the first draws from a small number would be small. */
export function startOf(seed: number): number {
  const random = uniform((seed % 2147483646) + 1);
  for (let i = 0; i < 9; i++) random();
  return Math.round(random() * 2147483647);
}

/** A signal from its first window on. @throws RangeError for an unknown name. */
export function signalOf(source: SignalSource, seed: number): Signal {
  if (source.kind === "drawn") return inWindows(repeated(source.input, source.target), 1);
  if (source.name === "sin") return sinToCos();
  const formula = formulas[source.name];
  if (formula === undefined) {
    throw new RangeError(`signal: expected one of ${signalNames.join(", ")}, received "${source.name}"`);
  }
  return inWindows(formula.rows(startOf(seed)), formula.dt);
}

/** Cuts rows into windows. With `endpoint`, the last row of a window is the first of the next, as the instants of sin are. */
function inWindows(rows: Iterator<Row>, dt: number): Signal {
  let next = 0;
  let last: Row | undefined;
  return (span, { timeStep, endpoint }) => {
    const length = timeStep * span;
    const isShared = endpoint && timeStep > 1;
    const window = {
      time: new Float32Array(length),
      input: new Float32Array(length),
      target: new Float32Array(length),
    };
    for (let i = 0; i < length; i++) {
      if (i > 0 || last === undefined || !isShared) {
        last = rows.next().value as Row;
        next++;
      }
      window.time[i] = (next - 1) * dt;
      [window.input[i], window.target[i]] = last;
    }
    return window;
  };
}

function* repeated(input: readonly number[], target: readonly number[]): Generator<Row> {
  for (let i = 0; ; i++) yield [input[i % input.length], target[i % target.length]];
}
