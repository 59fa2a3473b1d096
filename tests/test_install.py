"""How `make` finds a Python, and PyTorch without CUDA, tried with stand-ins; and what CI tries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.processes import needs_make, run

COURSE = Path(__file__).resolve().parent.parent
MAKEFILE = (COURSE / "Makefile").read_text(encoding="utf-8")
VERSIONS = ["3.11", "3.12", "3.13", "3.14"]
# What the Makefile calls, besides Python, uv and nvidia-smi, which are found only where a test puts them.
TOOLS = "awk cat cp env grep ls mkdir rm sed sh tail tee timeout uname"

pytestmark = needs_make
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems get no CUDA with PyTorch")

# It answers make's question for the version, copies itself where an environment is asked for, and writes
# down what pip is asked. A file `no-…` in the folder makes it fail.
PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) exec "{python}" -c 'import sys; sys.version_info = (3, {minor}); exec(sys.argv[1])' "$2" ;;
"-m venv") mkdir -p .venv/bin && ! [ -e no-venv ] && cp "$0" .venv/bin/python ;;
"-m pip") [ "$3" = --version ] && echo pip && exit 0
    echo "$*" >>calls
    case "$*" in
    *--index-url=*) [ -e no-index ] && echo "ERROR: no such index" | tee -a .install.log && exit 1 ;;
    *) [ -e no-packages ] && exit 1 ;;
    esac
    exit 0 ;;
esac
"""
UV = """#!/bin/sh
echo "uv $*" >>calls
for folder; do :; done
mkdir -p "$folder/bin" && ! [ -e no-uv ] && cp python-of-uv "$folder/bin/python"
"""


class Machine:
    """A checkout on which nothing was ever run, and a PATH with only what a test puts there."""

    def __init__(self, folder: Path):
        self.course, self.bin = folder / "my course", folder / "bin"
        self.course.mkdir()
        self.bin.mkdir()
        for name in ("Makefile", "pyproject.toml"):
            shutil.copy(COURSE / name, self.course)
        self.write("requirements.txt", "torch==2.13.0\n")
        for name in TOOLS.split():
            if path := shutil.which(name):
                (self.bin / name).symlink_to(path)

    def write(self, name: str, text: str = "") -> None:
        (self.course / name).write_text(text)

    def command(self, name: str, text: str, folder: Path | None = None) -> None:
        file = (folder or self.bin) / name
        file.unlink(missing_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def python(self, name: str, minor: int, folder: Path | None = None) -> None:
        self.command(name, PYTHON.format(python=sys.executable, minor=minor), folder)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
        command = [shutil.which("make"), "ready", "GPU_DRIVER=/nowhere", *arguments]
        return run(command, self.course, without="MAKE", PATH=str(self.bin), **variables)

    def calls(self) -> list[str]:
        """What pip and uv were asked, without the options that are always the same."""
        file = self.course / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        dull = r" ?-m pip| --(disable|no-input|log|root|progress|retries)\S*"
        return [re.sub(dull, "", line).strip() for line in lines]

    def version(self) -> str:
        """The Python of the environment that make built."""
        command = [str(self.course / ".venv/bin/python"), "-c", "print('{}.{}'.format(*sys.version_info))"]
        return run(command, self.course, without="MAKE").stdout.strip()


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def refusal(result: subprocess.CompletedProcess) -> str:
    """The one line that says what to do."""
    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr


# -- Python --------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["python{}", "python3", "python"])
def test_every_python_from_3_11_is_taken(machine, name, version):
    machine.python(name.format(version), int(version[2:]))
    assert machine.make().returncode == 0
    assert machine.version() == version


def test_the_first_that_is_new_enough_is_taken(machine):
    machine.command("python3.11", "#!/bin/sh\nexit 127\n")  # as pyenv has for versions that are switched off
    machine.python("python3", 10)
    machine.python("python3.13", 13)
    machine.python("python3.12", 12)
    assert machine.make().returncode == 0
    assert machine.version() == "3.12"


def test_an_older_python_is_refused(machine):
    machine.python("python3", 10)
    line = refusal(machine.make())
    assert "Python 3.11 or newer was not found: install it from https://www.python.org" in line
    assert not (machine.course / ".venv").exists()


def test_a_python_that_is_named_is_the_one_that_is_taken(machine, tmp_path):
    elsewhere = tmp_path / "another folder"
    elsewhere.mkdir()
    machine.python("python3.11", 11)
    machine.python("mine", 14, elsewhere)
    assert machine.make(f"PYTHON={elsewhere / 'mine'}").returncode == 0
    assert machine.version() == "3.14"


def test_a_python_that_is_named_and_too_old_is_refused(machine):
    machine.python("python3.11", 11)
    machine.python("python3.10", 10)
    machine.command("uv", UV)
    assert "python3.10 is not Python 3.11 or newer" in refusal(machine.make("PYTHON=python3.10"))
    assert machine.calls() == []


def test_an_environment_of_an_older_python_is_built_again(machine):
    machine.python("python3.12", 12)
    (machine.course / ".venv" / "bin").mkdir(parents=True)
    machine.python("python", 10, machine.course / ".venv" / "bin")
    assert machine.make().returncode == 0
    assert machine.version() == "3.12"


def test_a_python_without_venv_says_what_to_install(machine):
    machine.python("python3.12", 12)
    machine.write("no-venv")
    assert "apt install python3.12-venv" in refusal(machine.make())


def test_uv_brings_a_python_where_there_is_none(machine):
    machine.python("python3", 10)
    machine.command("uv", UV)
    machine.python("python-of-uv", 11, machine.course)
    assert machine.make().returncode == 0
    assert machine.calls()[0] == "uv venv --seed --python 3.11 .venv"
    assert machine.calls()[-1] == "install -r requirements.txt"
    assert machine.version() == "3.11"


def test_uv_is_left_alone_where_there_is_a_python(machine):
    machine.python("python3.14", 14)
    machine.command("uv", UV)
    assert machine.make().returncode == 0
    assert not [call for call in machine.calls() if call.startswith("uv")]


def test_a_uv_that_brings_nothing_says_what_to_do(machine):
    machine.command("uv", UV)
    machine.write("no-uv")
    assert "uv could not bring Python 3.11: check the internet connection" in refusal(machine.make())


# -- PyTorch without CUDA ------------------------------------------------------------------------

INDEX = "--index-url=https://download.pytorch.org/whl/cpu"
FROM_CPU_INDEX = [f"index versions torch {INDEX}", f"install --no-deps torch==2.13.0 {INDEX}"]
THE_REST = ["install -r requirements.txt"]


@on_linux
def test_linux_without_a_gpu_gets_the_cpu_only_build(machine):
    machine.python("python3", 11)
    assert machine.make().returncode == 0
    assert machine.calls() == FROM_CPU_INDEX + THE_REST


@on_linux
@pytest.mark.parametrize("sign", ["nvidia-smi", "driver", "macOS"])
def test_a_gpu_or_another_system_gets_the_usual_build(machine, sign):
    machine.python("python3", 11)
    if sign == "nvidia-smi":
        machine.command("nvidia-smi", "#!/bin/sh\n")
    if sign == "macOS":
        machine.command("uname", "#!/bin/sh\necho Darwin\n")
    assert machine.make(*(["GPU_DRIVER=/"] if sign == "driver" else [])).returncode == 0
    assert machine.calls() == THE_REST


@on_linux
@pytest.mark.parametrize(("installed", "asks"), [("2.13.0+cpu", False), ("2.13.0", False), ("2.13.1", True)])
def test_the_index_is_not_asked_for_what_is_installed(machine, installed, asks):
    machine.python("python3", 11)
    (machine.course / f".venv/lib/python3.11/site-packages/torch-{installed}.dist-info").mkdir(parents=True)
    assert machine.make().returncode == 0
    assert machine.calls() == (FROM_CPU_INDEX if asks else []) + THE_REST


@on_linux
def test_an_index_that_does_not_answer_is_passed_over_in_silence(machine):
    machine.python("python3", 11)
    machine.write("no-index")
    result = machine.make()
    assert result.returncode == 0
    assert (len(result.stdout.splitlines()), result.stderr) == (1, "")  # "Installing …"
    assert machine.calls() == FROM_CPU_INDEX[:1] + THE_REST
    assert "no CPU-only build: no such index" in (machine.course / ".install.log").read_text()


@on_linux
def test_an_index_that_does_not_answer_is_not_the_reason_of_a_later_failure(machine):
    machine.python("python3", 11)
    machine.write("no-index")
    machine.write("no-packages")
    line = refusal(machine.make())
    assert "The packages could not be installed" in line
    assert "no such index" not in line


def index_of(folder: Path, *versions: str) -> str:
    """The address of a package index that has nothing but an empty torch."""
    page = folder / "torch" / "index.html"
    page.parent.mkdir(parents=True)
    names = [f"torch-{version}-py3-none-any.whl" for version in versions]
    page.write_text("".join(f'<a href="{name}">{name}</a>\n' for name in names))
    for version, name in zip(versions, names):
        info = f"torch-{version}.dist-info"
        with zipfile.ZipFile(page.parent / name, "w") as wheel:
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
    return folder.as_uri()


@on_linux
def test_pip_keeps_the_cpu_only_build_and_falls_back_to_the_usual_one(machine, tmp_path):
    """The one test with a real pip: it takes an index that lacks the pin, then one that has it."""
    indexes = {
        "PIP_INDEX_URL": index_of(tmp_path / "usual", "1.0", "2.0"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
    }
    cpu_only = f"CPU_INDEX={index_of(tmp_path / 'cpu', '2.0+cpu')}"
    for pin, installed in {"1.0": "1.0", "2.0": "2.0+cpu"}.items():
        machine.write("requirements.txt", f"torch=={pin}\n")
        result = machine.make(cpu_only, f"PYTHON={sys.executable}", **indexes)
        assert (result.returncode, result.stderr) == (0, "")
        found = {path.name for path in machine.course.glob(".venv/lib/python3*/site-packages/torch-*")}
        assert found == {f"torch-{installed}.dist-info"}


# -- what CI tries -------------------------------------------------------------------------------


def test_ci_tries_every_python_that_the_course_takes():
    workflow = yaml.safe_load((COURSE / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((COURSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    matrix = workflow["jobs"]["quick"]["strategy"]["matrix"]
    assert matrix["python"] == VERSIONS
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert project["requires-python"] == f">={VERSIONS[0]}"
    assert [name.rpartition(" ")[2] for name in project["classifiers"]] == VERSIONS
    assert re.findall(r"python(3\.\d+)", MAKEFILE.partition("new_enough =")[0]) == VERSIONS
    assert re.findall(r"python(3\.\d+)", (COURSE / ".ci" / "run").read_text(encoding="utf-8")) == VERSIONS


def test_ci_runs_the_whole_suite_once():
    workflow = yaml.safe_load((COURSE / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    commands = [step.get("run") for step in workflow["jobs"]["whole"]["steps"]]
    assert commands[-1] == ".ci/run"
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["env"]["COURSE_DESK"] == ""
