#!/usr/bin/env python3
"""Runs random programs in PyTorch: a JSON list of them on standard input, a list of their outcomes on standard output.

packages/eddy/test/random-program.ts makes the programs and says what their steps mean; programs.test.ts compares.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"

import json
import sys
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")

OPERATIONS = {
    "add": lambda s, a, b: a + b,
    "sub": lambda s, a, b: a - b,
    "mul": lambda s, a, b: a * b,
    "div": lambda s, a, b: a / b,
    "pow": lambda s, a, b: a**b,
    "addNumber": lambda s, a: a + s["value"],
    "subFromNumber": lambda s, a: torch.tensor(float(s["value"])) - a,
    "mulNumber": lambda s, a: a * s["value"],
    "divNumber": lambda s, a: a / s["value"],
    "powNumber": lambda s, a: a ** s["value"],
    "neg": lambda s, a: -a,
    "exp": lambda s, a: a.exp(),
    "log": lambda s, a: a.log(),
    "sqrt": lambda s, a: a.sqrt(),
    "tanh": lambda s, a: a.tanh(),
    "sigmoid": lambda s, a: a.sigmoid(),
    "relu": lambda s, a: a.relu(),
    "abs": lambda s, a: a.abs(),
    "sin": lambda s, a: a.sin(),
    "cos": lambda s, a: a.cos(),
    "clone": lambda s, a: a.clone(),
    "matmul": lambda s, a, b: a @ b,
    "sum": lambda s, a: a.sum(),
    "mean": lambda s, a: a.mean(),
    "sumAlong": lambda s, a: a.sum(s["dims"], s["keepdim"]),
    "meanAlong": lambda s, a: a.mean(s["dims"], s["keepdim"]),
    "max": lambda s, a: a.max(),
    "min": lambda s, a: a.min(),
    "maxAlong": lambda s, a: a.max(s["dim"], s["keepdim"])[0],
    "minAlong": lambda s, a: a.min(s["dim"], s["keepdim"])[0],
    "softmax": lambda s, a: a.softmax(s["dim"]),
    "logSoftmax": lambda s, a: a.log_softmax(s["dim"]),
    "reshape": lambda s, a: a.reshape(s["shape"]),
    "transpose": lambda s, a: a.transpose(*s["dims"]),
    "permute": lambda s, a: a.permute(s["dims"]),
    "select": lambda s, a: a.select(s["dim"], s["start"]),
    "narrow": lambda s, a: a.narrow(s["dim"], s["start"], s["length"]),
    "unsqueeze": lambda s, a: a.unsqueeze(s["dim"]),
    "squeeze": lambda s, a: a.squeeze(),
    "expand": lambda s, a: a.expand(s["shape"]),
    "detach": lambda s, a: a.detach(),
    "cat": lambda s, *all: torch.cat(all, s["dim"]),
    "stack": lambda s, *all: torch.stack(all, s["dim"]),
    "where": lambda s, mask, a, b: torch.where(mask != 0, a, b),
    "gather": lambda s, a, index: a.gather(s["dim"], index.long()),
    "mse": lambda s, a, b: nn.functional.mse_loss(a, b),
    "smoothL1": lambda s, a, b: nn.functional.smooth_l1_loss(a, b),
    "bce": lambda s, a, b: nn.functional.binary_cross_entropy_with_logits(a, b),
}


def flat(x):
    return x.detach().reshape(-1).tolist()


def run(steps):
    tensors = []
    leaves = []
    outcome = {"values": [], "backwards": [], "leaves": []}
    for step in steps:
        op = step["op"]
        inputs = [tensors[i] for i in step["from"]]
        if op in ("leaf", "pick"):
            tensors.append(torch.tensor(step["data"], dtype=torch.float32).reshape(step["shape"]).requires_grad_(step["grad"]))
            if op == "leaf":
                leaves.append(tensors[-1])
            outcome["values"].append(flat(tensors[-1]))
        elif op == "write":
            with torch.no_grad():
                inputs[0].fill_(step["value"])
        elif op == "writeRow":
            with torch.no_grad():
                inputs[0].select(0, 0).fill_(step["value"])
        elif op == "freeze":
            inputs[0].requires_grad_(step["grad"])
        elif op == "step":
            torch.optim.SGD(inputs, lr=step["value"]).step()
        elif op == "backward":
            y = inputs[0]
            try:
                y.backward(torch.full_like(y, step["value"]), retain_graph=step["grad"])
            except RuntimeError as error:
                if not any(word in str(error) for word in ("modified by an inplace", "modified inplace", "second time")):
                    raise
                outcome["backwards"].append({"accepted": False, "gradients": []})
                return outcome
            gradients = [None if x.grad is None else flat(x.grad) for x in leaves]
            outcome["backwards"].append({"accepted": True, "gradients": gradients})
        else:
            tensors.append(OPERATIONS[op](step, *inputs))
            outcome["values"].append(flat(tensors[-1]))
    outcome["leaves"] = [flat(x) for x in leaves]
    return outcome


def outcome_of(steps):
    try:
        return run(steps)
    except Exception as error:  # an error is part of the outcome of a program
        return {"error": f"{type(error).__name__}: {error}"}


print(json.dumps([outcome_of(steps) for steps in json.load(sys.stdin)]))
