// Every question, in the order in which they are asked.
import { batch } from "./batch.ts";
import { browser } from "./browser.ts";
import { bundle } from "./bundle.ts";
import { hidden } from "./hidden.ts";
import { length } from "./length.ts";
import { lstm } from "./lstm.ts";
import { matmul } from "./matmul.ts";
import { rnn } from "./rnn.ts";
import { startup } from "./startup.ts";
import { stream } from "./stream.ts";
import { tutorial } from "./tutorial.ts";

export const all = [tutorial, rnn, lstm, stream, matmul, hidden, length, batch, startup, bundle, browser];
