// The program for the current settings as Python with PyTorch, which runs as it stands.
import type { ProgramSettings } from "@eddy/ui/program";
import type { SignalSource } from "../run/protocol.ts";
import { rowsInPython } from "./rows.ts";
import { isSin, lines, sharesRows } from "./text.ts";

const layers = { rnn: "RNN", lstm: "LSTM", gru: "GRU" };
const optimizers = { adam: "Adam", sgd: "SGD", rmsprop: "RMSprop" };

/** The text of the program; it prints the loss of each step. */
export function pythonProgram(settings: ProgramSettings, source: SignalSource): string {
  const { seed, steps, timeStep, lr, optimizer, clip, dynamic, carry, zeroGrad, teacherForcing } = settings;
  const rows = isSin(source) ? undefined : rowsInPython(source, seed);
  return lines(
    `# pip install ${rows === undefined ? "numpy " : ""}torch && python program.py`,
    rows?.modules.map((name) => `import ${name}`),
    rows?.modules.length !== 0 && rows !== undefined && "",
    rows === undefined && "import numpy as np",
    "import torch",
    "from torch import nn",
    "",
    `torch.manual_seed(${seed})`,
    "",
    `TIME_STEP = ${timeStep}`,
    `LR = ${lr}`,
    "",
    "",
    network(settings),
    "",
    "",
    rows && [rows.text, "", ""],
    "rnn = RNN()",
    `optimizer = torch.optim.${optimizers[optimizer]}(rnn.parameters(), lr=LR)`,
    "loss_function = nn.MSELoss()",
    carry && "state = None",
    teacherForcing && "last_target = torch.zeros(1, 1, 1)",
    rows && "rows = signal()",
    sharesRows(settings, source) && "last_row = next(rows)",
    rows === undefined && dynamic && "start = 0",
    "",
    `for step in range(1, ${steps + 1}):`,
    rows === undefined ? sinWindow(settings) : rowsWindow(settings, source),
    teacherForcing && [
      "    targets_before = torch.cat([last_target, y[:, :-1]], 1)",
      "    x = torch.cat([input, targets_before], 2)  # (1, time, 2)",
      "    last_target = y[:, -1:]",
    ],
    "",
    carry
      ? ["    prediction, next_state = rnn(x, state)", `    state = ${nextState(settings)}`]
      : "    prediction = rnn(x)",
    "    loss = loss_function(prediction, y)",
    zeroGrad && "    optimizer.zero_grad()",
    "    loss.backward()",
    clip !== undefined && `    nn.utils.clip_grad_norm_(rnn.parameters(), ${clip})`,
    "    optimizer.step()",
    '    print(f"step {step}  loss {loss.item()}")',
  );
}

function nextState({ cell, detach }: ProgramSettings): string {
  if (!detach) return "next_state";
  return cell === "lstm" ? "(next_state[0].detach(), next_state[1].detach())" : "next_state.detach()";
}

function network({ cell, hidden, layers: count, forward, carry, teacherForcing }: ProgramSettings): string {
  const inputs = teacherForcing ? 2 : 1;
  const options = `input_size=${inputs}, hidden_size=${hidden}, num_layers=${count}, batch_first=True`;
  const returned = (outs: string) => `        return ${outs}${carry ? ", next_state" : ""}`;
  return lines(
    "class RNN(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    `        self.rnn = nn.${layers[cell]}(${options})`,
    `        self.out = nn.Linear(${hidden}, 1)`,
    "",
    carry ? "    def forward(self, x, state=None):" : "    def forward(self, x):",
    carry
      ? `        features, next_state = self.rnn(x, state)  # (1, time, ${hidden})`
      : `        features, _ = self.rnn(x)  # (1, time, ${hidden})`,
    forward === "batched"
      ? [`        outs = self.out(features.reshape(-1, ${hidden}))  # (time, 1)`, returned("outs.reshape(1, -1, 1)")]
      : [
          "        outs = [self.out(features[:, t]) for t in range(features.size(1))]",
          returned("torch.stack(outs, 1)"),
        ],
  );
}

function sinWindow({ dynamic, endpoint, teacherForcing }: ProgramSettings): string {
  const options = `${endpoint ? "" : ", endpoint=False"}, dtype=np.float32`;
  return lines(
    dynamic
      ? [
          "    span = torch.randint(1, 4, [1]).item()",
          `    time = np.linspace(start * np.pi, (start + span) * np.pi, TIME_STEP * span${options})`,
          "    start += span",
        ]
      : `    time = np.linspace((step - 1) * np.pi, step * np.pi, TIME_STEP${options})`,
    `    ${teacherForcing ? "input" : "x"} = torch.from_numpy(np.sin(time)).reshape(1, -1, 1)  # (batch, time, feature)`,
    "    y = torch.from_numpy(np.cos(time)).reshape(1, -1, 1)",
  );
}

function rowsWindow(settings: ProgramSettings, source: SignalSource): string {
  const { dynamic, teacherForcing } = settings;
  const length = dynamic ? "length" : "TIME_STEP";
  return lines(
    dynamic && "    length = TIME_STEP * torch.randint(1, 4, [1]).item()",
    sharesRows(settings, source)
      ? [`    window = [last_row] + [next(rows) for _ in range(${length} - 1)]`, "    last_row = window[-1]"]
      : `    window = [next(rows) for _ in range(${length})]`,
    `    ${teacherForcing ? "input" : "x"} = torch.tensor([[[row[0]] for row in window]])  # (batch, time, feature)`,
    "    y = torch.tensor([[[row[1]] for row in window]])",
  );
}
