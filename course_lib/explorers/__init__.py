"""Explorers: one picture each, and the few sliders that move it.

`EXPLORERS` maps a name to its class. A module is imported when one of its explorers is first asked for,
so that importing the course stays quick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

_WHERE = {  # name -> (module, class), in the order of the course
    "curve_fit": ("curve_fit", "CurveFitExplorer"),
    "direction": ("gradient_descent", "DirectionExplorer"),
    "learning_rate": ("gradient_descent", "LearningRateExplorer"),
    "bowl": ("gradient_descent", "BowlExplorer"),
    "weight_space": ("curve_fit", "WeightSpaceExplorer"),
    "batch_size": ("batches", "BatchSizeExplorer"),
    "noise_floor": ("batches", "NoiseFloorExplorer"),
    "loss_score": ("losses", "LossScoreExplorer"),
    "logistic_fit": ("losses", "LogisticFitExplorer"),
    "softmax": ("losses", "SoftmaxExplorer"),
    "activation": ("activations", "ActivationExplorer"),
    "bend_sum": ("bends", "BendSumExplorer"),
    "dying_relu": ("activations", "DyingReluExplorer"),
    "gradient_check": ("backpropagation", "GradientCheckExplorer"),
    "backprop": ("backpropagation", "BackpropExplorer"),
    "graph": ("computation_graph", "GraphExplorer"),
    "signal": ("initialization", "SignalExplorer"),
    "symmetry": ("initialization", "SymmetryExplorer"),
    "clipping": ("clipping", "ClippingExplorer"),
    "critical_points": ("critical_points", "CriticalPointsExplorer"),
    "momentum": ("momentum", "MomentumExplorer"),
    "race": ("race", "RaceExplorer"),
    "steps_map": ("steps_map", "StepsMapExplorer"),
    "effective_rate": ("effective_rate", "EffectiveRateExplorer"),
    "overfitting": ("overfitting", "OverfittingExplorer"),
    "penalty": ("penalty", "PenaltyExplorer"),
    "dropout": ("dropout", "DropoutExplorer"),
    "playground": ("playground", "PlaygroundExplorer"),
    "early_stopping": ("early_stopping", "EarlyStoppingExplorer"),
    "gradient_noise": ("gradient_noise", "GradientNoiseExplorer"),
    "sharp_and_flat": ("sharp_wells", "SharpAndFlatExplorer"),
    "range_test": ("range_tests", "RangeTestExplorer"),
    "schedule": ("schedule_designer", "ScheduleExplorer"),
    "rate_batch_map": ("rate_maps", "RateBatchMapExplorer"),
    "rate_decay_map": ("rate_maps", "RateDecayMapExplorer"),
}
_CLASSES = {class_name: name for name, (_, class_name) in _WHERE.items()}

__all__ = ["EXPLORERS"]  # the classes themselves come through __getattr__


class _Registry(Mapping):
    def __getitem__(self, name: str) -> type:
        if name not in _WHERE:
            raise KeyError(f"no explorer is called {name!r}; there are {', '.join(_WHERE)}")
        module, class_name = _WHERE[name]
        return getattr(import_module(f"course_lib.explorers.{module}"), class_name)

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


EXPLORERS: Mapping[str, type] = _Registry()


def __getattr__(name: str) -> type:
    if name in _CLASSES:
        return EXPLORERS[_CLASSES[name]]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
