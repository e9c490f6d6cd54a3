"""Static files: at addresses that change with them, compressed, kept by browsers for good."""

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import brotli
import pytest
from flask import render_template_string

from bookreviews import assets

KEPT_FOR_GOOD = "public, max-age=31536000, immutable"


@pytest.fixture
def style(sqlite_app):
    """The address of the style sheet."""
    return address(sqlite_app, "style.css")


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder of static files to change."""
    ours = tmp_path / "static"
    (ours / "modules").mkdir(parents=True)
    (ours / "style.css").write_text("p { color: red }\n" * 100)
    (ours / "modules" / "stars.js").write_text("export const most = 5;\n" * 100)
    (ours / ".style.css.swp").write_text("what an editor leaves")
    monkeypatch.setattr(assets, "OURS", ours)
    return ours


def address(app, name, **environment):
    with app.test_request_context(**environment):
        return render_template_string("{{ asset(name) }}", name=name)


def get(app, url, method="GET", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().open(url, method=method, headers=names, buffered=True)


def test_all_that_a_page_names_is_there_for_good(browser):
    page = browser.get("/").page
    links = page.select("link[rel~=icon], link[rel=stylesheet], link[rel=apple-touch-icon], link[rel=modulepreload]")
    urls = [link["href"] for link in links] + [script["src"] for script in page.select("script[src]")]
    assert {"bootstrap.min.css", "style.css", "icon.svg"} <= {url.rpartition("/")[2] for url in urls}
    for url in urls:
        assert browser.get(url).headers["Cache-Control"] == KEPT_FOR_GOOD, url


@pytest.mark.parametrize(
    "name, kind, charset",
    [("style.css", "text/css", "utf-8"), ("icon.svg", "image/svg+xml", None), ("favicon.ico", "image/x-icon", None)],
)
def test_a_file_says_what_it_is(sqlite_app, name, kind, charset):
    answer = get(sqlite_app, address(sqlite_app, name))
    assert (answer.mimetype, answer.mimetype_params.get("charset")) == (kind, charset)


@pytest.mark.parametrize("encoding, opened", [("gzip", gzip.decompress), ("br", brotli.decompress), ("", bytes)])
def test_a_file_comes_as_small_as_the_browser_can_read_it(sqlite_app, style, encoding, opened):
    whole = (assets.OURS / "style.css").read_bytes()
    answer = get(sqlite_app, style, accept_encoding=encoding)
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert opened(answer.data) == whole
    assert not encoding or len(answer.data) < len(whole) / 2


def test_a_file_that_the_browser_has_is_not_sent_again(sqlite_app, style):
    tag = get(sqlite_app, style).headers["ETag"]
    answer = get(sqlite_app, style, if_none_match=tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == KEPT_FOR_GOOD


def test_one_can_ask_for_the_headers_alone(sqlite_app, style):
    answer = get(sqlite_app, style, method="HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_length == (assets.OURS / "style.css").stat().st_size


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_whoever_sends_something_to_a_file_is_told_so_in_our_words(browser, style, method):
    answer = browser.checked(browser.open(method, style), 405)
    assert answer.page.h1.get_text() == "Not possible here"


@pytest.mark.parametrize("name", ["nothing.css", "../config.py", "%2e%2e/config.py", "bootstrap.min.css.map", ""])
def test_what_is_no_file_of_ours_is_not_found(browser, style, name):
    browser.get(style.replace("style.css", name), 404)


def test_nothing_else_of_bootstrap_is_served(browser):
    assert (resources.files("flask_bootstrap") / "static/bootstrap5/js/bootstrap.min.js").is_file()
    for path in ("/bootstrap/static/css/bootstrap.min.css", "/bootstrap/static/bootstrap5/js/bootstrap.min.js"):
        browser.get(path, 404)


def test_a_page_that_names_an_unknown_file_fails(sqlite_app):
    with pytest.raises(LookupError, match="styel.css"):
        address(sqlite_app, "styel.css")


def test_below_a_path_the_address_begins_with_it(sqlite_app, style):
    assert address(sqlite_app, "style.css", base_url="http://localhost/site/") == f"/site{style}"
    assert get(sqlite_app, style).status_code == 200


def test_a_page_of_another_version_gets_the_file_as_it_is_now(browser, style):
    """While the site is being replaced, a new page may ask an old process, and the other way round."""
    for url in ("/static/0123456789ab/style.css", "/static/dev/style.css"):
        answer = browser.get(url)
        assert answer.data == (assets.OURS / "style.css").read_bytes()
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert browser.open("GET", url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_address_changes_with_contents_and_names(files):
    versions = {assets.fingerprint(), assets.fingerprint()}
    (files / "style.css").write_text("p { color: green }")
    versions.add(assets.fingerprint())
    (files / "style.css").rename(files / "other.css")
    versions.add(assets.fingerprint())
    assert len(versions) == 3
    assert all(len(version) == 12 for version in versions)


def test_files_in_folders_are_served_and_hidden_ones_are_not(files, tmp_path):
    folder = assets.published(tmp_path / "made")
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"modules/stars.js", "modules/stars.js.br", "modules/stars.js.gz", "bootstrap.min.css.br"} <= made
    assert not [name for name in made if "swp" in name]


def test_many_processes_make_the_folder_at_once(files, tmp_path):
    folder = tmp_path / "instance" / "made"
    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(assets.published, [folder] * 8)) == {folder}
    assert [path.name for path in folder.parent.iterdir()] == ["made"]
    assert (folder / "style.css.gz").is_file()
    assert folder.stat().st_mode & 0o055 == 0o055 & ~umask(), "whoever runs the site may read it"


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_without_a_place_to_keep_it_the_folder_is_a_passing_one(files, tmp_path):
    (tmp_path / "file").write_text("No folder can be made below a file.")
    folder = assets.published(tmp_path / "file" / "made")
    assert tmp_path not in folder.parents
    assert (folder / "style.css.br").is_file()


def test_a_folder_that_is_swept_away_is_not_missed(files, made_anew, monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "published", lambda _folder: made)
    assets.publish(made := tmp_path / "made")
    app = made_anew()
    url = address(app, "style.css")
    assert get(app, url).headers["Cache-Control"] == KEPT_FOR_GOOD
    made.rename(tmp_path / "gone")
    assert get(app, url).data == (files / "style.css").read_bytes()


def test_it_is_not_made_twice(files, tmp_path):
    folder = assets.published(tmp_path / "made")
    before = folder.stat().st_mtime_ns
    (files / "style.css").unlink()
    assert assets.published(folder).stat().st_mtime_ns == before


def test_with_the_debugger_on_a_change_shows_at_once(files, made_anew):
    app = made_anew(DEBUG=True)
    assert address(app, "style.css") == "/static/dev/style.css"
    for words in ("p { color: blue }", "p { color: green }"):
        (files / "style.css").write_text(words)
        answer = get(app, "/static/dev/style.css")
        assert (answer.text, answer.headers["Cache-Control"]) == (words, "no-cache")
    (files / "new.js").write_text("export {};")
    assert get(app, address(app, "new.js")).content_type == "text/javascript; charset=utf-8"
