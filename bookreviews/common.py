"""Memory that a process has in common with those it forks: what one of gunicorn's workers has made, the others need not make.

gunicorn's main process loads this module with its configuration, before it forks. There is no lock: whoever reads makes
sure that it is what one writer wrote, and nothing but that, so that it does no harm where two write at once, or one dies
writing.
"""

import mmap
import random
from hashlib import blake2b

# Each thing has one of two places, by its name, and room for so many bytes; what is larger is not kept.
ROOM, PLACES = 32 * 1024, 2048
# What stands in a place: a hash of the name, one of all the rest, the length of the value, the value.
NAME, DIGEST, LENGTH = 8, 16, 4
HEAD = NAME + DIGEST + LENGTH
EMPTY = bytes(NAME)

memory = mmap.mmap(-1, ROOM * PLACES)  # no more of it is taken than is written


def put(name, value):
    """Keep a value, in place of what was kept by that name, or of something else where both places are taken.

    :param name: bytes.
    :param value: bytes.
    :returns: whether there is room for it.
    """
    if HEAD + len(value) > ROOM:
        return False
    mine, both = digest(name, NAME), places(name)
    start = next((one for one in both if memory[one : one + NAME] in (mine, EMPTY)), random.choice(both))
    record = mine + digest(name + value, DIGEST) + len(value).to_bytes(LENGTH) + value
    memory[start : start + len(record)] = record
    return True


def get(name):
    """The value that is kept by a name; None where there is none."""
    mine = digest(name, NAME)
    for start in places(name):
        if memory[start : start + NAME] == mine:
            length = int.from_bytes(memory[start + NAME + DIGEST : start + HEAD])
            value = memory[start + HEAD : start + min(HEAD + length, ROOM)]
            if memory[start + NAME : start + NAME + DIGEST] == digest(name + value, DIGEST):
                return value
    return None


def places(name):
    """The two places of a name, where they begin."""
    number = int.from_bytes(digest(name, NAME))
    return [some % PLACES * ROOM for some in divmod(number, PLACES)]


def digest(data, size):
    return blake2b(data, digest_size=size).digest()
