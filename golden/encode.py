"""Writes golden values as JSON: float32 by its shortest decimals, tensors as shape and data."""
import base64
import json
import math

import numpy as np
import torch

LINE_PER_ENTRY = 2  # down to this depth, each entry has its own line


def text(value):
    return encode(value, 0) + "\n"


def encode(value, depth=LINE_PER_ENTRY):
    if isinstance(value, torch.Tensor):
        return encode(tensor(value), LINE_PER_ENTRY)
    if isinstance(value, np.ndarray):
        return encode(tensor(torch.from_numpy(np.ascontiguousarray(value))), LINE_PER_ENTRY)
    if isinstance(value, dict):
        return lines("{}", [f"{json.dumps(str(key))}:{encode(item, depth + 1)}" for key, item in value.items()], depth)
    if isinstance(value, (list, tuple)):
        leaves = not any(isinstance(item, (dict, list, tuple)) for item in value)
        return lines("[]", [encode(item, depth + 1) for item in value], LINE_PER_ENTRY if leaves else depth)
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return number(float(value))


def lines(brackets, items, depth):
    if depth >= LINE_PER_ENTRY or not items:
        return brackets[0] + ",".join(items) + brackets[1]
    return brackets[0] + "\n" + ",\n".join(items) + "\n" + brackets[1]


def number(value):
    if not math.isfinite(value):
        return f'"{value}"'
    with np.errstate(over="ignore"):
        single = np.float32(value)
    short = str(single) if float(single) == value else repr(value)
    return short[:-2] if short.endswith(".0") else short


def tensor(value):
    flat = value.detach().contiguous().flatten().tolist()
    if value.dtype == torch.bool:
        flat = [int(item) for item in flat]
    return {"shape": list(value.shape), "data": flat}


def packed(value):
    """A tensor as {"shape", "float32"}: half the size of decimals, for states that nobody reads."""
    data = value.detach().contiguous().numpy().astype("<f4").tobytes()
    return {"shape": list(value.shape), "float32": base64.b64encode(data).decode("ascii")}


def from_base64(data):
    return np.frombuffer(base64.b64decode(data), dtype="<f4").tolist()


def unpacked(value):
    return torch.tensor(from_base64(value["float32"]), dtype=torch.float32).reshape(value["shape"])
