"""Losses, LayerNorm, Embedding, Dropout, containers, gradient clipping and nn.init, for packages/eddy/test/{losses,layers}.test.ts."""
import torch
from torch import nn

from modules import generator, uniform

REDUCTIONS = ["mean", "sum", "none"]


def losses():
    cases = {}
    for family, options, inputs in CASES:
        for reduction in REDUCTIONS:
            every = {**options, "reduction": reduction}
            cases[described(family, every, inputs)] = loss(family, every, inputs)
    return {
        "losses": cases,
        "layerNorm": {name: layer_norm(name, *case) for name, case in LAYER_NORM.items()},
        "embedding": {name: embedding(name, *case) for name, case in EMBEDDING.items()},
        "dropout": {name: dropout(name, *case) for name, case in DROPOUT.items()},
        "print": {name: str(make()) for name, make in PRINT.items()},
        "names": {name: list(make().state_dict()) for name, make in PRINT.items()},
        "clipGradNorm": {f"norm {kind}, at most {most}": clip(kind, most) for kind in (2, 1, 3, "inf") for most in (0.5, 100)},
        "clipGradValue": clip_value(0.4),
        "init": {f"{name} {options} {shape}": initial(name, options, shape) for name, options in INIT for shape in SHAPES},
    }


# Losses. Inputs are shapes by name; "positive" ones are variances, "classes" integers.

class Quantile(nn.Module):
    """The pinball loss, which PyTorch does not have: max(q e, (q - 1) e) with e = target - prediction."""

    def __init__(self, quantiles, reduction="mean"):
        super().__init__()
        self.quantiles, self.reduction = torch.tensor(quantiles), reduction

    def forward(self, prediction, target):
        e = target.unsqueeze(-1) - prediction
        all_losses = torch.maximum(self.quantiles * e, (self.quantiles - 1) * e)
        return all_losses if self.reduction == "none" else getattr(all_losses, self.reduction)()


Quantile.__name__ = "QuantileLoss"

PAIR = {"prediction": [4, 3], "target": [4, 3]}
WEIGHT = torch.tensor([0.5, 2.0, 1.25])
CASES = [
    (nn.MSELoss, {}, PAIR),
    (nn.L1Loss, {}, PAIR),
    (nn.SmoothL1Loss, {}, PAIR),
    (nn.SmoothL1Loss, {"beta": 0.25}, PAIR),
    (nn.SmoothL1Loss, {"beta": 0.0}, PAIR),
    (nn.HuberLoss, {}, PAIR),
    (nn.HuberLoss, {"delta": 0.3}, PAIR),
    (nn.HuberLoss, {"delta": 2.5}, PAIR),
    (nn.BCEWithLogitsLoss, {}, {"prediction": [4, 3], "probability": [4, 3]}),
    (nn.BCEWithLogitsLoss, {"weight": WEIGHT}, {"prediction": [4, 3], "probability": [4, 3]}),
    (nn.BCEWithLogitsLoss, {"pos_weight": WEIGHT}, {"prediction": [4, 3], "probability": [4, 3]}),
    (nn.BCEWithLogitsLoss, {"weight": WEIGHT, "pos_weight": torch.tensor([3.0])}, {"prediction": [2, 4, 3], "probability": [2, 4, 3]}),
    (nn.GaussianNLLLoss, {}, {"prediction": [4, 3], "target": [4, 3], "variance": [4, 3]}),
    (nn.GaussianNLLLoss, {"full": True}, {"prediction": [4, 3], "target": [4, 3], "variance": [4, 3]}),
    (nn.GaussianNLLLoss, {"eps": 0.5}, {"prediction": [4, 3], "target": [4, 3], "variance": [4, 3]}),
    (nn.GaussianNLLLoss, {}, {"prediction": [4, 3], "target": [4, 3], "variance": [4, 1]}),
    (nn.GaussianNLLLoss, {}, {"prediction": [4, 3], "target": [4, 3], "variance": [4]}),
    (nn.CrossEntropyLoss, {}, {"prediction": [5, 3], "classes": [5]}),
    (nn.CrossEntropyLoss, {}, {"prediction": [3], "classes": []}),
    (nn.CrossEntropyLoss, {}, {"prediction": [2, 3, 4], "classes": [2, 4]}),
    (nn.CrossEntropyLoss, {}, {"prediction": [2, 3, 2, 3], "classes": [2, 2, 3]}),
    (nn.CrossEntropyLoss, {"ignore_index": 1}, {"prediction": [5, 3], "classes": [5]}),
    (nn.CrossEntropyLoss, {"label_smoothing": 0.2}, {"prediction": [5, 3], "classes": [5]}),
    (nn.CrossEntropyLoss, {"weight": WEIGHT}, {"prediction": [5, 3], "classes": [5]}),
    (nn.CrossEntropyLoss, {"weight": WEIGHT, "label_smoothing": 0.2, "ignore_index": 2}, {"prediction": [5, 3], "classes": [5]}),
    (nn.CrossEntropyLoss, {"weight": WEIGHT, "label_smoothing": 0.1, "ignore_index": 0}, {"prediction": [2, 3, 4], "classes": [2, 4]}),
    (nn.CrossEntropyLoss, {}, {"prediction": [5, 3], "mixture": [5, 3]}),
    (nn.CrossEntropyLoss, {}, {"prediction": [2, 3, 4], "mixture": [2, 3, 4]}),
    (nn.CrossEntropyLoss, {"weight": WEIGHT, "label_smoothing": 0.2}, {"prediction": [5, 3], "mixture": [5, 3]}),
    (nn.NLLLoss, {}, {"prediction": [5, 3], "classes": [5]}),
    (nn.NLLLoss, {}, {"prediction": [3], "classes": []}),
    (nn.NLLLoss, {"weight": WEIGHT, "ignore_index": 1}, {"prediction": [5, 3], "classes": [5]}),
    (nn.NLLLoss, {"weight": WEIGHT}, {"prediction": [2, 3, 4], "classes": [2, 4]}),
    (nn.BCELoss, {}, {"chance": [4, 3], "probability": [4, 3]}),
    (nn.BCELoss, {"weight": WEIGHT}, {"chance": [4, 3], "probability": [4, 3]}),
    (Quantile, {"quantiles": [0.05, 0.5, 0.95]}, {"prediction": [4, 2, 3], "target": [4, 2]}),
]


def described(family, options, inputs):
    words = [f"{key}={value.tolist() if isinstance(value, torch.Tensor) else value}" for key, value in options.items()]
    return f"{family.__name__}({', '.join(words)}) on {' '.join(str(shape) for shape in inputs.values())}"


def draw(random, kind, shape):
    if kind == "classes":
        return torch.from_numpy(random.randint(0, 3, tuple(shape))) if shape else torch.tensor(1)
    values = uniform(random, shape, 3.0 if kind == "prediction" else 1.0)
    if kind == "variance":
        values = values.abs() + 0.05
    if kind == "mixture":
        return values.mul(2).softmax(1)
    if kind == "chance":
        return values.mul(0.4).add(0.5)
    return values.abs() if kind == "probability" else values


def loss(family, options, shapes):
    random = generator(described(family, {}, shapes))
    inputs = {kind: draw(random, kind, shape) for kind, shape in shapes.items()}
    for kind, value in inputs.items():
        if kind != "classes" and family is not nn.BCEWithLogitsLoss or kind == "prediction":
            value.requires_grad_()
    y = family(**options)(*inputs.values())
    upstream = uniform(random, y.shape)
    y.backward(upstream)
    return {"family": family.__name__, "options": options, "inputs": inputs, "value": y, "upstream": upstream,
            "gradients": {kind: value.grad for kind, value in inputs.items() if value.requires_grad}}


# Layers

LAYER_NORM = {
    "LayerNorm(5) on 2-D": ([5], {}, [3, 5]),
    "LayerNorm(5) on 1-D": ([5], {}, [5]),
    "LayerNorm((3, 5)) on 4-D": ([3, 5], {}, [2, 2, 3, 5]),
    "LayerNorm(5, eps=0.1)": ([5], {"eps": 0.1}, [3, 5]),
    "LayerNorm(5, elementwise_affine=False)": ([5], {"elementwise_affine": False}, [2, 3, 5]),
    "LayerNorm(33)": ([33], {}, [7, 33]),
    "LayerNorm(1)": ([1], {}, [3, 1]),
}


def layer_norm(name, normalized, options, shape):
    random = generator(name)
    module = nn.LayerNorm(normalized, **options)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(uniform(random, weight.shape, 1.5))
    x = uniform(random, shape, 2.0).requires_grad_()
    y = module(x)
    upstream = uniform(random, y.shape)
    y.backward(upstream)
    return {"shape": normalized, "options": options, "weights": dict(module.state_dict()), "input": x, "output": y,
            "upstream": upstream, "print": str(module),
            "gradients": {"input": x.grad, **{key: weight.grad for key, weight in module.named_parameters()}}}


EMBEDDING = {
    "Embedding(7, 3)": (7, 3, {}, [[0, 6, 2], [2, 2, 5]]),
    "Embedding(7, 3, padding_idx=2)": (7, 3, {"padding_idx": 2}, [[0, 6, 2], [2, 2, 5]]),
    "Embedding(7, 3, padding_idx=-1)": (7, 3, {"padding_idx": -1}, [6, 0, 0]),
    "Embedding(2, 2) of one": (2, 2, {}, 1),
}


def embedding(name, count, size, options, indices):
    random = generator(name)
    torch.manual_seed(5)
    module = nn.Embedding(count, size, **options)
    initial_weight = module.weight.detach().clone()
    y = module(torch.tensor(indices))
    upstream = uniform(random, y.shape)
    y.backward(upstream)
    return {"arguments": [count, size], "options": options, "seed": 5, "weight": initial_weight, "indices": torch.tensor(indices),
            "output": y, "upstream": upstream, "gradient": module.weight.grad, "print": str(module)}


DROPOUT = {"p=0.5": (0.5, [4, 5]), "p=0.2": (0.2, [3, 7]), "p=0": (0.0, [2, 3]), "p=1": (1.0, [2, 3])}


def dropout(name, p, shape):
    x = uniform(generator(name), shape).requires_grad_()
    torch.manual_seed(11)
    y = nn.Dropout(p)(x)
    following = torch.rand(1)
    upstream = uniform(generator(name + " upstream"), shape)
    y.backward(upstream)
    return {"p": p, "seed": 11, "input": x, "output": y, "upstream": upstream, "gradient": x.grad, "following": following}


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.cells = nn.ModuleList([nn.ModuleList([nn.Linear(2, 2), nn.Tanh()]), nn.ModuleList([nn.Linear(2, 1)])])


PRINT = {
    "Sequential": lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.25), nn.LayerNorm(8), nn.Linear(8, 1, bias=False)),
    "Sequential in Sequential": lambda: nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), nn.Sigmoid()),
    "Sequential, empty": lambda: nn.Sequential(),
    "ModuleList": lambda: nn.ModuleList([nn.Linear(2, 3), nn.Linear(3, 1)]),
    "ModuleList, empty": lambda: nn.ModuleList(),
    "Nested": Nested,
    "CrossEntropyLoss": lambda: nn.CrossEntropyLoss(),
}


# Gradient clipping

def clipped():
    random = generator("clip")
    return [uniform(random, shape) for shape in ([3, 4], [5], [1])]


def clip(kind, most):
    gradients = clipped()
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients] + [nn.Parameter(torch.zeros(2))]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    total = nn.utils.clip_grad_norm_(parameters, most, float(kind))
    return {"normType": kind, "maxNorm": most, "gradients": gradients, "total": total.item(), "after": [p.grad for p in parameters[:3]]}


def clip_value(most):
    gradients = clipped()
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    nn.utils.clip_grad_value_(parameters, most)
    return {"clipValue": most, "gradients": gradients, "after": [p.grad for p in parameters]}


# nn.init

SHAPES = [[3, 4], [8, 5], [33, 17], [4, 3, 2]]
INIT = [
    ("uniform", []), ("uniform", [-0.5, 2.0]), ("normal", []), ("normal", [1.0, 0.25]), ("constant", [0.3]), ("zeros", []), ("ones", []),
    ("xavier_uniform", []), ("xavier_uniform", [5 / 3]), ("xavier_normal", []), ("xavier_normal", [5 / 3]),
    ("kaiming_uniform", []), ("kaiming_uniform", [0.2, "fan_out", "leaky_relu"]), ("kaiming_uniform", [0, "fan_in", "tanh"]),
    ("kaiming_normal", []), ("kaiming_normal", [0, "fan_out", "relu"]), ("orthogonal", []), ("orthogonal", [1.5]),
]


def initial(name, options, shape):
    torch.manual_seed(3)
    return {"name": name, "options": options, "seed": 3, "weight": getattr(nn.init, f"{name}_")(torch.empty(shape), *options)}
