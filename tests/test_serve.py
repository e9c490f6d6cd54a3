"""The server as production starts it: by the command lines of the Procfile, with a few variables and nothing else."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import psutil
import pytest

from tests.conftest import wait_until
from tests.factories import a_book, a_review

ROOT = Path(__file__).parent.parent
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
# How much may be sent has nothing to do with the database, and a server takes long to start.
ON_ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])


@pytest.fixture
def settings(app):
    """What Heroku sets, with either database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg://", "postgres://")
    return {"DATABASE_URL": url, "SECRET_KEY": "secret", "PORT": free_port()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def start(command, settings):
    """Start a command, as Heroku does: by a shell that finds the programs."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(f"exec {command}", shell=True, cwd=ROOT, env={"PATH": PATH, **settings}, **said)


def run(name, settings):
    """Let a command of the Procfile run to its end; its exit status and what it said."""
    with start(PROCFILE[name], settings) as process:
        said = process.communicate(timeout=60)[0]
        return process.returncode, said


@contextmanager
def serving(settings, command=PROCFILE["web"]):
    """The server, running: a function that asks it something."""
    with start(command, settings) as process:
        try:
            wait_for(process, int(settings["PORT"]))
            yield lambda *request, **options: ask(int(settings["PORT"]), *request, **options)
        finally:
            process.terminate()


def wait_for(process, port):
    deadline = monotonic() + 30
    while monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    process.kill()
    pytest.fail(f"The server does not start:\n{process.communicate()[0]}")


def ask(port, method, path, body=None, **headers):
    """The status and the words of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_serves_with_three_variables(settings):
    a_book("Dune")
    assert run("release", settings) == (0, "")
    with serving(settings) as asking:
        assert asking("GET", "/healthz")[0] == 200
        assert asking("GET", "/")[0] == 200
        assert "Dune" in asking("GET", "/books")[1]


def test_a_release_makes_the_tables(tmp_path):
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db", "SECRET_KEY": "secret", "PORT": free_port()}
    assert run("release", settings)[0] == 0
    with serving(settings) as asking:
        assert asking("GET", "/")[0] == 200


def test_without_a_secret_it_stops_with_one_sentence():
    status, said = run("web", {"DATABASE_URL": "postgres://somebody@127.0.0.1/nothing", "PORT": free_port()})
    assert status == 1
    assert said.startswith("SECRET_KEY is required")
    assert said.count("\n") == 1


@ON_ONE_DATABASE
def test_workers_that_are_killed_or_replaced_leave_no_old_page_behind(settings):
    book = a_book("Dune")
    with serving(settings | {"WEB_CONCURRENCY": "2"}) as asking:
        main = next(child for child in psutil.Process().children() if "gunicorn" in " ".join(child.cmdline()))
        for end in ("killed", "killed again", "replaced"):
            wait_until(lambda: len(main.children()) == 2)
            first = main.children()[0]
            assert {asking("GET", f"/books/{book.ref}")[0] for _ in range(4)} == {200}  # it is kept, for both
            a_review(book, title=f"Before it was {end}")
            main.send_signal(signal.SIGHUP) if end == "replaced" else first.kill()
            first.wait(20)
            assert all(f"Before it was {end}" in asking("GET", f"/books/{book.ref}")[1] for _ in range(4))


@ON_ONE_DATABASE
def test_no_visitor_says_where_the_site_lies(settings):
    with serving(settings) as asking:
        assert asking("GET", "/shelf/books", SCRIPT_NAME="/shelf")[0] == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_whoever_sends_too_much_is_told(settings, connection):
    """The answer arrives, instead of a connection that breaks under the sender."""
    address = f"/books/{a_book().id}/review"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Connection": connection}
    with serving(settings) as asking:
        status, words = asking("POST", address, b"body=" + b"x" * 5_000_000, **form)
    assert status == 413
    assert "more than this site takes at once" in words


@ON_ONE_DATABASE
def test_a_search_of_ten_thousand_characters_gets_a_sentence_of_ours(settings):
    with serving(settings) as asking:
        status, words = asking("GET", "/search?q=" + "a" * 10_000)
        assert (status, "only its first 300 characters" in words) == (200, True)
        assert asking("GET", "/search?q=" + "a" * 100_000)[0] == 414


@contextmanager
def connections(port, number, data=b""):
    """So many connections on which somebody has sent this, and sends no more."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(socket.create_connection(("127.0.0.1", int(port)))).sendall(data)
        sleep(0.2)
        yield


def wait(asking):
    """The seconds until a small page is there, usually."""
    waits = []
    for _ in range(10):
        begin = monotonic()
        assert asking("GET", "/healthz")[0] == 200
        waits.append(monotonic() - begin)
    return median(waits)


@ON_ONE_DATABASE
def test_who_is_slow_to_ask_keeps_nobody_waiting(settings):
    post = b"POST /login HTTP/1.1\r\nHost: x\r\n"
    with serving(settings) as asking:
        alone = wait(asking)
        for sent in (b"", post, post + b"Content-Length: 9\r\n\r\nemail=", post + b"Transfer-Encoding: chunked\r\n\r\n5\r\nem"):
            with connections(settings["PORT"], 40, sent):
                assert wait(asking) <= alone + 0.05, sent


@ON_ONE_DATABASE
def test_a_request_may_come_bit_by_bit(settings):
    body = b"email=nobody%40example.org&password=x"
    head = f"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n".encode()
    form = b"Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
    with serving(settings), socket.create_connection(("127.0.0.1", int(settings["PORT"])), timeout=10) as slow:
        for bit in (head[:10], head[10:], form[:-1], form[-1:], body[:5], body[5:] + b"GET /healthz HTT"):
            slow.sendall(bit)
            sleep(0.05)
        slow.sendall(b"P/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: slow.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert re.findall(rb"HTTP/1.1 (\d+)", said)[-2:] == [b"400", b"200"]


@ON_ONE_DATABASE
def test_a_request_in_chunks_is_understood(settings):
    body = b"5\r\nemail\r\n0\r\n\r\n"
    head = b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    with serving(settings), socket.create_connection(("127.0.0.1", int(settings["PORT"])), timeout=10) as slow:
        for bit in (head + body[:6], body[6:]):
            slow.sendall(bit)
            sleep(0.05)
        assert slow.recv(65536).startswith(b"HTTP/1.1 400")  # it lacks the token of the form


@ON_ONE_DATABASE
def test_who_has_sent_nothing_holds_up_no_server_that_stops(settings):
    with serving(settings), connections(settings["PORT"], 5):
        begin = monotonic()
    assert monotonic() - begin < 10


TELLING = "gunicorn tests.telling:app"


def test_a_worker_that_makes_room_for_a_newcomer_leaves_alone_whoever_has_just_asked():
    settings = {"SECRET_KEY": "secret", "PORT": free_port(), "PYTHONPATH": str(ROOT)}
    few = {"GUNICORN_CMD_ARGS": "--workers 1 --worker-connections 5"}
    with serving(settings | few, TELLING) as asking, ExitStack() as stack:
        worker = json.loads(asking("GET", "/")[1])["worker"]
        *kept, newcomer = [
            stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", settings["PORT"]))) for _ in range(5)
        ]
        for visitor in kept:
            visitor.request("GET", "/")
            visitor.getresponse().read()
        os.kill(worker, signal.SIGSTOP)  # so that it hears of all of them at once
        for visitor in (newcomer, *kept):
            visitor.request("GET", "/")
        os.kill(worker, signal.SIGCONT)
        assert [visitor.getresponse().status for visitor in (newcomer, *kept)] == [200] * 5


def test_a_worker_has_two_threads_but_one_that_writes_to_sqlite(settings):
    said = run("web", settings | {"GUNICORN_CMD_ARGS": "--print-config"})[1]
    threads = 1 if settings["DATABASE_URL"].startswith("sqlite:") else 2
    assert re.search(rf"^threads += {threads}$", said, re.M)


def test_what_all_workers_share_is_left_alone_by_the_garbage_collector():
    """Which is at work in each of them all the same."""
    settings = {"SECRET_KEY": "secret", "PORT": free_port(), "PYTHONPATH": str(ROOT)}
    with serving(settings, TELLING) as asking:
        told = json.loads(asking("GET", "/")[1])
    assert told["collects"] and told["frozen"] > 100_000
