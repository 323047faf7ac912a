// The tutorial's program, the looking inside, and its settings.
export { type InnerValues, Inside, type Predicted, predict } from "./inside.ts";
export type { State } from "./net.ts";
export { type LearnedWindow, type Moment, Program } from "./program.ts";
export { cells, optimizers, type ProgramSettings, restartingSettings, tutorialSettings } from "./settings.ts";
export { type Signal, sinToCos, type Window } from "./signal.ts";
