"""RNN, GRU, LSTM, minGRU, their cells, both directions and variable lengths, for the recurrent families' tests."""
import torch
from torch import nn

from min_gru import MinGRU, MinGRUCell
from modules import generator, gradients, sequence, uniform, with_short_weights

FAMILIES = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM, "MinGRU": MinGRU}
CELLS = {"RNNCell": nn.RNNCell, "GRUCell": nn.GRUCell, "LSTMCell": nn.LSTMCell, "MinGRUCell": MinGRUCell}


def recurrent():
    return {
        "sequence": {name: sequence(name, *case) for name, case in SEQUENCES.items()},
        "cell": {name: cell(name, *case) for name, case in CELL_CASES.items()},
        "initial": {name: initial(make) for name, make in INITIAL.items()},
        "dropout": {str(make()): dropped(str(make()), make()) for make in DROPOUT},
        "print": {name: name for name in map(str, (make() for make in PRINT))},
    }


SEQUENCES = {}


def case(family, batch, time, inputs, hidden, state, lengths=None, **options):
    words = [f"{key}={value}" for key, value in options.items()]
    name = ", ".join([f"{family}({inputs}, {hidden})", *words, f"batch {batch}" if batch else "unbatched", f"time {time}",
                      "with state" if state else "without state", *([f"lengths {lengths}"] if lengths else [])])
    assert name not in SEQUENCES
    SEQUENCES[name] = (FAMILIES[family], batch, time, inputs, hidden, state, options, lengths)


for family in FAMILIES:
    if family != "RNN":  # one direction of an RNN is in modules.json
        case(family, 3, 4, 3, 5, True, batch_first=True)
        case(family, 3, 4, 3, 5, False)
        case(family, 1, 7, 1, 8, True, bias=False)
        case(family, 5, 1, 1, 5, False, batch_first=True)
        case(family, 1, 4, 1, 9, True, batch_first=True)
        case(family, 1, 1, 1, 1, False)
        case(family, 3, 4, 3, 5, True, num_layers=2, batch_first=True)
        case(family, 3, 4, 1, 3, False, num_layers=2, bias=False)
        case(family, 5, 4, 3, 1, True, num_layers=3)
        case(family, 0, 4, 3, 5, True)
        case(family, 0, 7, 1, 3, False, num_layers=2, batch_first=True)
        case(family, 4, 7, 3, 5, False, [4, 1, 7, 4], batch_first=True)
        case(family, 3, 4, 1, 3, True, [2, 4, 1], num_layers=2)
    case(family, 3, 4, 3, 5, True, bidirectional=True, batch_first=True)
    case(family, 3, 4, 3, 3, False, num_layers=2, bidirectional=True)
    case(family, 1, 7, 1, 3, True, bidirectional=True, bias=False)
    case(family, 0, 4, 3, 3, True, bidirectional=True)
    case(family, 4, 7, 3, 3, True, [4, 1, 7, 4], num_layers=2, bidirectional=True, batch_first=True)
case("RNN", 4, 7, 3, 5, False, [4, 1, 7, 4], batch_first=True)
case("RNN", 3, 4, 1, 5, True, [2, 4, 1], num_layers=2, nonlinearity="relu")
case("RNN", 3, 4, 3, 5, False, nonlinearity="relu", bidirectional=True)
case("LSTM", 3, 4, 3, 5, False, [4, 4, 4], batch_first=True)

CELL_CASES = {}
for cell_family in CELLS:
    for batch, inputs, hidden, state, options in [
        (3, 3, 5, True, {}), (3, 3, 5, False, {}), (1, 1, 8, True, {"bias": False}), (5, 1, 1, True, {}), (1, 1, 9, False, {}),
        (0, 3, 5, True, {}), (0, 3, 5, False, {}),
    ] + ([(3, 3, 5, True, {"nonlinearity": "relu"})] if cell_family == "RNNCell" else []):
        words = [f"{key}={value}" for key, value in options.items()]
        cell_name = ", ".join([f"{cell_family}({inputs}, {hidden})", *words, f"batch {batch}" if batch else "unbatched",
                               "with state" if state else "without state"])
        CELL_CASES[cell_name] = (CELLS[cell_family], batch, inputs, hidden, state, options)


def cell(name, family, batch, inputs, hidden, state, options):
    """One step. Batch 0 means an input without a batch dimension."""
    random = generator(name)
    module = with_short_weights(random, family(inputs, hidden, **options))
    rows = [batch] if batch else []
    x = uniform(random, [*rows, inputs], 1.5).requires_grad_()
    parts = ["h", "c"] if family is nn.LSTMCell else ["h"]
    before = [uniform(random, [*rows, hidden]).requires_grad_() for _ in parts] if state else []
    given = (tuple(before) if len(parts) == 2 else before[0]) if state else None
    after = module(x, given)
    after = after if isinstance(after, tuple) else (after,)
    upstream = [uniform(random, h.shape) for h in after]
    torch.autograd.backward(after, upstream)
    return {
        "options": {"input_size": inputs, "hidden_size": hidden, **options},
        "weights": dict(module.state_dict()),
        "input": x,
        **dict(zip(parts, before)),
        **{f"{part}_next": h for part, h in zip(parts, after)},
        "upstream": {f"{part}_next": u for part, u in zip(parts, upstream)},
        "gradients": {"input": x.grad, **{part: h.grad for part, h in zip(parts, before)}, **gradients(module)},
    }


INITIAL = {str(make()): make for make in (
    lambda: nn.GRU(1, 8),
    lambda: nn.LSTM(1, 8),
    lambda: nn.LSTM(2, 3, num_layers=2, bidirectional=True),
    lambda: nn.RNN(3, 5, bidirectional=True),
    lambda: nn.RNNCell(3, 5),
    lambda: nn.GRUCell(3, 5),
    lambda: nn.LSTMCell(3, 5, bias=False),
)}


def initial(make):
    torch.manual_seed(1)
    return dict(make().state_dict())


DROPOUT = [
    lambda: nn.RNN(3, 5, num_layers=2, dropout=0.5),
    lambda: nn.GRU(3, 5, num_layers=3, batch_first=True, dropout=0.25),
    lambda: nn.LSTM(3, 5, num_layers=2, batch_first=True, dropout=0.5, bidirectional=True),
]


def dropped(name, module):
    """In training, with masks drawn after seed 1."""
    random = generator("dropout " + name)
    with_short_weights(random, module)
    x = uniform(random, [2, 4, 3], 1.5).requires_grad_()
    torch.manual_seed(1)
    output, _ = module(x)
    upstream = uniform(random, output.shape)
    output.backward(upstream)
    return {
        "weights": dict(module.state_dict()), "input": x, "output": output, "upstream": {"output": upstream},
        "gradients": {"input": x.grad, **gradients(module)},
    }


PRINT = [
    lambda: nn.GRU(1, 32),
    lambda: nn.GRU(3, 5, num_layers=2, bias=False, batch_first=True, dropout=0.5, bidirectional=True),
    lambda: nn.LSTM(1, 32),
    lambda: nn.LSTM(3, 5, num_layers=2, bias=False, batch_first=True, dropout=0.5, bidirectional=True),
    lambda: nn.RNNCell(3, 5),
    lambda: nn.RNNCell(3, 5, bias=False, nonlinearity="relu"),
    lambda: nn.GRUCell(3, 5),
    lambda: nn.GRUCell(3, 5, bias=False),
    lambda: nn.LSTMCell(3, 5),
    lambda: nn.LSTMCell(3, 5, bias=False),
]
