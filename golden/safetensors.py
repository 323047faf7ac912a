#!/usr/bin/env python3
"""safetensors files of PyTorch state dicts, for packages/eddy/test/safetensors.test.ts.

The safetensors package is not in Debian, so this carries a reader and a writer of its own, written from the format's
description alone: https://huggingface.co/docs/safetensors. As a script it reads a file and prints what PyTorch makes of it:

    python3 golden/safetensors.py model.safetensors
    python3 golden/safetensors.py model.safetensors --load '{"input_size": 3, "hidden_size": 5}'
"""
import base64
import json
import struct
import sys
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
          "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
RANK = ["BOOL", "U8", "I8", "I16", "F16", "BF16", "I32", "F32", "F64", "I64"]  # the reference's order of dtypes


class Net(nn.Module):
    """A recurrent layer and a readout, as the tutorial writes them."""

    def __init__(self, **options):
        super().__init__()
        self.rnn = nn.LSTM(**options)
        directions = 2 if options.get("bidirectional") else 1
        self.out = nn.Linear(directions * options["hidden_size"], 1)


OPTIONS = {"input_size": 3, "hidden_size": 5, "num_layers": 2}


def safetensors():
    random = np.random.RandomState(7)
    net = Net(**OPTIONS)
    with torch.no_grad():
        for weight in net.parameters():
            weight.copy_(torch.from_numpy(random.uniform(-1, 1, tuple(weight.shape)).astype(np.float32)))
    files = {}
    for name in ["F32", "F16", "BF16", "F64"]:
        files[f"LSTM and Linear in {name}"] = file(
            {key: value.to(DTYPES[name]) for key, value in net.state_dict().items()}, {"format": "pt"})
    files["whole numbers"] = file({
        "I64": torch.tensor([[0, 1, -1], [2 ** 24, -2 ** 24, 2 ** 40]]),
        "I32": torch.tensor([0, -1, 2 ** 24, -2 ** 31], dtype=torch.int32),
        "I16": torch.tensor([0, 1, -2 ** 15, 2 ** 15 - 1], dtype=torch.int16),
        "I8": torch.tensor([0, 1, -128, 127], dtype=torch.int8),
        "U8": torch.tensor([0, 1, 255], dtype=torch.uint8),
        "BOOL": torch.tensor([True, False, True]),
    })
    edges = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1.0, -2.0, 65504.0, 2.0 ** -14, 2.0 ** -24, 3 * 2.0 ** -24,
             1023 * 2.0 ** -24, 1 / 3]
    files["edges"] = file({name: torch.tensor(edges, dtype=torch.float64).to(DTYPES[name]) for name in ["F32", "F16", "BF16", "F64"]})
    files["shapes and names"] = file({"scalar": torch.tensor(2.5), "none": torch.zeros(0, 3), "größe.重み": torch.ones(1, 1, 2),
                                      "constructor": torch.tensor([1.0])}, {"note": "größe \"quoted\"\n", "empty": ""})
    # Every float16, since a conversion by hand may fail at any of them.
    halves = torch.from_numpy(np.arange(2 ** 16, dtype=np.uint16).view(np.float16).copy())
    every_f16 = {"sum of absolutes": float(halves[torch.isfinite(halves)].double().abs().sum()),
                 "finite": int(torch.isfinite(halves).sum()), "nan": int(torch.isnan(halves).sum())}
    return {"options": OPTIONS, "files": files, "everyF16": every_f16}


def file(tensors, metadata=None):
    return {"metadata": metadata or {}, "base64": base64.b64encode(write(tensors, metadata)).decode("ascii"),
            "tensors": {name: tensor.to(torch.float32) for name, tensor in tensors.items()}}


def write(tensors, metadata=None):
    ordered = sorted(tensors.items(), key=lambda item: (-RANK.index(NAMES[item[1].dtype]), item[0].encode()))
    header = OrderedDict()
    if metadata is not None:
        header["__metadata__"] = metadata
    data = b""
    for name, tensor in ordered:
        flat = tensor.detach().contiguous().reshape(-1)
        raw = flat.view(torch.int16).numpy() if tensor.dtype == torch.bfloat16 else flat.numpy()
        begin = len(data)
        data += raw.tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def read(content):
    """The tensors and the metadata of a file; an assertion fails if the file violates the format."""
    length = struct.unpack("<Q", content[:8])[0]
    assert length % 8 == 0, "the data is not aligned"
    text = content[8:8 + length]
    assert text[:1] == b"{", "the header does not begin with {"
    pairs = json.loads(text.decode("utf-8"), object_pairs_hook=unique)
    metadata = pairs.pop("__metadata__", {})
    data = content[8 + length:]
    at, tensors = 0, OrderedDict()
    for name, entry in sorted(pairs.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == at, f"{name} begins at {begin}, expected {at}"
        dtype = DTYPES[entry["dtype"]]
        count = int(np.prod(entry["shape"], dtype=np.int64))
        assert end - begin == count * torch.empty(0, dtype=dtype).element_size(), f"{name} has the wrong length"
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype) if count else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
        at = end
    assert at == len(data), "bytes left over"
    return tensors, metadata


def unique(pairs):
    assert len(pairs) == len(dict(pairs)), "a name twice"
    return dict(pairs)


def main():
    with open(sys.argv[1], "rb") as stream:
        tensors, metadata = read(stream.read())
    if "--load" in sys.argv:
        Net(**json.loads(sys.argv[sys.argv.index("--load") + 1])).load_state_dict(tensors)  # strict
    print(json.dumps({"metadata": metadata, "tensors": {
        name: {"shape": list(tensor.shape), "float32": base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode("ascii")}
        for name, tensor in tensors.items()}}))


if __name__ == "__main__":
    main()
