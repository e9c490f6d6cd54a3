"""Servers to measure: started by the benchmarks themselves, their processors' time read from outside."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Thread
from urllib.request import urlopen

import psutil

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


def free_port():
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One gunicorn with its workers, and the database's processes that work for it."""

    def __init__(self, process, port, database=None):
        self.process, self.port, self.database = psutil.Process(process.pid), port, database

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def seconds(self):
        """The processors' time that it has used until now, its database's included."""
        roots = [self.process, *([psutil.Process(self.database)] if self.database else [])]
        return sum(used(process) for root in roots for process in [root, *root.children(recursive=True)])

    def memory(self):
        """The memory that is a worker's own, of the largest one, in MiB."""
        return max(map(own_memory, self.process.children())) / 2**20


def own_memory(process):
    """The memory that is unique to a process, in bytes, without what it has in common with others (bookreviews/common.py).

    What only one of them has looked at yet, the kernel takes for its own.
    """
    common = [region for region in process.memory_maps(grouped=False) if region.path.startswith("/dev/zero")]
    return process.memory_full_info().uss - sum(region.private_clean + region.private_dirty for region in common)


def used(process):
    """The processor's time of a process and of those of its children that have ended, in seconds."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def gunicorn(app, *options, environ=None, ready="/", database=None):
    """A gunicorn that serves `app`, such as "benchmarks.apps:hello".

    :param database: the number of the database's main process, whose time counts as well.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--log-level", "warning", *options, app]
    clean = {name: value for name, value in os.environ.items() if name not in ("PORT", "DATABASE_URL", "SECRET_KEY")}
    process = subprocess.Popen(command, env=clean | (environ or {}))
    try:
        wait_for(f"http://127.0.0.1:{port}{ready}", process)
        yield Server(process, port, database)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address, process, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return urlopen(address, timeout=5).read()
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.02)


class Client:
    """A reader's connection: it is kept as long as the server keeps it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def send(self, request):
        """Send the bytes of a request and read the answer: (status, its headers, its body), as bytes."""
        self.begin(request)
        return self.end()

    def begin(self, request):
        """Send a request, whose answer is to be read afterwards."""
        self.request, self.reused, self.silent = request, self.socket is not None, True
        try:
            self.transmit()
        except ConnectionError:  # which `end` will find as well
            if not self.reused:
                raise

    def transmit(self):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(self.request)

    def end(self):
        """The answer to what was begun. As every browser does, it asks anew where the server has closed what was kept."""
        try:
            return self.read()
        except (ConnectionError, EOFError):
            self.close()
            if not (self.reused and self.silent):
                raise
        self.begin(self.request)
        return self.end()

    def outcome(self):
        """The status of the answer; "broken" where none came."""
        try:
            return self.end()[0]
        except (OSError, EOFError, AttributeError):
            self.close()
            return "broken"

    def read(self):
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self.more()
        head, status = read[:end], int(read[9:12])
        length = LENGTH.search(head)
        left = 0 if status == 304 else int(length[1]) if length else None
        body = read[end + 4 :]
        while left is None or len(body) < left:
            try:
                body += self.more()
            except EOFError:
                if left is None:
                    break
                raise
        if left is None or b"\r\nconnection: close" in head.lower():
            self.close()
        return status, head, body

    def more(self):
        found = self.socket.recv(262144)
        if not found:
            raise EOFError
        self.silent = False
        return found

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


def get(path, **headers):
    """The bytes of a GET as a browser sends it."""
    return message("GET", path, headers)


def message(method, path, headers, body=b""):
    """The bytes of a request; a header is named as in Python: accept_encoding."""
    lines = {"host": "127.0.0.1", "accept_encoding": "gzip, deflate, br, zstd", "user_agent": "Mozilla/5.0"} | headers
    if body:
        lines |= {"content_type": "application/x-www-form-urlencoded", "content_length": len(body)}
    head = "".join(f"{name.replace('_', '-').title()}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def load(server, requests, expected=(200,), at_once=2):
    """Send requests, `at_once` at a time.

    :returns: the processors' time that one of them took, in milliseconds.
    :raises AssertionError: where an answer was none of those `expected`.
    """
    requests, before = list(requests), server.seconds()
    waits(server, requests, expected, at_once)
    return (server.seconds() - before) / len(requests) * 1000


def waits(server, requests, expected=(200,), at_once=2):
    """The same, but what it returns is how long each took, in milliseconds, the shortest first."""
    wrong, found = [], []

    def send(some):
        client = Client(server.port)
        for request in some:
            begin = time.perf_counter()
            status, *_ = client.send(request)
            found.append((time.perf_counter() - begin) * 1000)
            if status not in expected:
                wrong.append(status)
        client.close()

    in_parallel(send, [requests[start::at_once] for start in range(at_once)])
    assert not wrong, f"{len(wrong)} unexpected answers, such as {wrong[0]}"
    return sorted(found)


def in_parallel(act, portions):
    """Do something with each of these, all at the same time."""
    threads = [Thread(target=act, args=(portion,)) for portion in portions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def centile(values, share):
    """Of values in order, the one that so many of a hundred do not exceed."""
    return values[min(len(values) - 1, len(values) * share // 100)]
