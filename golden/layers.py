"""Conv1d, BatchNorm1d, LSTM with projections and activations as modules, for packages/eddy/test/more-layers.test.ts."""
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from modules import generator, gradients, uniform, with_short_weights


def layers():
    return {
        "conv1d": {name: run(name, make, shape) for name, (make, shape) in CONV.items()},
        "activations": {name: run(name, make, [2, 3]) for name, make in ACTIVATIONS.items()},
        "batchNorm": {name: batch_norm(name, *case) for name, case in BATCH_NORM.items()},
        "projections": {name: projection(name, *case) for name, case in PROJECTIONS.items()},
        "padded": padded(),
        "initial": initial(),
    }


def run(name, make, shape):
    random = generator(name)
    module = with_short_weights(random, make())
    x = uniform(random, shape, 2.0).requires_grad_()
    y = module(x)
    upstream = uniform(random, y.shape)
    y.backward(upstream)
    return {"weights": dict(module.state_dict()), "input": x, "output": y, "upstream": upstream,
            "gradients": {"input": x.grad, **gradients(module)}, "print": str(module)}


class Causal(nn.Conv1d):
    """PyTorch has no causal padding: all of it comes before the start."""

    def forward(self, x):
        return super().forward(nn.functional.pad(x, (self.dilation[0] * (self.kernel_size[0] - 1), 0)))


CONV = {
    "Conv1d(2, 3, 3)": (lambda: nn.Conv1d(2, 3, 3), [2, 2, 7]),
    "Conv1d(2, 3, 3, padding=1, stride=2)": (lambda: nn.Conv1d(2, 3, 3, padding=1, stride=2), [2, 2, 8]),
    "Conv1d(2, 4, 2, dilation=3, bias=False)": (lambda: nn.Conv1d(2, 4, 2, dilation=3, bias=False), [1, 2, 6]),
    "Conv1d(4, 6, 3, groups=2, padding=2)": (lambda: nn.Conv1d(4, 6, 3, groups=2, padding=2), [2, 4, 5]),
    "Conv1d(3, 3, 1, groups=3)": (lambda: nn.Conv1d(3, 3, 1, groups=3), [2, 3, 4]),
    "Conv1d(2, 3, 4, padding=same)": (lambda: nn.Conv1d(2, 3, 4, padding="same", dilation=2), [2, 2, 9]),
    "Conv1d(1, 2, 3) unbatched": (lambda: nn.Conv1d(1, 2, 3), [1, 5]),
    "Conv1d(2, 3, 3, padding=causal, dilation=2)": (lambda: Causal(2, 3, 3, dilation=2), [2, 2, 6]),
}

ACTIVATIONS = {
    "GELU": nn.GELU, "SiLU": nn.SiLU, "LeakyReLU": lambda: nn.LeakyReLU(0.2), "ELU": nn.ELU, "Softplus": nn.Softplus,
    "Softmax": lambda: nn.Softmax(dim=1), "LogSoftmax": lambda: nn.LogSoftmax(dim=-1), "Identity": nn.Identity,
    "Flatten": lambda: nn.Flatten(0),
}

BATCH_NORM = {
    "BatchNorm1d(3) on 2-D": (3, {}, [5, 3]),
    "BatchNorm1d(3) on 3-D": (3, {}, [4, 3, 5]),
    "BatchNorm1d(2, momentum=None, eps=0.1)": (2, {"momentum": None, "eps": 0.1}, [4, 2]),
    "BatchNorm1d(2, affine=False)": (2, {"affine": False}, [4, 2, 3]),
    "BatchNorm1d(2, track_running_stats=False)": (2, {"track_running_stats": False}, [4, 2]),
}


def batch_norm(name, features, options, shape):
    """Two batches of training, then one of evaluation."""
    random = generator(name)
    module = with_short_weights(random, nn.BatchNorm1d(features, **options))
    start = {key: value.clone() for key, value in module.state_dict().items()}
    steps = []
    for training in (True, True, False):
        module.train(training)
        module.zero_grad()
        x = uniform(random, shape, 2.0).requires_grad_()
        y = module(x)
        upstream = uniform(random, y.shape)
        y.backward(upstream)
        steps.append({"input": x, "output": y, "upstream": upstream, "gradients": {"input": x.grad, **{
            key: value.clone() for key, value in gradients(module).items()}},
            "state": {key: value.clone().float() for key, value in module.state_dict().items()}})
    return {"features": features, "options": options, "weights": start, "steps": steps, "print": str(module)}


PROJECTIONS = {
    "LSTM(2, 5, proj_size=3)": ({"proj_size": 3}, [4, 3, 2]),
    "LSTM(2, 5, proj_size=2, 2 layers, both directions)": ({"proj_size": 2, "num_layers": 2, "bidirectional": True}, [4, 2, 2]),
    "LSTM(2, 4, proj_size=1, bias=False, batch_first)": ({"proj_size": 1, "bias": False, "batch_first": True}, [2, 3, 2]),
}


def projection(name, options, shape):
    random = generator(name)
    module = with_short_weights(random, nn.LSTM(2, 5, **options))
    x = uniform(random, shape, 2.0).requires_grad_()
    batch = shape[0] if options.get("batch_first") else shape[1]
    rows = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    h = uniform(random, [rows, batch, options["proj_size"]]).requires_grad_()
    c = uniform(random, [rows, batch, 5]).requires_grad_()
    y, (h_n, c_n) = module(x, (h, c))
    upstream = [uniform(random, value.shape) for value in (y, h_n, c_n)]
    sum((value * weight).sum() for value, weight in zip((y, h_n, c_n), upstream)).backward()
    return {"options": options, "weights": dict(module.state_dict()), "input": x, "state": [h, c], "outputs": [y, h_n, c_n],
            "upstream": upstream, "print": str(module),
            "gradients": {"input": x.grad, "h": h.grad, "c": c.grad, **gradients(module)}}


def padded():
    random = generator("pad_sequence")
    sequences = [uniform(random, [length, 2]) for length in (3, 1, 4)]
    return {"sequences": sequences, "timeFirst": pad_sequence(sequences),
            "batchFirst": pad_sequence(sequences, batch_first=True, padding_value=-1)}


def initial():
    """Default initialisation draws the same numbers in the same order."""
    torch.manual_seed(3)
    return {"Conv1d": dict(nn.Conv1d(3, 4, 5).state_dict()), "LSTM": dict(nn.LSTM(2, 4, proj_size=3).state_dict())}
