/** The recurrent layers and cells compute PyTorch's numbers, in both directions and with lengths (RNN in one direction: modules.test.ts). */
import { manualSeed, type Tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor, goldenTensors, goldenValues } from "./oracle.ts";
import {
  type Cell,
  cells,
  type FamilyName,
  type Layer,
  layers,
  type Options,
  partsOf,
  run,
  step,
  weighted,
} from "./recurrent.ts";

const camel = (options: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as unknown as Options;

interface Case {
  options: Record<string, unknown>;
  weights: Record<string, GoldenTensor>;
  input: GoldenTensor;
  upstream: Record<string, GoldenTensor>;
  gradients: Record<string, GoldenTensor>;
}
type SequenceCase = Case & { lengths?: number[] } & Partial<
    Record<"h0" | "c0" | "output" | "h_n" | "c_n", GoldenTensor>
  >;
type CellCase = Case & Partial<Record<"h" | "c" | "h_next" | "c_next", GoldenTensor>>;
interface Golden {
  sequence: Record<string, SequenceCase>;
  cell: Record<string, CellCase>;
  initial: Record<string, Record<string, GoldenTensor>>;
  dropout: Record<string, SequenceCase>;
  print: Record<string, string>;
}

const stored = golden<Golden>("recurrent");

/** Checks values and gradients, and that no argument has changed. */
function checkAgainstPyTorch(
  module: Layer | Cell,
  { weights, upstream, gradients }: Case,
  given: Record<string, GoldenTensor>,
  forward: (given: Record<string, Tensor>) => Record<string, Tensor>,
  expected: Record<string, GoldenTensor>,
): void {
  module.loadStateDict(goldenTensors(weights));
  expect(Object.keys(module.stateDict())).toEqual(Object.keys(weights));
  const inputs = goldenTensors(given);
  for (const input of Object.values(inputs)) input.requiresGrad = true;
  const actual = forward(inputs);
  for (const [name, value] of Object.entries(actual)) expectClose(value, expected[name], 1e-6, name);
  const names = Object.keys(actual);
  weighted(
    names.map((name) => actual[name]),
    names.map((name) => goldenTensor(upstream[name])),
  ).backward();
  const leaves = { ...inputs, ...Object.fromEntries(module.namedParameters()) };
  expect(Object.keys(leaves).sort()).toEqual(Object.keys(gradients).sort());
  for (const [name, leaf] of Object.entries(leaves)) {
    expectClose(leaf.grad, gradients[name], 1e-5, `gradient of ${name}`);
  }
  for (const [name, input] of Object.entries(inputs)) expect(input.data, name).toEqual(goldenValues(given[name]));
  for (const [name, weight] of module.namedParameters()) expect(weight.data, name).toEqual(goldenValues(weights[name]));
}

describe("sequences equal PyTorch's", () => {
  test.each(Object.entries(stored.sequence))("%s", (name, example) => {
    const family = name.slice(0, name.indexOf("(")) as FamilyName;
    const parts = partsOf(family);
    const initial = parts.filter((part) => example[`${part}0`] !== undefined).map((part) => `${part}0` as const);
    const layer = layers[family](camel(example.options));
    checkAgainstPyTorch(
      layer,
      example,
      { input: example.input, ...Object.fromEntries(initial.map((part) => [part, example[part]!])) },
      ({ input, ...rest }) => {
        const [output, state] = run(
          layer,
          input,
          initial.length > 0 ? initial.map((part) => rest[part]) : undefined,
          example.lengths,
        );
        return { output, ...Object.fromEntries(parts.map((part, i) => [`${part}_n`, state[i]])) };
      },
      { output: example.output!, ...Object.fromEntries(parts.map((part) => [`${part}_n`, example[`${part}_n`]!])) },
    );
  });
});

describe("cells equal PyTorch's", () => {
  test.each(Object.entries(stored.cell))("%s", (name, example) => {
    const family = name.slice(0, name.indexOf("(")) as keyof typeof cells;
    const parts = partsOf(family);
    const initial = parts.filter((part) => example[part] !== undefined);
    const cell = cells[family](camel(example.options));
    checkAgainstPyTorch(
      cell,
      example,
      { input: example.input, ...Object.fromEntries(initial.map((part) => [part, example[part]!])) },
      ({ input, ...rest }) => {
        const next = step(cell, input, initial.length > 0 ? initial.map((part) => rest[part]) : undefined);
        return Object.fromEntries(parts.map((part, i) => [`${part}_next`, next[i]]));
      },
      Object.fromEntries(parts.map((part) => [`${part}_next`, example[`${part}_next`]!])),
    );
  });
});

/** Constructs what PyTorch printed, such as GRU(3, 5, num_layers=2, bias=False). */
function construct(printed: string): Layer | Cell {
  const [, family, list] = /^(\w+)\((.*)\)$/.exec(printed)!;
  const [inputs, hidden, ...words] = list.split(", ");
  const python: Record<string, unknown> = { True: true, False: false, relu: "relu" };
  const named = words.map((word) => word.split("=")).map(([name, value]) => [name, python[value] ?? Number(value)]);
  const options = camel({
    input_size: Number(inputs),
    hidden_size: Number(hidden),
    ...Object.fromEntries(named),
  });
  return family in layers ? layers[family as FamilyName](options) : cells[family as keyof typeof cells](options);
}

test.each(Object.entries(stored.initial))("%s draws PyTorch's weights", (printed, expected) => {
  manualSeed(1);
  const dict = construct(printed).stateDict();
  expect(Object.keys(dict)).toEqual(Object.keys(expected));
  for (const [name, weight] of Object.entries(expected)) expectClose(dict[name], weight, 0, name);
});

test.each(Object.entries(stored.dropout))("%s draws PyTorch's masks", (printed, example) => {
  const layer = construct(printed) as Layer;
  checkAgainstPyTorch(
    layer,
    example,
    { input: example.input },
    ({ input }) => {
      manualSeed(1);
      return { output: run(layer, input)[0] };
    },
    { output: example.output! },
  );
});

test.each(Object.values(stored.print))("%s prints as in PyTorch", (printed) => {
  expect(String(construct(printed))).toBe(printed);
});
