"""Ten steps of every optimiser on recorded gradients, for packages/eddy/test/optimisers.test.ts."""
import torch

from modules import generator, uniform

STEPS = 10
SHAPES = {"first": [3, 4], "second": [5]}

RAdam, Adagrad, Adamax = torch.optim.RAdam, torch.optim.Adagrad, torch.optim.Adamax
SGD, Adam, AdamW, RMSprop = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop


class NAdam(torch.optim.NAdam):
    """PyTorch 1.13 multiplies the next product of momenta by mu_t once more; PyTorch 2 and the paper do not."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state.update(step=0, mu_product=torch.tensor(1.0), exp_avg=torch.zeros_like(parameter), exp_avg_sq=torch.zeros_like(parameter))
                state["step"] += 1
                t, psi = state["step"], group["momentum_decay"]
                g = parameter.grad.add(parameter, alpha=group["weight_decay"])
                now, following = (beta1 * (1 - 0.5 * 0.96 ** (k * psi)) for k in (t, t + 1))
                state["mu_product"] *= now
                product = state["mu_product"].item()
                state["exp_avg"].mul_(beta1).add_(g, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(g, g, value=1 - beta2)
                denominator = state["exp_avg_sq"].div(1 - beta2 ** t).sqrt().add_(group["eps"])
                parameter.addcdiv_(g, denominator, value=-group["lr"] * (1 - now) / (1 - product))
                parameter.addcdiv_(state["exp_avg"], denominator, value=-group["lr"] * following / (1 - product * following))


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
    (NAdam, {}),
    (NAdam, {"lr": 0.02, "betas": [0.8, 0.9], "eps": 0.01, "weight_decay": 0.1, "momentum_decay": 0.1}),
    (RAdam, {}),
    (RAdam, {"lr": 0.02, "betas": [0.8, 0.99], "eps": 0.01, "weight_decay": 0.1}),
    (Adagrad, {}),
    (Adagrad, {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.2, "eps": 0.01}),
    (Adagrad, {"lr": 0.1, "maximize": True}),
    (Adamax, {}),
    (Adamax, {"lr": 0.02, "betas": [0.8, 0.9], "eps": 0.01, "weight_decay": 0.1}),
    (Adamax, {"lr": 0.02, "maximize": True}),
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
    return {"start": start, "gradients": steps, "cases": cases,
            "lbfgs": {name: lbfgs(options) for name, options in LBFGS.items()}, "averages": averages(steps)}


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


LBFGS = {
    "fixed steps": {"lr": 0.5, "max_iter": 4},
    "short history": {"lr": 0.5, "max_iter": 6, "history_size": 2},
    "strong Wolfe": {"lr": 1, "max_iter": 5, "line_search_fn": "strong_wolfe"},
    "strong Wolfe, few evaluations": {"lr": 1, "max_iter": 8, "max_eval": 5, "line_search_fn": "strong_wolfe"},
}


def lbfgs(options):
    """Four steps on mean((x tanh(w x + b) - y)^2), in float64 (the test allows for Eddy's float32)."""
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    y = torch.sin(x)
    w = torch.nn.Parameter(torch.tensor([1.2, 0.7], dtype=torch.float64))
    b = torch.nn.Parameter(torch.tensor([0.3], dtype=torch.float64))
    optimiser = torch.optim.LBFGS([w, b], **options)
    steps = []

    def closure():
        optimiser.zero_grad()
        loss = ((w[1] * torch.tanh(w[0] * x + b) - y) ** 2).mean()
        loss.backward()
        return loss

    for _ in range(4):
        loss = optimiser.step(closure)
        steps.append({"loss": loss.item(), "w": w.detach().clone().float(), "b": b.detach().clone().float()})
    return {"options": options, "steps": steps}


def averages(steps):
    """Averaged weights: the weights are the recorded gradients."""
    from torch.optim.swa_utils import AveragedModel
    results = {}
    for name, average in {"SWA": None, "EMA": lambda mean, weight, count: 0.9 * mean + 0.1 * weight}.items():
        model = torch.nn.Linear(4, 3, bias=False)
        averaged = AveragedModel(model, avg_fn=average)
        for step in steps:
            with torch.no_grad():
                model.weight.copy_(step["first"])
            averaged.update_parameters(model)
        results[name] = averaged.module.weight.detach().clone()
    return results
