"""Memory that a process has in common with those it forks: what one of gunicorn's workers has made, the others need not make.

gunicorn's main process loads this module with its configuration, before it forks. There is no lock: whoever reads makes
sure that it is what one writer wrote, and nothing but that, so that it does no harm where two write at once, or one dies
writing.
"""

import mmap
from hashlib import blake2b
from zlib import crc32

# Each thing has one place, by its name, and room for so many bytes; what is larger is not kept.
ROOM, PLACES = 32 * 1024, 1024
DIGEST, LENGTH = 16, 4

memory = mmap.mmap(-1, ROOM * PLACES)  # no more of it is taken than is written


def put(name, value):
    """Keep a value, in place of what was kept there.

    :param name: bytes.
    :param value: bytes.
    :returns: whether there is room for it.
    """
    record = digest(name, value) + len(value).to_bytes(LENGTH) + value
    if len(record) > ROOM:
        return False
    start = place(name)
    memory[start : start + len(record)] = record
    return True


def get(name):
    """The value that is kept by a name; None where there is none."""
    start = place(name)
    begin = start + DIGEST + LENGTH
    length = int.from_bytes(memory[start + DIGEST : begin])
    value = memory[begin : begin + min(length, ROOM)]
    return value if memory[start : start + DIGEST] == digest(name, value) else None


def place(name):
    return crc32(name) % PLACES * ROOM


def digest(name, value):
    return blake2b(value, digest_size=DIGEST, key=blake2b(name).digest()).digest()
