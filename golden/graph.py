"""The values that autograd saves: whether each operation accepts a second backward, and an in-place change of an input or the result.

A change is made under no_grad between forward and backward, as in nn.init; the values stay the same, since only the
write counts. "again" runs backward twice through the operation, from its own result.
"""
import torch
from torch import nn

A = [[0.5, 1.5, 2.5], [3.5, 0.25, 1.25]]


def leaf(values, requires_grad=True):
    return torch.tensor(values, requires_grad=requires_grad)


ONE = lambda: [leaf(A)]
TWO = lambda: [leaf(A), leaf([[1.0, 2.0, 0.5], [0.75, 1.5, 3.0]])]
FROZEN = lambda: [leaf(A), leaf([[1.0, 2.0, 0.5], [0.75, 1.5, 3.0]], False)]
INDEX = lambda: [leaf(A), torch.tensor([[2, 0], [1, 1]])]
MASK = lambda: [torch.tensor([[True, False, True], [False, True, True]]), *TWO()]
MATRICES = lambda: [leaf(A), leaf([[1.0, 2.0], [0.5, 0.25], [3.0, 4.0]])]
MATRICES_FROZEN = lambda: [leaf(A), leaf([[1.0, 2.0], [0.5, 0.25], [3.0, 4.0]], False)]
VECTORS = lambda: [leaf([0.5, 1.5, 2.5]), leaf([1.0, 2.0, 0.5])]
LINEAR = lambda: [leaf(A), leaf([[1.0, 2.0, 0.5], [0.75, 1.5, 3.0]]), leaf([0.5, 0.25])]
LINEAR_FROZEN = lambda: [leaf(A, False), leaf([[1.0, 2.0, 0.5], [0.75, 1.5, 3.0]]), leaf([0.5, 0.25])]
CLASSES = lambda: [leaf(A), torch.tensor([2, 0])]
PROBABILITIES = lambda: [leaf(A), leaf([[1.0, 0.0, 0.5], [0.75, 1.0, 0.0]], False)]
NLL = lambda: [*FROZEN(), leaf([[1.0, 2.0, 0.5], [0.75, 1.5, 3.0]])]
NORM = lambda: [leaf(A), leaf([1.0, 2.0, 0.5]), leaf([0.0, 0.5, 1.0])]

STEP = [[0.25, 0.5, -0.5, 1.0]]
SEQUENCE = lambda: [leaf([A]), leaf([STEP])]
SEQUENCE_AND_CELL = lambda: [*SEQUENCE(), leaf([STEP])]
ROW = lambda: [leaf(A[:1]), leaf(STEP)]
ROW_AND_CELL = lambda: [*ROW(), leaf(STEP)]
RNN, GRU, LSTM = (getattr(nn, kind)(3, 4, batch_first=True) for kind in ("RNN", "GRU", "LSTM"))
RELU = nn.RNN(3, 4, batch_first=True, nonlinearity="relu")
CELLS = {kind: getattr(nn, kind + "Cell")(3, 4) for kind in ("RNN", "GRU", "LSTM")}

CASES = {
    "add": (TWO, lambda a, b: a + b),
    "add, number": (ONE, lambda a: a + 1),
    "sub": (TWO, lambda a, b: a - b),
    "mul": (TWO, lambda a, b: a * b),
    "mul, frozen": (FROZEN, lambda a, b: a * b),
    "mul, frozen on the left": (FROZEN, lambda a, b: b * a),
    "mul, number": (ONE, lambda a: a * 3),
    "div": (TWO, lambda a, b: a / b),
    "div, frozen": (FROZEN, lambda a, b: a / b),
    "div by a number": (ONE, lambda a: a / 3),
    "pow": (TWO, lambda a, b: a**b),
    "pow, frozen": (FROZEN, lambda a, b: a**b),
    "pow, frozen base": (FROZEN, lambda a, b: b**a),
    "pow, number": (ONE, lambda a: a**3),
    "neg": (ONE, lambda a: -a),
    "exp": (ONE, torch.exp),
    "log": (ONE, torch.log),
    "sqrt": (ONE, torch.sqrt),
    "tanh": (ONE, torch.tanh),
    "sigmoid": (ONE, torch.sigmoid),
    "relu": (ONE, torch.relu),
    "sin": (ONE, torch.sin),
    "cos": (ONE, torch.cos),
    "abs": (ONE, torch.abs),
    "where": (MASK, torch.where),
    "matmul": (MATRICES, torch.matmul),
    "matmul, frozen": (MATRICES_FROZEN, torch.matmul),
    "matmul, batched": (MATRICES, lambda a, b: a.expand(2, 2, 3) @ b.expand(2, 3, 2)),
    "matmul of vectors": (VECTORS, torch.matmul),
    "linear": (LINEAR, nn.functional.linear),
    "linear, frozen input": (LINEAR_FROZEN, nn.functional.linear),
    "sum": (ONE, lambda a: a.sum()),
    "sum over dim 0": (ONE, lambda a: a.sum(0)),
    "sum over two dims": (ONE, lambda a: a.sum([0, 1])),
    "mean": (ONE, lambda a: a.mean()),
    "mean over dim 1": (ONE, lambda a: a.mean(1)),
    "max": (ONE, lambda a: a.max()),
    "min": (ONE, lambda a: a.min()),
    "max over dim 0": (ONE, lambda a: a.max(0)[0]),
    "softmax": (ONE, lambda a: a.softmax(1)),
    "logSoftmax": (ONE, lambda a: a.log_softmax(1)),
    "clone": (ONE, torch.clone),
    "reshape": (ONE, lambda a: a.reshape(3, 2)),
    "transpose": (ONE, lambda a: a.transpose(0, 1)),
    "permute": (ONE, lambda a: a.permute(1, 0)),
    "select": (ONE, lambda a: a.select(1, 1)),
    "narrow": (ONE, lambda a: a.narrow(1, 1, 2)),
    "unsqueeze": (ONE, lambda a: a.unsqueeze(0)),
    "expand": (ONE, lambda a: a.expand(2, 2, 3)),
    "cat": (TWO, lambda a, b: torch.cat([a, b])),
    "stack": (TWO, lambda a, b: torch.stack([a, b])),
    "gather": (INDEX, lambda a, i: a.gather(1, i)),
    "dropout": (ONE, lambda a: nn.functional.dropout(a, 0.5)),
    "MSELoss": (TWO, lambda a, b: nn.MSELoss()(a, b)),
    "L1Loss": (TWO, lambda a, b: nn.L1Loss()(a, b)),
    "L1Loss, sum": (TWO, lambda a, b: nn.L1Loss(reduction="sum")(a, b)),
    "SmoothL1Loss": (TWO, lambda a, b: nn.SmoothL1Loss()(a, b)),
    "HuberLoss": (TWO, lambda a, b: nn.HuberLoss()(a, b)),
    "BCEWithLogitsLoss": (PROBABILITIES, lambda a, b: nn.BCEWithLogitsLoss()(a, b)),
    "CrossEntropyLoss": (CLASSES, lambda a, y: nn.CrossEntropyLoss()(a, y)),
    "GaussianNLLLoss": (NLL, lambda a, b, v: nn.GaussianNLLLoss()(a, b, v)),
    "LayerNorm": (NORM, lambda a, w, b: nn.functional.layer_norm(a, [3], w, b)),
    "embedding": (lambda: [leaf(A), torch.tensor([1, 0, 1])], lambda w, i: nn.functional.embedding(i, w)),
    "RNN": (SEQUENCE, lambda x, h: RNN(x, h)[0]),
    "RNN, final state": (SEQUENCE, lambda x, h: RNN(x, h)[1]),
    "RNN, relu": (SEQUENCE, lambda x, h: RELU(x, h)[0]),
    "GRU": (SEQUENCE, lambda x, h: GRU(x, h)[0]),
    "GRU, final state": (SEQUENCE, lambda x, h: GRU(x, h)[1]),
    "LSTM": (SEQUENCE_AND_CELL, lambda x, h, c: LSTM(x, (h, c))[0]),
    "LSTM, final state": (SEQUENCE_AND_CELL, lambda x, h, c: LSTM(x, (h, c))[1][0]),
    "LSTM, final cell": (SEQUENCE_AND_CELL, lambda x, h, c: LSTM(x, (h, c))[1][1]),
    "RNNCell": (ROW, CELLS["RNN"]),
    "GRUCell": (ROW, CELLS["GRU"]),
    "LSTMCell": (ROW_AND_CELL, lambda x, h, c: CELLS["LSTM"](x, (h, c))[0]),
    "LSTMCell, cell": (ROW_AND_CELL, lambda x, h, c: CELLS["LSTM"](x, (h, c))[1]),
    "a graph above a freed one": (ONE, lambda a: torch.tanh(a) + 1),
}


def backward(y, **options):
    try:
        y.backward(torch.ones_like(y), **options)
        return True
    except RuntimeError as error:
        assert any(word in str(error) for word in ("modified by an inplace", "modified inplace", "second time")), error
        return False


def written(x):
    with torch.no_grad():
        x.copy_(x.detach().clone())


def graph():
    cases = {}
    for name, (inputs, compute) in CASES.items():
        y = compute(*inputs())
        assert backward(y)
        again = backward(y)
        changes = []
        for i in range(len(inputs())):
            own = inputs()
            y = compute(*own)
            written(own[i])
            changes.append(backward(y))
        y = compute(*inputs())
        if name != "expand":
            written(y)
        cases[name] = {"again": again, "inputs": changes, "result": backward(y)}
    return {"cases": cases}
