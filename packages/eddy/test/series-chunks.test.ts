/** Lanes and chunks: every row is used once, states are carried where they should be, and masked rows have no influence. */
import { manualSeed, nn, noGrad, randn, stack, type Tensor, tensor } from "eddy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellNames } from "../src/nn/cells.ts";
import { drawNetwork, type Network } from "../src/series/network/network.ts";
import { finish } from "../src/series/pace.ts";
import { chunkGradients, noState } from "../src/series/training/chunk-gradients.ts";
import { chunkCount, chunksOf, type LaneChunk, planLanes } from "../src/series/training/lanes.ts";
import { noise } from "./series-data.ts";

/** Segments with gaps between them. */
const segments = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 8 })
  .map((lengths) => {
    let at = 0;
    return lengths.map(([rows, gap]) => {
      const start = at + gap;
      at = start + rows;
      return { start, end: at };
    });
  });
const rowsOf = (ranges: readonly { start: number; end: number }[]) =>
  ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));

describe("the batches of an epoch", () => {
  test("contain every row once, in order within each lane", () => {
    fc.assert(
      fc.property(
        segments,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        (ranges, wanted, chunk) => {
          const rows = rowsOf(ranges);
          const lanes = Math.min(wanted, rows.length);
          const plan = planLanes(ranges, lanes);
          expect(plan.flatMap((pieces) => rowsOf(pieces))).toEqual(rows);
          const seen: number[][] = plan.map(() => []);
          let chunks = 0;
          for (const jobs of chunksOf(plan, chunk, 3)) {
            chunks++;
            for (const [lane, job] of jobs.entries()) {
              for (let i = 0; i < job.rows; i++) seen[lane].push(job.row + i);
            }
          }
          expect(seen.flat()).toEqual(rows);
          expect(chunks).toBe(chunkCount(plan, chunk));
        },
      ),
    );
  });

  test("reset the state where a segment begins, and in the first epoch where a lane begins, with warm-up", () => {
    fc.assert(
      fc.property(segments, fc.integer({ min: 1, max: 5 }), fc.boolean(), (ranges, wanted, first) => {
        const lanes = Math.min(wanted, rowsOf(ranges).length);
        const starts = new Set(ranges.map(({ start }) => start));
        const plan = planLanes(ranges, lanes);
        const laneStarts = new Set(plan.flatMap((pieces) => (pieces.length > 0 ? [pieces[0].start] : [])));
        const quiet = new Map<number, number>();
        for (const jobs of chunksOf(plan, 4, first ? 6 : undefined)) {
          for (const { row, rows, reset, warmUp } of jobs) {
            if (rows === 0) continue;
            expect(reset).toBe(starts.has(row) || (first && laneStarts.has(row)));
            for (let i = 0; i < warmUp; i++) quiet.set(row + i, 1);
          }
        }
        const expected = plan.flatMap(([piece]) =>
          first && piece !== undefined && !starts.has(piece.start) ? rowsOf([piece]).slice(0, 6) : [],
        );
        expect([...quiet.keys()].sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});

describe.each(cellNames)("one chunk of %s", (cell) => {
  const options = { cell, inputSize: 2, hiddenSize: 5, numLayers: 2, targetSize: 1, linear: true } as const;
  const network: Network = drawNetwork({ ...options, initialState: "learned" }, 7);
  const x = Float32Array.from(noise(400));
  const gradientsOf = (compute: () => void) => {
    for (const parameter of network.parameters()) parameter.grad = undefined;
    compute();
    return network.parameters().map(({ grad }) => Array.from(grad?.data ?? []));
  };
  const alone = (row: number, rows: number) =>
    network.forward(tensor(x.slice(2 * row, 2 * (row + rows)), [1, rows, 2]), network.start(1));

  test("targets that are missing, in warm-up or after the end of a lane are excluded from the loss", () => {
    const y = Float32Array.from(noise(200, 5));
    const missing = [3, 4, 11, 120];
    for (const row of missing) y[row] = Number.NaN;
    const lanes: LaneChunk[] = [
      { row: 0, rows: 20, reset: true, warmUp: 0 },
      { row: 100, rows: 33, reset: true, warmUp: 6 },
    ];
    const scored = lanes.flatMap(({ row, rows, warmUp }, lane) =>
      Array.from({ length: rows }, (_, t) => ({ lane, t, row: row + t })).filter(
        ({ t, row }) => t >= warmUp && !missing.includes(row),
      ),
    );
    let expectedLoss = 0;
    const expected = gradientsOf(() => {
      const outputs = lanes.map(({ row, rows }) => alone(row, rows)[0]);
      const predictions = stack(
        scored.map(({ lane, t }) => outputs[lane].select(1, t).reshape(1)),
        0,
      );
      const loss = new nn.MSELoss().forward(predictions, tensor(scored.map(({ row }) => [y[row]])));
      expectedLoss = loss.item();
      loss.backward();
    });
    for (const slice of [7, 100]) {
      let found = { loss: Number.NaN, values: 0 };
      const gradients = gradientsOf(() => {
        found = finish(chunkGradients(network, { x, y }, lanes, noState(network, 2), slice));
      });
      expect(found.values).toBe(scored.length);
      expect(found.loss).toBeCloseTo(expectedLoss, 6);
      for (const [i, gradient] of gradients.entries()) {
        for (const [k, value] of gradient.entries()) expect(value).toBeCloseTo(expected[i][k], 5);
      }
    }
  });

  test("the final state of each lane is the one after its last row, whatever the other lanes do", () => {
    manualSeed(1);
    const carried = network.start(1).map((part) => randn(part.shape[0], 4, part.shape[2]));
    const lanes: LaneChunk[] = [
      { row: 0, rows: 30, reset: true, warmUp: 0 },
      { row: 50, rows: 4, reset: true, warmUp: 0 },
      { row: 60, rows: 17, reset: false, warmUp: 0 },
      { row: 0, rows: 0, reset: false, warmUp: 0 },
    ];
    const y = new Float32Array(200).fill(Number.NaN);
    const own = (lane: number) => carried.map((part) => part.narrow(1, lane, 1).clone());
    const expected = noGrad(() => [
      alone(0, 30)[1],
      alone(50, 4)[1],
      network.forward(tensor(x.slice(120, 154), [1, 17, 2]), own(2))[1],
      own(3),
    ]);
    for (const slice of [5, 9, 100]) {
      const { state, values } = finish(chunkGradients(network, { x, y }, lanes, carried, slice));
      expect(values).toBe(0);
      for (const [lane, parts] of expected.entries()) {
        for (const [i, part] of parts.entries()) {
          expect(listed(state[i].narrow(1, lane, 1)), `lane ${lane}, slices of ${slice}`).toEqual(listed(part));
        }
      }
    }
  });
});

const listed = (part: Tensor) => Array.from(part.data);
