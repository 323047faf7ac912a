// Checks the bytes of a CSV in one pass: can DuckDB read it unchanged, or must it be rewritten first?
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { closingWord, type Dialect, longestRecord, looksLikeData } from "@eddy/ui/reading";

export interface Structure {
  /** UTF-8, one kind of line ending, the header's number of fields in each line, no comments, regular quotes. */
  plain: boolean;
  utf8: boolean;
  /** Whether fields contain commas, as decimal signs or thousands separators. */
  commas: boolean;
}

const chunkBytes = 1 << 20;
const [other, separatorByte, quoteByte, newline, carriage, zero, comma] = [0, 1, 2, 3, 4, 5, 6];
const commentBytes = new Set([..."#%/;"].map((sign) => sign.charCodeAt(0)));

export function structureOf(path: string, dialect: Dialect): Structure {
  const { separator, names, firstLine } = dialect;
  const kinds = new Uint8Array(256);
  kinds[0] = zero;
  kinds[10] = newline;
  kinds[13] = carriage;
  kinds[34] = quoteByte;
  kinds[44] = comma;
  if (separator !== "blanks") kinds[separator.charCodeAt(0)] = separatorByte;
  const separators = names.length - 1;
  let plain = separator !== "blanks" && dialect.quote === '"';
  let [utf8, commas] = [true, false];
  let [line, fields, lineStart, lastBlank] = [0, 0, 0, false];
  let [newlines, carriages] = [0, 0];
  let [inQuotes, afterQuote] = [false, false];
  let previous = 10;
  let carried = Buffer.alloc(0);
  let lastStart = 0;
  let offset = 0;
  const file = openSync(path, "r");
  const buffer = Buffer.allocUnsafe(chunkBytes);
  try {
    for (;;) {
      const length = readSync(file, buffer, 0, chunkBytes, offset);
      if (length === 0) break;
      const bytes = buffer.subarray(0, length);
      if (offset === 0 && bytes[0] === 0xef && firstLine === 0) plain = false; // a byte order mark before the first number
      if (utf8) {
        const joined = carried.length > 0 ? Buffer.concat([carried, bytes]) : bytes;
        const cut = incompleteEnd(joined);
        utf8 = isUtf8(joined.subarray(0, joined.length - cut));
        carried = Buffer.from(joined.subarray(joined.length - cut));
      }
      for (let i = 0; i < length; i++) {
        const byte = bytes[i]!;
        const kind = kinds[byte]!;
        if (previous === 10) {
          if (line >= firstLine && commentBytes.has(byte)) plain = false;
          if (kind !== newline && kind !== carriage) lastStart = offset + i;
        }
        if (kind !== other) {
          if (kind === newline) {
            const empty = offset + i === lineStart || (previous === 13 && offset + i === lineStart + 1);
            lastBlank = empty;
            if (inQuotes || (line >= firstLine && !empty && fields !== separators)) plain = false;
            if (offset + i - lineStart > longestRecord) plain = false;
            line++;
            newlines++;
            fields = 0;
            lineStart = offset + i + 1;
          } else if (kind === separatorByte) {
            if (!inQuotes) fields++;
            else if (byte === 44 && line >= firstLine) commas = true;
          } else if (kind === comma) commas ||= line >= firstLine;
          else if (kind === carriage) carriages++;
          else if (kind === quoteByte) {
            const opens = previous === 10 || kinds[previous] === separatorByte;
            if (!inQuotes && !opens && previous !== 34) plain = false;
            inQuotes = !inQuotes;
            afterQuote = !inQuotes;
            previous = byte;
            continue;
          } else if (kind === zero) plain = false;
        } else if (afterQuote) plain = false; // a closing quote within a field
        if (previous === 13 && byte !== 10) plain = false;
        afterQuote = false;
        // Within a line, other bytes have no meaning, and separators outside quotes are only counted.
        if (kind === other) {
          const most = inQuotes ? other : separatorByte;
          let next = i + 1;
          for (; next < length; next++) {
            const nextKind = kinds[bytes[next]!]!;
            if (nextKind > most) break;
            fields += nextKind; // 1 for a separator, 0 for other bytes: without a branch, which would often be predicted wrongly
          }
          i = next - 1;
        }
        previous = bytes[i]!;
      }
      offset += length;
    }
    if (previous !== 10 && fields !== separators) plain = false;
    // The last line may lack a line ending; all others have the same.
    if (carriages > 0 && carriages !== newlines) plain = false;
    if (previous === 13 || inQuotes || (separators === 0 && lastBlank)) plain = false;
    if (carried.length > 0) utf8 = false;
    const last = buffer.subarray(0, readSync(file, buffer, 0, 200, lastStart)).toString("utf8");
    if (separators > 0 && /^[\s",;|]*$/.test(last)) plain = false; // a last row without values
    if (dialect.holdsData[0] && closingWord.test(last.replace(/^["\s]+/, "")) && !looksLikeData(last)) plain = false;
  } finally {
    closeSync(file);
  }
  return { plain: plain && utf8, utf8, commas };
}

/** The number of trailing bytes that belong to an incomplete UTF-8 character. */
function incompleteEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
