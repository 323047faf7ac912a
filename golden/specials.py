"""Values and gradients of each elementwise operation where arithmetic is special: ±0, ±1, ±∞, NaN, denormals, huge and tiny.

Each is computed on a vector of 64 and more elements and on single ones; where PyTorch's own kernels disagree between the
two, the vector's counts. Also ranges, whose bits follow from how PyTorch vectorises them.
"""
import math
import random

import torch

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, math.inf, -math.inf, math.nan, 1e-45, -1e-45, 1e-40,
           1.2e-38, -1.2e-38, 1e-20, 1e20, -1e20, 1e30, -1e30, 3.4e38, -3.4e38, 10.0, -10.0, 40.0, -40.0, 87.5, -87.5, 89.0, -89.0, 104.0,
           -104.0, 200.0, -200.0, 1e-4, -1e-4]

UNARY = {
    "neg": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "abs": torch.abs,
    "sin": torch.sin,
    "cos": torch.cos,
}
BINARY = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow}
EXPONENTS = [0, 1, 2, 3, -1, -2, 0.5, -0.5, 1.5, math.inf, -math.inf, math.nan]


def gradients(compute, *inputs, upstream=1.0):
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = compute(*inputs)
    y.backward(torch.full_like(y, upstream))
    return {"value": y.detach(), "gradients": [x.grad for x in inputs]}


def ranges():
    random.seed(9)
    found = {"linspace": [], "arange": []}
    for steps in [1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 50, 64, 100, 101, 257]:
        for start, end in [(0, math.pi), (0, 1), (-1, 1), (5, -3)] + [(random.uniform(-9, 9), random.uniform(-9, 9)) for _ in range(6)]:
            y = torch.linspace(start, end, steps)
            found["linspace"].append({"start": start, "end": end, "steps": steps, "value": y})
    for step in [0.1, 0.7, 0.013, 1, 2.5, -0.3, -1.7, 1 / 3, 1e-3]:
        for length in [1, 5, 8, 9, 16, 17, 31, 32, 40, 143]:
            start = random.choice([0, random.uniform(-9, 9)])
            end = start + step * (length - 0.5)
            found["arange"].append({"start": start, "end": end, "step": step, "value": torch.arange(start, end, step)})
    found["arange"].append({"start": 0, "end": 100, "step": 0.7, "value": torch.arange(0, 100, 0.7)})
    # Ends of very different size: halfway between two floats, the bits that a fused multiply-add keeps of the small one decide.
    for start, end, steps in [(-62, 1e-29, 7), (10, 1e-21, 15), (39, 1e27, 431), (-1e-19, -73, 100), (1e-45, 1e-38, 33),
                              (-3e38, 3e38, 17), (5, 5, 20), (1, 0, 1), (1, 0, 0), (0, -1e30, 2)]:
        found["linspace"].append({"start": start, "end": end, "steps": steps, "value": torch.linspace(start, end, steps)})
    return found


def weighted_classes():
    """Classes of weight 0 and scores of −∞, with and without smoothing: means of weight 0, and 0 · ∞."""
    found = []
    x = torch.tensor([[1.0, 2.0, 3.0], [0.0, -math.inf, 0.5]])
    for target in ([0, 2], [1, 1], [-100, 1], [0, -100], [-100, -100]):
        for smoothing in (0.0, 0.25):
            for reduction in ("mean", "sum"):
                loss = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 0.0, 2.0]), reduction=reduction, label_smoothing=smoothing)
                found.append({"x": x, "target": target, "smoothing": smoothing, "reduction": reduction,
                              **gradients(lambda a: loss(a, torch.tensor(target)), x)})
    return found


def specials():
    x = torch.tensor(SPECIAL)
    left = x.repeat_interleave(len(SPECIAL))
    right = x.repeat(len(SPECIAL))
    finite = torch.tensor([v for v in SPECIAL if not math.isnan(v)])
    return {
        "x": x,
        "unary": {name: gradients(f, x.repeat(2)[: len(SPECIAL)]) for name, f in UNARY.items()},
        "binary": {name: gradients(f, left, right) for name, f in BINARY.items()},
        "pow of a number": {str(b): gradients(lambda a, b=b: a**b, x) for b in EXPONENTS},
        "div, large gradient": gradients(torch.div, torch.tensor([1e30, 1e-30, 1e20]), torch.tensor([1e20, 1e-20, 1e30]), upstream=1e35),
        "softmax": [{"x": row, **gradients(lambda a: a.softmax(0), row)} for row in ROWS],
        "logSoftmax": [{"x": row, **gradients(lambda a: a.log_softmax(0), row, upstream=0.5)} for row in ROWS],
        "CrossEntropyLoss": [
            {"x": row[None], "class": k, **gradients(lambda a: torch.nn.CrossEntropyLoss()(a, torch.tensor([k])), row[None])}
            for row in ROWS for k in (0, 2)
        ],
        "CrossEntropyLoss, weighted": weighted_classes(),
        "BCEWithLogitsLoss, gradient of the target": [
            {"posWeight": p, **gradients(
                lambda a, y: torch.nn.BCEWithLogitsLoss(reduction="none", pos_weight=None if p is None else torch.tensor(p))(a, y),
                finite, torch.full_like(finite, 0.25))}
            for p in (None, 3.0, 0.0)
        ],
        "BCEWithLogitsLoss": [
            {"target": y, **gradients(lambda a: torch.nn.BCEWithLogitsLoss(reduction="none")(a, torch.full_like(a, y)), finite)}
            for y in (0.0, 1.0, 0.25)
        ],
        "losses": {
            name: gradients(lambda a: getattr(torch.nn, name)(reduction="none")(a, torch.full_like(a, 0.5)), x)
            for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss")
        },
        "GaussianNLLLoss": gradients(
            lambda a, v: torch.nn.GaussianNLLLoss(reduction="none")(a, torch.zeros_like(a), v),
            torch.tensor([0.0, 1.0, 1e10, 1e-10, 1e19, 2.0]), torch.tensor([0.0, 1e-30, 1e20, 1e-10, 1e30, math.inf]),
        ),
        "ranges": ranges(),
    }


ROWS = [torch.tensor(row) for row in [
    (-1e30, -1e30, -1e30), (1e30, 1e30, 1e30), (1e38, -1e38, 0.0), (1e30, -1e30, 1e30), (-math.inf, 0.0, 1.0), (0.0, -math.inf, -math.inf),
    (-math.inf, -math.inf, -math.inf), (math.inf, 0.0, 1.0), (math.nan, 0.0, 1.0), (1e4, 1e4 + 1, 1e4 - 1), (100.0, -100.0, 0.0), (0.0, -103.0, -200.0),
]]
