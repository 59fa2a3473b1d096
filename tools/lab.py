"""Opens the course in JupyterLab: `python tools/lab.py`, with the options of `jupyter lab` if you like.

It makes the learner's desk or brings it up to date (see `tools/desk.py`). Then it is `jupyter lab` at that
desk, with the few settings of `tools/jupyter`, which make the sliders answer faster.
"""

import os
import sys
from pathlib import Path

from desk import chosen_desk, told  # beside this file

from course_lib.teaching.desk.chapters import update

SETTINGS = Path(__file__).resolve().parent / "jupyter"
# One thread a kernel, unless the learner says otherwise: the matrices are small, and threads that wait
# for each other cost a picture more than they save. The stored notebooks were made in the same way.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: list[str]) -> None:
    os.environ["COURSE_DESK"] = str(desk_at_hand() or "")  # for the kernels, and for tools/jupyter
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(SETTINGS)] + ([own] if own else []))
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    open_lab(arguments)


def open_lab(arguments: list[str]) -> None:
    """Start JupyterLab, and print its address last and alone: over ssh or in a container no browser opens."""
    from jupyterlab.labapp import LabApp  # reads JUPYTER_CONFIG_PATH

    class Lab(LabApp):
        @classmethod
        def initialize_server(cls, argv=None, **settings):
            server = LabApp.initialize_server(argv, **settings)
            server.log.addFilter(lambda record: "To access the server" not in record.getMessage())
            server.io_loop.call_later(1, print_address, server)  # a browser that fails has said so by then
            return server

    Lab.launch_instance(arguments)


def print_address(server) -> None:
    print("\nJupyterLab is running; Ctrl+C stops it. If no browser opens, open this address in one:\n")
    print(server.display_url, flush=True)


def desk_at_hand() -> Path | None:
    """The learner's desk, up to date; None if none is wanted or none could be made."""
    desk = chosen_desk()
    if desk:
        told(lambda: update(desk))
    if desk and not any(desk.glob("notebooks/*.ipynb")):
        print("Until then, JupyterLab opens the course's own copies of the chapters.", flush=True)
        return None
    return desk


if __name__ == "__main__":
    main(sys.argv[1:])
