"""Imports point down only, are light, come from rooms, and the two packages offer the same names."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib
from course_lib import schedules
from course_lib.explorers import EXPLORERS

ROOT = Path(course_lib.__file__).parent
COURSE = Path(__file__).resolve().parent.parent
CHAPTERS = [path.stem.partition("_")[2] for path in sorted((COURSE / "notebooks").glob("[0-9][0-9]_*.ipynb"))]

# The floors of the house, the ground first. A room may import from the floors below it, and from itself.
FLOORS = (
    {"core"},
    {"plots"},
    {"schedules", "theory"},
    {"datasets", "surfaces"},
    {"numpy_nn", "torch_nn"},
    {"live"},
    {"explorers"},
    {"teaching"},
)
# The same within numpy_nn and torch_nn: each may import those before it.
STAIRS = (
    "autograd",
    "datasets",
    "schedules",
    "activations",
    "initializers",
    "losses",
    "layers",
    "regularizers",
    "gradients",
    "linear_models",
    "ensembles",
    "optimizers",
    "training",
    "analysis",
)


def modules_of(folder):
    """The modules and rooms in a folder."""
    names = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    return sorted(names - {"__init__"})


SHARED = ("core", "datasets", "schedules", "surfaces", "theory")
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
    "numpy_nn.analysis.batch_gradients": "works on any gradients, PyTorch's too",
    "numpy_nn.analysis.batch_variance": "a formula: it takes no tensors",
    "numpy_nn.analysis.gradient_variance": "works on any gradients, PyTorch's too",
    "numpy_nn.analysis.noise_floor": "a formula: it takes no tensors",
    "numpy_nn.analysis.per_sample_gradients": "torch.func.vmap of torch.func.grad",
    "numpy_nn.gradients.check_gradients": "autograd computes gradients: there are none by hand to check",
    "numpy_nn.gradients.numerical_gradient": "works on any function of an array, PyTorch's too",
    "numpy_nn.layers.Layer": "the protocol is torch.nn.Module",
    "numpy_nn.layers.Params": "a type",
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
    "numpy_nn.training.RangeTest": "the test is of the learning rate, not of the package",
    "numpy_nn.training.range_test": "the test is of the learning rate, not of the package",
    "numpy_nn.regularizers.ProximalState": "PyTorch's optimizers keep their memory in self.state",
    "numpy_nn.schedules.EarlyStopping": "a rule that serves PyTorch's loop as well",
    "numpy_nn.schedules.EarlyStoppingState": "a rule that serves PyTorch's loop as well",
    "numpy_nn.schedules.PlateauState": "PyTorch's schedulers keep their memory themselves",
    "numpy_nn.schedules.Schedule": "the twin is torch.optim.lr_scheduler.LambdaLR",
    "numpy_nn.schedules.rates": "PyTorch's optimizers know the rate of the next update alone",
    "numpy_nn.training.BatchSize": "a type",
    "numpy_nn.training.Plateau": "the protocol is torch.optim.lr_scheduler.ReduceLROnPlateau",
    "numpy_nn.training.Regularizer": "a PyTorch regularizer is a function of the model",
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


def place_of(name):
    """The floor of a room of this name, counted from the ground."""
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def course_imports(source):
    """The modules of the course that a source imports, as lists of names after `course_lib`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            # `from course_lib import datasets` is an import of a room
            found = [f"{node.module}.{alias.name}" for alias in node.names if node.module == "course_lib"]
            found = found or [node.module]
        else:
            continue
        yield from (name.split(".")[1:] for name in found if name.startswith("course_lib."))


def is_room(parts):
    """Whether these names lead to a room: a folder of the house, or a topic of numpy_nn or torch_nn."""
    return len(parts) == 1 or (parts[0] in ("numpy_nn", "torch_nn") and len(parts) == 2)


def wrong_imports(path, source):
    """What a file of the course imports against the rules."""
    own = path.relative_to(ROOT).with_suffix("").parts
    for parts in course_imports(source):
        same_room = parts[0] == own[0]
        if not same_room and (place_of(parts[0]) >= place_of(own[0]) or not is_room(parts)):
            yield ".".join(parts)
        elif same_room and own[0] in ("numpy_nn", "torch_nn") and len(own) > 1 and own[1] != "__init__":
            if len(parts) == 1 or own[1] == parts[1]:
                continue
            if STAIRS.index(parts[1]) >= STAIRS.index(own[1]) or not is_room(parts):
                yield ".".join(parts)


@pytest.mark.parametrize("room", sorted(set.union(*FLOORS)))
def test_no_import_points_up_or_sideways_or_past_a_door(room):
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in wrong_imports(path, path.read_text(encoding="utf-8"))
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("core/runs.py", "from course_lib.datasets import moons"),  # up
        ("datasets/splits.py", "from course_lib import surfaces"),  # sideways
        ("numpy_nn/losses.py", "from course_lib.torch_nn import losses"),
        ("numpy_nn/losses.py", "from course_lib.numpy_nn.training import train"),  # up within the room
        ("theory/escape.py", "from course_lib.core.validation import natural"),  # past the door
        ("numpy_nn/training/train.py", "from course_lib.numpy_nn.layers.dense import Dense"),
        ("plots/maps.py", "import course_lib.explorers"),
    ],
)
def test_a_wrong_import_is_found(file, line):
    assert list(wrong_imports(ROOT / file, line))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("datasets/tables.py", "from course_lib.core import one_of"),
        ("datasets/tables.py", "from course_lib.datasets.splits import train_test_split"),
        ("explorers/losses/softmax.py", "from course_lib.numpy_nn.layers import Dense"),
        ("numpy_nn/training/train.py", "from course_lib.numpy_nn.training.chunks import joined"),
    ],
)
def test_a_right_import_is_left_alone(file, line):
    assert not list(wrong_imports(ROOT / file, line))


def test_every_module_stands_in_a_room():
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py"}
    assert set(modules_of(ROOT)) == set.union(*FLOORS)


@pytest.mark.parametrize("path", sorted((COURSE / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_learners_import_from_rooms(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert all(map(is_room, course_imports("".join(cell["source"])))), "".join(cell["source"])


def test_a_chapter_has_one_name_on_every_floor():
    checks = {path.stem for path in (ROOT / "teaching" / "check").glob("*.py")} - {"__init__"}
    assert checks == set(CHAPTERS)
    assert set(modules_of(ROOT / "explorers")) == set(CHAPTERS)
    assert {path.name for path in (COURSE / "tests" / "explorers").iterdir() if path.is_dir()} <= set(
        CHAPTERS
    )


def test_an_explorer_stands_in_the_file_of_its_name():
    for name, explorer in EXPLORERS.items():
        assert explorer.name == name
        assert explorer.__module__.endswith(f".{name}")


def test_tests_mirror_the_house():
    apart = {"benchmarks", "browser"}
    for path in (COURSE / "tests").rglob("test_*.py"):
        folder = path.relative_to(COURSE / "tests").parent
        assert folder.parts[:1] == () or folder.parts[0] in apart or (ROOT / folder).is_dir(), path


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
