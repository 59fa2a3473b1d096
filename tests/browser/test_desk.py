"""A learner at the desk: what is written in JupyterLab is kept, and an update does not touch it."""

import json
import runpy

import nbformat
import pytest

from course_lib.teaching.desk.chapters import NOTEBOOKS, update
from tests.browser.lab import new_page, private_environment, running_lab
from tests.browser.notebook import Notebook

CHAPTER = "01_gradient_descent.ipynb"
MINE = """\
def my_step(w, gradient, lr):
    return w - lr * gradient  # mine


verdict = check.gradient_step(my_step)
verdict"""
# Writes into a cell, adds a note above it, runs the cell and the one with the imports, and saves.
WORK = """
async ([source, note]) => {
  const { commands, shell } = window.jupyterapp;
  const { content, context } = shell.currentWidget;
  const place = (id) => content.widgets.findIndex((cell) => cell.model.id === id);
  const run = async (at) => { content.activeCellIndex = at; await commands.execute('notebook:run-cell'); };
  content.widgets[place('exercise-step')].model.sharedModel.setSource(source);
  content.model.sharedModel.insertCell(place('exercise-step'), { cell_type: 'markdown', source: note });
  await run(place('imports'));
  await run(place('exercise-step'));
  await commands.execute('docmanager:save');
  return content.widgets[place('exercise-step')].model.toJSON().outputs[0].data['text/plain'];
}
"""


@pytest.fixture
def course(tmp_path):
    """The next edition of the chapter: a word changed, and the stub that the learner fills."""
    folder = tmp_path / "next edition"
    folder.mkdir()
    chapter = nbformat.read(NOTEBOOKS / CHAPTER, as_version=4)
    cells = {cell.id: cell for cell in chapter.cells}
    cells["title"].source += "\n\nA new sentence of the course."
    cells["exercise-step"].source = cells["exercise-step"].source.replace(
        "w, gradient, lr", "w, gradient, rate"
    )
    nbformat.write(chapter, folder / CHAPTER)
    return folder


def test_work_is_kept_and_an_update_leaves_it_alone(browser, tmp_path, course, monkeypatch):
    desk, private = tmp_path / "desk", tmp_path / "private"
    private.mkdir()
    with running_lab(desk, private, desk) as lab:
        notebook = Notebook(new_page(browser, lab), lab, f"notebooks/{CHAPTER}").open()
        said = notebook.page.evaluate(WORK, [MINE, "A note of my own."])
        assert "Right" in "".join(said)
        assert "my_nn.py" in "".join(said)
        assert notebook.faults == []
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", private_environment(private)["JUPYTER_RUNTIME_DIR"])
        (line,) = update(desk, course)
        assert line.startswith(f"JupyterLab is open at {lab.address}")
        notebook.close()
    assert runpy.run_path(str(desk / "my_nn.py"))["my_step"](1.0, 2.0, 0.25) == 0.5
    assert json.loads((desk / "progress.json").read_text())["exercises"]["gradient_step"]["right"]

    (line,) = update(desk, course)
    assert line.startswith("01_gradient_descent: updated, with all that you wrote in it; clashes with it: 1")
    cells = nbformat.read(desk / "notebooks" / CHAPTER, as_version=4).cells
    at = next(at for at, cell in enumerate(cells) if cell.id == "exercise-step")
    assert cells[at].source == MINE
    assert cells[at - 1].source == "A note of my own."
    assert "w, gradient, rate" in cells[at + 1].source
    assert "A new sentence of the course." in cells[0].source
