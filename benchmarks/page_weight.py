"""What a first visit to a book's page costs: its requests and bytes, and how calmly it comes up.

    python -m benchmarks.page_weight

fills a fresh SQLite database with the sample, gives its best reviewed book a full page of 20 reviews (those it lacks are
taken from other books), serves it with gunicorn and opens the page in Chromium, as a phone.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa
from playwright.sync_api import sync_playwright

from bookreviews import create_app
from bookreviews.config import from_environ
from bookreviews.extensions import db, now
from bookreviews.paging import PER_PAGE
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import tally
from tests.chromium import launch_options

ROOT = Path(__file__).parent.parent
# Kept by the page itself: the sum of layout shifts, and of what long tasks take beyond 50 ms.
OBSERVE = """
window.shift = 0; window.blocked = 0;
const each = (type, act) => new PerformanceObserver(list => list.getEntries().forEach(act)).observe({type, buffered: true});
each("layout-shift", entry => shift += entry.value);
each("longtask", entry => blocked += entry.duration - 50);
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/bench.db", "SECRET_KEY": "benchmark"}
        for command in (["db", "upgrade"], ["sample", "load"]):
            flask = [sys.executable, "-m", "flask", "--app", "bookreviews", *command]
            subprocess.run(flask, cwd=ROOT, env=env, check=True, capture_output=True)
        path = full_page(env["DATABASE_URL"])
        with served(env) as site:
            report(site + path)


def full_page(url):
    """The path of the page of a book that has 20 reviews with words."""
    app = create_app(from_environ({"SECRET_KEY": "benchmark", "DATABASE_URL": url}, ""))
    with app.app_context():
        best = sa.select(Review.book_id).where(Review.body != "").group_by(Review.book_id).order_by(sa.func.count().desc())
        book_id = db.session.scalars(best.limit(1)).one()
        count = db.session.scalar(sa.select(sa.func.count()).where(Review.book_id == book_id, Review.body != ""))
        wordless = Review.book_id == book_id, Review.body == ""
        db.session.execute(sa.update(Review).where(*wordless).values(deleted_at=now()))
        others = sa.select(Review).where(Review.book_id != book_id, Review.body != "").order_by(Review.id)
        for review in db.session.scalars(others.limit(PER_PAGE - count)).all():
            review.book_id, review.user_id, review.guest = book_id, None, f"moved-{review.id}"
        tally(book_id, "sample")
        db.session.commit()
        db.engine.dispose()
    return f"/books/{book_id}"


@contextmanager
def served(env):
    """The address of the site, served as in production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "bookreviews:create_app()"]
    with subprocess.Popen(run, cwd=ROOT, env=env) as server:
        site = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urlopen(f"{site}/healthz").close()
                break
            except OSError:
                time.sleep(0.1)
        yield site
        server.terminate()


def report(url):
    """Print what came over the wire, file by file, and how steady the page stood."""
    requests = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.add_init_script(OBSERVE)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.responseReceived", lambda event: requests.update({event["requestId"]: [event["response"]["url"], 0]})
        )
        network.on(
            "Network.loadingFinished", lambda event: requests[event["requestId"]].__setitem__(1, event["encodedDataLength"])
        )
        page.goto(urlopen(url).url)  # the address that the short one leads to
        page.wait_for_timeout(1000)
        reviews = page.locator(".review").count()
        shift, blocked = page.evaluate("[shift, blocked]")
        browser.close()
    for address, size in requests.values():
        print(f"{size:8,} bytes  {re.sub('^.*//[^/]*', '', address)}")
    total, html = sum(size for _, size in requests.values()), next(iter(requests.values()))[1]
    print(
        f"{reviews} reviews, {len(requests)} requests, {total:,} bytes, of them {html:,} for the page itself (heads included)"
    )
    print(f"Layout shift {shift:.3f}, blocked {blocked:.0f} ms")


if __name__ == "__main__":
    main()
