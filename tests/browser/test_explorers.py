"""Every chapter in a real JupyterLab: run all of it, then move everything that can be moved."""

import re

import nbformat
import pytest

from tests.browser.checks import check_explorer, check_look
from tests.browser.lab import COURSE
from tests.browser.panel import Panel

CHAPTERS = sorted(path.name for path in (COURSE / "notebooks").glob("[0-9][0-9]_*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"

FAULTY_CELLS = {  # what is heard -> the cell that makes it
    r"stderr: .*careful": "import warnings\nwarnings.warn('careful')",
    r"console error: .*wrong": "from IPython.display import HTML\n"
    "HTML('<script>console.error(\"wrong\")</script>')",
    r"leaves the machine: http://course.invalid": "HTML('<img src=\"http://course.invalid/x.png\">')",
    r"error ValueError": "import ipywidgets\nbutton = ipywidgets.Button(description='press')\n"
    "button.on_click(lambda _: int('one'))\nbutton",
    r"error ZeroDivisionError": "1 / 0",  # last, because nothing runs after it
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_control_of_a_chapter(open_notebook, chapter):
    notebook = open_notebook(chapter)
    stored = sum("image/png" in output.get("data", {}) for output in notebook.outputs())
    notebook.page.locator(".jp-OutputArea-output img").nth(stored - 1).wait_for(state="attached")
    explorers = notebook.run_all().explorers().all()
    shown = [output for output in notebook.outputs() if {VIEW, "image/png"} <= set(output.get("data", {}))]
    assert 0 < len(explorers) == len(shown) <= stored  # before it runs, a picture stands for each explorer
    problems = list(notebook.faults)
    checked = set()
    for root in explorers:
        panel = Panel(root, notebook)
        check = check_look if panel.name in checked else check_explorer
        problems += [f"{panel.name}: {problem}" for problem in check(panel)]
        checked.add(panel.name)
    problems += [fault for fault in notebook.faults if fault not in problems]
    assert not problems, "\n".join([f"{chapter}:", *problems])


def test_faults_are_seen(open_notebook, folder):
    """The test above means something only if it would notice."""
    cells = [nbformat.v4.new_code_cell(code) for code in FAULTY_CELLS.values()]
    faulty = nbformat.v4.new_notebook(cells=cells)
    faulty.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(faulty, folder / "faulty.ipynb")
    notebook = open_notebook("faulty.ipynb").run_all()
    notebook.page.get_by_role("button", name="press").click()
    notebook.page.wait_for_timeout(500)
    unheard = [text for text in FAULTY_CELLS if not any(re.search(text, fault) for fault in notebook.faults)]
    assert not unheard, notebook.faults
