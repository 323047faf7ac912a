"""The tutorial's program, sin to cos, over ten seeds: initial weights, losses and the states between steps.

A forward is "loop" (the output layer at every time step, then stack) or "batched" (reshape, one output layer, view).
A state holds the inputs and results of one step: weights, Adam's moments and carried state before it; loss and weights
after it.
"""
import copy

import numpy as np
import torch
from torch import nn

from encode import packed, unpacked

SEEDS, STEPS, TIME_STEP, LR = range(10), 100, 10, 0.02
FORWARDS = ("loop", "batched")
KEPT_STEPS = (0, 7, 40, 99)  # the states kept in program.json; --trajectories writes all
FREE_STEPS, FREE_TOLERANCE = 20, 1e-5  # as long as free runs on two processors are comparable


class RNN(nn.Module):
    def __init__(self, forward):
        super().__init__()
        self.rnn = nn.RNN(input_size=1, hidden_size=32, num_layers=1, batch_first=True)
        self.out = nn.Linear(32, 1)
        self.batched = forward == "batched"

    def forward(self, x, h_state):
        r_out, h_state = self.rnn(x, h_state)
        if self.batched:
            return self.out(r_out.reshape(-1, 32)).view(1, -1, 1), h_state
        return torch.stack([self.out(r_out[:, t, :]) for t in range(r_out.size(1))], dim=1), h_state


def window(step):
    steps = np.linspace(step * np.pi, (step + 1) * np.pi, TIME_STEP, dtype=np.float32)
    return tuple(torch.from_numpy(wave(steps)[np.newaxis, :, np.newaxis]) for wave in (np.sin, np.cos))


def windows():
    return {step: {name: packed(wave) for name, wave in zip("xy", window(step))} for step in range(STEPS)}


def learn(model, optimiser, h_state, x, y):
    prediction, h_state = model(x, h_state)
    h_state = h_state.data
    loss = nn.MSELoss()(prediction, y)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item(), h_state


def run(seed, forward, kept):
    torch.manual_seed(seed)
    model = RNN(forward)
    optimiser = torch.optim.Adam(model.parameters(), lr=LR)
    initial = {name: packed(weight) for name, weight in model.state_dict().items()}
    losses, states, h_state = [], [], None
    for step in range(STEPS):
        before = snapshot(model, optimiser, h_state) if step in kept else None
        loss, h_state = learn(model, optimiser, h_state, *window(step))
        losses.append(loss)
        if step in kept:
            states.append({"step": step, **before, "loss": loss, "weightsAfter": weights(model)})
    return initial, losses, states


def weights(model):
    return {name: packed(weight) for name, weight in model.state_dict().items()}


def snapshot(model, optimiser, h_state):
    adam = [optimiser.state[p] for p in model.parameters() if p in optimiser.state]
    return {
        "weights": weights(model),
        "adam": [{"step": int(s["step"]), "exp_avg": packed(s["exp_avg"]), "exp_avg_sq": packed(s["exp_avg_sq"])} for s in adam],
        "hidden": None if h_state is None else packed(h_state),
    }


def program():
    runs = {forward: {seed: run(seed, forward, KEPT_STEPS if forward == "loop" else ()) for seed in SEEDS}
            for forward in FORWARDS}
    return {
        "windows": windows(),
        "initial": {seed: runs["loop"][seed][0] for seed in SEEDS},
        "losses": {forward: {seed: runs[forward][seed][1] for seed in SEEDS} for forward in FORWARDS},
        "states": {seed: runs["loop"][seed][2] for seed in SEEDS},
    }


def trajectories():
    for forward in FORWARDS:
        for seed in SEEDS:
            initial, losses, states = run(seed, forward, range(STEPS))
            yield f"{forward}-{seed}.json", {"forward": forward, "seed": seed, "windows": windows(), "initial": initial,
                                             "losses": losses, "states": states}


def compare(committed, fresh, differences):
    """Free runs diverge on another processor, so each step starts again from its state in the file."""
    found = []
    for forward in FORWARDS:
        for seed in map(str, SEEDS):
            found += differences(committed["losses"][forward][seed][:FREE_STEPS], fresh["losses"][forward][seed][:FREE_STEPS],
                                 f"losses.{forward}.{seed}", FREE_TOLERANCE)
    for key in ("windows", "initial"):
        found += differences(committed[key], fresh[key], key)
    again = copy.deepcopy(committed["states"])
    for seed, states in again.items():
        for state in states:
            step_again(state, committed["windows"][str(state["step"])])
    found += differences(committed["states"], again, "states")
    kept = {seed: [state["step"] for state in states] for seed, states in fresh["states"].items()}
    return found + differences({seed: [s["step"] for s in states] for seed, states in committed["states"].items()}, kept, "states")


def step_again(state, recorded_window):
    """Replaces the recorded outcome of a state by the outcome on this machine."""
    model = RNN("loop")
    model.load_state_dict({name: unpacked(weight) for name, weight in state["weights"].items()})
    optimiser = torch.optim.Adam(model.parameters(), lr=LR)
    for parameter, adam in zip(model.parameters(), state["adam"]):
        optimiser.state[parameter] = {"step": torch.tensor(float(adam["step"])), "exp_avg": unpacked(adam["exp_avg"]),
                                      "exp_avg_sq": unpacked(adam["exp_avg_sq"])}
    hidden = None if state["hidden"] is None else unpacked(state["hidden"])
    state["loss"], _ = learn(model, optimiser, hidden, unpacked(recorded_window["x"]), unpacked(recorded_window["y"]))
    state["weightsAfter"] = weights(model)
