"""Memory that processes have in common, without a lock."""

import os

import pytest

from bookreviews import common


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    """Memory of which nothing is written yet."""
    monkeypatch.setattr(common, "memory", bytearray(len(common.memory)))


def test_what_is_kept_is_found_by_its_name_alone():
    common.put(b"dune", b"sand")
    assert common.get(b"dune") == b"sand"
    assert common.get(b"emma") is None


def test_of_one_place_the_last_has_it(monkeypatch):
    monkeypatch.setattr(common, "place", lambda _name: 0)
    common.put(b"dune", b"sand")
    common.put(b"emma", b"tea")
    assert (common.get(b"dune"), common.get(b"emma")) == (None, b"tea")


@pytest.mark.parametrize("size, fits", [(common.ROOM - 20, True), (common.ROOM - 19, False)])
def test_what_is_too_large_is_not_kept(size, fits):
    common.put(b"dune", bytes(size))
    assert (common.get(b"dune") is not None) is fits


def test_what_two_wrote_at_once_is_nothing():
    common.put(b"dune", b"sand and more sand")
    start = common.place(b"dune")
    for at in range(start, start + 30):
        common.memory[at] ^= 1
        assert common.get(b"dune") is None
        common.memory[at] ^= 1
    assert common.get(b"dune") == b"sand and more sand"


def test_a_process_finds_what_one_that_it_forked_has_kept(monkeypatch):
    monkeypatch.undo()
    process = os.fork()
    if not process:
        common.put(b"of the child", b"sand")
        os._exit(0)
    os.waitpid(process, 0)
    assert common.get(b"of the child") == b"sand"
