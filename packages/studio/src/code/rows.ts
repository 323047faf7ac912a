// The signals by formula as text, in TypeScript and in Python: the same arithmetic in the same order as in `run/signals.ts`.
import type { SignalSource } from "../run/protocol.ts";
import { startOf } from "../run/signals.ts";

/** The text of a generator `signal` of rows [input, target]. */
interface RowsText {
  typescript: string;
  python: string;
  /** Whether it draws from `random`, or levels that are held for a while. */
  draws?: "random" | "levels";
}

const formulas: Record<string, RowsText> = {
  "phase-shift": {
    typescript: `
  for (let t = 0; ; t++) yield [Math.sin(t / 4), Math.sin(t / 4 + Math.PI / 4)];`,
    python: `
    for t in itertools.count():
        yield [math.sin(t / 4), math.sin(t / 4 + math.pi / 4)]`,
  },
  echo: {
    draws: "random",
    typescript: `
  const past = [0, 0, 0, 0, 0];
  for (;;) {
    const pulse = random() < 0.3 ? 1 : 0;
    past.push(pulse);
    yield [pulse, past.shift()!];
  }`,
    python: `
    past = [0.0, 0.0, 0.0, 0.0, 0.0]
    while True:
        pulse = 1.0 if random() < 0.3 else 0.0
        past.append(pulse)
        yield [pulse, past.pop(0)]`,
  },
  "low-pass": {
    draws: "levels",
    typescript: `
  let y = 0;
  for (;;) {
    const u = nextLevel();
    y += 0.2 * (u - y);
    yield [u, y];
  }`,
    python: `
    y = 0.0
    while True:
        u = next_level()
        y += 0.2 * (u - y)
        yield [u, y]`,
  },
  spring: {
    draws: "levels",
    typescript: `
  let position = 0;
  let speed = 0;
  for (;;) {
    const force = nextLevel();
    speed += 0.5 * (force - position - 0.4 * speed);
    position += 0.5 * speed;
    yield [force, position];
  }`,
    python: `
    position = 0.0
    speed = 0.0
    while True:
        force = next_level()
        speed += 0.5 * (force - position - 0.4 * speed)
        position += 0.5 * speed
        yield [force, position]`,
  },
  tanks: {
    draws: "levels",
    typescript: `
  let upper = 0;
  let lower = 0;
  for (;;) {
    const pump = (nextLevel() + 1) / 2;
    const between = 0.2 * Math.sqrt(upper);
    lower = Math.max(0, lower + between - 0.2 * Math.sqrt(lower));
    upper = Math.max(0, upper + 0.2 * pump - between);
    yield [pump, lower];
  }`,
    python: `
    upper = 0.0
    lower = 0.0
    while True:
        pump = (next_level() + 1) / 2
        between = 0.2 * math.sqrt(upper)
        lower = max(0.0, lower + between - 0.2 * math.sqrt(lower))
        upper = max(0.0, upper + 0.2 * pump - between)
        yield [pump, lower]`,
  },
  "noisy-sensor": {
    draws: "random",
    typescript: `
  for (let t = 0; ; t++) {
    const truth = 0.6 * Math.sin(t / 5) + 0.4 * Math.sin(t / 13);
    yield [truth + (random() - 0.5), truth];
  }`,
    python: `
    for t in itertools.count():
        truth = 0.6 * math.sin(t / 5) + 0.4 * math.sin(t / 13)
        yield [truth + (random() - 0.5), truth]`,
  },
  lorenz: {
    typescript: `
  let [x, y, z] = [1, 1, 20];
  for (;;) {
    for (let i = 0; i < 10; i++) {
      const [dx, dy, dz] = [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];
      x += 0.005 * dx;
      y += 0.005 * dy;
      z += 0.005 * dz;
    }
    yield [x / 20, (z - 25) / 25];
  }`,
    python: `
    x, y, z = 1.0, 1.0, 20.0
    while True:
        for _ in range(10):
            dx, dy, dz = 10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z
            x += 0.005 * dx
            y += 0.005 * dy
            z += 0.005 * dz
        yield [x / 20, (z - 25) / 25]`,
  },
};

const drawn: RowsText = {
  typescript: `
  for (let i = 0; ; i++) yield [INPUT[i % INPUT.length], TARGET[i % TARGET.length]];`,
  python: `
    for i in itertools.count():
        yield [INPUT[i % len(INPUT)], TARGET[i % len(TARGET)]]`,
};

const textOf = (source: SignalSource) => (source.kind === "drawn" ? drawn : formulas[source.name]);

/** The generator `signal` in TypeScript, and what it uses. */
export function rowsInTypescript(source: SignalSource, seed: number): string {
  const { draws, typescript } = textOf(source);
  const parts: string[] = [];
  if (source.kind === "drawn") {
    parts.push(`const INPUT = ${list(source.input, "  ")};`, `const TARGET = ${list(source.target, "  ")};`, "");
  }
  if (draws !== undefined) {
    parts.push(`let drawn = ${startOf(seed)};
function random(): number {
  drawn = (16807 * drawn) % 2147483647;
  return drawn / 2147483647;
}
`);
  }
  if (draws === "levels") {
    parts.push(`let [level, rowsLeft] = [0, 0];
function nextLevel(): number {
  if (rowsLeft === 0) [level, rowsLeft] = [2 * random() - 1, 5 + Math.floor(15 * random())];
  rowsLeft--;
  return level;
}
`);
  }
  parts.push(`function* signal(): Generator<[number, number], never> {${typescript}\n}`);
  return parts.join("\n");
}

/** The generator `signal` in Python, and what it uses, and the modules that it needs. */
export function rowsInPython(source: SignalSource, seed: number): { text: string; modules: string[] } {
  const { draws, python } = textOf(source);
  const parts: string[] = [];
  if (source.kind === "drawn") {
    parts.push(`INPUT = ${list(source.input, "    ")}`, `TARGET = ${list(source.target, "    ")}`, "", "");
  }
  if (draws !== undefined) {
    parts.push(`drawn = ${startOf(seed)}


def random():
    global drawn
    drawn = (16807 * drawn) % 2147483647
    return drawn / 2147483647

`);
  }
  if (draws === "levels") {
    parts.push(`level, rows_left = 0.0, 0


def next_level():
    global level, rows_left
    if rows_left == 0:
        level, rows_left = 2 * random() - 1, 5 + int(15 * random())
    rows_left -= 1
    return level

`);
  }
  parts.push(`def signal():${python}`);
  return { text: parts.join("\n"), modules: ["itertools", "math"].filter((name) => python.includes(`${name}.`)) };
}

/** A list of numbers that both languages read, with lines of at most 100 characters. */
function list(values: readonly number[], indent: string): string {
  const lines = [indent];
  for (const value of values) {
    const text = `${/^-?\d+$/.test(`${value}`) ? `${value}.0` : value},`; // Python tells integers from floats
    if (lines.at(-1)!.length + text.length > 100) lines.push(indent);
    lines[lines.length - 1] += lines.at(-1) === indent ? text : ` ${text}`;
  }
  return `[\n${lines.join("\n")}\n]`;
}
