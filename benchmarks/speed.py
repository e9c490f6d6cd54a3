"""What a request costs, beside the least that Flask and gunicorn can do.

    python -m benchmarks.speed [--rounds 7] [--requests 2000] [--worker gthread] [--write]

starts all it needs itself: a bare Flask "hello world", a bare WSGI function, and the site on SQLite and on PostgreSQL,
each with two workers of the same kind. They are measured in turns, so that whatever else the machine does falls on all of
them alike; a figure is the median of the rounds. What counts is the processors' time that the server and its database take
for a request; the ratio says how many of them cost as much as one "hello world" of the same round.
"""

import argparse
import random
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, count
from statistics import median
from time import monotonic

from benchmarks import report
from benchmarks.servers import Client, get, gunicorn, load
from benchmarks.sites import MEMBERS, Member, databases, prepare

# In front of the site, the kinds of gunicorn's workers; "sync" takes a new connection for each request.
WORKERS = {"sync": "sync", "gthread": "bookreviews.worker.PatientWorker"}
# A member reads books that others read as well, whose pages are kept; their own parts are joined with these.
POPULAR = 50
# Of each book's page so many more fill the caches of both workers.
QUERIES = ("sort=newest", "sort=highest", "sort=lowest", "stars=5", "stars=4", "stars=3")


@dataclass
class Work:
    """Something to measure: requests to a server."""

    name: str
    server: object
    requests: object  # how many → the requests
    goal: str = ""
    expected: tuple = (200,)
    share: float = 1.0  # of the usual number of requests
    before: tuple = ()  # requests that are sent beforehand, each time, and not measured
    times: list = field(default_factory=list)  # milliseconds of each round

    def measure(self, requests):
        if self.before:
            load(self.server, self.before)
        return load(self.server, self.requests(max(20, int(requests * self.share))), self.expected)


class Works:
    """All that is measured, its servers running.

    :param options: gunicorn's.
    """

    def __init__(self, stack, folder, options):
        self.stack, self.folder, self.options = stack, folder, options
        self.all = [
            Work("Flask hello world", self.start("benchmarks.apps:hello"), repeated("/")),
            Work("bare WSGI function", self.start("benchmarks.apps:bare"), repeated("/")),
        ]
        self.sites = []
        for name, url in stack.enter_context(databases(folder)).items():
            self.add(prepare(name, url, folder))

    def start(self, app, environ=None, site=None):
        config = ["--config", "python:benchmarks.loaded" if site else "python:benchmarks.plain"]
        database = site.postmaster if site else None
        return self.stack.enter_context(gunicorn(app, *config, *self.options, environ=environ, database=database))

    def add(self, site):
        """Add what is asked of a site, with its pages kept and without."""
        sqlite = site.name == "SQLite"
        kept = self.start("benchmarks.apps:site()", site.environ, site)
        cold = self.start("benchmarks.apps:site()", site.environ | {"PAGE_CACHE_MB": "0"}, site)
        self.sites.append(site)
        page, books, some = site.addresses[0], site.addresses[:-1], random.Random(11)
        writers = [Member(kept, f"member{number}") for number in range(MEMBERS - 1)]
        reviews = chain.from_iterable(writer.reviews(some.sample(books, len(books)), some) for writer in writers)
        self.all += [
            Work(f"book page kept, {site.name}", kept, repeated(page), "1.35"),
            Work(f"not changed (304), {site.name}", kept, unchanged(kept, page), "1.40", (304,)),
            Work(f"book page cold, {site.name}", cold, each(books), "0.42" if sqlite else "0.28", share=0.5),
            Work(f"book page for a member, {site.name}", kept, each(books[:POPULAR], cookie=writers[0].cookie),
                 "0.45" if sqlite else "0.35", share=0.5),
            Work(f"POST of a review, {site.name}", kept, taken(reviews), "0.17" if sqlite else "0.12", (303,), 0.2),
        ]  # fmt: skip
        for share in (0.01, 0.1):
            for server, how in ((kept, "kept"), (cold, "not kept")):
                name = f"{1 - share:.0%} read, {share:.0%} written, {how}, {site.name}"
                goal = "0.85" if (share, how, sqlite) == (0.01, "kept", False) else ""
                work = Work(name, server, mixed(reviews, books, share), goal, (200, 303))
                if how == "kept":  # what was written before this has retired most pages
                    work.before = [get(path) for path in books] * 2
                self.all.append(work)


def repeated(path, **headers):
    """How many → as many GETs of one page."""
    return lambda number: [get(path, **headers)] * number


def unchanged(server, path):
    """The same by a browser that has the page as it is now."""
    return lambda number: [get(path, if_none_match=etag_of(server, path))] * number


def each(paths, **headers):
    """How many → GETs of these pages in turns."""
    place = count()
    return lambda number: [get(paths[next(place) % len(paths)], **headers) for _ in range(number)]


def taken(requests):
    return lambda number: [next(requests) for _ in range(number)]


def mixed(reviews, paths, share):
    """How many → reads of popular books by visitors, and among them this share of reviews written."""
    weights, some = [1 / rank for rank in range(1, len(paths) + 1)], random.Random(13)

    def requests(number):
        reads = some.choices(paths, weights, k=number)
        return [next(reviews) if some.random() < share else get(path) for path in reads]

    return requests


def etag_of(server, path):
    """The ETag of a page; where the site keeps pages, which it may have to begin with."""
    for _ in range(100):
        _, head, _ = Client(server.port).send(get(path))
        if found := re.search(rb"(?im)^etag: (.+?)\r?$", head):
            return found[1].decode()
    raise RuntimeError(f"no page is kept at {path}")


def measure(works, rounds, requests):
    for work in works:
        work.measure(requests // 10)  # until it is warm
    for number in range(rounds):
        for work in works:
            work.times.append(work.measure(requests))
        print(f"round {number + 1} of {rounds}", flush=True)


def table(works):
    """The results as a table in Markdown."""
    hello = works[0].times
    yield "| work | ms | × hello world | goal |"
    yield "| --- | ---: | ---: | ---: |"
    for work in works:
        ratio = median(least / own for least, own in zip(hello, work.times, strict=True))
        yield f"| {work.name} | {median(work.times):.3f} | {ratio:.3g} | {work.goal} |"


def memory(site):
    """The memory of the larger worker, unique to it, in MiB: warm, and when its cache is full."""
    with as_operated(site) as server:
        load(server, [get(path) for path in site.addresses[:200]])
        warm = server.memory()
        load(server, [get(f"{path}?{query}") for path in site.addresses for query in QUERIES])
        return f"| {site.name} | {warm:.0f} | {server.memory():.0f} |"


def started(site):
    """The seconds from starting gunicorn to its first answer."""
    begin = monotonic()
    with as_operated(site):
        return monotonic() - begin


def as_operated(site):
    """A server as operators have it, with the site's own gunicorn.conf.py."""
    return gunicorn("benchmarks.apps:site()", environ=site.environ, ready="/healthz")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=2000, help="in each round, of the quickest work (2000)")
    parser.add_argument("--worker", default="sync", choices=WORKERS, help="the kind of gunicorn's workers (sync)")
    parser.add_argument("--only", default="", help="only works whose names hold this")
    parser.add_argument("--write", action="store_true", help="put the results into docs/performance.md")
    asked = parser.parse_args()
    options = ["-w", "2", "-k", WORKERS[asked.worker]]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        works = Works(stack, folder, options)
        chosen = works.all[:1] + [work for work in works.all[1:] if asked.only in work.name]
        measure(chosen, asked.rounds, asked.requests)
        lines = [*table(chosen), ""]
        if not asked.only:
            lines += ["| worker’s memory, MiB (USS) | warm | cache full |", "| --- | ---: | ---: |"]
            site = works.sites[-1]
            lines.append(memory(site))
            seconds = median(started(site) for _ in range(3))
            lines += ["", f"From starting gunicorn to its first answer: {seconds:.2f} s."]
    report.publish("requests", lines, write=asked.write)


if __name__ == "__main__":
    main()
