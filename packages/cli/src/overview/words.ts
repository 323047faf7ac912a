// What is suspicious about columns, in words.
import { quoted } from "@eddy/ui/results";
import { count, listed, moment, number, percent } from "../format.ts";
import { quoteName, quoteText } from "../reading/conversions.ts";
import type { Texts } from "../texts/languages.ts";
import type { Suspicion } from "./analysis.ts";

/** A suspicion as a sentence. @param time of each row, if it can name rows. */
export function suspicionInWords(suspicion: Suspicion, time: Float64Array | undefined, { look }: Texts): string {
  switch (suspicion.kind) {
    case "constant":
      return look.constant(suspicion.column, number(suspicion.value));
    case "counter":
      return look.counter(suspicion.column);
    case "duplicate":
      return look.duplicate(suspicion.column, suspicion.of);
    case "missing-code": {
      const { columns, value, share } = suspicion;
      return look.missingCode(number(value, 12), listed(columns, 3), columns.length, percent(share));
    }
    case "category":
      return look.category(suspicion.column, suspicion.values);
    case "leak":
      return look.leak(suspicion.column, suspicion.target, suspicion.lag);
    case "later":
      return look.later(suspicion.column, suspicion.target, suspicion.rows);
    case "near-copy":
      return look.nearCopy(suspicion.column, suspicion.target, number(suspicion.correlation, 5));
    case "sum":
      return look.sum(suspicion.target, suspicion.columns);
    case "mode": {
      const { column, value, target, share } = suspicion;
      const name = /^[a-z_]\w*$/i.test(column) ? column : quoteName(column);
      const condition = `${name} <> ${typeof value === "number" ? value : quoteText(value)}`;
      return look.mode(column, String(value), target, percent(share), `--when ${quoted(condition)}`);
    }
    case "frozen": {
      const { row, rows } = suspicion.run;
      if (time === undefined)
        return look.frozen(suspicion.column, count(rows), look.row(count(row + 1)), look.row(count(row + rows)));
      const [from, to] = [moment(time[row]!), moment(time[row + rows - 1]!)];
      const excluded = `${from}..${to}`;
      return look.frozen(suspicion.column, count(rows), from, to, `--exclude ${quoted(excluded)}`);
    }
  }
}
