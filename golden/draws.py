"""The draws of real PyTorch after manual_seed, call by call, for packages/eddy/src/random.ts."""

import json
import math
import pathlib
import zlib

import numpy
import torch

SEEDS = [0, 1, 42, 2**32 + 5, 67280421310721, -1]

COMPLETE_SIZE = 40  # longer results that must be equal bit for bit are stored as their ends and a checksum

CALLS = [
    ("normal", 1, 0, 1),
    ("uniform", 3, 0, 1),
    ("normal", 17, 0, 1),
    ("normal", 15, 0, 1),  # starts with the twin of the first call
    ("integers", 10, 0, 10),
    ("permutation", 10),
    ("normal", 3, 0, 1),  # leaves a twin
    ("uniform", 9, -0.17677669, 0.17677669),
    ("double", 3),
    ("normal", 2, 5, 0.5),
    ("normal", 16, -3, 2),
    ("normal", 40, 0.1, 0.02),
    ("dropout", 40, 0.3),
    ("integers", 1000, -(2**24), 2**24),
    ("integers", 1000, -3, 4),
    ("integers", 5, 7, 8),
    ("permutation", 1),
    ("permutation", 2),
    ("permutation", 100),
    ("permutation", 1000),
    ("permutation", 70000),
    ("uniform", 1000, 0, 1),
    # Initialisation: every nn.RNN weight of 32 hidden units, and nn.Linear through kaiming_uniform_(a = sqrt(5)).
    ("uniform", 1024, -1 / math.sqrt(32), 1 / math.sqrt(32)),
    ("uniform", 96, -math.sqrt(3) * math.sqrt(2 / 6) / math.sqrt(3), math.sqrt(3) * math.sqrt(2 / 6) / math.sqrt(3)),
    # Bounds that reveal double rounding.
    ("uniform", 5000, 0.1, 0.7),
    ("uniform", 5000, -1e-9, 0.3333),
    ("uniform", 5000, 100.1, 100.3),
    ("uniform", 20000, 1e-20, 1 + 2**-12),
    ("uniform", 20000, -1e-20, 1 + 2**-12),
    ("uniform", 5, 2.5, 2.5),
    ("uniform", 0, 0, 1),
    ("normal", 0, 0, 1),
    ("normal", 1000, 0, 1),
    ("normal", 2, 0, 1),  # uses an earlier twin and leaves one, which the next manual_seed clears
]


def draw(name, *arguments):
    if name == "normal":
        size, mean, std = arguments
        return torch.randn(size) if (mean, std) == (0, 1) else torch.empty(size).normal_(mean, std)
    if name == "uniform":
        size, low, high = arguments
        return torch.rand(size) if (low, high) == (0, 1) else torch.empty(size).uniform_(low, high)
    if name == "integers":
        size, low, high = arguments
        return torch.randint(low, high, (size,)).float()
    if name == "permutation":
        return torch.randperm(*arguments).float()
    if name == "double":
        return torch.rand(*arguments, dtype=torch.float64)
    if name == "dropout":
        size, probability = arguments
        return torch.nn.functional.dropout(torch.ones(size), probability).sign()
    raise ValueError(f"expected the name of a call, received {name}")


def numbers(values):
    """The shortest decimals that round to the same float32."""
    if values.dtype == numpy.float64:
        return values.tolist()
    short = [float(str(value)) for value in values]
    assert (numpy.array(short).astype(numpy.float32) == values).all()
    return [int(value) if value.is_integer() else value for value in short]


def record(name, *arguments):
    values = draw(name, *arguments).numpy()
    result = {"call": name, "arguments": arguments}
    if name == "normal" or len(values) <= COMPLETE_SIZE:
        return {**result, "values": numbers(values)}
    return {**result, "first": numbers(values[:8]), "last": numbers(values[-8:]), "crc32": zlib.crc32(values.tobytes())}


def run(seed):
    torch.manual_seed(seed)
    return {"seed": seed, "calls": [record(*call) for call in CALLS]}


def draws() -> dict:
    torch.set_num_threads(1)
    # Without AVX2 PyTorch rounds the product in uniform_ before it adds, and the values differ in the last bit.
    assert "CPU capability usage: AVX" in torch.__config__.show(), "expected a processor with AVX2"
    return {"torch": torch.__version__, "runs": [run(seed) for seed in SEEDS]}


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(draws(), separators=(",", ":")) + "\n")
