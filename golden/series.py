"""For packages/eddy/test/series-golden.test.ts.

Scalers, scores, autocorrelation and ridge FIR filters by NumPy in float64; the ensemble of a model by PyTorch.
"""
import math

import numpy as np
import torch
from torch import nn

import encode


def series():
    return {"scalers": scalers(), "scores": scores(), "autocorrelation": autocorrelation(), "filters": filters(),
            "ensembles": ensembles()}


def wave(n, k, offset=0.0):
    """Numbers without a random generator, so that any NumPy writes the same."""
    return np.array([offset + math.sin(0.7 * t * k + k) + 0.5 * math.cos(0.13 * t * t + k) for t in range(n)])


def rounded(values):
    """Float32 values: both sides start from the same bits."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def scalers():
    columns = {
        "pressure": 101325 + wave(101, 1),
        "with missing values": np.where(np.arange(60) % 7 == 3, np.nan, 3 * wave(60, 2)),
        "skewed": np.exp(3 * wave(80, 3)),
        "two values": np.array([1.0, 2.0]),
    }
    found = {}
    for name, values in columns.items():
        present = values[~np.isnan(values)]
        low, middle, high = np.percentile(present, [25, 50, 75])
        found[name] = {
            "values": ["nan" if math.isnan(v) else v for v in values.tolist()],
            "standard": [present.mean(), present.std()],
            "minMax": [(present.max() + present.min()) / 2, (present.max() - present.min()) / 2],
            "robust": [middle, high - low],
        }
    return found


def scores():
    measured, predicted = wave(50, 1, 20.0), wave(50, 1, 20.0) + 0.1 * wave(50, 5)
    error = measured - predicted
    return {
        "measured": measured.tolist(),
        "predicted": predicted.tolist(),
        "rmse": np.sqrt(np.mean(error ** 2)),
        "mae": np.mean(np.abs(error)),
        "r2": 1 - np.sum(error ** 2) / np.sum((measured - measured.mean()) ** 2),
        "fit": 100 * (1 - np.linalg.norm(error) / np.linalg.norm(measured - measured.mean())),
    }


def autocorrelation():
    residuals = wave(64, 4)
    centred = residuals - residuals.mean()
    full = np.correlate(centred, centred, mode="full")[len(centred) - 1:]
    return {"residuals": residuals.tolist(), "lags": (full / full[0])[:21].tolist()}


def design(u, taps):
    """Rows [1, u(t), u(t − 1), …] with 0 before the first row; u (rows, inputs)."""
    rows, inputs = u.shape
    x = np.ones((rows, 1 + taps * inputs))
    for lag in range(taps):
        x[:, 1 + lag * inputs:1 + (lag + 1) * inputs] = np.vstack([np.zeros((lag, inputs)), u[:rows - lag]])
    return x


def ridge_fit(x, y, strength):
    """(XᵀX + λ n d D) w = Xᵀy: d is the mean square of all columns but the constant, which D excludes."""
    gram = x.T @ x
    size = gram.shape[0]
    d = np.trace(gram[1:, 1:]) / (size - 1)
    penalty = np.diag([1e-12 * len(y)] + [strength * d] * (size - 1))
    return np.linalg.solve(gram + penalty, x.T @ y)


def filters():
    cases = []
    for inputs, taps, strength, missing in [(1, 8, 1e-4, False), (2, 3, 1e-2, False), (1, 4, 1e-6, True)]:
        u = rounded(np.stack([wave(120, i + 1) for i in range(inputs)], axis=1))
        y = np.zeros(120)
        for t in range(1, 120):
            y[t] = 0.8 * y[t - 1] + 0.3 * u[t, 0] - (0.2 * u[t - 1, -1] if inputs > 1 else 0)
        y = rounded(y)
        use = np.arange(120) < 90
        if missing:
            use &= np.arange(120) % 10 != 4
        x = design(u, taps)
        weights = ridge_fit(x[use], y[use], strength)
        cases.append({
            "inputs": inputs, "taps": taps, "ridge": strength, "trainRows": 90,
            "u": u.reshape(-1).tolist(),
            "y": [float(value) if t >= 90 or use[t] else "nan" for t, value in enumerate(y)],
            "weights": weights.tolist(),
            "predicted": (x @ weights).tolist(),
        })
    return cases


class Network(nn.Module):
    """y = W_out h + b_out (+ W_direct x), from a learned initial state if `learned`."""

    def __init__(self, cell, inputs, targets, hidden, layers, direct, learned):
        super().__init__()
        self.parts = ["h_0", "c_0"] if cell == "lstm" else ["h_0"]
        for part in self.parts if learned else []:
            self.register_parameter(part, nn.Parameter(torch.randn(layers, 1, hidden)))
        self.rnn = getattr(nn, cell.upper())(inputs, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, targets)
        self.direct = nn.Linear(inputs, targets, bias=False) if direct else None

    def forward(self, x):
        starts = [getattr(self, part).expand(-1, len(x), -1).contiguous() for part in self.parts if hasattr(self, part)]
        state = None if not starts else tuple(starts) if len(starts) > 1 else starts[0]
        y = self.out(self.rnn(x, state)[0])
        return y if self.direct is None else y + self.direct(x)


class Ensemble(nn.Module):
    """y = (1 - share) * filter(x) + share * mean of the networks, with zeros before the first row; x (batch, time, inputs)."""

    def __init__(self, taps, share, networks, **sizes):
        super().__init__()
        inputs, targets = sizes["inputs"], sizes["targets"]
        self.filter = nn.Conv1d(inputs, targets, taps)
        self.networks = nn.ModuleList(Network(**sizes) for _ in range(networks))
        self.register_buffer("share", torch.tensor(share))

    def forward(self, x):
        padded = nn.functional.pad(x.transpose(1, 2), (self.filter.kernel_size[0] - 1, 0))
        filtered = self.filter(padded).transpose(1, 2)
        if not self.networks:
            return filtered
        mean = torch.stack([network(x) for network in self.networks]).mean(0)
        return (1 - self.share) * filtered + self.share * mean


def ensembles():
    sizes = {"inputs": 3, "targets": 2, "hidden": 4}
    cases = [
        {"taps": 5, "share": [0.25, 1.0], "networks": 3, "cell": "lstm", "layers": 2, "direct": True, "learned": True},
        {"taps": 1, "share": [0.5, 0.75], "networks": 2, "cell": "gru", "layers": 1, "direct": False, "learned": True},
        {"taps": 4, "share": [1.0, 0.0], "networks": 1, "cell": "rnn", "layers": 1, "direct": True, "learned": False},
        {"taps": 6, "share": [0.0, 0.0], "networks": 0, "cell": "rnn", "layers": 1, "direct": False, "learned": False},
    ]
    torch.manual_seed(11)
    found = []
    for case in cases:
        ensemble = Ensemble(**sizes, **case)
        x = torch.from_numpy(np.stack([wave(2 * 12, k + 1) for k in range(3)], axis=1).reshape(2, 12, 3)).float()
        with torch.no_grad():
            y = ensemble(x)
        weights = {name: encode.packed(value) for name, value in ensemble.state_dict().items()}
        found.append({**sizes, **case, "weights": weights, "x": encode.packed(x), "y": encode.packed(y)})
    return found
