"""minGRU (https://arxiv.org/abs/2410.01201, section 3.1) with PyTorch's operations, in the form of PyTorch's recurrent modules."""
import math

import torch
from torch import nn


class MinGRU(nn.Module):
    """Parameters `weight_ih_l0` (2 · hidden, input) and `bias_ih_l0`: stacked in the order z, h̃, per layer and direction."""

    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, bidirectional=False):
        super().__init__()
        self.hidden_size, self.num_layers, self.batch_first = hidden_size, num_layers, batch_first
        self.directions = ["", "_reverse"] if bidirectional else [""]
        for layer in range(num_layers):
            features = input_size if layer == 0 else hidden_size * len(self.directions)
            for direction in self.directions:
                draw_parameters(self, f"_l{layer}{direction}", features, hidden_size, bias)

    def forward(self, x, h0=None):
        if isinstance(x, nn.utils.rnn.PackedSequence):
            padded, lengths = nn.utils.rnn.pad_packed_sequence(x, self.batch_first)
            output, final = self.run(padded, h0, lengths.tolist())
            return nn.utils.rnn.pack_padded_sequence(output, lengths, self.batch_first, enforce_sorted=False), final
        if x.dim() == 2:
            batch_dimension = 0 if self.batch_first else 1
            output, final = self.run(x.unsqueeze(batch_dimension), None if h0 is None else h0.unsqueeze(1), [len(x)])
            return output.squeeze(batch_dimension), final.squeeze(1)
        batch, time = x.shape[:2] if self.batch_first else (x.shape[1], x.shape[0])
        return self.run(x, h0, [time] * batch)

    def run(self, x, h0, lengths):
        """One sequence at a time, without its padding."""
        sequences = x if self.batch_first else x.transpose(0, 1)
        outputs, finals = [], []
        for b, length in enumerate(lengths):
            features, final = sequences[b, :length], []
            for layer in range(self.num_layers):
                by_direction = []
                for direction in self.directions:
                    h = x.new_zeros(self.hidden_size) if h0 is None else h0[len(final), b]
                    steps = features.flip(0) if direction else features
                    hidden = []
                    for step in steps:
                        h = update(self, f"_l{layer}{direction}", step, h)
                        hidden.append(h)
                    final.append(h)
                    hidden = torch.stack(hidden)
                    by_direction.append(hidden.flip(0) if direction else hidden)
                features = torch.cat(by_direction, 1)
            outputs.append(torch.cat([features, features.new_zeros(sequences.shape[1] - length, features.shape[1])]))
            finals.append(torch.stack(final))
        output = torch.stack(outputs)
        return output if self.batch_first else output.transpose(0, 1), torch.stack(finals, 1)


class MinGRUCell(nn.Module):
    """Parameters `weight_ih` and `bias_ih`."""

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        draw_parameters(self, "", input_size, hidden_size, bias)

    def forward(self, x, h=None):
        return update(self, "", x, x.new_zeros(*x.shape[:-1], self.hidden_size) if h is None else h)


def draw_parameters(module, end, inputs, hidden, bias):
    bound = 1 / math.sqrt(hidden)
    shapes = {"weight_ih": (2 * hidden, inputs), **({"bias_ih": (2 * hidden,)} if bias else {})}
    for name, shape in shapes.items():
        module.register_parameter(name + end, nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))


def update(module, end, x, h):
    """h_t = (1 − z_t) · h_{t−1} + z_t · h̃_t"""
    weight, bias = getattr(module, "weight_ih" + end), getattr(module, "bias_ih" + end, None)
    z, candidate = nn.functional.linear(x, weight, bias).chunk(2, -1)
    z = torch.sigmoid(z)
    return (1 - z) * h + z * candidate
