"""Results, printed, and put into docs/performance.md between the comments that mark their place."""

import os
import platform
import re
import shlex
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.postgres import find_binaries

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def publish(name, lines, write):
    """Print results in Markdown, headed by how they came about; `write` them in the place of this name, too.

    In the page that place lies between <!-- NAME --> and <!-- /NAME -->.
    """
    text = "\n".join([circumstances(), "", *lines])
    print(text)
    if write:
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        page, found = place.subn(lambda marks: f"{marks[1]}{text}\n{marks[2]}", PAGE.read_text())
        if not found:
            sys.exit(f"{PAGE} has no place for {name}.")
        PAGE.write_text(page)


def circumstances():
    """When, with what and on what machine."""
    module = Path(sys.argv[0]).stem
    command = shlex.join(["python", "-m", f"benchmarks.{module}", *sys.argv[1:]])
    return f"{datetime.now(UTC):%Y-%m-%d}, `{command}`, on {machine()}."


def machine():
    return f"{os.cpu_count()} cores of {processor()}, Python {platform.python_version()}, {databases()}"


def processor():
    """The kind of processor, as far as the system tells."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        told = ""
    found = re.search(r"^model name\s*: (.+)$", told, re.M)
    return found[1] if found else platform.processor() or platform.machine()


def databases():
    """Their versions, of PostgreSQL the installed one."""
    binaries = find_binaries()
    postgres = binaries and subprocess.check_output([binaries / "postgres", "--version"], text=True).split()[2]
    return f"SQLite {sqlite3.sqlite_version}" + (f", PostgreSQL {postgres}" if postgres else "")
