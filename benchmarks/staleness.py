"""Is a page ever older than the last change that somebody was told of?

    python -m benchmarks.staleness [--writes 10000] [--write]

Members and a moderator write at random, by HTTP. After each answer, the pages of every worker of that machine are compared
with those made afresh by a site that keeps none: they have to be the same at once. On PostgreSQL there is a second
"machine", a gunicorn with stamps of its own, which is asked again and again until it shows the same, too.
"""

import argparse
import random
import tempfile
from contextlib import ExitStack
from threading import Event, Thread
from time import monotonic, sleep

from bs4 import BeautifulSoup

from benchmarks import report
from benchmarks.servers import Client, centile, get, gunicorn
from benchmarks.sites import MEMBERS, Member, databases, prepare, words
from tests.deeds import Deeds

OPTIONS = ("--config", "python:benchmarks.loaded", "-w", "2", "-k", "bookreviews.worker.PatientWorker", "--keep-alive", "100")
BOOKS = 10  # that are written about: so few that their pages are nearly always kept
OTHERS = ["/", "/decisions", *(f"/readers/member{number}" for number in range(MEMBERS - 1))]
PATIENCE = 5  # seconds after which a page is stale for good


class Doer(Member):
    """A member as `Deeds` asks for one."""

    def form(self, path):
        status, _, body = self.get(path)
        return BeautifulSoup(body, "html.parser").main.find("form", method="post") if status == 200 else None

    def send(self, path, fields):
        status, head, _ = self.post(path, fields)
        where = [line[9:].strip().decode() for line in head.split(b"\r\n") if line.lower().startswith(b"location:")]
        return status, where[0] if where else None


def connections(server):
    """A connection to each of the two workers."""
    found = {}
    for _ in range(200):
        client = Client(server.port)
        _, head, _ = client.send(get("/healthz"))
        found.setdefault(head.partition(b"X-Worker: ")[2].partition(b"\r\n")[0], client)
        if len(found) == 2:
            return list(found.values())
    raise RuntimeError("only one worker answers")


def asked(path):
    """A visitor's request; the name of the site stands on the page, and is the same for all servers."""
    return get(path, host="localhost", accept_encoding="identity")


class Watch:
    """What a machine shows of a page, from now until it shows what it should."""

    def __init__(self, client, path):
        self.client, self.request, self.stop = client, asked(path), Event()
        self.seen, self.begin = [], monotonic()
        self.thread = Thread(target=self.look)
        self.thread.start()

    def look(self):
        while not self.stop.is_set():
            moment = monotonic()
            self.seen.append((moment, self.client.send(self.request)[2]))
            sleep(0.001)

    def delay(self, expected):
        """The seconds after which it last showed anything else; 0 where it never did."""
        end = monotonic() + PATIENCE
        while not (self.seen and self.seen[-1][1] == expected) and monotonic() < end:
            sleep(0.001)
        self.stop.set()
        self.thread.join()
        return max((moment - self.begin for moment, body in self.seen if body != expected), default=0)


class Storm:
    """Writes to a site, each followed by a comparison."""

    def __init__(self, stack, site, folder):
        def start(app, **more):
            return stack.enter_context(gunicorn(app, *OPTIONS, environ=site.environ | more))

        here = start("benchmarks.apps:machine()", STAMPS=f"{folder}/here-{site.name}")
        self.afresh = Client(start("benchmarks.apps:site()", PAGE_CACHE_MB="0").port)
        self.here, self.away = connections(here), []
        if site.postmaster:
            self.away = connections(start("benchmarks.apps:machine()", STAMPS=f"{folder}/away"))[:1]
        some = random.Random(17)
        doers = [Doer(here, f"member{number}") for number in range(MEMBERS)]
        self.deeds = Deeds(some, doers[:-1], doers[-1], site.addresses[:BOOKS], lambda: words(some, 30))
        self.some, self.stale, self.delays, self.compared = some, 0, [], 0

    def step(self):
        """Write once, and compare; what that leaves in the workers' memory may get old by the next."""
        other = self.some.choice(OTHERS)
        book = self.deeds.do()
        self.compare([book, other])

    def compare(self, paths):
        watches = [Watch(client, paths[0]) for client in self.away]
        shown = [(path, client.send(asked(path))[2]) for path in paths for client in self.here]
        now = {path: self.afresh.send(asked(path))[2] for path in paths}
        self.stale += sum(body != now[path] for path, body in shown)
        self.compared += len(shown)
        self.delays += [watch.delay(now[paths[0]]) * 1000 for watch in watches]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--writes", type=int, default=10_000, help="on each database (10,000)")
    parser.add_argument("--write", action="store_true", help="put the results into docs/performance.md")
    given = parser.parse_args()
    lines = [
        "| database | writes | not refused | pages compared | stale on the same machine | on another, ms: median, p99, most |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory() as folder, databases(folder) as found:
        for name, url in found.items():
            with ExitStack() as stack:
                storm = Storm(stack, prepare(name, url, folder), folder)
                for _ in range(given.writes):
                    storm.step()
            numbers = given.writes, storm.deeds.done, storm.compared, storm.stale, spread(sorted(storm.delays))
            lines.append(f"| {name} | {' | '.join(map(str, numbers))} |")
    report.publish("staleness", lines, write=given.write)


def spread(delays):
    return ", ".join(f"{centile(delays, share):.1f}" for share in (50, 99, 100) if delays)


if __name__ == "__main__":
    main()
