"""gunicorn's worker with threads, where nobody waits for somebody else who is slow to ask.

gunicorn gives every new connection to a thread, which waits there for what the visitor sends: five seconds for the first
byte, and without end for the rest. Browsers open spare connections, and a handful of those hold all threads. Here the main
loop takes in what comes, as it comes, and a thread gets a request when all of it is there.
"""

import re
import sys
import time
from functools import partial
from selectors import EVENT_READ
from socket import MSG_PEEK

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

PIECE = 64 * 1024
# In bytes. The longest head: gunicorn takes less. The longest body that is kept: the site takes less. The longest that is
# taken in all the same, so that its sender gets to read the answer. What is kept of all that have not yet come together.
HEAD, BODY, ENDURED, TOGETHER = 2**17, 5 * 2**20, 2**26, 2**26
LINGER = 2  # seconds for which a worker that stops waits for a first byte, and a full one for a request
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.I)
IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:", re.I)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.I)


class Arrival:
    """A request as far as it has come. Whether it is a good one is for gunicorn to say, when all of it is there."""

    def __init__(self, until):
        """:param until: when it has to be there, on the monotonic clock."""
        self.until, self.data = until, bytearray()
        self.head = None  # its length, once it is there
        self.missing = 0  # bytes of the body
        self.in_chunks = self.expects = False

    def add(self, piece):
        if self.head is None:
            self.data += piece
            self.read_head(len(piece))
        else:
            self.missing -= len(piece)
            if not self.is_long:
                self.data += piece

    def read_head(self, new):
        """Read what the head says of the body, if these so many new bytes end it."""
        end = self.data.find(b"\r\n\r\n", max(0, len(self.data) - new - 3))
        if end >= 0:
            self.head = end + 4
            length = LENGTH.search(self.data, 0, self.head)
            self.missing = int(length[1] if length else 0) - len(self.data) + self.head
            self.in_chunks = bool(IN_CHUNKS.search(self.data, 0, self.head))
            self.expects = bool(EXPECTS.search(self.data, 0, self.head))

    @property
    def is_long(self):
        """Whether more of the body is there than the site takes: no more of it is kept."""
        return len(self.data) - self.head > BODY

    @property
    def is_whole(self):
        """Whether there is nothing to wait for any more."""
        if self.head is None:
            return len(self.data) > HEAD
        if self.in_chunks:
            return self.data.endswith(b"\r\n0\r\n\r\n") or self.is_long
        return self.missing <= 0 or self.missing > ENDURED


class PatientWorker(ThreadWorker):
    """A worker whose threads never wait for what a visitor sends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.arrivals = {}  # {connection: Arrival}, of which the first has been silent the longest

    @classmethod
    def check_config(cls, cfg, log):
        if cfg.is_ssl:
            sys.exit("This worker does not decipher: let what stands in front of it have the certificate, or take -k gthread.")
        super().check_config(cfg, log)

    def wait_for_and_dispatch_events(self, timeout):
        """Handle what has come, and make room only then: a connection must not be closed of which something has come."""
        super().wait_for_and_dispatch_events(timeout)
        if self.nr_conns >= self.worker_connections:
            self.make_room()

    def enqueue_req(self, conn):
        """Take in what has come on a connection; give it to a thread when that is a request."""
        arrival = self.arrivals.pop(conn, None) or self.begin(conn)
        try:
            while not arrival.is_whole:
                receive(conn.sock, arrival)
        except BlockingIOError:
            self.wait_for(conn, arrival)
        except OSError:
            self.drop(conn)
        else:
            conn.parser.unreader.unread(bytes(arrival.data))
            conn.data_ready = True
            super().enqueue_req(conn)

    def begin(self, conn):
        """The next request of a connection; some of it may have come with the one before."""
        if conn.parser is None:
            conn.parser = http.get_parser(self.cfg, [], conn.client)  # [] is what it reads from, besides what it is given
        conn.sock.setblocking(False)
        arrival = Arrival(time.monotonic() + self.cfg.keepalive)
        arrival.add(conn.parser.unreader.take_buffered())
        return arrival

    def wait_for(self, conn, arrival):
        """Let the main loop wait for more of a request."""
        if len(arrival.data) > PIECE and sum(len(other.data) for other in self.arrivals.values()) > TOGETHER:
            self.drop(conn)
            return
        self.arrivals[conn] = arrival
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def finish_request(self, conn, done):
        """Keep a connection for its next request, or close it; gunicorn would linger here for up to two seconds."""
        if done.cancelled() or done.exception() or not done.result():
            self.drop(conn)
        else:
            super().finish_request(conn, done)

    def murder_pending(self):
        """Close the connections on which no request has come in time."""
        now = time.monotonic()
        for conn, arrival in list(self.arrivals.items()):
            if not (self.alive or arrival.data):
                arrival.until = min(arrival.until, now + LINGER)
            if arrival.until <= now:
                self.hang_up(conn)

    def make_room(self):
        """Close the connection that has been silent the longest, if it still is.

        One on which no request has come in a while, if all others are busy: until then newcomers wait for gunicorn to accept.
        """
        late = time.monotonic() + self.cfg.keepalive - LINGER
        slow = (conn for conn, arrival in self.arrivals.items() if arrival.until < late)
        if conn := next(filter(is_silent, (*self.keepalived_conns, *slow)), None):
            self.hang_up(conn)

    def hang_up(self, conn):
        """Close a connection on which the main loop waits for something."""
        (self.pending_conns if self.arrivals.pop(conn, None) else self.keepalived_conns).remove(conn)
        self.poller.unregister(conn.sock)
        self.drop(conn)

    def drop(self, conn):
        self.nr_conns -= 1
        conn.close()


def is_silent(conn):
    """Whether nothing has come that is still to be read, not even the end."""
    try:
        conn.sock.recv(1, MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        pass  # which the main loop will find out as well
    return False


def receive(sock, arrival):
    """Take in what has come of a request.

    :raises BlockingIOError: when that is nothing.
    """
    piece = sock.recv(PIECE)
    if not piece:
        raise ConnectionAbortedError
    arrival.add(piece)
    if arrival.expects and not arrival.is_whole:
        arrival.expects = False
        sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
