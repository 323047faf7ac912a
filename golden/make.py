#!/usr/bin/env python3
"""Writes the golden files: the results of real PyTorch, which Eddy's tests compare with.

How to run (PyTorch 1.13, numpy 1.24: Debian's python3-torch and libopenblas0-pthread; x86-64 with AVX2):

    python3 golden/make.py                     writes every golden/*.json
    python3 golden/make.py ops program         writes only these
    python3 golden/make.py --check             recomputes them and compares with the files; exit code 1 if they differ
    python3 golden/make.py --trajectories DIR  writes every step of the tutorial's program (50 MB) into DIR

Each topic is a module in this folder with a function of the same name that returns a dict. A float32 is written as the
shortest decimal that rounds to the same float32; JSON has no infinity, so "inf", "-inf" and "nan" are strings.
A tensor is {"shape": [...], "data": [...]}, row-major, or {"shape": [...], "float32": base64 of little-endian float32}.

--check allows for other processors: numbers agree within 1e-6 of their array's scale, and `program` defines how far its
free runs may diverge. The environment under "meta" is a record and is not compared.
"""
import os

# Set before torch and numpy load: the instruction set and the threads determine the order of sums.
os.environ["ATEN_CPU_CAPABILITY"] = "avx2"
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import importlib
import json
import math
import platform
import sys
from pathlib import Path

import numpy as np
import torch

sys.dont_write_bytecode = True  # golden/ holds sources and goldens only

import encode

HERE = Path(__file__).resolve().parent
TOPICS = ["draws", "data", "ops", "functions", "graph", "specials", "modules", "recurrent", "optimisers", "losses", "layers", "schedules", "program", "safetensors", "series", "times"]
TOLERANCE = 1e-6  # of the array's scale


def environment():
    config = torch.__config__.show()
    capability = [line.split(":")[1].strip() for line in config.splitlines() if "CPU capability usage" in line]
    return {
        "writtenBy": "golden/make.py; never edited by hand",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "threads": torch.get_num_threads(),
        "interopThreads": torch.get_num_interop_threads(),
        "cpuCapability": capability[0] if capability else "unknown",
        "mkldnn": torch.backends.mkldnn.is_available(),
        "environment": {name: os.environ[name] for name in sorted(os.environ)
                        if name in ("ATEN_CPU_CAPABILITY", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")},
        "config": [line.strip(" -") for line in config.splitlines() if "Build settings" not in line and line.strip(" -")],
    }


def topic(name):
    return importlib.import_module(name)


def make(name):
    return {"meta": environment(), **getattr(topic(name), name)()}


def differences(committed, fresh, path="", tolerance=TOLERANCE):
    """Reports where two parsed golden values differ: structure, strings and integers exactly, others beyond the tolerance."""
    if isinstance(committed, dict) and "float32" in committed and isinstance(fresh, dict) and "float32" in fresh:
        committed = {"shape": committed["shape"], "data": encode.from_base64(committed["float32"])}
        fresh = {"shape": fresh["shape"], "data": encode.from_base64(fresh["float32"])}
    if isinstance(committed, dict) and isinstance(fresh, dict):
        found = [f"{path}.{key}: only in the {'file' if key in committed else 'new run'}"
                 for key in sorted(committed.keys() ^ fresh.keys())]
        for key in committed:
            if key in fresh:
                found += differences(committed[key], fresh[key], f"{path}.{key}", tolerance)
        return found
    if isinstance(committed, list) and isinstance(fresh, list):
        if len(committed) != len(fresh):
            return [f"{path}: {len(committed)} elements in the file, {len(fresh)} in the new run"]
        if all(is_number(v) for v in committed) and all(is_number(v) for v in fresh):
            return number_differences(committed, fresh, path, tolerance)
        return [d for i, (a, b) in enumerate(zip(committed, fresh)) for d in differences(a, b, f"{path}[{i}]", tolerance)]
    if is_number(committed) and is_number(fresh):
        return number_differences([committed], [fresh], path, tolerance)
    return [] if committed == fresh else [f"{path}: {committed!r} in the file, {fresh!r} in the new run"]


def is_number(value):
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or value in ("inf", "-inf", "nan")


def number_differences(committed, fresh, path, tolerance):
    a, b = [float(v) for v in committed], [float(v) for v in fresh]
    scale = max([1.0] + [abs(v) for v in a if math.isfinite(v)])
    wrong = []
    for i in range(len(a)):
        if isinstance(committed[i], int) and isinstance(fresh[i], int):
            same = committed[i] == fresh[i]
        elif math.isfinite(a[i]) and math.isfinite(b[i]):
            same = abs(a[i] - b[i]) <= tolerance * scale
        else:
            same = str(a[i]) == str(b[i])
        if not same:
            wrong.append(i)
    if not wrong:
        return []
    i = max(wrong, key=lambda i: abs(a[i] - b[i]) if math.isfinite(a[i] - b[i]) else math.inf)
    return [f"{path}[{i}]: {committed[i]} in the file, {fresh[i]} in the new run, "
            f"allowed {tolerance * scale:.1e} ({len(wrong)} of {len(a)} differ)"]


def check(names):
    failed = False
    here = environment()
    for name in names:
        file = HERE / f"{name}.json"
        if not file.exists():
            print(f"{file.name}: missing; run golden/make.py {name}")
            failed = True
            continue
        committed = json.loads(file.read_text())
        fresh = json.loads(encode.text(make(name)))
        recorded = committed.pop("meta", {})
        fresh.pop("meta")
        changed = [key for key in here if here[key] != recorded.get(key)]
        compare = getattr(topic(name), "compare", None)
        found = compare(committed, fresh, differences) if compare else differences(committed, fresh)
        print(f"{file.name}: {f'{len(found)} differences' if found else 'agrees'}"
              + (f" (environment differs: {', '.join(changed)})" if changed else ""))
        for line in found[:20]:
            print(f"  {line.lstrip('.')}")
        if len(found) > 20:
            print(f"  and {len(found) - 20} more")
        failed = failed or bool(found)
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}; all unless given")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    parser.add_argument("--trajectories", metavar="DIR", help="write every step of the tutorial's program into DIR")
    options = parser.parse_args()
    for name in options.topics:
        if name not in TOPICS:
            parser.error(f"unknown topic {name!r}; expected one of {', '.join(TOPICS)}")
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    names = options.topics or TOPICS
    if options.trajectories:
        directory = Path(options.trajectories)
        directory.mkdir(parents=True, exist_ok=True)
        for file_name, content in topic("program").trajectories():
            (directory / file_name).write_text(encode.text({"meta": environment(), **content}))
        return 0
    if options.check:
        return check(names)
    for name in names:
        file = HERE / f"{name}.json"
        file.write_text(encode.text(make(name)))
        print(f"{file.name}: {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
