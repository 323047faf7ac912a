"""Linear, nn.RNN, MSELoss, default initialisation and printed modules, for packages/eddy/test/modules.test.ts."""
import math
import zlib

import numpy as np
import torch
from torch import nn


def modules():
    return {
        "linear": {name: linear(name, *case) for name, case in LINEAR.items()},
        "rnn": {name: sequence(name, nn.RNN, *case) for name, case in RNN.items()},
        "mseLoss": {name: mse_loss(name, *case) for name, case in MSE_LOSS.items()},
        "initial": {name: initial(make) for name, make in INITIAL.items()},
        "print": {name: str(make()) for name, make in PRINT.items()},
    }


def generator(name):
    return np.random.RandomState(zlib.crc32(name.encode()))


def uniform(random, shape, bound=1.0):
    """Three decimals: the files stay small and readable."""
    return torch.from_numpy(np.asarray(random.uniform(-bound, bound, tuple(shape)).round(3), dtype=np.float32))


def with_short_weights(random, module):
    """Uniform weights within 1.2 / √columns: gates and tanh leave their linear range, three layers stay informative."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(uniform(random, weight.shape, 1.2 / math.sqrt(weight.shape[-1])))
    return module


def gradients(module):
    return {name: weight.grad for name, weight in module.named_parameters()}


# Linear

LINEAR = {
    "Linear(3, 4) on 1-D": (3, 4, True, [3]),
    "Linear(3, 4) on 2-D": (3, 4, True, [5, 3]),
    "Linear(3, 4) on 3-D": (3, 4, True, [2, 5, 3]),
    "Linear(3, 4) on 4-D": (3, 4, True, [2, 1, 3, 3]),
    "Linear(3, 4, bias=False) on 1-D": (3, 4, False, [3]),
    "Linear(3, 4, bias=False) on 2-D": (3, 4, False, [5, 3]),
    "Linear(3, 4, bias=False) on 3-D": (3, 4, False, [2, 5, 3]),
    "Linear(3, 4, bias=False) on 4-D": (3, 4, False, [2, 1, 3, 3]),
    "Linear(1, 1) on 2-D": (1, 1, True, [1, 1]),
    "Linear(32, 1) on 2-D": (32, 1, True, [1, 32]),
    "Linear(32, 1) on 3-D": (32, 1, True, [1, 10, 32]),
    "Linear(1, 9) on 3-D": (1, 9, True, [3, 1, 1]),
    "Linear(17, 33) on 2-D": (17, 33, True, [7, 17]),
}


def linear(name, inputs, outputs, bias, shape):
    random = generator(name)
    module = with_short_weights(random, nn.Linear(inputs, outputs, bias=bias))
    x = uniform(random, shape).requires_grad_()
    y = module(x)
    upstream = uniform(random, y.shape)
    y.backward(upstream)
    return {
        "options": {"in_features": inputs, "out_features": outputs, "bias": bias},
        "weights": dict(module.state_dict()), "input": x, "output": y, "upstream": upstream,
        "gradients": {"input": x.grad, **gradients(module)},
    }


# Sequences. Batch 0 means an input without a batch dimension.

RNN = {}


def rnn(batch, time, inputs, hidden, state, **options):
    words = [f"{key}={value}" for key, value in options.items()]
    name = ", ".join([f"RNN({inputs}, {hidden})", *words, f"batch {batch}" if batch else "unbatched", f"time {time}",
                      "with h0" if state else "without h0"])
    assert name not in RNN
    RNN[name] = (batch, time, inputs, hidden, state, options)


for layers in (1, 2, 3):
    for nonlinearity in ("tanh", "relu"):
        rnn(3, 4, 3, 5, True, num_layers=layers, nonlinearity=nonlinearity, batch_first=True)
        rnn(3, 4, 3, 5, False, num_layers=layers, nonlinearity=nonlinearity)
        rnn(1, 7, 1, 8 if layers < 3 else 1, True, num_layers=layers, nonlinearity=nonlinearity, bias=False)
        rnn(5, 1, 1, 5, False, num_layers=layers, nonlinearity=nonlinearity, bias=False, batch_first=True)
rnn(1, 7, 1, 17, True, batch_first=True)
rnn(5, 4, 3, 17, False)
rnn(3, 1, 3, 17, True, nonlinearity="relu", bias=False)
rnn(1, 1, 1, 1, False)
rnn(3, 7, 1, 1, True, num_layers=2)
rnn(5, 7, 1, 8, True, batch_first=True)
rnn(1, 4, 1, 8, False, nonlinearity="relu")
for batch_first in (False, True):  # without effect if there is no batch
    rnn(0, 4, 3, 5, True, batch_first=batch_first)
    rnn(0, 7, 1, 5, False, num_layers=2, batch_first=batch_first)


def sequence(name, family, batch, time, inputs, hidden, state, options, lengths=None):
    random = generator(name)
    module = with_short_weights(random, family(inputs, hidden, **options))
    batch_first = options.get("batch_first", False)
    shape = [time, inputs] if not batch else [batch, time, inputs] if batch_first else [time, batch, inputs]
    x = uniform(random, shape, 1.5).requires_grad_()
    directions = 2 if options.get("bidirectional") else 1
    rows = options.get("num_layers", 1) * directions
    state_shape = [rows, batch, hidden] if batch else [rows, hidden]
    parts = ["h", "c"] if family is nn.LSTM else ["h"]
    initial_state = [uniform(random, state_shape).requires_grad_() for _ in parts] if state else []
    given = (tuple(initial_state) if len(parts) == 2 else initial_state[0]) if state else None
    if lengths is None:
        output, final = module(x, given)
    else:
        packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first, enforce_sorted=False)
        packed_output, final = module(packed, given)
        output, _ = nn.utils.rnn.pad_packed_sequence(packed_output, batch_first, total_length=time)
    final = final if isinstance(final, tuple) else (final,)
    upstream = [uniform(random, y.shape) for y in (output, *final)]
    torch.autograd.backward([output, *final], upstream)
    return {
        "options": {"input_size": inputs, "hidden_size": hidden, **options},
        **({"lengths": lengths} if lengths else {}),
        "weights": dict(module.state_dict()),
        "input": x,
        **{f"{part}0": h for part, h in zip(parts, initial_state)},
        "output": output,
        **{f"{part}_n": h for part, h in zip(parts, final)},
        "upstream": {"output": upstream[0], **{f"{part}_n": u for part, u in zip(parts, upstream[1:])}},
        "gradients": {"input": x.grad, **{f"{part}0": h.grad for part, h in zip(parts, initial_state)}, **gradients(module)},
    }


# Loss

MSE_LOSS = {f"MSELoss, {reduction}, {'×'.join(map(str, shape)) or 'scalar'}": (reduction, shape)
            for reduction in ("mean", "sum", "none") for shape in ([1, 10, 1], [3, 5], [7], [])}


def mse_loss(name, reduction, shape):
    random = generator(name)
    prediction, target = (uniform(random, shape, 2).requires_grad_() for _ in range(2))
    loss = nn.MSELoss(reduction=reduction)(prediction, target)
    upstream = uniform(random, loss.shape)
    loss.backward(upstream)
    return {"reduction": reduction, "prediction": prediction, "target": target, "output": loss, "upstream": upstream,
            "gradients": {"prediction": prediction.grad, "target": target.grad}}


# Default initialisation: the same bits after the same seed

INITIAL = {}
for make in (
    lambda: nn.Linear(32, 1),
    lambda: nn.Linear(7, 5),
    lambda: nn.Linear(3, 4, bias=False),
    lambda: nn.RNN(1, 32),
    lambda: nn.RNN(3, 5, num_layers=2),
    lambda: nn.RNN(3, 5, bias=False),
):
    INITIAL[str(make())] = make


def initial(make):
    weights = {}
    for seed in (1, 42):
        torch.manual_seed(seed)
        weights[seed] = dict(make().state_dict())
    return weights


# Print


class RNN_(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(input_size=1, hidden_size=32, num_layers=1, batch_first=True)
        self.out = nn.Linear(32, 1)


RNN_.__name__ = "RNN"  # as in the tutorial


class Empty(nn.Module):
    pass


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 8)
        self.second = nn.Linear(8, 4, bias=False)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.nothing = Empty()
        self.decoder = nn.RNN(4, 2)
        self.loss = nn.MSELoss()


class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 1)])
        self.head = nn.Linear(1, 1)


class ReversedNames(nn.Module):
    """Modules are printed in the order of assignment, whatever their names."""

    def __init__(self):
        super().__init__()
        self.z = nn.Linear(1, 2)
        self.a = nn.Linear(2, 1)


PRINT = {
    "the tutorial's module": RNN_,
    "nested modules": Pair,
    "a list of modules": Stack,
    "order of construction": ReversedNames,
    "an empty module": Empty,
    "Linear": lambda: nn.Linear(32, 1),
    "Linear without bias": lambda: nn.Linear(3, 4, bias=False),
    "RNN": lambda: nn.RNN(1, 32),
    "RNN, one layer said so": lambda: nn.RNN(1, 32, num_layers=1),
    "RNN, layers": lambda: nn.RNN(1, 32, num_layers=2),
    "RNN, relu": lambda: nn.RNN(1, 32, nonlinearity="relu"),
    "RNN without bias": lambda: nn.RNN(1, 32, bias=False),
    "RNN, batch first": lambda: nn.RNN(1, 32, batch_first=True),
    "RNN, dropout": lambda: nn.RNN(1, 32, num_layers=2, dropout=0.5),
    "RNN, bidirectional": lambda: nn.RNN(1, 32, bidirectional=True),
    "RNN, everything": lambda: nn.RNN(3, 5, num_layers=3, nonlinearity="relu", bias=False, batch_first=True, dropout=0.25,
                                      bidirectional=True),
    "MSELoss": nn.MSELoss,
    "MSELoss, sum": lambda: nn.MSELoss(reduction="sum"),
}
