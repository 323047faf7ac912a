// A question: its name, its title, and how it is answered.
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
  /** Whether to take fewer points on a curve. */
  quick: boolean;
  /** Whether an entrant of this name was selected. */
  wanted(name: string): boolean;
}
