"""Whether this machine has what the chapters were tested with."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

_REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
_OLDEST, _NEWEST = (3, 11), (3, 14)  # the Pythons that CI tries


def check_environment(requirements: Path = _REQUIREMENTS) -> None:
    """Compare Python and the packages with those the course was tested with, and print what differs.

    A course_lib that was installed without the folder of the course knows no tested versions, and says so.

    Args:
        requirements: the file with the tested versions, one `name==version` a line.

    Example:
        >>> check_environment()  # doctest: +SKIP
        Everything is as tested: Python and every package.
    """
    if not requirements.is_file():
        print(f"There is nothing to compare with: {requirements.name} is not here, because course_lib was")
        print("installed without the folder of the course. The chapters run with what is installed.")
        return
    pins = dict(
        re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    )
    differing = [line for name, tested in pins.items() if (line := _compare(name, tested))]
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        found, oldest, newest = (".".join(map(str, v[:2])) for v in (sys.version_info, _OLDEST, _NEWEST))
        differing.insert(0, f"Python {found}, tested with {oldest} to {newest}")
    if differing:
        print("This differs from what the course was tested with; most of it will still work:")
        print("\n".join(f"  {line}" for line in differing))
        print("To get exactly the tested versions: python -m pip install -r requirements.txt")
    else:
        print("Everything is as tested: Python and every package.")


def _compare(name: str, tested: str) -> str | None:
    try:
        found = metadata.version(name).split("+")[0]  # "2.13.0+cpu" is 2.13.0, built for the CPU
    except metadata.PackageNotFoundError:
        return f"{name} is missing, tested with {tested}"
    return None if found == tested else f"{name} {found}, tested with {tested}"
