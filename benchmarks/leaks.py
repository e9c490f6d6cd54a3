"""Does anybody ever get a page that was made for somebody else?

    python -m benchmarks.leaks [--requests 20000] [--write]

Members, guests and visitors ask for the same pages at the same time, kept ones and others; each member's name, and each
guest's, stands only on their own pages. Every answer is searched for the names and the ways out of all others.
"""

import argparse
import random
import re
import tempfile
from contextlib import ExitStack

from benchmarks import report
from benchmarks.servers import Client, get, gunicorn, in_parallel
from benchmarks.sites import MEMBERS, Member, databases, prepare
from benchmarks.staleness import OPTIONS

# By whom a page was asked for stands in its menu.
NAME = re.compile(rb"(?<![\w-])member\d+(?![\w-])")
BOOKS, VISITORS = 40, 6


class Leaks:
    """What was compared, and what was found to be somebody else's."""

    def __init__(self, server, site, requests):
        self.server, self.requests = server, requests
        self.paths = ["/", "/books", "/decisions", "/readers/reader1", *site.addresses[:BOOKS]]
        self.compared = self.leaks = 0

    def ask(self, reader):
        """Let a reader ask for pages: (their name, their cookie), of a visitor both empty."""
        name, cookie = reader
        client, some = Client(self.server.port), random.Random(name)
        for _ in range(self.requests):
            with_cookie = {"cookie": cookie} if cookie else {}
            status, head, body = client.send(get(some.choice(self.paths), accept_encoding="identity", **with_cookie))
            others = set(NAME.findall(body)) - {name.encode()}
            own_page_missed = bool(name) and name.encode() not in body
            public = b"s-maxage" in head.lower()
            self.leaks += bool(others) or own_page_missed or (bool(name) and public) or status != 200
            self.compared += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000, help="on each database (20,000)")
    parser.add_argument("--write", action="store_true", help="put the results into docs/performance.md")
    asked = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder, databases(folder) as found:
        for name, url in found.items():
            with ExitStack() as stack:
                site = prepare(name, url, folder)
                server = stack.enter_context(gunicorn("benchmarks.apps:site()", *OPTIONS, environ=site.environ))
                members = [(f"member{number}", Member(server, f"member{number}").cookie) for number in range(MEMBERS)]
                readers = members + [("", "")] * VISITORS
                leaks = Leaks(server, site, asked.requests // len(readers))
                in_parallel(leaks.ask, readers)
            lines.append(f"{name}: requests compared: {leaks.compared:,}, leaks {leaks.leaks}")
    report.publish("leaks", lines, write=asked.write)


if __name__ == "__main__":
    main()
