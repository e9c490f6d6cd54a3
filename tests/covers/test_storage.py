"""Where pictures are kept: a folder, a bucket, or a place that is away."""

import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic
from urllib.parse import unquote, urlsplit

import pytest

from bookreviews.covers import storage

PICTURES = {120: b"small", 240: b"middle", 480: b"large"}
LISTED = "<Contents><Key>{}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>5</Size></Contents>"


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the site uses, for one who signs what they ask."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.kept = self.server.kept

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", len(body))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
        self.end_headers()
        self.wfile.write(body)

    @property
    def name(self):
        return unquote(urlsplit(self.path).path).removeprefix("/shelf/")

    @property
    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_PUT(self):
        body = self.body
        if "Credential=key/" not in self.headers.get("Authorization", ""):
            return self.answer(403)
        self.kept[self.name] = body
        self.answer(200)

    def do_GET(self):
        if "list-type=2" in self.path:
            listed = "".join(map(LISTED.format, self.kept))
            return self.answer(200, f"<ListBucketResult><Name>shelf</Name>{listed}</ListBucketResult>".encode())
        found = self.kept.get(self.name)
        self.answer(404 if found is None else 200, found or b"")

    def do_POST(self):
        names = re.findall("<Key>(.+?)</Key>", self.body.decode())
        for name in names:
            self.kept.pop(name, None)
        deleted = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self.answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())


@contextmanager
def bucket(**options):
    """A bucket on this machine: (what is in it, its storage)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.kept = {}
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    credentials = {"access_key_id": "key", "secret_access_key": "secret", "region": "eu-west-1"} | options
    try:
        yield (
            server.kept,
            storage.opened("s3://shelf/covers", credentials | {"endpoint": f"http://127.0.0.1:{server.server_port}"}),
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def names():
    return sorted(name for batch in storage.files() for name, _key, _since in batch)


def comes_and_goes(app):
    """Whether pictures are kept, told of, and deleted."""
    storage.save("a", PICTURES)
    assert {width: storage.read("a", width) for width in PICTURES} == PICTURES
    assert names() == ["a-120.webp", "a-240.webp", "a-480.webp"]
    storage.delete(["a", "never-there"])
    assert names() == []
    with pytest.raises(storage.Unavailable):
        storage.read("a", 120)
    assert storage.found("a", 120) == b""


def test_a_folder_is_made_and_keeps_them(app, tmp_path, caplog):
    app.extensions["covers"] = storage.opened((tmp_path / "instance" / "covers").as_uri(), {})
    comes_and_goes(app)


def test_a_bucket_keeps_them(app, caplog):
    with bucket() as (kept, app.extensions["covers"]):
        storage.save("b", {240: b"x"})
        assert kept == {"covers/b-240.webp": b"x"}
        kept.clear()
        comes_and_goes(app)


def test_a_bucket_that_does_not_know_us_takes_nothing(app, caplog):
    with bucket(access_key_id="stranger") as (kept, app.extensions["covers"]):
        with pytest.raises(storage.Unavailable):
            storage.save("a", PICTURES)
    assert kept == {}


@pytest.mark.parametrize("url", ["s3://covers", "file:///dev/null/covers"])
def test_a_place_that_is_away_costs_a_moment_and_no_traceback(app, monkeypatch, url, caplog):
    monkeypatch.setitem(app.config, "COVERS_URL", url)
    monkeypatch.setitem(
        app.config, "COVERS_S3", {"endpoint": "http://127.0.0.1:1", "access_key_id": "x", "secret_access_key": "y"}
    )
    before = monotonic()
    for action in (lambda: storage.save("a", PICTURES), lambda: storage.read("a", 120)):
        with pytest.raises(storage.Unavailable):
            action()
    storage.delete(["a"])
    assert monotonic() - before < 10
