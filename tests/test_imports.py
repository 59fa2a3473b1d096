"""Imports point down only, are light, and the two packages offer the same names."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib
from course_lib import schedules

ROOT = Path(course_lib.__file__).parent
PACKAGES = ("surfaces", "datasets", "schedules")  # of what is shared


def modules_of(folder):
    """The modules of a package and its packages, which offer all their modules' names."""
    names = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    return sorted(names - {"__init__"})


SHARED = sorted({path.stem for path in ROOT.glob("*.py") if path.stem != "__init__"} | {*PACKAGES})
NUMPY, TORCH = modules_of(ROOT / "numpy_nn"), modules_of(ROOT / "torch_nn")
MATHS = [f"course_lib.{name}" for name in SHARED] + [f"course_lib.numpy_nn.{name}" for name in NUMPY]
PUBLIC = [*MATHS, *(f"course_lib.torch_nn.{name}" for name in TORCH)]

# A name of one package without its twin in the other, and why.
NO_TWIN = {
    "numpy_nn.activations.Activation": "a PyTorch activation is a function, its derivative autograd's",
    "numpy_nn.activations.softmax_backward": "autograd's work",
    "numpy_nn.autograd.Edge": "torch.Tensor keeps its graph to itself",
    "numpy_nn.autograd.Graph": "torch.Tensor keeps its graph to itself",
    "numpy_nn.autograd.Value": "the twin is torch.Tensor",
    "numpy_nn.chunks.Chunk": "PyTorch trains one run at a time",
    "numpy_nn.chunks.NUMBERS_AT_ONCE": "PyTorch trains one run at a time",
    "numpy_nn.chunks.as_generators": "PyTorch trains one run at a time",
    "numpy_nn.chunks.chunks": "PyTorch trains one run at a time",
    "numpy_nn.chunks.joined": "PyTorch trains one run at a time",
    "numpy_nn.gradient_noise.batch_gradients": "works on any gradients, PyTorch's too",
    "numpy_nn.gradient_noise.batch_variance": "a formula: it takes no tensors",
    "numpy_nn.gradient_noise.gradient_variance": "works on any gradients, PyTorch's too",
    "numpy_nn.gradient_noise.noise_floor": "a formula: it takes no tensors",
    "numpy_nn.gradient_noise.per_sample_gradients": "torch.func.vmap of torch.func.grad",
    "numpy_nn.gradients.check_gradients": "autograd computes gradients: there are none by hand to check",
    "numpy_nn.gradients.numerical_gradient": "works on any function of an array, PyTorch's too",
    "numpy_nn.layers.Layer": "the protocol is torch.nn.Module",
    "numpy_nn.layers.parameter_gradients": "autograd leaves out what nobody asks for",
    "numpy_nn.linear_models.elastic_net": "not trained: found without gradients",
    "numpy_nn.linear_models.lasso": "not trained: found without gradients",
    "numpy_nn.linear_models.least_squares": "not trained: a closed form",
    "numpy_nn.linear_models.ridge": "not trained: a closed form",
    "numpy_nn.losses.Loss": "a PyTorch loss is a plain function, its gradient is autograd's",
    "numpy_nn.optimizers.Optimizer": "the protocol is torch.optim.Optimizer",
    "numpy_nn.optimizers.effective_rate": "PyTorch's optimizers keep their memory in self.state",
    "numpy_nn.optimizers.effective_rates": "PyTorch's optimizers keep their memory in self.state",
    "numpy_nn.optimizers.for_each_run": "PyTorch trains one run at a time",
    "numpy_nn.range_test.RangeTest": "the test is of the learning rate, not of the package",
    "numpy_nn.range_test.range_test": "the test is of the learning rate, not of the package",
    "numpy_nn.record.PREDICTIONS_AT_ONCE": "PyTorch trains one run at a time",
    "numpy_nn.record.Record": "the loop in PyTorch keeps its lists itself",
    "numpy_nn.regularizers.ProximalState": "PyTorch's optimizers keep their memory in self.state",
    "numpy_nn.schedules.PlateauState": "PyTorch's schedulers keep their memory themselves",
    "numpy_nn.schedules.Schedule": "the twin is torch.optim.lr_scheduler.LambdaLR",
    "numpy_nn.schedules.rates": "PyTorch's optimizers know the rate of the next update alone",
    "numpy_nn.settings.BatchSize": "a type",
    "numpy_nn.settings.Plateau": "the protocol is torch.optim.lr_scheduler.ReduceLROnPlateau",
    "numpy_nn.settings.Regularizer": "a PyTorch regularizer is a function of the model",
    "numpy_nn.settings.Settings": "the loop in PyTorch has its arguments at hand",
    "numpy_nn.trainer.Trainer": "a loop in PyTorch is written out where a picture is to watch",
    "numpy_nn.trainer.start_training": "a loop in PyTorch is written out where a picture is to watch",
    "numpy_nn.trainer.trainers": "PyTorch trains one run at a time",
    "numpy_nn.training.Trainer": "a loop in PyTorch is written out where a picture is to watch",
    "numpy_nn.training.start_training": "a loop in PyTorch is written out where a picture is to watch",
    "torch_nn.datasets.tensor_datasets": "NumPy trains on the arrays as they are",
    "torch_nn.schedules.drive": "NumPy's optimizers take a schedule as their rate",
    **{
        f"numpy_nn.optimizers.{name}State": "PyTorch's optimizers keep their memory in self.state"
        for name in ("AdaGrad", "Adam", "Chain", "Momentum", "No", "RMSProp", "SGD")
    },
}


def run_python(code):
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_the_maths_loads_no_torch_and_no_pictures():
    heavy = {"matplotlib", "ipywidgets", "IPython", "torch", "anywidget", "sklearn", "pandas"}
    code = f"import sys, {', '.join(MATHS)}; print(*({heavy!r} & set(sys.modules)))"
    assert run_python(code) == ""


def test_the_package_alone_loads_nothing_and_at_once():
    code = (
        "import sys, time; start = time.perf_counter(); import course_lib; "
        "print(time.perf_counter() - start, 'numpy' in sys.modules)"
    )
    seconds, loads_numpy = zip(*(run_python(code).split() for _ in range(3)))
    assert min(map(float, seconds)) < 0.1
    assert set(loads_numpy) == {"False"}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


FORBIDDEN = {
    "numpy_nn": ("course_lib.torch_nn", "course_lib.plots", "course_lib.explorers", "course_lib.teaching"),
    "torch_nn": ("course_lib.numpy_nn", "course_lib.plots", "course_lib.explorers", "course_lib.teaching"),
    "plots": ("course_lib.explorers",),
}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_no_import_points_up_or_sideways(package):
    for path in (ROOT / package).rglob("*.py"):
        for name in imports_of(path):
            assert not name.startswith(FORBIDDEN[package]), f"{path.name} imports {name}"


def test_what_is_shared_imports_neither_package():
    paths = [*ROOT.glob("*.py"), *(path for name in PACKAGES for path in (ROOT / name).glob("*.py"))]
    above = tuple(f"course_lib.{name}" for name in (*FORBIDDEN, "explorers", "teaching"))
    for path in paths:
        for name in imports_of(path):
            assert not name.startswith(above), f"{path.name} imports {name}"


@pytest.mark.parametrize("module", PUBLIC)
def test_every_module_lists_its_public_names(module):
    module = importlib.import_module(module)
    assert all(hasattr(module, name) for name in module.__all__)
    own = {
        name
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", None) == module.__name__ and not name.startswith("_")
    }
    assert own <= set(module.__all__)


def names_of(package, modules):
    found = set()
    for name in modules:
        module = importlib.import_module(f"course_lib.{package}.{name}")
        found |= {f"{name}.{public}" for public in module.__all__}
    return found


def test_twins_offer_the_same_names():
    numpy, torch = names_of("numpy_nn", NUMPY), names_of("torch_nn", TORCH)
    numpy |= {f"schedules.{public}" for public in schedules.__all__}  # shared, and driven by torch_nn
    alone = {f"numpy_nn.{name}" for name in numpy - torch} | {f"torch_nn.{name}" for name in torch - numpy}
    assert alone == set(NO_TWIN)
