"""Every chapter in a real JupyterLab: run all of it, then move everything that can be moved."""

import nbformat
import pytest

from tests.browser.checks import check_explorer, check_look
from tests.browser.lab import COURSE
from tests.browser.panel import Panel

CHAPTERS = sorted(path.name for path in (COURSE / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"

FAULTY_CELLS = {
    "an error": "1 / 0",
    "stderr": "import warnings\nwarnings.warn('careful')",
    "console error": "from IPython.display import HTML\nHTML('<script>console.error(1)</script>')",
    "leaves the machine": "from IPython.display import HTML\nHTML('<img src=\"http://course.invalid/x.png\">')",
    "error after the run": "import ipywidgets\nbutton = ipywidgets.Button(description='press')\n"
    "button.on_click(lambda _: 1 / 0)\nbutton",
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_control_of_a_chapter(open_notebook, chapter):
    notebook = open_notebook(chapter)
    stored = [output for output in notebook.outputs() if VIEW in output.get("data", {})]
    if stored:  # before it runs, a picture stands for each explorer
        notebook.page.locator(".jp-OutputArea-output img").nth(len(stored) - 1).wait_for(state="attached")
    explorers = notebook.run_all().explorers().all()
    assert len(explorers) == len(stored)
    problems = list(notebook.faults)
    checked = set()
    for root in explorers:
        panel = Panel(root, notebook)
        check = check_look if panel.name in checked else check_explorer
        problems += [f"{panel.name}: {problem}" for problem in check(panel)]
        checked.add(panel.name)
    problems += [fault for fault in notebook.faults if fault not in problems]
    assert not problems, "\n".join([f"{chapter}:", *problems])


@pytest.mark.parametrize("fault", FAULTY_CELLS)
def test_faults_are_seen(open_notebook, folder, fault):
    """The test above means something only if it would notice."""
    faulty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FAULTY_CELLS[fault])])
    faulty.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(faulty, folder / "faulty.ipynb")
    notebook = open_notebook("faulty.ipynb").run_all()
    if fault == "error after the run":
        notebook.page.get_by_role("button", name="press").click()
    notebook.page.wait_for_timeout(500)
    assert notebook.faults
