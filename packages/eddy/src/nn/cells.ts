/** The recurrent layers that a setting can name. */
import { GRU } from "./gru.ts";
import { LSTM } from "./lstm.ts";
import { MinGRU } from "./min-gru.ts";
import { RNN } from "./rnn.ts";

export const cells = { rnn: RNN, gru: GRU, lstm: LSTM, mingru: MinGRU } as const;

/** The name of a recurrent layer in settings and model files. */
export type CellName = keyof typeof cells;

export const cellNames = Object.keys(cells) as CellName[];
