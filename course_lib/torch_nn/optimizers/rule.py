"""What all optimizers share: the loop over the parameters that have a gradient."""

from collections.abc import Iterator

import torch

__all__: list[str] = []


def with_gradient(optimizer: torch.optim.Optimizer) -> Iterator[tuple[dict, torch.Tensor, dict]]:
    """Yield each parameter that has a gradient, between its group and its state."""
    for group in optimizer.param_groups:
        for w in group["params"]:
            if w.grad is not None:
                yield group, w, optimizer.state[w]
