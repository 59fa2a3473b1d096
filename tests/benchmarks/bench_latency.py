"""From key press to painted picture in JupyterLab, for every slider of every explorer.

    python -m tests.benchmarks.bench_latency            # all explorers
    python -m tests.benchmarks.bench_latency bowl       # those whose name begins with bowl

Compared with the same kind of picture under `ipywidgets.interact`, and with an empty round trip ("echo").
"""

import sys
import tempfile
from pathlib import Path

import nbformat

from course_lib.explorers import EXPLORERS
from tests.browser.lab import NO_BROWSER, find_browser, new_page, running_browser, running_lab
from tests.browser.latency import (
    HEADING,
    explorer_of,
    measure_echo,
    measure_explorer,
    measure_interact,
    timing_notebook,
)
from tests.browser.notebook import Notebook


def main(beginning: str = "") -> None:
    if find_browser() is None:
        print(NO_BROWSER)
        return
    names = [name for name in EXPLORERS if name.startswith(beginning)]
    with tempfile.TemporaryDirectory() as temporary:
        private, folder = Path(temporary) / "private", Path(temporary) / "notebooks"
        private.mkdir()
        folder.mkdir()
        nbformat.write(timing_notebook(names), folder / "timing.ipynb")
        with running_browser() as browser, running_lab(folder, private) as lab:
            notebook = Notebook(new_page(browser, lab), lab, "timing.ipynb").open().run_all()
            print(f"Key press to painted picture, in milliseconds\n{HEADING}")
            interact, echo = measure_interact(notebook), measure_echo(notebook)
            for latency in (interact, echo):
                print(latency.row(interact.median), flush=True)
            for name in names:
                for latency in measure_explorer(explorer_of(notebook, name)):
                    print(latency.row(interact.median), flush=True)
            notebook.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
