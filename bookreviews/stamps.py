"""Stamps: which rows were changed, and in what order, for all processes of a machine to see at once.

Rows have tags, such as `book:7`. Whoever changes rows stamps their tags with the next number of a clock, in a small file
that all processes of the site map into their memory: what one writes there, the others read in the same moment, without
asking. Whatever was made from rows is out of date when one of its tags bears a stamp later than its making.
"""

import fcntl
import mmap
import os
import secrets
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from zlib import crc32

CLOCK, EVERYTHING, ORIGIN = 0, 1, 2  # cells with a meaning of their own
FIRST, TAGS = 3, 2**16  # cells for tags: two may share one, and then are stamped together
CELLS = FIRST + TAGS
SIZE = 2 * 8 * CELLS  # as many again for positions
SHARED_MEMORY = Path("/dev/shm")
BESIDE = "-stamps"
WAIT = 0.002  # seconds between two looks whether another process is done


class Stamps:
    """The stamps of one site.

    :param path: of the file; None where no other process has to know (a database in memory).
    :ivar origin: what tells these stamps from those of other machines.
    :raises OSError: where it cannot be made.
    """

    def __init__(self, path=None):
        self.guard = Lock()
        self.file = shared_file(path) if path else None
        self.memory = mmap.mmap(self.file if path else -1, SIZE)
        self.cells = memoryview(self.memory).cast("Q")
        with self.held():
            self.cells[ORIGIN] = self.cells[ORIGIN] or secrets.randbits(63)
        self.path, self.origin = path, self.cells[ORIGIN]

    @property
    def clock(self):
        """The latest stamp."""
        return self.cells[CLOCK]

    def latest(self, cells):
        """The latest stamp on tags, by the `cells` of these."""
        mine = self.cells
        return max(mine[cell] for cell in cells)

    def position(self, cells):
        """How far a replica must have come to have what tags were last stamped for, by the `cells` of these."""
        mine = self.cells
        return max(mine[CELLS + cell] for cell in cells)

    def stamp(self, tags, position=None):
        """Stamp tags, or everything where there are None.

        :param position: of the commit in the database's log, where there are replicas (replicas.py); None: it stays the one
            of the latest commit.
        """
        with self.held():
            now = self.cells[CLOCK] + 1
            for cell in [EVERYTHING] if tags is None else map(cell_of, tags):
                self.cells[cell] = now
                if position is not None:
                    self.cells[CELLS + cell] = position
            self.cells[CLOCK] = now  # last: who reads this number finds the stamps

    @contextmanager
    def held(self):
        """Let nobody else write: no other thread, no other process."""
        with self.guard:
            if self.file is None:
                yield
                return
            fcntl.lockf(self.file, fcntl.LOCK_EX, 1)
            try:
                yield
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, 1)

    @contextmanager
    def alone(self, name, seconds):
        """Let no other process do meanwhile what has the same name; after so many seconds, do it all the same.

        :param name: bytes.
        """
        place = SIZE + crc32(name)
        end = time.monotonic() + seconds
        while self.file and not self.is_locked(place) and time.monotonic() < end:
            time.sleep(WAIT)
        try:
            yield
        finally:
            if self.file:
                with suppress(OSError):
                    fcntl.lockf(self.file, fcntl.LOCK_UN, 1, place)

    def is_locked(self, place):
        """Lock a byte of the file, or of what it might have beyond its end, until this process unlocks it or ends.

        :returns: whether that is so; also where it cannot be known, for it only spares work.
        """
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError as error:
            return not isinstance(error, BlockingIOError)
        return True

    @property
    def is_shared(self):
        """Whether other processes that start now will share these; not where somebody has removed the file, or spoilt it."""
        return self.file is None or os.fstat(self.file).st_nlink > 0 and not self.is_spoilt

    @property
    def is_spoilt(self):
        """Whether something else has been written over them."""
        return self.cells[ORIGIN] != self.origin


def cells(tags):
    """Where the stamps of tags are; that of everything is one of them."""
    return tuple({EVERYTHING, *map(cell_of, tags)})


def cell_of(tag):
    return FIRST + crc32(tag.encode()) % TAGS


def shared_file(path):
    """The descriptor of the file, made where it is not there, all its room taken: a full disk would kill who writes."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX, 1)
        missing = SIZE - os.fstat(file).st_size
        if missing > 0:
            give_to_owner(file, path.removesuffix(BESIDE))
            os.pwrite(file, bytes(missing), SIZE - missing)
        fcntl.lockf(file, fcntl.LOCK_UN, 1)
    except OSError:
        os.close(file)
        raise
    return file


def give_to_owner(file, database):
    """Let whoever may write the database beside a new file write that as well, as SQLite does with its own."""
    with suppress(FileNotFoundError):
        theirs = os.stat(database)
        os.fchmod(file, theirs.st_mode & 0o666)
        if os.geteuid() == 0:
            os.fchown(file, theirs.st_uid, theirs.st_gid)


def place(url):
    """Where the stamps of a site are that keeps its rows at `url`, an SQLAlchemy URL; None: in this process only.

    Beside a database that is a file, as whoever may write that may write there; of another one in shared memory.

    :raises OSError: where somebody else has taken our place there.
    """
    if url.get_backend_name() == "sqlite":
        return None if url.database in (None, "", ":memory:") else url.database + BESIDE
    name = sha256(url.render_as_string(hide_password=False).encode()).hexdigest()[:16]
    return str(own_folder() / name)


def own_folder():
    """A folder in shared memory that nobody but us can write to."""
    shared = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    folder = shared / f"bookreviews-{os.geteuid()}"
    folder.mkdir(0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077 or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(f"{folder} is somebody else's")
    return folder
