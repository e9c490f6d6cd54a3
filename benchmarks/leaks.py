"""Does anybody ever get a page that was made for somebody else?

    python -m benchmarks.leaks [--requests 20000] [--write]

Members, guests and visitors ask for the same pages at the same time. A member's name stands on every page of theirs and on
nobody else's, and a guest is offered to change the review they wrote, on the page of that book: every answer is searched
for both.
"""

import argparse
import random
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import report
from benchmarks.servers import Client, get, gunicorn, in_parallel
from benchmarks.sites import MEMBERS, Member, Reader, databases, prepare
from benchmarks.staleness import OPTIONS

MEMBER = re.compile(rb"(?<![\w-])member\d+(?![\w-])")
CHANGE = b"Change your review"
BOOKS, GUESTS, VISITORS = 40, 6, 6


@dataclass
class Asker:
    """Somebody who reads, as they are known by."""

    name: str = ""  # of a member
    cookie: str = ""
    reviewed: str = ""  # where a guest has written

    def is_theirs(self, path, status, head, body):
        """Whether an answer is one for them, and for nobody else."""
        named = {name.decode() for name in MEMBER.findall(body)}
        kept = b"s-maxage" in head
        right = named == ({self.name} if self.name else set()) and (CHANGE in body) == (path == self.reviewed)
        return status == 200 and right and not (kept and self.cookie)

    def request(self, path):
        cookie = {"cookie": self.cookie} if self.cookie else {}
        return get(path, accept_encoding="identity", **cookie)


def guest(server, address):
    """A guest, who has reviewed a book."""
    reader, path = Reader(server), f"{address}/review"
    status, *_ = reader.post(path, reader.fields(path) | {"rating": 8, "name": "Gus", "body": ""})
    assert status == 303, f"a guest's review: {status}"
    return Asker(cookie=reader.cookie, reviewed=address)


def compare(server, site, requests):
    """Let everybody ask at once.

    :returns: whether each answer was theirs.
    """
    members = [Asker(f"member{number}", Member(server, f"member{number}").cookie) for number in range(MEMBERS)]
    guests = [guest(server, address) for address in site.addresses[:GUESTS]]
    everybody = [*members, *guests, *(Asker() for _ in range(VISITORS))]
    paths = ["/", "/books", "/decisions", "/readers/reader1", *site.addresses[:BOOKS]]
    found = []

    def ask(who):
        client = Client(server.port)
        for path in random.Random(who.cookie).choices(paths, k=requests // len(everybody)):
            found.append(who.is_theirs(path, *client.send(who.request(path))))

    in_parallel(ask, everybody)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000, help="on each database (20,000)")
    parser.add_argument("--write", action="store_true", help="put the results into docs/performance.md")
    asked = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder, databases(folder) as urls:
        for name, url in urls.items():
            with ExitStack() as stack:
                site = prepare(name, url, folder)
                server = stack.enter_context(gunicorn("benchmarks.apps:site()", *OPTIONS, environ=site.environ))
                found = compare(server, site, asked.requests)
            lines.append(f"{name}: requests compared: {len(found):,}, leaks {found.count(False)}")
    report.publish("leaks", lines, write=asked.write)


if __name__ == "__main__":
    main()
