"""How fast `catalogue import` is, and how much memory it takes: python benchmarks/import_catalogue.py PATH/books.csv

The file is imported into a fresh SQLite as it is, and again with its rows repeated, with new ISBNs and numbers, until
there are many. Each import is a process of its own. Its speed is compared with a bare `executemany` of the same rows.
"""

import argparse
import csv
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count, cycle, islice
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import flask_migrate  # noqa: E402
