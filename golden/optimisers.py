"""Ten steps of every optimiser on recorded gradients, for packages/eddy/test/optimisers.test.ts."""
import torch

from modules import generator, uniform

STEPS = 10
SHAPES = {"first": [3, 4], "second": [5]}

SGD, Adam, AdamW, RMSprop = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop

CASES = [
    (SGD, {"lr": 0.1}),
    (SGD, {"lr": 0.1, "momentum": 0.9}),
    (SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    (SGD, {"lr": 0.1, "weight_decay": 0.1}),
    (SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}),
    (SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    (SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "nesterov": True}),
    (SGD, {"lr": 0.1, "maximize": True}),
    (SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "maximize": True}),
    (Adam, {}),
    (Adam, {"lr": 0.02}),
    (Adam, {"lr": 0.02, "betas": [0.8, 0.9]}),
    (Adam, {"lr": 0.02, "eps": 0.1}),
    (Adam, {"lr": 0.02, "weight_decay": 0.1}),
    (Adam, {"lr": 0.02, "amsgrad": True}),
    (Adam, {"lr": 0.02, "maximize": True}),
    (Adam, {"lr": 0.02, "betas": [0.5, 0.7], "eps": 1e-3, "weight_decay": 0.1, "amsgrad": True, "maximize": True}),
    (AdamW, {}),
    (AdamW, {"lr": 0.02}),
    (AdamW, {"lr": 0.02, "betas": [0.8, 0.9], "eps": 1e-3}),
    (AdamW, {"lr": 0.02, "weight_decay": 0.1}),
    (AdamW, {"lr": 0.02, "amsgrad": True}),
    (AdamW, {"lr": 0.02, "weight_decay": 0.1, "maximize": True}),
    (RMSprop, {}),
    (RMSprop, {"lr": 0.02, "alpha": 0.9}),
    (RMSprop, {"lr": 0.02, "eps": 0.1}),
    (RMSprop, {"lr": 0.02, "centered": True}),
    (RMSprop, {"lr": 0.02, "momentum": 0.9}),
    (RMSprop, {"lr": 0.02, "weight_decay": 0.1}),
    (RMSprop, {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.1, "centered": True}),
]
ABSENT = [3, 4, 8]  # in the cases "a gradient missing", the second parameter has none at these steps and does not change


def optimisers():
    random = generator("optimisers")
    start = {name: uniform(random, shape) for name, shape in SHAPES.items()}
    steps = [{name: uniform(random, shape, 1.5) for name, shape in SHAPES.items()} for _ in range(STEPS)]
    cases = {}
    for family, options in CASES:
        cases[described(family, options)] = run(family, options, start, steps)
    for family, options in [(SGD, {"lr": 0.1, "momentum": 0.9}), (Adam, {"lr": 0.02}), (RMSprop, {"lr": 0.02})]:
        missing = [{name: g for name, g in step.items() if name == "first" or k not in ABSENT} for k, step in enumerate(steps)]
        cases[f"{described(family, options)}, a gradient missing"] = {**run(family, options, start, missing), "absent": ABSENT}
    return {"start": start, "gradients": steps, "cases": cases}


def described(family, options):
    return f"{family.__name__}({', '.join(f'{key}={value}' for key, value in options.items())})"


def run(family, options, start, steps):
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    optimiser = family(parameters.values(), **options)
    after = []
    for gradients in steps:
        for name, parameter in parameters.items():
            parameter.grad = gradients[name].clone() if name in gradients else None
        optimiser.step()
        after.append({name: parameter.detach().clone() for name, parameter in parameters.items()})
    return {"optimiser": family.__name__, "options": options, "after": after}
