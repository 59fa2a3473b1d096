"""Commands that a test runs for itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

needs_make = pytest.mark.skipif(
    os.name == "nt" or shutil.which("make") is None, reason="there is no make here, or one that has no sh"
)


def run(
    command: Sequence[str], folder: Path, *, without: str, **variables: str
) -> subprocess.CompletedProcess:
    """Run a command in a folder, without the variables that the tests' runner has set for itself.

    `variables` are set for the command.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
