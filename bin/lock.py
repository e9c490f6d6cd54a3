"""What `make lock` does after pipenv; with `--check`, whether it was done."""

import json
import sys
from pathlib import Path

from packaging.markers import Marker

FILE = Path("Pipfile.lock")
OLDEST, NEWEST = "3.11.0", "3.13.0"


def main():
    lock = json.loads(FILE.read_text())
    if "--check" not in sys.argv:
        # The registry is left out, as each machine has its own way to one.
        lock["_meta"]["sources"] = []
        FILE.write_text(json.dumps(lock, indent=4, sort_keys=True) + "\n")
    if lost := [*too_new(lock["default"]), *too_new(lock["develop"])]:
        sys.exit(
            f"Pipfile.lock leaves out of Python {OLDEST}, where it must work as well: {', '.join(lost)}. "
            "Lock with an older Python (make clean, then make lock PYTHON=python3.11), or name an older version in Pipfile."
        )


def too_new(packages):
    """Packages that are for newer Pythons only: pipenv locks what suits the Python it runs on."""
    for name, package in packages.items():
        marker = Marker(package.get("markers", "python_version > '3'"))
        if suits(marker, NEWEST) and not suits(marker, OLDEST):
            yield f"{name}{package['version']}"


def suits(marker, python):
    return marker.evaluate({"python_full_version": python, "python_version": python.rpartition(".")[0]})


main()
