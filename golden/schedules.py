"""Learning rates (and momentum, where it cycles) over 30 steps of every schedule, for packages/eddy/test/schedules.test.ts."""
import math

import torch
from torch.optim import lr_scheduler

STEPS = 30

# Options are PyTorch's; each case is a list of schedules that step together.
CASES = {
    "StepLR": [("StepLR", {"step_size": 7})],
    "StepLR, gamma": [("StepLR", {"step_size": 4, "gamma": 0.5})],
    "ExponentialLR": [("ExponentialLR", {"gamma": 0.9})],
    "CosineAnnealingLR": [("CosineAnnealingLR", {"T_max": 30})],
    "CosineAnnealingLR, up again": [("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.001})],
    "LinearLR": [("LinearLR", {})],
    "LinearLR, warm-up": [("LinearLR", {"start_factor": 0.01, "total_iters": 10})],
    "LinearLR, down": [("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 20})],
    "LambdaLR": [("LambdaLR", {"lr_lambda": "1 / (1 + epoch)"})],
    "MultiStepLR": [("MultiStepLR", {"milestones": [3, 9, 9, 20]})],
    "MultiStepLR and ExponentialLR": [("MultiStepLR", {"milestones": [5], "gamma": 0.5}), ("ExponentialLR", {"gamma": 0.9})],
    "ConstantLR": [("ConstantLR", {})],
    "ConstantLR, factor": [("ConstantLR", {"factor": 0.25, "total_iters": 12})],
    "CosineAnnealingWarmRestarts": [("CosineAnnealingWarmRestarts", {"T_0": 7})],
    "CosineAnnealingWarmRestarts, longer": [("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.001})],
    "SequentialLR": [("SequentialLR", {"milestones": [4, 11], "schedulers": [
        ["LinearLR", {"total_iters": 4, "start_factor": 0.1}], ["ExponentialLR", {"gamma": 0.9}], ["StepLR", {"step_size": 5}]]})],
    "SequentialLR of a constant and a cosine": [("SequentialLR", {"milestones": [6], "schedulers": [
        ["ConstantLR", {"factor": 0.1, "total_iters": 6}], ["CosineAnnealingLR", {"T_max": 24}]]})],
    "OneCycleLR": [("OneCycleLR", {"max_lr": 0.5, "total_steps": 31})],
    "OneCycleLR, epochs": [("OneCycleLR", {"max_lr": 0.5, "epochs": 5, "steps_per_epoch": 7})],
    "OneCycleLR, linear": [("OneCycleLR", {"max_lr": 0.5, "total_steps": 40, "pct_start": 0.4, "anneal_strategy": "linear"})],
    "OneCycleLR, three phases": [("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "three_phase": True, "div_factor": 10.0, "final_div_factor": 100.0})],
    "OneCycleLR, momentum stays": [("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "cycle_momentum": False})],
    "OneCycleLR, momentum bounds": [("OneCycleLR", {"max_lr": 0.5, "total_steps": 31, "base_momentum": 0.7, "max_momentum": 0.9})],
    "OneCycleLR, lr per group": [("OneCycleLR", {"max_lr": [0.5, 0.2], "total_steps": 31})],
    "ReduceLROnPlateau": [("ReduceLROnPlateau", {"patience": 3})],
    "ReduceLROnPlateau, max, abs": [("ReduceLROnPlateau", {"mode": "max", "threshold_mode": "abs", "threshold": 0.05, "patience": 2, "factor": 0.5})],
    "ReduceLROnPlateau, max, rel": [("ReduceLROnPlateau", {"mode": "max", "threshold": 0.05, "patience": 2, "factor": 0.5})],
    "ReduceLROnPlateau, min, abs, cooldown": [("ReduceLROnPlateau", {"threshold_mode": "abs", "threshold": 0.01, "patience": 1, "factor": 0.3, "cooldown": 3, "min_lr": 0.002})],
    "ReduceLROnPlateau, eps": [("ReduceLROnPlateau", {"patience": 0, "factor": 0.2, "eps": 0.01})],
    "LinearLR and CosineAnnealingLR": [("LinearLR", {"start_factor": 0.1, "total_iters": 5}), ("CosineAnnealingLR", {"T_max": 30})],
    "ExponentialLR and StepLR": [("ExponentialLR", {"gamma": 0.95}), ("StepLR", {"step_size": 5, "gamma": 0.5})],
}


def schedules():
    metrics = [round(1 / (1 + k) + 0.05 * math.sin(3 * k), 6) for k in range(STEPS)]
    cases = {}
    for name, parts in CASES.items():
        cases[name] = run(parts, metrics, "SGD")
    cases["OneCycleLR with Adam"] = run([("OneCycleLR", {"max_lr": 0.5, "total_steps": 31})], metrics, "Adam")
    return {"metrics": metrics, "cases": cases}


def run(parts, metrics, family):
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 0.1}, {"params": [torch.nn.Parameter(torch.zeros(1))]}]
    options = {"lr": 0.02, "momentum": 0.9} if family == "SGD" else {"lr": 0.02}
    optimiser = getattr(torch.optim, family)(groups, **options)
    running = [make(optimiser, name, settings) for name, settings in parts]
    rates, momenta = [], []

    def note():
        rates.append([float(group["lr"]) for group in optimiser.param_groups])
        momenta.append([float(group["momentum"] if "momentum" in group else group["betas"][0]) for group in optimiser.param_groups])

    note()
    for metric in metrics:
        optimiser.step()
        for (name, _), schedule in zip(parts, running):
            if name == "ReduceLROnPlateau":
                schedule.step(metric)
            else:
                schedule.step()
        note()
    return {"optimiser": family, "schedules": [{"name": name, "options": settings} for name, settings in parts],
            "lr": rates, "momentum": momenta}


def make(optimiser, name, settings):
    if name == "LambdaLR":
        return lr_scheduler.LambdaLR(optimiser, eval(f"lambda epoch: {settings['lr_lambda']}"))
    if name == "SequentialLR":
        schedulers = [make(optimiser, *part) for part in settings["schedulers"]]
        return lr_scheduler.SequentialLR(optimiser, schedulers, settings["milestones"])
    return getattr(lr_scheduler, name)(optimiser, **settings)
