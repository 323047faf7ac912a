"""The orders of DataLoader and random_split, for packages/eddy/test/data.test.ts."""
import torch
from torch.utils.data import DataLoader, random_split


def passes(count, **options):
    loader = DataLoader(range(count), **options)
    return [[batch.tolist() for batch in loader] for _ in range(2)]


def data():
    torch.manual_seed(5)
    default = passes(10, batch_size=4, shuffle=True)
    after = torch.rand(1)
    return {
        "default": default,
        "after": after,
        "seeded": passes(7, batch_size=3, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(9)),
        "split": [list(part.indices) for part in random_split(range(8), [5, 3], torch.Generator().manual_seed(3))],
    }
