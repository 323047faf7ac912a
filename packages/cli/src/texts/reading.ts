// Texts about data files: errors, notes on how a file was read, and the list of its columns.
import { counted } from "@eddy/ui/results";

const listed = (names: readonly string[], max = 12) =>
  names.slice(0, max).join(", ") + (names.length > max ? ", …" : "");

export const en = {
  noFile: "expected a data file, received none; name a CSV, TSV, Excel, Parquet or JSON file, or - for standard input.",
  oneFile: (second: string) =>
    `expected one file, received a second one ("${second}"); join several files with --sql "select … from a join b using (time)".`,
  noSuchFile: (file: string) => `${file}: expected a file, found none; check the path (or put it in quotes).`,
  isFolder: (file: string) => `${file}: expected a file, received a folder; name a file in it.`,
  notAllowed: (file: string) =>
    `${file}: expected a readable file, received one without read permission; change its permissions.`,
  otherContent: (file: string, extension: string) =>
    `${file}: expected a CSV, TSV, Excel (.xlsx), Parquet or JSON file, received a ${extension} file; ${
      /^\.(xls|ods)$/.test(extension)
        ? "open it in a spreadsheet program and save it as CSV or .xlsx."
        : /^\.(bz2|xz|7z|zip)$/.test(extension)
          ? "decompress it first."
          : "export it as CSV."
    }`,
  binary: (file: string) =>
    `${file}: expected a table as text, received binary data; export it as CSV, Excel (.xlsx), Parquet or JSON.`,
  badWorkbook: (file: string) =>
    `${file}: expected an Excel workbook (.xlsx), received a damaged or protected one; open it in a spreadsheet program and save it as CSV.`,
  damaged: (file: string) =>
    `${file}: expected a complete compressed file, received a damaged or truncated one; copy or download it again.`,
  changed: (file: string) =>
    `${file}: expected a file that does not change while it is read, received one that did; use a copy.`,
  unevenArrays: (file: string) =>
    `${file}: expected one array per column, all of the same length, received different lengths; export it again.`,
  longLine: (file: string, line: string) =>
    `${file}: line ${line}: expected lines of at most 2,000,000 characters, received a longer one; check the line endings, or use fewer columns.`,
  emptyFile: (file: string) => `${file}: expected a header and rows of data, received an empty file; check the export.`,
  noRows: (file: string) => `${file}: expected rows of data below the header, received none; check the export.`,
  fewRows: (file: string, rows: number, min: number) =>
    `${file}: expected at least ${min} rows for training and validation, received ${rows}; provide more data.`,
  cannotRead: (file: string, reason: string) => `${file}: cannot be read: ${reason}`,
  raggedLine: (file: string, line: string, expected: string, received: string) =>
    `${file}: line ${line}: expected ${counted(expected, "column")} as in the header, received ${received}; correct that line (quote fields that contain the separator).`,
  openQuote: (file: string, line: string) =>
    `${file}: line ${line}: expected a closing quote ("), received none; correct that line.`,
  noColumn: (flag: string, name: string, file: string, nearest: string | undefined, names: readonly string[]) =>
    `${flag}: expected a column of ${file}, received "${name}"; ${nearest ? `did you mean "${nearest}"? The` : "the"} columns are ${listed(names)}.`,
  noNumbers: (name: string, type: string) =>
    `column ${name}: expected numbers, received ${type}; select its fields with --sql.`,
  noTimes: (name: string, type: string) => `--time: expected a time column, received ${name} of type ${type}.`,
  timeAsNumber: (name: string, flag: string) =>
    `${flag}: expected a numeric column, received the time column ${name}; use it as --time ${name}.`,
  sameColumn: (one: string, other: string) =>
    `expected each column once, received "${one}" and "${other}", which are the same column; remove one.`,
  notANumber: (row: number, name: string, value: string, remedy: "unit" | "digits" | "large" | undefined) =>
    `row ${row}, column ${name}: expected a number, received "${value}"; ${
      remedy === "unit"
        ? "write only the number, and put the unit or symbol in the header."
        : remedy === "digits"
          ? "write it with the digits 0 to 9."
          : remedy === "large"
            ? "the largest number is about 1.8e308; leave it empty (or NA) if the value is missing."
            : "correct it, or leave it empty (or NA) if the value is missing."
    }`,
  eitherDecimal: (row: number, name: string, value: string) =>
    `row ${row}, column ${name}: is the separator in "${value}" a decimal or a thousands separator? The file does not show which; add --decimal comma or --decimal point.`,
  infinite: (row: number, name: string, value: string) =>
    `row ${row}, column ${name}: expected a finite number, received "${value}"; leave it empty (or NA) if the value is missing.`,
  notATime: (row: number, name: string, value: string) =>
    `row ${row}, column ${name}: expected a time such as 2024-05-31 13:45:00, received "${value}"; correct it, or set the time format, as in --time-format "%d/%m/%Y %H:%M".`,
  noGroup: (row: number, name: string) =>
    `row ${row}, column ${name}: expected a group name, received none; every row must belong to a series.`,
  ambiguousTime: (name: string, formats: readonly string[]) =>
    `--time ${name}: every day is also a valid month${
      formats.length > 2 || formats.some((format) => format.startsWith("%y")) ? " or a year" : ""
    }, so ${
      formats.some((format) => format.startsWith("%y")) ? "day, month and year" : "day and month"
    } cannot be told apart; add ${formats.map((format) => `--time-format "${format}"`).join(" or ")}.`,
  clockDigits: (name: string, format: string) =>
    `--time ${name}: expected unambiguous times, received digits that could be times of day or plain numbers; add --time-format "${format}" or --time-format number.`,
  clockRestarts: (row: number, name: string) =>
    `row ${row}, column ${name}: expected increasing times, received times of day without a date, which restart every day; join them to the date column: --sql "select *, concat_ws(' ', the_date, the_clock) as moment from the_file" --time moment.`,
  foreignFormat: (format: string, remedy: string) =>
    `--time-format: expected a strptime format, received "${format}"; write --time-format "${remedy}".`,
  badFormat: (format: string, unknown: string, known: string) =>
    `--time-format: expected a format of ${known} with a date or a time of day (such as "%d.%m.%Y %H:%M"), or number, excel, "epoch s" (ms, us, ns), received "${format}"; ${
      unknown === format || unknown === ""
        ? "write out the parts of the time"
        : `"${unknown}" is unknown or repeated: remove or replace it`
    }.`,
  mixedDecimals: (file: string, name: string) =>
    `${file}, column ${name}: expected one decimal separator, received numbers with a point and numbers with a comma, so 1.500 could be 1.5 or 1500; use the same separator throughout.`,
  oneSelect: (statements: number) =>
    `--sql: expected one SELECT, received ${statements === 0 ? "no statement" : `${statements} statements`}; write a single query that returns the table.`,
  notSelect: (kind: string) => `--sql: expected a SELECT, received ${kind}; a query can only read the given files.`,
  onlyNamedFiles: (views: string) =>
    `--sql: expected a query on the given files${views ? ` (${views})` : ""}, received one that reads or writes something else; add that file to the command line and use its view.`,
  badQuery: (reason: string, views: string) => `--sql: invalid query: ${reason}; the views are ${views}.`,
  viewOf: (file: string, view: string) => `${file} is the view "${view}", because another file has the same name.`,
  interrupted: "interrupted while reading; nothing was written.",

  skippedLines: (file: string, lines: number, first: string) =>
    `${file}: the first ${lines === 1 ? "line was" : `${lines} lines were`} skipped, because the table starts below ("${first}"${lines === 1 ? "" : ", …"}).`,
  skippedComments: (file: string, lines: number, first: string) =>
    `${file}: ${lines === 1 ? "1 comment line was" : `${lines} comment lines were`} skipped ("${first}"${lines === 1 ? "" : ", …"}).`,
  skippedFooter: (file: string, lines: number, first: string) =>
    `${file}: the last ${lines === 1 ? "line was" : `${lines} lines were`} skipped, because ${lines === 1 ? "it is not a complete row" : "they are not complete rows"} ("${first}"${lines === 1 ? "" : ", …"}).`,
  skippedEmpty: (file: string, rows: string) =>
    `${file}: ${counted(rows, "empty row")} at the end ${rows === "1" ? "was" : "were"} skipped.`,
  unitsRow: (file: string, units: string) =>
    `${file}: the line below the header was read as units (${units}) and skipped.`,
  numericHeader: (file: string, names: string) =>
    `${file}: the first line was read as column names (${names}); if it is data, add --header no.`,
  undecoded: (file: string) => `${file}: some bytes are not valid UTF-8; they are replaced by \ufffd.`,
  rounded: (name: string) => `${name} contains integers beyond 2^53, which were rounded.`,
  noHeader: (file: string, names: string) =>
    `${file}: there is no header, so the columns are named ${names}; if the first line contains the column names, add --header yes.`,
  epoch: (name: string, unit: string) => `${name} was read as ${unit} since 1970.`,
  epochUnits: { s: "seconds", ms: "milliseconds", us: "microseconds", ns: "nanoseconds" },
  digitDates: (name: string, format: string) =>
    `${name} was read as dates (${format}); to read plain numbers, add --time-format number.`,
  guessedFormat: (name: string, format: string, instead: string) =>
    `${name} was read as ${format}; if that is wrong, add --time-format "${instead}".`,
  asSeconds: (name: string) => `${name} was read as seconds.`,
  dayAndClock: (day: string, clock: string) =>
    `${day} and ${clock} together form the timestamp; the command joins them and uses neither as an input.`,
  maybeExcel: (name: string) =>
    `${name} was read as plain numbers; if they are Excel serial dates, add --time-format excel.`,
  regrouped: (name: string) => `the rows were sorted by ${name}, so that the rows of each series are contiguous.`,

  // the list of columns
  rows: (count: string) => counted(count, "row"),
  column: "column",
  type: "type",
  range: "range",
  missing: "missing",
  none: "none",
  kinds: { number: "number", time: "time", text: "text", mixed: "number*", other: "other", empty: "empty" },
  distinct: (count: string, estimated = false) => `${estimated ? "about " : ""}${count} distinct`,
  notNumbers: (name: string, count: string, value: string, row: string) =>
    `* ${name} has ${counted(count, "non-numeric value")}, first "${value}" in row ${row}.`,
  step: (step: string) => `one row every ${step}`,
  betweenParts: ", ",
  gaps: (count: string, rows: string) => `${counted(count, "gap")} (${counted(rows, "row")} missing)`,
  unsorted: (count: string) => `${counted(count, "row")} out of order`,
  duplicates: (count: string) => counted(count, "duplicate timestamp"),
  timeLeftOut: (name: string, reason: string | undefined) =>
    reason === undefined
      ? `${name} is not suggested for --time: too many timestamps are missing, duplicate, out of order or unevenly spaced.`
      : `${name} is not suggested for --time: ${reason}`,
  try: (target: string, inputs: string, candidates: string) =>
    inputs === candidates
      ? `To predict ${target} from the other numeric columns:`
      : `To predict ${target} from ${inputs} of the ${candidates} other numeric columns:`,
  noPair: "No suggestion: training needs at least two numeric columns that vary and have values in enough rows.",
  longest: (from: string, to: string) => `longest gap: ${from} to ${to}`,

  // the times of a table
  unsortedTime: (file: string, name: string, unsorted: string, duplicates: string, row: string) =>
    `${file}: expected strictly increasing times in ${name}, received ${counted(unsorted, "row")} out of order and ${counted(duplicates, "duplicate timestamp")}, first in row ${row}; add --repair-time last (or first, mean), or sort the file.`,
  gapsFound: (count: string, rows: string) =>
    `${counted(count, "gap")} in time (${counted(rows, "row")} missing): the hidden state is reset after ${count === "1" ? "it" : "each"}; missing rows are not filled in.`,
  repaired: (moved: string, dropped: string) =>
    `${counted(moved, "row")} ${moved === "1" ? "was" : "were"} reordered by time; ${counted(dropped, "row")} with a duplicate timestamp ${dropped === "1" ? "was" : "were"} dropped.`,
};

export const zh: typeof en = {
  noFile: "缺少数据文件；请给出 CSV、TSV、Excel、Parquet 或 JSON 文件，或用 - 表示标准输入。",
  oneFile: (second) =>
    `只接受一个文件，多出了“${second}”；要合并多个文件，请用 --sql "select … from a join b using (time)"。`,
  noSuchFile: (file) => `${file}：找不到这个文件；请检查路径（必要时加上引号）。`,
  isFolder: (file) => `${file}：这是一个目录；请给出其中的文件名。`,
  notAllowed: (file) => `${file}：没有读取权限；请修改文件权限。`,
  otherContent: (file, extension) =>
    `${file}：应为 CSV、TSV、Excel（.xlsx）、Parquet 或 JSON 文件，实际内容是 ${extension} 格式；${
      /^\.(xls|ods)$/.test(extension)
        ? "请用电子表格软件打开，另存为 CSV 或 .xlsx。"
        : /^\.(bz2|xz|7z|zip)$/.test(extension)
          ? "请先解压。"
          : "请导出为 CSV。"
    }`,
  binary: (file) => `${file}：应为文本表格，实际内容是二进制数据；请导出为 CSV、Excel（.xlsx）、Parquet 或 JSON。`,
  badWorkbook: (file) => `${file}：Excel 工作簿（.xlsx）已损坏或受保护；请用电子表格软件打开，另存为 CSV。`,
  damaged: (file) => `${file}：压缩文件已损坏或不完整；请重新复制或下载。`,
  changed: (file) => `${file}：文件在读取过程中被修改；请改用它的副本。`,
  unevenArrays: (file) => `${file}：各列的数组长度不一致；请重新导出。`,
  longLine: (file, line) => `${file}：第 ${line} 行超过 2,000,000 个字符的上限；请检查换行符，或减少列数。`,
  emptyFile: (file) => `${file}：文件是空的，应有表头和数据行；请检查导出过程。`,
  noRows: (file) => `${file}：表头下面没有任何数据行；请检查导出过程。`,
  fewRows: (file, rows, min) => `${file}：训练和验证至少需要 ${min} 行，实际只有 ${rows} 行；请提供更多数据。`,
  cannotRead: (file, reason) => `${file}：无法读取：${reason}`,
  raggedLine: (file, line, expected, received) =>
    `${file}：第 ${line} 行：表头有 ${expected} 列，这一行有 ${received} 列；请改正这一行（含分隔符的字段要加引号）。`,
  openQuote: (file, line) => `${file}：第 ${line} 行：缺少结束引号（"）；请改正这一行。`,
  noColumn: (flag, name, file, nearest, names) =>
    `${flag}：${file} 里没有“${name}”这一列；${nearest ? `是不是想写“${nearest}”？` : ""}现有的列：${listed(names)}。`,
  noNumbers: (name, type) => `列“${name}”：应为数值列，实际类型为 ${type}；请用 --sql 取出其中的数值字段。`,
  noTimes: (name, type) => `--time：应为时间戳列，列“${name}”的类型为 ${type}。`,
  timeAsNumber: (name, flag) => `${flag}：应为数值列，列“${name}”是时间戳；请改用 --time ${name}。`,
  sameColumn: (one, other) => `每一列只能使用一次，“${one}”和“${other}”是同一列；请删除其中一个。`,
  notANumber: (row, name, value, remedy) =>
    `第 ${row} 行，列“${name}”：应为数值，实际为“${value}”；${
      remedy === "unit"
        ? "请只保留数值，把单位写在表头里。"
        : remedy === "digits"
          ? "请使用十进制数字 0 到 9。"
          : remedy === "large"
            ? "数值的上限约为 1.8e308；缺失值请留空或写 NA。"
            : "请改正；缺失值请留空或写 NA。"
    }`,
  eitherDecimal: (row, name, value) =>
    `第 ${row} 行，列“${name}”：无法判断“${value}”中的符号是小数分隔符还是千位分隔符；请加上 --decimal comma 或 --decimal point。`,
  infinite: (row, name, value) => `第 ${row} 行，列“${name}”：应为有限值，实际为“${value}”；缺失值请留空或写 NA。`,
  notATime: (row, name, value) =>
    `第 ${row} 行，列“${name}”：应为 2024-05-31 13:45:00 这样的时间戳，实际为“${value}”；请改正，或用 --time-format "%d/%m/%Y %H:%M" 指定时间戳格式。`,
  noGroup: (row, name) => `第 ${row} 行，列“${name}”：缺少分组名；每一行都必须属于某个序列。`,
  ambiguousTime: (name, formats) =>
    `--time ${name}：${
      formats.some((format) => format.startsWith("%y")) ? "无法区分年、月、日" : "日和月的值都不超过 12，无法区分日和月"
    }；请加上 ${formats.map((format) => `--time-format "${format}"`).join(" 或 ")}。`,
  clockDigits: (name, format) =>
    `--time ${name}：这些数字可能是时刻，也可能是普通数值；请加上 --time-format "${format}" 或 --time-format number。`,
  clockRestarts: (row, name) =>
    `第 ${row} 行，列“${name}”：时间戳应递增，但这一列只有时刻、没有日期，每天午夜归零；请与日期列合并：--sql "select *, concat_ws(' ', the_date, the_clock) as moment from the_file" --time moment。`,
  foreignFormat: (format, remedy) =>
    `--time-format：应为 strptime 格式，实际为“${format}”；请改为 --time-format "${remedy}"。`,
  badFormat: (format, unknown, known) =>
    `--time-format：格式只能由 ${known} 组成，且必须含日期或时刻（例如 "%d.%m.%Y %H:%M"），也可以是 number、excel、"epoch s"（ms、us、ns），实际为“${format}”；${
      unknown === format || unknown === ""
        ? "请写明时间戳的各个组成部分"
        : `“${unknown}”无法识别或重复出现：请删除或替换`
    }。`,
  mixedDecimals: (file, name) =>
    `${file}，列“${name}”：小数分隔符不统一，既有点也有逗号；1.500 可能是 1.5，也可能是 1500：请改用同一种分隔符。`,
  oneSelect: (statements) =>
    `--sql：应为一条 SELECT，实际为${statements === 0 ? "空查询" : ` ${statements} 条语句`}；请只写一条返回数据表的查询。`,
  notSelect: (kind) => `--sql：应为 SELECT，实际为 ${kind}；查询只能读取命令行上给出的文件，不能修改任何内容。`,
  onlyNamedFiles: (views) =>
    `--sql：只能查询命令行上给出的文件（${views}），而这条查询访问了其他文件；请把那个文件也加到命令行上，并使用它的视图。`,
  badQuery: (reason, views) => `--sql：查询无效：${reason}；可用的视图：${views}。`,
  viewOf: (file, view) => `另一个文件与 ${file} 同名，因此它的视图名为“${view}”。`,
  interrupted: "读取时已中断，未写入任何文件。",

  skippedLines: (file, lines, first) =>
    `${file}：已跳过表格之前的 ${lines} 行（“${first}”${lines === 1 ? "" : "……"}）。`,
  skippedComments: (file, lines, first) => `${file}：已跳过 ${lines} 行注释（“${first}”${lines === 1 ? "" : "……"}）。`,
  skippedFooter: (file, lines, first) =>
    `${file}：最后 ${lines} 行不是完整的数据行，已跳过（“${first}”${lines === 1 ? "" : "……"}）。`,
  skippedEmpty: (file, rows) => `${file}：最后 ${rows} 行是空行，已跳过。`,
  unitsRow: (file, units) => `${file}：表头下面的一行被识别为单位（${units}），已跳过。`,
  numericHeader: (file, names) => `${file}：第一行被识别为列名（${names}）；如果它是数据，请加上 --header no。`,
  undecoded: (file) => `${file}：含有无效的 UTF-8 字节，显示为 \ufffd。`,
  rounded: (name) => `列“${name}”含有超过 2^53 的整数，已舍入。`,
  noHeader: (file, names) => `${file}：没有表头，各列命名为 ${names}；如果第一行是列名，请加上 --header yes。`,
  epoch: (name, unit) => `列“${name}”按 Unix 时间戳（${unit}）读取。`,
  epochUnits: { s: "秒", ms: "毫秒", us: "微秒", ns: "纳秒" },
  digitDates: (name, format) => `列“${name}”按日期 ${format} 读取；要按普通数值读取，请加上 --time-format number。`,
  guessedFormat: (name, format, instead) =>
    `列“${name}”按 ${format} 读取；如果不对，请加上 --time-format "${instead}"。`,
  asSeconds: (name) => `列“${name}”按秒读取。`,
  dayAndClock: (day, clock) => `“${day}”与“${clock}”合在一起才是完整的时间戳；下面的命令会把两列合并，且不用作输入。`,
  maybeExcel: (name) => `列“${name}”按普通数值读取；如果是 Excel 日期序列号，请加上 --time-format excel。`,
  regrouped: (name) => `已按列“${name}”排序，使每个序列的行相邻。`,

  rows: (count) => `${count} 行`,
  column: "列",
  type: "类型",
  range: "取值范围",
  missing: "缺失值",
  none: "无",
  kinds: { number: "数值", time: "时间", text: "文本", mixed: "数值*", other: "其他", empty: "空" },
  distinct: (count, estimated) => `${estimated ? "约 " : ""}${count} 个不同的值`,
  notNumbers: (name, count, value, row) => `* 列“${name}”有 ${count} 个值不是数值，第一个是第 ${row} 行的“${value}”。`,
  step: (step) => `采样间隔：${step}`,
  betweenParts: "，",
  gaps: (count, rows) => `${count} 处缺口（缺 ${rows} 行）`,
  unsorted: (count) => `${count} 行乱序`,
  duplicates: (count) => `${count} 个重复的时间戳`,
  timeLeftOut: (name, reason) =>
    reason === undefined
      ? `不建议把列“${name}”用作 --time：缺失、重复、乱序或间隔不均的时间戳太多。`
      : `不建议把列“${name}”用作 --time：${reason}`,
  try: (target, inputs, candidates) =>
    inputs === candidates
      ? `用其余的数值列预测 ${target}：`
      : `用其余 ${candidates} 个数值列中的 ${inputs} 个预测 ${target}：`,
  noPair: "无法给出建议：至少需要两个数值列，且取值有变化、缺失值不太多。",
  longest: (from, to) => `最长的缺口：${from} 至 ${to}`,

  unsortedTime: (file, name, unsorted, duplicates, row) =>
    `${file}：列“${name}”的时间戳应逐行递增，实际有 ${unsorted} 行乱序、${duplicates} 行重复，首次出现在第 ${row} 行；请加上 --repair-time last（或 first、mean），或先对文件排序。`,
  gapsFound: (count, rows) => `时间戳有 ${count} 处缺口（缺 ${rows} 行）：每处缺口之后重置隐藏状态，不填补数据。`,
  repaired: (moved, dropped) => `已按时间戳排序（移动 ${moved} 行），并删除时间戳重复的 ${dropped} 行。`,
};
