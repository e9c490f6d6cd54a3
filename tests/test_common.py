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


def test_of_three_with_the_same_two_places_the_last_has_one(monkeypatch):
    monkeypatch.setattr(common, "places", lambda _name: [0, common.ROOM])
    common.put(b"dune", b"sand")
    common.put(b"emma", b"tea")
    assert (common.get(b"dune"), common.get(b"emma")) == (b"sand", b"tea")
    common.put(b"faust", b"hell")
    assert common.get(b"faust") == b"hell"
    assert [common.get(b"dune"), common.get(b"emma")].count(None) == 1


def test_what_is_kept_anew_stands_once():
    for words in (b"water", b"sand!"):
        common.put(b"dune", words)
    assert common.get(b"dune") == b"sand!"
    assert b"water" not in common.memory


def test_a_thousand_pages_find_their_places():
    names = [b"page %d" % number for number in range(1000)]
    for name in names:
        common.put(name, name)
    assert sum(common.get(name) == name for name in names) > 900


@pytest.mark.parametrize("size, fits", [(common.ROOM - common.HEAD, True), (common.ROOM - common.HEAD + 1, False)])
def test_what_is_too_large_is_not_kept(size, fits):
    common.put(b"dune", bytes(size))
    assert (common.get(b"dune") is not None) is fits


def test_what_two_wrote_at_once_is_nothing():
    common.put(b"dune", b"sand and more sand")
    start = next(place for place in common.places(b"dune") if any(common.memory[place : place + common.HEAD]))
    for at in range(start, start + common.HEAD + 10):
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
