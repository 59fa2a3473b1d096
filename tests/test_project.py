"""The commands that learners and CI type, and the files that define them."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from unittest import mock

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config import PyFileConfigLoader

from tests.processes import needs_make, run

COURSE = Path(__file__).resolve().parent.parent
MAKEFILE, README = ((COURSE / name).read_text(encoding="utf-8") for name in ("Makefile", "README.md"))
REQUIREMENTS = (COURSE / "requirements.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((COURSE / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_requirement_is_pinned_and_has_a_reason():
    for before, line in itertools.pairwise(REQUIREMENTS):
        if line and not line.startswith("#"):
            assert line == "-e ." or re.fullmatch(r"[a-z-]+==[\d.]+", line)
            assert before.startswith("# "), f"no reason above {line}"


def test_what_the_package_imports_is_pinned():
    pinned = {line.partition("==")[0] for line in REQUIREMENTS}
    assert set(PROJECT["project"]["dependencies"]) <= pinned


def test_ci_runs_the_readmes_test_command():
    assert "make test " in README
    assert (COURSE / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("\nmake test")


def test_the_readme_names_only_commands_that_exist():
    known = re.findall(r"^([a-z]+):.*## ", MAKEFILE, flags=re.MULTILINE)
    assert set(re.findall(r"^make (\w+)", README, flags=re.MULTILINE)) <= set(known)


def test_the_readme_lists_every_chapter_that_exists():
    for chapter in (COURSE / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{chapter.name})" in README


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (COURSE / target).exists(), target


def test_what_is_no_code_is_packaged():
    """Scripts and styles of the widgets, and the data, travel with the package."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    packaged = {
        file
        for package, names in patterns.items()
        for name in names
        for file in (COURSE / package.replace(".", "/")).glob(name)
    }
    ours = {file for file in (COURSE / "course_lib").rglob("*") if file.is_file()}
    left = {file for file in ours - packaged if file.suffix not in (".py", ".pyc")}
    assert {file.name for file in left} <= {".gitattributes"}  # which git alone reads


# -- make ----------------------------------------------------------------------------------------


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return run(["make", *arguments], folder, without="MAKE")  # which is what `make test` tells its commands


@pytest.fixture
def bare(tmp_path) -> Path:
    """A checkout on which nothing was ever run, in a folder whose name has a space."""
    folder = tmp_path / "my course"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(COURSE / name, folder)
    (folder / "requirements.txt").write_text("./there-is-no-such-package\n")
    return folder


@needs_make
def test_a_failed_installation_says_what_to_do_and_does_not_count(bare):
    for _ in range(2):  # the second run finds a half-made .venv
        run = make(bare, "lab")
        assert run.returncode != 0
        assert len(run.stderr.splitlines()) == 1, run.stderr
        assert "check the internet connection and run make again" in run.stderr
        assert not (bare / ".venv" / ".ready").exists()


@needs_make
def test_make_starts_at_once_when_nothing_has_changed(bare):
    (bare / ".venv" / "bin").mkdir(parents=True)
    (bare / ".venv" / "bin" / "python").symlink_to(shutil.which("true"))
    (bare / ".venv" / ".ready").write_text(f"{bare}\n")
    start = time.perf_counter()
    run = make(bare, "ready")
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert time.perf_counter() - start < 0.5


@needs_make
@pytest.mark.parametrize("changed", ["requirements.txt", "pyproject.toml", ".venv/.ready"])
def test_make_installs_again_after_a_change(bare, changed):
    """Newer requirements, or an environment that was built in another folder."""
    test_make_starts_at_once_when_nothing_has_changed(bare)
    (bare / changed).write_text("/another/folder\n")
    (bare / ".venv" / "bin" / "python").unlink()
    result = make(bare, "ready", "PYTHON=true")  # which takes every command, and does nothing
    assert "Installing" in result.stdout


@needs_make
def test_a_chapter_is_reset_by_its_number(bare):
    test_make_starts_at_once_when_nothing_has_changed(bare)
    assert "tools/desk.py reset 06" in make(bare, "-n", "reset", "CHAPTER=06").stdout


@needs_make
def test_what_a_learner_wrote_is_spared(bare):
    own = bare / "my_course" / "notebooks" / ".ipynb_checkpoints" / "00.ipynb"
    left = bare / "notebooks" / ".ipynb_checkpoints" / "00.ipynb"
    for file in (own, left):
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    (bare / "my_course" / "scratch.py").write_text("import os, sys\nx=1")  # not as ruff would have it
    assert make(bare, "clean").returncode == 0
    assert own.exists()
    assert not left.exists()
    ruff = run([sys.executable, "-m", "ruff", "check", "."], bare, without="RUFF_")
    assert ruff.returncode == 0, ruff.stdout
    assert "my_course/" in (COURSE / ".gitignore").read_text().splitlines()
    assert "my_course" in PROJECT["tool"]["pytest"]["ini_options"]["norecursedirs"]


# -- JupyterLab ----------------------------------------------------------------------------------


def jupyter_settings():
    return PyFileConfigLoader("jupyter_server_config.py", str(COURSE / "tools" / "jupyter")).load_config()


@pytest.mark.parametrize(
    ("desk", "root", "first"),
    [
        ("", COURSE, "notebooks"),
        (COURSE / "my_course", COURSE, "my_course/notebooks"),
        (COURSE.parent / "a desk", COURSE.parent / "a desk", "notebooks"),
        (COURSE / "my cours€", COURSE, "my%20cours%E2%82%AC/notebooks"),
    ],
)
def test_jupyterlab_opens_at_the_desk(monkeypatch, desk, root, first):
    monkeypatch.setenv("COURSE_DESK", str(desk))
    settings = jupyter_settings()
    assert settings.ServerApp.root_dir == str(root)
    assert settings.LabApp.default_url == f"/lab/tree/{first}/00_start_here.ipynb"


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """`tools/lab.py` with a JupyterLab that only says which desk it was given: what it prints, by desk."""
    (tmp_path / "jupyterlab").mkdir()
    (tmp_path / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "jupyterlab" / "labapp.py").write_text(
        "import os\nclass LabApp:\n    launch_instance = lambda arguments: print(os.environ['COURSE_DESK'])\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(COURSE)]))

    def lines(desk):
        monkeypatch.setenv("COURSE_DESK", desk)
        done = run([sys.executable, str(COURSE / "tools" / "lab.py")], tmp_path, without="PYTEST_")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    return lines


def test_jupyterlab_and_its_kernels_know_the_desk_that_was_made(lab, tmp_path):
    desk = tmp_path / "desk"
    first, *_, given = lab("desk")
    assert (first, given) == ("00_start_here: new", str(desk))
    assert (desk / "notebooks" / "00_start_here.ipynb").exists()
    assert lab("desk") == [str(desk)]
    assert lab("") == [""]


def test_jupyterlab_opens_without_a_desk_that_cannot_be_made(lab):
    first, *_, given = lab("jupyterlab/labapp.py/desk")
    assert first.startswith("Your desk cannot be written: ")
    assert given == ""


def test_what_executes_chapters_has_no_desk():
    assert re.search(r"^FIXED := env .*COURSE_DESK= ", MAKEFILE, flags=re.MULTILINE)


def test_the_address_is_printed_last_and_alone(tmp_path):
    """Over ssh, in WSL or in a container a browser does not open, and may complain."""
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, time\ntime.sleep(0.2)\nsys.exit('cannot open display')\n")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    with subprocess.Popen(
        [sys.executable, str(COURSE / "tools" / "lab.py"), "--ServerApp.port=0"],
        env=os.environ
        | dict.fromkeys(names, str(tmp_path))
        | {"BROWSER": f"{Path(sys.executable).as_posix()} {browser.as_posix()} %s", "COURSE_DESK": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        before = [""]
        while "token=" not in before[-1] and server.poll() is None:
            before.append(server.stdout.readline())
        time.sleep(1)  # for whatever else would like to be last
        server.terminate()
        after = server.stdout.read()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/lab/tree/\S+\?token=[0-9a-f]{40,}\n", before[-1]), before
    assert before[-2] == "\n"
    assert "cannot open display\n" in before
    assert [line for line in after.splitlines() if "stopping" not in line] == []


def test_jupyterlab_sends_what_the_kernel_says_at_once(monkeypatch):
    settings = jupyter_settings()
    assert settings.ServerApp.ip == "127.0.0.1"
    assert "token" not in settings.get("IdentityProvider", {})
    kind = settings.ServerApp.kernel_websocket_connection_class
    connect = mock.Mock()
    monkeypatch.setattr(kind.__base__, "connect", connect)
    connection = kind.__new__(kind)  # a whole one needs a kernel
    connection.websocket_handler = mock.create_autospec(KernelWebsocketHandler, instance=True)
    connection.connect()
    connection.websocket_handler.set_nodelay.assert_called_once_with(True)
    connect.assert_called_once_with()
