"""From key press to painted picture in JupyterLab, for every slider of every chapter.

    python -m tests.benchmarks.bench_latency            # all chapters
    python -m tests.benchmarks.bench_latency 01         # those whose name begins with 01

Compared with the same kind of picture under `ipywidgets.interact`, and with an empty round trip ("echo").
"""

import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

from tests.browser.lab import COURSE, NO_BROWSER, find_browser, new_page, running_browser, running_lab
from tests.browser.latency import HEADING, measure_explorer, measure_yardsticks, yardstick_notebook
from tests.browser.notebook import Notebook


def main(beginning: str = "") -> None:
    if find_browser() is None:
        print(NO_BROWSER)
        return
    with tempfile.TemporaryDirectory() as temporary:
        private, folder = Path(temporary) / "private", Path(temporary) / "notebooks"
        private.mkdir()
        shutil.copytree(COURSE / "notebooks", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        nbformat.write(yardstick_notebook(), folder / "yardsticks.ipynb")
        with running_browser() as browser, running_lab(folder, private) as lab:

            def opened(name: str) -> Notebook:
                return Notebook(new_page(browser, lab), lab, name).open().run_all()

            print(f"Key press to painted picture, in milliseconds\n{HEADING}")
            notebook = opened("yardsticks.ipynb")
            interact, echo = measure_yardsticks(notebook)
            notebook.close()
            for latency in (interact, echo):
                print(latency.row(interact.median), flush=True)
            for chapter in sorted((COURSE / "notebooks").glob(f"{beginning}*.ipynb")):
                notebook = opened(chapter.name)
                for root in notebook.explorers().all():
                    for latency in measure_explorer(root):
                        print(latency.row(interact.median), flush=True)
                notebook.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
