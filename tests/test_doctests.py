"""The examples in the docstrings are right, and every public function and class has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import course_lib

PACKAGES = tuple(
    f"course_lib.{name}"
    for name in ("core", "datasets", "numpy_nn", "schedules", "surfaces", "teaching", "theory", "torch_nn")
)
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(course_lib.__path__, "course_lib.")
    if module.name.startswith(PACKAGES)
)
# Nothing to show: a protocol, a type, a container of arrays.
WITHOUT_EXAMPLE = {"Chunk", "Edge", "Graph", "Layer", "Optimizer", "Names", "Sunspots"}
WITHOUT_EXAMPLE |= {"ChainState", "NoState", "PlateauState", "SGDState"}
WITHOUT_EXAMPLE |= {"AdaGradState", "AdamState", "MomentumState", "RMSPropState"}
WITHOUT_EXAMPLE |= {"ProximalState"}
WITHOUT_EXAMPLE |= {
    "Ambiguity",
    "EarlyStoppingState",
    "Plateau",
    "Regularizer",
    "Settings",
    "Trainer",
    "trainers",
}


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_right(name, monkeypatch):
    monkeypatch.setenv("COURSE_DESK", "")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_is_documented_with_an_example(name):
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", []):
        thing = getattr(module, public)
        if not (inspect.isfunction(thing) or inspect.isclass(thing)) or thing.__module__ != name:
            continue
        assert thing.__doc__, f"{name}.{public} has no docstring"
        if public not in WITHOUT_EXAMPLE:
            assert ">>>" in thing.__doc__, f"{name}.{public} has no example"
