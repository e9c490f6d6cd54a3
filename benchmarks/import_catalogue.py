"""How fast is `catalogue import`, and how much memory does it take?

    python benchmarks/import_catalogue.py PATH/books.csv [--rows 500000]

imports the file into a fresh SQLite as it is, and then its rows again and again with new ISBNs and numbers until there
are many. Each import is the command itself, in a process of its own. The seconds are those of the import alone, without
the start of the program; a bare `executemany` of the same rows into one table is measured in the same run.
"""

import argparse
import csv
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import count, islice
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
MIB = 1024 if sys.platform == "linux" else 1024 * 1024  # macOS counts memory in bytes
MOST_GROWTH = 50  # MiB


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path, help="goodbooks-10k's books.csv, or any other catalogue")
    options.add_argument("--rows", type=int, default=500_000, help="how many rows the long import has; 0: none")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few = measured(copied(asked.path, Path(folder, "few.csv")), folder)
        if not asked.rows:
            return
        many = measured(repeated(asked.path, Path(folder, "many.csv"), asked.rows), folder)
        growth = many - few
        print(f"\nMemory grew by {growth:.0f} MiB; at most {MOST_GROWTH} may be.")
        sys.exit(growth > MOST_GROWTH)


def copied(path, copy):
    """A copy that is ours: rejects are written beside it."""
    copy.write_bytes(path.read_bytes())
    return copy


def repeated(path, copy, number):
    """A file of so many rows, each with an ISBN and numbers of its own."""
    with path.open(encoding="utf-8", newline="") as file, copy.open("w", encoding="utf-8", newline="") as out:
        header = next(csv.reader(file))
        writer = csv.DictWriter(out, header)
        writer.writeheader()
        for serial, row in islice(zip(count(), endless(path), strict=False), number):
            numbers = {name: serial + 1 for name in header if name.endswith("_id")}
            writer.writerow(row | numbers | dict.fromkeys({"isbn", "isbn13"}.intersection(header), isbn(serial)))
    return copy


def endless(path):
    """The rows of a file, over and over."""
    while True:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def isbn(serial):
    """The ISBN-13 of a number."""
    digits = f"978{serial:09}"
    return f"{digits}{-sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10}"


def measured(path, folder):
    """Import a file into a fresh database and print what there is to know.

    :returns: the most memory it took, in MiB.
    """
    database = Path(folder, f"{path.stem}.db")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "benchmark"}
    run(environment, "db", "upgrade")
    start, _memory, _words = run(environment, "catalogue", "stats")
    seconds, memory, words = run(environment, "catalogue", "import", str(path))
    seconds -= start
    rows, bare = bare_insert(path, folder)
    print(f"\n{rows:,} rows\n{words}{run(environment, 'catalogue', 'stats')[2]}")
    print(f"{seconds:.1f} s: {rows / seconds:,.0f} rows a second, {seconds / bare:.0f} times as long as a bare executemany")
    print(f"({rows / bare:,.0f} rows a second). Memory at most {memory:.0f} MiB.", flush=True)
    return memory


def run(environment, *command):
    """One of the site's commands: its seconds, the most memory it took, what it printed."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "bookreviews", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    words = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with status {process.returncode}.")
    return time.perf_counter() - begin, usage.ru_maxrss / MIB, words


def bare_insert(path, folder):
    """How many rows a file has, and the seconds that SQLite alone needs for them."""
    times = []
    for attempt in range(3):
        connection = sqlite3.connect(Path(folder, f"{path.stem}-bare-{attempt}.db"))
        connection.execute("PRAGMA journal_mode=WAL")
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = next(rows)
            connection.execute(f"CREATE TABLE bare ({', '.join(f'c{at} TEXT' for at, _name in enumerate(header))})")
            begin = time.perf_counter()
            number = connection.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(header))})", rows).rowcount
            connection.commit()
            times.append(time.perf_counter() - begin)
        connection.close()
    return number, median(times)


if __name__ == "__main__":
    main()
