"""Opens the course in JupyterLab: `python tools/lab.py`, with the options of `jupyter lab` if you like.

It is `jupyter lab` with the few settings of `tools/jupyter`, which make the sliders answer faster.
"""

import os
import sys
from pathlib import Path

SETTINGS = Path(__file__).resolve().parent / "jupyter"


def main(arguments: list[str]) -> None:
    own = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(SETTINGS)] + ([own] if own else []))
    from jupyterlab.labapp import LabApp  # reads the variable above

    LabApp.launch_instance(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
