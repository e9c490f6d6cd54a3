"""What the processes of a machine tell each other beside the database."""

import subprocess
import sys
import time

import pytest

from bookreviews.stamps import Stamps, cells

HOLD = """
import sys, time
from bookreviews.stamps import Stamps
with Stamps(sys.argv[1]).alone(b"page", 1):
    print("held", flush=True)
    time.sleep(0.5)
"""


@pytest.fixture
def held(tmp_path):
    """The path of stamps, of which another process holds `page` for half a second."""
    path = str(tmp_path / "stamps")
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        yield path


def waited(path, name, seconds):
    """How long one waits to be alone."""
    start = time.monotonic()
    with Stamps(path).alone(name, seconds):
        return time.monotonic() - start


def test_of_what_another_process_makes_one_waits_until_it_is_there(held):
    assert 0.2 < waited(held, b"page", 10) < 5


def test_nobody_waits_for_ever_nor_for_anything_else(held):
    assert waited(held, b"another page", 10) < 0.1
    assert 0.04 < waited(held, b"page", 0.05) < 0.4


def test_a_stamp_before_a_commit_lets_no_replica_off_what_it_has_to_have():
    stamps, dune = Stamps(), cells(["book:1"])
    stamps.stamp(["book:1"], 100)
    before = stamps.latest(dune)
    stamps.stamp(["book:1"])
    assert (stamps.latest(dune), stamps.position(dune)) == (before + 1, 100)
