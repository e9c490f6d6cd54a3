"""What logging in costs, whether its time tells who has an account, and what a storm of wrong log-ins does to others.

    python -m benchmarks.log_in [--tries 500]

The times of known and unknown accounts are taken in turns and compared by the Mann-Whitney U test
(https://en.wikipedia.org/wiki/Mann-Whitney_U_test): with p above 0.05 there is no significant difference.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path
from statistics import NormalDist, median

import flask_migrate
from bs4 import BeautifulSoup

from bookreviews import create_app
from bookreviews.config import from_environ
from tests.factories import PASSWORD, a_book, a_reader, a_review

ROOT = Path(__file__).parent.parent
STORM, SECONDS = 1_000, 30  # wrong log-ins a minute, and for how long


def site(folder, paced):
    """A site with one reader and one book, with passwords hashed as everywhere."""
    settings = from_environ({"SECRET_KEY": "benchmark", "DATABASE_URL": f"sqlite:///{folder}/{paced}.db"}, folder)
    app = create_app(settings | {"RATELIMIT_ENABLED": paced})
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
        a_reader("ann")
        book = a_book()
        for _ in range(20):
            a_review(book)
    return app


def form(client, path):
    """The hidden fields of the form at `path`."""
    page = BeautifulSoup(client.get(path).text, "html.parser").main.find("form", method="post")
    return {field["name"]: field.get("value", "") for field in page.select("input[type=hidden]")}


def seconds(client, path, fields):
    begin = time.perf_counter()
    client.post(path, data=fields)
    return time.perf_counter() - begin


def mann_whitney(some, others):
    """The probability that both samples come from one distribution, two-sided, by the normal approximation."""
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks = sum(rank for rank, (_, sample) in enumerate(ranked, 1) if sample == 0)
    n, m = len(some), len(others)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - NormalDist().cdf(abs(z)))


def compare(app, name, path, known, unknown, tries):
    """Print how long a page takes for known and for unknown accounts."""
    client = app.test_client()
    hidden, times = form(client, path), {True: [], False: []}
    for number in range(2 * tries):
        is_known = number % 2 == 0
        times[is_known].append(seconds(client, path, hidden | (known if is_known else unknown(number))))
    ms = {is_known: median(found) * 1000 for is_known, found in times.items()}
    p = mann_whitney(times[True], times[False])
    difference = ms[True] - ms[False]
    print(f"{name:<18} known {ms[True]:6.1f} ms, unknown {ms[False]:6.1f} ms, difference {difference:+.2f} ms, p {p:.2f}")


def cost(app, tries=50):
    """Print the processor's time for a log-in."""
    options = app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"]
    print("argon2id:", ", ".join(f"{name.removeprefix('argon2__')} {value}" for name, value in options.items()))
    spent = []
    for _ in range(tries):
        client = app.test_client()
        fields = form(client, "/login") | {"email": "ann", "password": PASSWORD}
        begin = time.process_time()
        assert client.post("/login", data=fields).status_code == 303
        spent.append(time.process_time() - begin)
    print(f"a log-in: {median(spent) * 1000:.1f} ms of processor time")


def read(client, stop, found):
    while not stop.is_set():
        begin = time.perf_counter()
        assert client.get("/books/1-the-hunger-games").status_code == 200
        found.append(time.perf_counter() - begin)
        time.sleep(0.05)


def storm(app):
    """Print how long a reader waits for a page while somebody tries passwords from one address, and while nobody does."""
    attacker = app.test_client()
    hidden = form(attacker, "/login")
    for name, rate in (("nobody tries", 0), (f"{STORM} tries a minute", STORM)):
        found, statuses, stop = [], [], threading.Event()
        reader = threading.Thread(target=read, args=(app.test_client(), stop, found))
        reader.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if rate:
                statuses.append(attacker.post("/login", data=hidden | {"email": "ann", "password": "wrong"}).status_code)
            time.sleep(60 / rate if rate else 1)
        stop.set()
        reader.join()
        found.sort()
        refused = f", {statuses.count(429)} of {len(statuses)} refused" if rate else ""
        slow = found[int(len(found) * 0.95)] * 1000
        print(f"{name:<22} a page takes {median(found) * 1000:.1f} ms, 1 in 20 over {slow:.1f} ms{refused}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tries", type=int, default=500, help="with each kind of account (500)")
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        app = site(folder, paced=False)
        cost(app)
        wrong = {"password": "not the password"}
        compare(
            app, "log-in", "/login", {"email": "ann@example.org"} | wrong,
            lambda number: {"email": f"reader{number}@example.org"} | wrong, tries,
        )  # fmt: skip
        compare(
            app, "forgotten password", "/reset", {"email": "ann@example.org"},
            lambda number: {"email": f"reader{number}@example.org"}, tries,
        )  # fmt: skip
        fresh = {"password": PASSWORD}
        compare(
            app, "registration", "/register", {"email": "ann@example.org", "username": "newcomer"} | fresh,
            lambda number: {"email": f"new{number}@example.org", "username": f"new{number}"} | fresh, tries // 5,
        )  # fmt: skip
        storm(site(folder, paced=True))


if __name__ == "__main__":
    main()
