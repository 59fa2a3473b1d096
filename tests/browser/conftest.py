"""One JupyterLab and one browser for all browser tests; the chapters are copied, so that none is changed."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.lab import COURSE, NO_BROWSER, find_browser, new_page, running_browser, running_lab
from tests.browser.notebook import Notebook

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter):
    if terminalreporter.stats.get("skipped") and find_browser() is None:
        terminalreporter.write_line(NO_BROWSER, yellow=True, bold=True)


@pytest.fixture(scope="session")
def browser():
    if find_browser() is None:
        # A learner may well have another browser; in CI, a test that nobody ran must not pass.
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_BROWSER)
    with running_browser() as started:
        yield started


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """What JupyterLab serves: a copy of the chapters, and room for notebooks that a test makes."""
    copy = tmp_path_factory.mktemp("course") / "notebooks"
    shutil.copytree(COURSE / "notebooks", copy, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return copy


@pytest.fixture(scope="session")
def lab(browser, folder, tmp_path_factory):
    with running_lab(folder, tmp_path_factory.mktemp("private")) as started:
        yield started


@pytest.fixture
def open_notebook(browser, lab):
    """A function that opens a notebook by its name in a page of its own."""
    opened = []

    def open_one(name: str) -> Notebook:
        opened.append(Notebook(new_page(browser, lab), lab, name))
        return opened[-1].open()

    yield open_one
    for notebook in opened:
        notebook.close()
