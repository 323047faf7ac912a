// Texts common to all commands: help, usage errors, failures, units of time.

export const en = {
  // commands and their help
  about: "Learn one signal from another, live.",
  usage: "Usage:",
  argumentsTitle: "Arguments:",
  optionsTitle: "Options:",
  commandsTitle: "Commands:",
  helpHint: (command: string) => `Run \`${command} --help\` for usage.`,
  showHelp: "show this help",
  showVersion: "show Eddy's version",
  showCommandHelp: "show the help of a command",
  defaultIs: (value: string) => ` (default: ${value})`,
  debug: "print the stack trace of an error",
  lang: "output language, en or zh",

  // usage errors
  wrongValue: (flag: string, expected: string, received: string, example: string) =>
    `${flag}: expected ${expected}, received "${received}"; for example, ${flag} ${example}.`,
  integer: (minimum: number) => `an integer ≥ ${minimum}`,
  positiveNumber: "a number > 0",
  oneOf: (choices: string) => `one of ${choices}`,
  valueIs: (meaning: string, expected: string) => `${meaning}: ${expected}`,
  numberRule: (expected: string) => expected,
  share: "a share such as 25% or 0.25",
  shareOrPath: "a share such as 20%, or a file",
  level: "a probability from 50% to 99%, or none",
  span: "a duration such as 60s, 5m or 1h, or none",
  columnNames: "column names separated by commas",
  gapsRule: "hold:N or interpolate:N with a number of rows, or restart",
  numberList: "numbers separated by commas",
  bounds: "ranges of targets such as level=0..100,flow=0..",
  interval: "an interval such as 10s, 5m, 1h or 1d",
  summaries: "columns with mean, last or sum",
  range: "a range FROM..TO",
  missingValue: (flag: string) => `${flag}: expected a value, received none; add one after the option.`,
  missingArgument: (name: string) => `expected ${name}, received none; add it after the command.`,
  unknownOption: (flag: string, suggestion?: string) =>
    `expected a known option, received ${flag}${suggestion ? `; did you mean ${suggestion}?` : "."}`,
  unknownCommand: (name: string, suggestion?: string) =>
    `expected a known command, received "${name}"${suggestion ? `; did you mean ${suggestion}?` : "."}`,
  unexpectedArgument: (received: string) => `expected options only, received "${received}"; remove it.`,

  // failures and interruption
  stdoutFailed: (reason: string) =>
    `expected to write the results to standard output, received an error (${reason}); free some disk space, or write to another file.`,
  unexpected: (reason: string) => `${reason} (run the command with --debug for a stack trace)`,
  interrupted: "interrupted; nothing was written.",

  // formatting of values
  htmlLanguage: "en",
  timeUnits: { us: "µs", ms: "ms", s: "s", min: "min", h: "h", d: "days" },
  oneDay: "day",
};

/** The rules for numbers on the command line, keyed by the library's English text. */
const zhRules: Readonly<Record<string, string>> = {
  "an integer": "整数",
  "an integer ≥ 0": "不小于 0 的整数",
  "an integer ≥ 1": "不小于 1 的整数",
  "a number > 0": "大于 0 的数",
};

export const zh: typeof en = {
  about: "由一个信号实时估计另一个信号。",
  usage: "用法：",
  argumentsTitle: "参数：",
  optionsTitle: "选项：",
  commandsTitle: "命令：",
  helpHint: (command) => `运行 \`${command} --help\` 查看全部选项。`,
  showHelp: "显示帮助信息",
  showVersion: "显示 Eddy 的版本号",
  showCommandHelp: "显示指定命令的帮助信息",
  defaultIs: (value) => `（默认值：${value}）`,
  debug: "出错时显示调用栈",
  lang: "显示语言：en 或 zh",

  wrongValue: (flag, expected, received, example) =>
    `${flag}：应为${expected}，实际为“${received}”；例如 ${flag} ${example}。`,
  integer: (minimum) => `不小于 ${minimum} 的整数`,
  positiveNumber: "大于 0 的数",
  oneOf: (choices) => ` ${choices} 之一`,
  valueIs: (meaning, expected) => `${meaning}：${expected}`,
  numberRule: (expected) => zhRules[expected] ?? expected,
  share: " 25% 或 0.25 这样的比例",
  shareOrPath: " 20% 这样的比例，或一个文件",
  level: " 50% 到 99% 的概率，或 none",
  span: " 60s、5m、1h 这样的时间，或 none",
  columnNames: "用逗号分隔的列名",
  gapsRule: " hold:N、interpolate:N（N 为行数）或 restart",
  numberList: "用逗号分隔的数",
  bounds: " level=0..100,flow=0.. 这样的目标范围",
  interval: " 10s、5m、1h、1d 这样的时间间隔",
  summaries: "各列的 mean、last 或 sum",
  range: "范围 FROM..TO",
  missingValue: (flag) => `${flag}：缺少值；请在它后面补上。`,
  missingArgument: (name) => `缺少参数 ${name}；请写在命令后面。`,
  unknownOption: (flag, suggestion) => `没有 ${flag} 这个选项${suggestion ? `；是不是想写 ${suggestion}？` : "。"}`,
  unknownCommand: (name, suggestion) => `没有“${name}”这个命令${suggestion ? `；是不是想写 ${suggestion}？` : "。"}`,
  unexpectedArgument: (received) => `这里只接受选项，多出了“${received}”；请删除。`,

  stdoutFailed: (reason) => `无法写入标准输出（${reason}）；请释放磁盘空间，或输出到别处。`,
  unexpected: (reason) => `${reason}（加上 --debug 重新运行，可查看调用栈）`,
  interrupted: "已中断，没有写出任何文件。",

  htmlLanguage: "zh-CN",
  timeUnits: { us: "微秒", ms: "毫秒", s: "秒", min: "分钟", h: "小时", d: "天" },
  oneDay: "天",
};
