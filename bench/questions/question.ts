// What every question is: a name to pick it by, what it asks, and how it finds out.
import type { Entrant } from "../harness/entrants.ts";
import type { Pace } from "../harness/race.ts";
import type { Findings } from "../harness/rows.ts";

export interface Question {
  name: string;
  title: string;
  answer(bench: Bench): Promise<Findings>;
}

interface Bench {
  entrants: Entrant[];
  pace: Pace;
  /** Whether a look will do: fewer points on a curve. */
  quick: boolean;
  /** Whether an entrant of this name was asked for. */
  wanted(name: string): boolean;
}
