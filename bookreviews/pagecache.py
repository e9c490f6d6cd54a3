"""Whole pages for visitors, kept in memory in front of Flask, and never stale.

A visitor is who sends neither a session nor a password: all of them read the same pages. A page is made once, and kept
with the moment of its making and the tags of the rows it shows (tags.py). A commit that changes rows stamps their tags
(retiring.py), and what was made before is made anew (stamps.py), by one worker for all of a server (common.py). For
readers with a session nothing is kept.

Where anything is wrong (no shared memory, no word from the database), pages are made afresh, each time.
"""

import gzip
import pickle
import time
import zlib
from collections import defaultdict
from concurrent.futures import Future
from contextlib import nullcontext
from functools import lru_cache, partial
from hashlib import sha256
from io import BytesIO
from threading import Lock
from typing import NamedTuple

import brotli
from backports import zstd
from cachetools import LRUCache
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags

from bookreviews import common, replicas, retiring
from bookreviews.stamps import cells
from bookreviews.tags import ASKED, MAY_KEEP, SHOWN
from bookreviews.templating import THEMES
from bookreviews.urls import LOCAL

# How long a page is kept at most, in seconds: what changes by the clock alone is never older.
LONGEST = 600
# How long visitors wait for one of them to make a page, in seconds, before each makes it; and how long a whole process, of
# which others want something else.
PATIENCE, PATIENCE_OF_ALL = 10, 0.25
# How many pages are kept of one path with arguments, and how many without, which differ by their theme and root.
VARIANTS = 32
# Besides its bytes, a page takes about so many.
OVERHEAD = 4096
# The codings that are offered. Zstandard takes a sixth of Brotli's time, for a tenth more bytes.
ENCODE = {
    "zstd": zstd.compress,
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
# The one in which every page is kept, whatever it is asked for in.
USUAL = "zstd"
DECODE = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
BROKEN = (MemoryError, zstd.ZstdError, brotli.error, zlib.error)
# What of a request says which page it asks for, and nothing of who asks; and where that is read from.
ADDRESS = (
    replicas.READING,
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST",
    "wsgi.version", "wsgi.url_scheme", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once",
)  # fmt: skip
# Of an answer's headers, those that are ours to write.
OURS = {"cache-control", "cache-tag", "content-encoding", "content-length", "etag", "surrogate-key", "vary"}


def init_app(app):
    app.wsgi_app = PageCache(app, app.wsgi_app)
    app.extensions["pages"], app.extensions["news"] = app.wsgi_app, app.wsgi_app.news


class Key(NamedTuple):
    """What pages differ by."""

    path: str
    query: str
    root: str  # what addresses on the page begin with
    theme: str

    @property
    def kind(self):
        """What it is a variant of."""
        return self.path, bool(self.query)


class Page:
    """A page as it was made, in the codings that were asked for, and all that is sent with it."""

    def __init__(self, body, headers, tags, stamps, made, born, public):
        """
        :param body: what is sent where no coding is asked for.
        :param headers: [(name, value), …], of which those in OURS are left out.
        :param made: the clock of the stamps when its making began.
        :param born: that of the machine.
        :param public: its Cache-Control.
        """
        self.stamps, self.cells, self.made, self.born, self.seen = stamps, cells(tags), made, born, None
        self.etag = f'W/"{sha256(body).hexdigest()[:24]}"'  # weak: it is the same for every coding
        self.unchanged = [("Cache-Control", public), ("ETag", self.etag), ("Vary", "Accept-Encoding, Cookie")]
        tagged = [("Surrogate-Key", " ".join(tags)), ("Cache-Tag", ",".join(tags))]
        self.headers = [*(header for header in headers if header[0].lower() not in OURS), *self.unchanged, *tagged]
        self.answers = {}  # {coding: (headers, body)}
        self.is_common = True  # whether other processes can have it

    @property
    def size(self):
        """The memory it takes, in bytes."""
        return OVERHEAD + sum(len(body) for _, body in self.answers.values())

    @property
    def is_fresh(self):
        """Whether nothing that it shows has changed since it was made."""
        clock = self.stamps.clock
        if self.seen != clock:
            if self.stamps.latest(self.cells) > self.made:
                return False
            self.seen = clock
        return time.monotonic() < self.born + LONGEST

    def __getstate__(self):
        """What other processes need to know, who have their own sight of the stamps."""
        return self.__dict__ | {"stamps": None, "seen": None}

    def add(self, coding, plain):
        """Have it in a coding, too.

        :returns: what is sent: without any coding where that is asked for, or where a coding breaks. As that takes much
            memory, it is kept only where there is nothing else.
        """
        try:
            body = ENCODE[coding](plain) if coding else plain
        except BROKEN:
            coding, body = "", plain
        headers = [*self.headers, ("Content-Length", str(len(body)))]
        answer = [*headers, ("Content-Encoding", coding)] if coding else headers, body
        if coding or not self.answers:
            self.answers[coding] = answer
        return answer

    def plain(self):
        """What it is without a coding."""
        coding, (_, body) = next(iter(self.answers.items()))
        return DECODE[coding](body) if coding else body


class Pages(LRUCache):
    """Pages by their Key; the one not asked for the longest goes first, and of a path with many variants the oldest."""

    def __init__(self, most):
        """:param most: bytes."""
        super().__init__(most, getsizeof=lambda page: page.size)
        self.variants = defaultdict(dict)  # {(path, whether with arguments): {key: None}}, the oldest first

    def __setitem__(self, key, page):
        """:raises ValueError: where a page is larger than all that may be kept."""
        self.pop(key, None)
        super().__setitem__(key, page)
        variants = self.variants[key.kind]
        variants[key] = None
        if len(variants) > VARIANTS:
            del self[next(iter(variants))]

    def __delitem__(self, key):
        super().__delitem__(key)
        del self.variants[key.kind][key]
        if not self.variants[key.kind]:
            del self.variants[key.kind]


class PageCache:
    """The layer: a WSGI application that answers from memory, or asks the one within."""

    def __init__(self, app, within):
        """
        :param app: the Flask application.
        :param within: its WSGI application.
        """
        self.app, self.within = app, within
        config = app.config
        self.pages = Pages(config["PAGE_CACHE_MB"] * 2**20)
        self.public = "public, max-age=0, s-maxage={0}, stale-while-revalidate={0}".format(config["CDN_SECONDS"])
        self.personal = config["SESSION_COOKIE_NAME"], config.get("REMEMBER_COOKIE_NAME") or "remember_token"
        self.lock, self.making, self.since = Lock(), {}, 0
        self.news = retiring.News(app, self.forget)

    def __call__(self, environ, start_response):
        key = self.key(environ)
        if key is None or not self.news.reliable:
            return self.within(environ, start_response)
        page = self.kept(key)
        if page is None:
            page, answer = self.find(key, environ, start_response)
            if page is None:
                return answer
        return self.answer(key, page, environ, start_response)

    def forget(self):
        """Keep nothing of what is kept, by this process or another."""
        with self.lock:
            self.pages, self.since = Pages(self.pages.maxsize), time.monotonic()

    def key(self, environ):
        """The Key of a visitor's request for a page; None for any other."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        theme, cookies = "", environ.get("HTTP_COOKIE")
        if cookies:
            if any(name in cookies for name in self.personal):
                return None
            theme = chosen_theme(cookies)
        path = environ["PATH_INFO"]
        if script := environ.get("SCRIPT_NAME"):
            path = script + path
        return Key(path, environ.get("QUERY_STRING", ""), self.root(environ), theme)

    def root(self, environ):
        """What of the request's address a page may show; see urls.public_root, which asks for no more."""
        scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST", "")
        if not self.app.config["SITE_URL"] and (self.app.config["BEHIND_PROXY"] or LOCAL.fullmatch(host)):
            return f"{scheme}://{host}"
        return scheme

    def shared(self, environ):
        """The page that visitors read at the address of a reader's request, as text; None where there is none to keep."""
        if not self.news.reliable:
            return None
        asked = {name: environ[name] for name in ADDRESS if name in environ}
        asked |= {"wsgi.input": BytesIO(), "HTTP_COOKIE": f"theme={chosen_theme(environ.get('HTTP_COOKIE', ''))}"}
        key = self.key(asked)
        page = self.kept(key)
        if page is None:
            page, answer = self.find(key, asked, lambda *_: None)
            if page is None:
                whole(answer)
                return None
        return page.plain().decode()

    def kept(self, key):
        """The page of a key, if it is kept and fresh."""
        with self.lock:
            page = self.pages.get(key)
        return page if page is not None and page.stamps is self.news.stamps and page.is_fresh else None

    def find(self, key, environ, start_response):
        """The page of a key, made if need be: by the first who asks, while others wait for it.

        :returns: the page, and None; or None, and what the application within answers, where that is no page to keep.
        """
        while making := self.begin(key):
            if not is_kept(making):
                return None, self.within(environ, start_response)
            if page := self.kept(key):
                return page, None
        page, answer = self.kept(key), None  # somebody may just have made it
        try:
            if page is None:
                page, answer = self.find_beyond(key, environ, start_response)
            return page, answer
        finally:
            with self.lock:
                making = self.making.pop(key)
            making.set_result(page)

    def find_beyond(self, key, environ, start_response):
        """The same, of what other processes have made; what was kept before, and many may wait for, is made by one alone."""
        stamps, name = self.news.stamps, self.name(key)
        with self.lock:
            before = self.pages.get(key)
        with stamps.alone(name, PATIENCE_OF_ALL) if before and before.is_common else nullcontext():
            if found := common.get(name):
                page = pickle.loads(found)  # nobody but us writes there
                page.stamps = stamps
                if self.keep(key, page):
                    return page, None
            return self.make(key, environ, start_response)

    def name(self, key):
        """What a page is called where other processes find it: they read the same stamps."""
        return repr((self.news.stamps.origin, *key)).encode()

    def begin(self, key):
        """Who makes the page of a key just now; None where nobody did: the caller does."""
        with self.lock:
            making = self.making.get(key)
            if making is None:
                self.making[key] = Future()
            return making

    def make(self, key, environ, start_response):
        """The same, made now, and kept."""
        stamps, told = self.news.stamps, []
        clock, born = stamps.clock, time.monotonic()
        asked = dict(environ)
        environ |= {ASKED: True, "REQUEST_METHOD": "GET"}  # which has what a HEAD leaves out
        answer = self.within(environ, lambda *args: told.append(args))
        environ |= asked
        if not may_keep(environ, *told[-1][:2]):
            start_response(*told[-1])
            if environ["REQUEST_METHOD"] == "HEAD":
                whole(answer)
                answer = []
            return None, answer
        body = whole(answer)
        page = Page(body, told[-1][1], sorted(environ[SHOWN]), stamps, clock, born, self.public)
        page.add(USUAL, body)
        position = replicas.position(environ)
        if position is None or position >= stamps.position(page.cells):  # else a replica had yet to read what retired it
            if self.keep(key, page):
                page.is_common = common.put(self.name(key), pickle.dumps(page))
        return page, None

    def keep(self, key, page):
        """Keep a page; whether it may be kept."""
        with self.lock:
            trusted = page.stamps is self.news.stamps and page.born >= self.since and page.is_fresh
            if trusted and page.size <= self.pages.maxsize:
                self.pages[key] = page
            return self.pages.get(key) is page

    def weigh(self, key, page):
        """Note that a page has grown, if it is kept."""
        with self.lock:
            if self.pages.get(key) is page and page.size <= self.pages.maxsize:
                self.pages[key] = page

    def answer(self, key, page, environ, start_response):
        """Send a page, or word that it is what the browser has."""
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted and (wanted == page.etag or parse_etags(wanted).contains_weak(page.etag[3:-1])):
            start_response("304 Not Modified", page.unchanged)
            return []
        chosen = coding(environ)
        found = page.answers.get(chosen)
        if found is None:
            found = page.add(chosen, page.plain())
            self.weigh(key, page)
        headers, body = found
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def may_keep(environ, status, headers):
    """Whether an answer is a page of which a view said that it may be kept, and that is the same for every visitor."""
    named = {name.lower(): value for name, value in headers}
    mine = "set-cookie" in named or "private" in named.get("cache-control", "")
    return status.startswith("200") and environ.get(MAY_KEEP) and environ.get(SHOWN) and not mine


def whole(answer):
    """The bytes of an answer, which is closed."""
    try:
        return b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()


def is_kept(making):
    """Wait for a page that somebody else makes; whether it came to one that is kept."""
    try:
        return making.result(PATIENCE) is not None
    except TimeoutError:
        return False


def coding(environ):
    """The coding in which an answer is sent: one of ENCODE, or none ("")."""
    return best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(256)
def best_coding(header):
    accepted = parse_accept_header(header, Accept)
    found = max(ENCODE, key=accepted.quality)  # of equals the first
    return found if accepted.quality(found) > 0 else ""


@lru_cache(256)
def chosen_theme(cookies):
    theme = parse_cookie(cookies).get("theme")
    return theme if theme in THEMES else ""
