"""Which kind of gunicorn's workers, and how many threads in each? And what do crowds of connections do to them?

    python -m benchmarks.workers [--requests 400] [--write]

measures two workers of each kind: the processors' time of a page that is kept and of one that is made, and how long a
review takes while eight members write at once. Then the default stands 40 connections that say nothing, 40 with half a
request, and 1,000 that ask all at once.
"""

import argparse
import random
import socket
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from itertools import count

from benchmarks import report
from benchmarks.servers import Client, centile, get, gunicorn, in_parallel, load, waits
from benchmarks.sites import Member, databases, prepare

PATIENT = "bookreviews.worker.PatientWorker"
MODELS = {"sync": ["-k", "sync"]} | {
    f"threads: {threads}": ["-k", PATIENT, "--threads", str(threads), "--keep-alive", "100"] for threads in (1, 2, 4, 8)
}
AS_SERVED = ["--config", "gunicorn.conf.py"]
WRITERS = 8
HALF = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nemail="
CROWD, GROUPS, SECONDS = 1_000, 50, 20


def serve(site, model):
    options = ["--config", "python:benchmarks.loaded", "-w", "2", *MODELS[model]]
    return gunicorn("benchmarks.apps:site()", *options, environ=site.environ, database=site.postmaster)


def compare(site, model, requests, books):
    """A row of the table: one kind of workers.

    :param books: of which every one is new to all members.
    """
    with serve(site, model) as server:
        path = site.addresses[0]
        load(server, [get(path)] * 50)
        kept = load(server, [get(path)] * requests)
        made = load(server, [get(address) for address in site.addresses[-requests // 4 :]])
        writers = [Member(server, f"member{number}") for number in range(WRITERS)]
        some = random.Random(model)
        reviews = [request for writer in writers for request in writer.reviews(books, some)]
        some.shuffle(reviews)
        written = waits(server, reviews, (303,), at_once=WRITERS)
    times = f"{kept:.2f} | {made:.2f} | {centile(written, 50):.0f} | {centile(written, 99):.0f} | {written[-1]:.0f}"
    return f"| {site.name} | {model} | {times} |"


def beside(server, number, data=b""):
    """How long a small page takes, usually and at most, beside so many connections on which only this was sent."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(data)
        time.sleep(0.2)
        found = waits(server, [get("/healthz", connection="close")] * 50, at_once=1)
    return f"{centile(found, 50):.1f} ms, at most {found[-1]:.1f} ms"


def crowd(server, paths):
    """What 1,000 connections get that ask all at once, again and again."""
    statuses, end = Counter(), time.monotonic() + SECONDS

    def ask(_number):
        clients, some = [Client(server.port) for _ in range(CROWD // GROUPS)], random.Random()
        while time.monotonic() < end:
            for client in clients:
                with suppress(OSError):
                    client.begin(get(some.choice(paths)))
            for client in clients:
                statuses[client.outcome()] += 1

    in_parallel(ask, range(GROUPS))
    answers = ", ".join(f"{number:,} × {status}" for status, number in statuses.most_common())
    return f"{answers} in {SECONDS} s; afterwards a small page takes {waits(server, [get('/healthz')], at_once=1)[0]:.1f} ms"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--write", action="store_true", help="put the results into docs/performance.md")
    asked = parser.parse_args()
    lines = [
        "| database | workers | kept page, ms of processor | made page | a review of 8 at once, ms: median | p99 | most |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory() as folder, databases(folder) as urls:
        for name, url in urls.items():
            site, step, start = prepare(name, url, folder), asked.requests // WRITERS, count()
            for model in MODELS:
                first = 1 + next(start) * step
                lines.append(compare(site, model, asked.requests, site.addresses[first : first + step]))
                print(lines[-1], flush=True)
        with gunicorn("benchmarks.apps:site()", *AS_SERVED, environ=site.environ, database=site.postmaster) as server:
            lines += ["", f"A small page alone: {beside(server, 0)}."]
            lines += ["", f"Beside 40 connections that say nothing: {beside(server, 40)}."]
            lines += ["", f"Beside 40 with half a request: {beside(server, 40, HALF)}."]
            lines += ["", f"1,000 connections at once: {crowd(server, site.addresses)}."]
    report.publish("workers", lines, write=asked.write)


if __name__ == "__main__":
    main()
