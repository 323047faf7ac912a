/** The recurrent families that a setting can name. */
import type { Recurrence } from "./family.ts";
import { GRU, gruRecurrence } from "./gru.ts";
import { LSTM, lstmRecurrence } from "./lstm.ts";
import { MinGRU, minGruRecurrence } from "./min-gru.ts";
import { RNN, rnnRecurrence } from "./rnn.ts";

/** The layers, which learn. */
export const cells = { rnn: RNN, gru: GRU, lstm: LSTM, mingru: MinGRU } as const;

/** The name of a recurrent layer in settings and model files. */
export type CellName = keyof typeof cells;

/** What a model in use needs of them. */
export const recurrences: Readonly<Record<CellName, Recurrence>> = {
  rnn: rnnRecurrence,
  gru: gruRecurrence,
  lstm: lstmRecurrence,
  mingru: minGruRecurrence,
};

export const cellNames = /* @__PURE__ */ Object.keys(recurrences) as CellName[];
