"""The PyTorch implementation of each work, with one thread; reads commands from stdin and writes answers as JSON lines.

Run by the bench as: python3 pytorch.py WORK.json MATERIAL
"""
import json
import sys
import time
from array import array

started = time.perf_counter()
import torch
from torch import nn

import_ms = (time.perf_counter() - started) * 1000
torch.set_num_threads(1)
torch.set_num_interop_threads(1)

MOST_SAMPLES = 20_000


class Network(nn.Module):
    def __init__(self, work):
        super().__init__()
        layer = nn.LSTM if work["cell"] == "lstm" else nn.RNN
        self.rnn = layer(work["inputSize"], work["hiddenSize"], work["numLayers"], batch_first=True)
        self.out = nn.Linear(work["hiddenSize"], 1)
        self.loop = work.get("head") == "loop"

    def forward(self, x, state=None):
        features, state = self.rnn(x, state)
        if self.loop:
            return torch.stack([self.out(features[:, t, :]) for t in range(features.size(1))], dim=1), state
        return self.out(features), state


class Material:
    """Floats of the material's file, taken in the order in which work.ts wrote them."""

    def __init__(self, path):
        floats = array("f")
        with open(path, "rb") as file:
            floats.frombytes(file.read())
        self.floats, self.offset = torch.tensor(floats), 0

    def take(self, *shape):
        length = torch.Size(shape).numel()
        self.offset += length
        return self.floats[self.offset - length:self.offset].view(shape).clone()

    def load(self, model):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(self.take(*parameter.shape))

    def windows(self, work, features):
        return [self.take(work.get("batch", 1), work.get("time", 1), features) for _ in range(work["windows"])]


def training(work, material):
    model = Network(work)
    material.load(model)
    xs, ys = material.windows(work, work["inputSize"]), material.windows(work, 1)
    optimiser = torch.optim.Adam(model.parameters(), lr=work["lr"])
    loss_function = nn.MSELoss()
    state, window = None, 0

    def step():
        nonlocal state, window
        prediction, following = model(xs[window], state)
        if work["carry"]:
            state = following.detach() if torch.is_tensor(following) else tuple(part.detach() for part in following)
        loss = loss_function(prediction, ys[window])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        window = (window + 1) % len(xs)
        return loss.item()

    return step


def stream(work, material):
    model = Network(work)
    material.load(model)
    xs = material.windows(work, work["inputSize"])
    state, window = None, 0

    def step():
        nonlocal state, window
        with torch.no_grad():
            y, state = model(xs[window], state)
        window = (window + 1) % len(xs)
        return y.item()

    return step


def product(work, material):
    a, b = (material.take(work["size"], work["size"]) for _ in range(2))
    return lambda: (a @ b)[-1, -1].item()


def measure(step, limit_ms, chunk_ms):
    """As measure.ts does it."""
    samples, began, count = [], time.perf_counter(), 1
    while not samples or ((time.perf_counter() - began) * 1000 < limit_ms and len(samples) < MOST_SAMPLES):
        started = time.perf_counter()
        for _ in range(count):
            step()
        elapsed_ms = (time.perf_counter() - started) * 1000
        if not samples and elapsed_ms < chunk_ms:
            count *= 4 if elapsed_ms < chunk_ms / 4 else 2
        else:
            samples.append(elapsed_ms / count)
    return samples


def first_values(step, count, limit_ms):
    """As measure.ts does it."""
    values, began = [step()], time.perf_counter()
    while len(values) < count and (time.perf_counter() - began) * 1000 < limit_ms:
        values.append(step())
    return values


def peak_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def answer(**values):
    print(json.dumps(values), flush=True)


def main(work_file, material_file):
    with open(work_file) as file:
        work = json.load(file)
    step = {"training": training, "stream": stream, "product": product}[work["kind"]](work, Material(material_file))
    answer(importMs=import_ms)
    for line in sys.stdin:
        command, *numbers = line.split()
        if command == "first":
            answer(values=first_values(step, *map(float, numbers)))
        elif command == "measure":
            answer(samples=measure(step, *map(float, numbers)))
        elif command == "memory":
            answer(peakMb=peak_mb())


main(*sys.argv[1:])
