"""Explorers: one picture each, and the few sliders that move it.

`EXPLORERS` maps a name to its class. A module is imported when one of its explorers is first asked for,
so that importing the course stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

_CHAPTERS = {  # in the order of the course; the file of an explorer has its name
    "start_here": ["curve_fit"],
    "gradient_descent": ["direction", "learning_rate", "bowl", "weight_space", "batch_size", "noise_floor"],
    "losses": ["decision_boundary", "loss_score", "logistic_fit", "softmax"],
    "activations": ["activation", "bend_sum", "dying_relu"],
    "backpropagation": ["gradient_check", "backprop", "graph"],
    "initialization": ["signal", "symmetry", "clipping"],
    "optimizers": ["critical_points", "momentum", "race", "steps_map", "effective_rate"],
    "regularization": ["overfitting", "penalty", "dropout", "playground", "early_stopping"],
    "batch_size_and_learning_rate": [
        "gradient_noise",
        "sharp_and_flat",
        "lr_range",
        "schedule",
        "rate_batch_map",
        "rate_decay_map",
    ],
}
_WHERE = {name: f"{chapter}.{name}" for chapter, names in _CHAPTERS.items() for name in names}
_CLASSES = {name: f"{name.title().replace('_', '')}Explorer" for name in _WHERE}

__all__ = ["EXPLORERS"]  # the classes themselves come through __getattr__


class _Registry(Mapping):
    def __getitem__(self, name: str) -> type:
        if name not in _WHERE:
            raise KeyError(f"no explorer is called {name!r}; there are {', '.join(_WHERE)}")
        module = import_module(f"course_lib.explorers.{_WHERE[name]}")
        return getattr(module, _CLASSES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


EXPLORERS: Mapping[str, type] = _Registry()


def __getattr__(name: str) -> type:
    for explorer, class_name in _CLASSES.items():
        if class_name == name:
            return EXPLORERS[explorer]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
