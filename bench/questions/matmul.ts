// How many multiplications and additions a second does a matrix product reach?
import { race } from "../harness/race.ts";
import type { Question } from "./question.ts";

const size = 512;

export const matmul: Question = {
  name: "matmul",
  title: "Product of two matrices",
  async answer({ entrants, pace }) {
    const findings = await race(`matrix product, ${size} × ${size}`, { kind: "product", size }, entrants, pace);
    for (const row of findings.rows) row.gigaflops = (2 * size ** 3) / row.median / 1e6;
    return findings;
  },
};
