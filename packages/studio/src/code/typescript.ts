// The program for the current settings as TypeScript, which runs as it stands.
import type { ProgramSettings } from "@eddy/ui/program";
import type { SignalSource } from "../run/protocol.ts";
import { rowsInTypescript } from "./rows.ts";
import { isSin, lines, sharesRows } from "./text.ts";

const layers = { rnn: "RNN", lstm: "LSTM", gru: "GRU" };
const optimizers = { adam: "Adam", sgd: "SGD", rmsprop: "RMSprop" };

/** The text of the program; it prints the loss of each step. */
export function typescriptProgram(settings: ProgramSettings, source: SignalSource): string {
  const { seed, steps, timeStep, lr, optimizer, clip, dynamic, carry, zeroGrad, teacherForcing } = settings;
  return lines(
    "// npm install eddy && npx tsx program.ts",
    `import { ${imports(settings).join(", ")} } from "eddy";`,
    "",
    `manualSeed(${seed});`,
    "",
    `const TIME_STEP = ${timeStep};`,
    `const LR = ${lr};`,
    "",
    network(settings),
    "",
    isSin(source) ? linspace(settings) : rowsInTypescript(source, seed),
    "",
    "const rnn = new RNN();",
    `const optimizer = new optim.${optimizers[optimizer]}(rnn.parameters(), { lr: LR });`,
    "const lossFunction = new nn.MSELoss();",
    carry && `let state: ${stateType(settings)} | undefined;`,
    teacherForcing && "let lastTarget = zeros(1, 1, 1);",
    !isSin(source) && "const rows = signal();",
    sharesRows(settings, source) && "let lastRow = rows.next().value;",
    isSin(source) && dynamic && "let start = 0;",
    "",
    `for (let step = 1; step <= ${steps}; step++) {`,
    isSin(source) ? sinWindow(settings) : rowsWindow(settings, source),
    teacherForcing && [
      "  const targetsBefore = cat([lastTarget, y.narrow(1, 0, y.size(1) - 1)], 1);",
      "  const x = cat([input, targetsBefore], 2); // (1, time, 2)",
      "  lastTarget = y.narrow(1, y.size(1) - 1, 1);",
    ],
    "",
    carry
      ? ["  const [prediction, next] = rnn.forward(x, state);", `  state = ${nextState(settings)};`]
      : "  const prediction = rnn.forward(x);",
    "  const loss = lossFunction.forward(prediction, y);",
    zeroGrad && "  optimizer.zeroGrad();",
    "  loss.backward();",
    clip !== undefined && `  nn.clipGradNorm(rnn.parameters(), ${clip});`,
    "  optimizer.step();",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a program
    "  console.log(`step ${step}  loss ${loss.item()}`);",
    "}",
  );
}

function nextState({ cell, detach }: ProgramSettings): string {
  if (!detach) return "next";
  return cell === "lstm" ? "[next[0].detach(), next[1].detach()]" : "next.detach()";
}

function imports({ forward, teacherForcing, dynamic }: ProgramSettings): string[] {
  return [
    ...(teacherForcing ? ["cat"] : []),
    "manualSeed",
    "nn",
    "optim",
    ...(dynamic ? ["randint"] : []),
    ...(forward === "loop" ? ["stack"] : []),
    "type Tensor",
    "tensor",
    ...(teacherForcing ? ["zeros"] : []),
  ];
}

const stateType = ({ cell }: ProgramSettings) => (cell === "lstm" ? "[Tensor, Tensor]" : "Tensor");

function network(settings: ProgramSettings): string {
  const { cell, hidden, layers: count, forward, carry, teacherForcing } = settings;
  const options = `inputSize: ${teacherForcing ? 2 : 1}, hiddenSize: ${hidden}, numLayers: ${count}, batchFirst: true`;
  const state = stateType(settings);
  const returned = (outs: string) => (carry ? `    return [${outs}, next];` : `    return ${outs};`);
  return lines(
    "class RNN extends nn.Module {",
    `  rnn = new nn.${layers[cell]}({ ${options} });`,
    `  out = new nn.Linear(${hidden}, 1);`,
    "",
    carry ? `  forward(x: Tensor, state?: ${state}): [Tensor, ${state}] {` : "  forward(x: Tensor): Tensor {",
    carry
      ? `    const [features, next] = this.rnn.forward(x, state); // (1, time, ${hidden})`
      : `    const [features] = this.rnn.forward(x); // (1, time, ${hidden})`,
    forward === "batched"
      ? [
          `    const outs = this.out.forward(features.reshape(-1, ${hidden})); // (time, 1)`,
          returned("outs.reshape(1, -1, 1)"),
        ]
      : [
          "    const outs: Tensor[] = [];",
          "    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));",
          returned("stack(outs, 1)"),
        ],
    "  }",
    "}",
  );
}

function linspace({ endpoint, timeStep }: ProgramSettings): string {
  // A window may have one point only if TIME_STEP is 1.
  const [intervals, isLast] =
    timeStep > 1 ? ["count - 1", "i === count - 1"] : ["Math.max(1, count - 1)", "i > 0 && i === count - 1"];
  return lines(
    "function linspace(start: number, stop: number, count: number): Float32Array {",
    `  const width = (stop - start) / ${endpoint ? (timeStep > 1 ? `(${intervals})` : intervals) : "count"};`,
    `  return Float32Array.from({ length: count }, (_, i) => ${endpoint ? `(${isLast} ? stop : start + i * width)` : "start + i * width"});`,
    "}",
  );
}

function sinWindow({ dynamic, teacherForcing }: ProgramSettings): string {
  return lines(
    dynamic
      ? [
          "  const span = randint(1, 4, [1]).item();",
          "  const time = linspace(start * Math.PI, (start + span) * Math.PI, TIME_STEP * span);",
          "  start += span;",
        ]
      : "  const time = linspace((step - 1) * Math.PI, step * Math.PI, TIME_STEP);",
    `  const ${teacherForcing ? "input" : "x"} = tensor(time.map(Math.sin), [1, time.length, 1]); // (batch, time, feature)`,
    "  const y = tensor(time.map(Math.cos), [1, time.length, 1]);",
  );
}

function rowsWindow(settings: ProgramSettings, source: SignalSource): string {
  const { dynamic, teacherForcing } = settings;
  const length = dynamic ? "length" : "TIME_STEP";
  return lines(
    dynamic && "  const length = TIME_STEP * randint(1, 4, [1]).item();",
    sharesRows(settings, source)
      ? [
          "  const window = [lastRow];",
          `  while (window.length < ${length}) window.push(rows.next().value);`,
          "  lastRow = window[window.length - 1];",
        ]
      : `  const window = Array.from({ length${length === "length" ? "" : `: ${length}`} }, () => rows.next().value);`,
    `  const ${teacherForcing ? "input" : "x"} = tensor([window.map(([input]) => [input])]); // (batch, time, feature)`,
    "  const y = tensor([window.map(([, target]) => [target])]);",
  );
}
