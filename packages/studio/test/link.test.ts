// Links: a round trip for all settings, and junk that is ignored and named.
import { cells, optimizers, tutorialSettings } from "@eddy/ui/program";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromLink, type Linked, toLink } from "../src/run/link.ts";
import { signalNames } from "../src/run/signals.ts";

const tutorial: Linked = { settings: tutorialSettings, signal: { kind: "formula", name: "sin" }, pinned: undefined };

const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const settings = fc.record({
  seed: fc.maxSafeNat(),
  steps: fc.integer({ min: 1, max: 1_000_000 }),
  timeStep: fc.integer({ min: 1, max: 10_000 }),
  lr: positive,
  cell: fc.constantFrom(...cells),
  hidden: fc.integer({ min: 1, max: 1024 }),
  layers: fc.integer({ min: 1, max: 8 }),
  optimizer: fc.constantFrom(...optimizers),
  clip: fc.option(positive, { nil: undefined }),
  forward: fc.constantFrom("loop" as const, "batched" as const),
  dynamic: fc.boolean(),
  carry: fc.boolean(),
  detach: fc.boolean(),
  zeroGrad: fc.boolean(),
  endpoint: fc.boolean(),
  teacherForcing: fc.boolean(),
});
const period = fc.array(
  fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value + 0), // a link does not tell −0 from 0
  { minLength: 1, maxLength: 50 },
);
const signal = fc.oneof(
  fc.constantFrom(...signalNames).map((name) => ({ kind: "formula" as const, name })),
  fc.record({ kind: fc.constant("drawn" as const), input: period, target: period }),
);
const linked = fc.record({ settings, signal, pinned: fc.option(settings, { nil: undefined }) });

test("what a link was made from comes back, and the link survives a URL", () => {
  fc.assert(
    fc.property(linked, (made) => {
      const url = new URL("https://example.org/studio/");
      url.hash = toLink(made);
      expect(fromLink(url.hash)).toEqual({ ...made, ignored: [] });
    }),
  );
});

test("only what differs from the tutorial's program is in it", () => {
  expect(toLink(tutorial)).toBe("");
  expect(toLink({ ...tutorial, settings: { ...tutorialSettings, carry: false, hidden: 8 } })).toBe(
    "v=1&hidden=8&carry=false",
  );
  const clipped = { ...tutorialSettings, clip: 1 };
  expect(toLink({ settings: clipped, signal: { kind: "formula", name: "echo" }, pinned: tutorialSettings })).toBe(
    "v=1&clip=1&signal=echo&pinned=true&pinned.clip=none",
  );
});

describe("what does not fit is ignored and named", () => {
  test.each([
    ["v=1&hidden=0", ["hidden=0"]],
    ["#v=1&hidden=many&cell=rnn", ["hidden=many"]],
    ["v=1&lr=&lr=0.1", ["lr=0.1", "lr="]],
    ["v=1&lr=Infinity&seed=1.5&carry=yes", ["seed=1.5", "lr=Infinity", "carry=yes"]],
    ["v=2&hidden=8", ["v=2", "hidden=8"]],
    ["hidden=8", ["hidden=8"]],
    ["v=1&constructor=1&__proto__=2", ["constructor=1", "__proto__=2"]],
    ["v=1&signal=cosine", ["signal=cosine"]],
    ["v=1&input=1,2&target=0", ["input=1,2"]],
    ["v=1&input=,&target=0", ["input=,"]],
    ["v=1&pinned.carry=false", ["pinned.carry=false"]],
    ["v=1&pinned=maybe", ["pinned=maybe"]],
    ["%E0%A4%A", ["\ufffd%A="]],
    [`v=1&hidden=${"9".repeat(1000)}`, [`hidden=${"9".repeat(53)}`]],
  ])("%s", (text, ignored) => {
    expect(fromLink(text)).toEqual({ ...tutorial, ignored });
  });

  test("no text is an error, whatever it contains", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("v=1", "&", "=", "hidden", "input=1,", "%", "#", "pinned."),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { settings, signal, pinned } = fromLink(pieces.join(""));
        expect(fromLink(toLink({ settings, signal, pinned }))).toEqual({ settings, signal, pinned, ignored: [] });
      }),
    );
  });
});
