"""The site's static files: at addresses that change with their contents, compressed once, served by this process."""

import atexit
import shutil
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from flask import abort, current_app, request, url_for
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor
from whitenoise.media_types import MediaTypes

from bookreviews import headers

OURS = Path(__file__).parent / "static"
# Of Bootstrap-Flask's 200 files the site needs one.
BOOTSTRAP = resources.files("flask_bootstrap") / "static/bootstrap5/css/bootstrap.min.css"


class StaticFiles(WhiteNoise):
    """Answers those who read; the rest is for the site, whose words say more than an empty page."""

    def serve(self, static_file, environ, start_response):
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            with suppress(FileNotFoundError):  # someone swept the folder away; the site has the file still
                return super().serve(static_file, environ, start_response)
        return self.application(environ, start_response)


def init_app(app):
    app.config["STATIC_VERSION"] = "dev" if app.debug else fingerprint()
    # Where files come and go while the site runs, each is looked for and read when it is asked for.
    app.extensions["static_files"] = sources if app.debug else cache(sources)
    app.add_url_rule("/static/<version>/<path:name>", "static", file_of_another_version)
    app.jinja_env.globals.update(asset=asset)
    if not app.debug:
        serve(app, f"static/{app.config['STATIC_VERSION']}/")


def sources():
    """The files by name: {"style.css": Path, …}."""
    ours = {path.relative_to(OURS).as_posix(): path for path in OURS.rglob("[!.]*") if path.is_file()}
    return ours | {BOOTSTRAP.name: BOOTSTRAP}


def fingerprint():
    """Twelve letters that change with any of the files.

    One for all of them, as files name each other: a module that imports a changed one has a new address, too.
    """
    digest = sha256()
    for name, path in sorted(sources().items()):
        digest.update(name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def serve(app, prefix):
    """Serve the files below `prefix`, to be kept for good."""
    always = headers.of(app.config) | {
        "Cache-Control": "public, max-age=31536000, immutable",
        # Not the file's date, which differs between machines; weak, as one tag stands for all its encodings.
        "ETag": f'W/"{app.config["STATIC_VERSION"]}"',
    }

    def add_headers(answer, _path, _url):
        for name, value in always.items():
            answer[name] = value

    app.wsgi_app = StaticFiles(app.wsgi_app, allow_all_origins=False, add_headers_function=add_headers)
    app.wsgi_app.add_files(published(Path(app.instance_path, prefix)), prefix)


def published(folder):
    """A folder with the files and their compressed variants: `folder`, or a passing one where that cannot be written.

    It is made once. Those of older versions stay, as a process that is being replaced may still read them.
    """
    try:
        publish(folder)
    except OSError:
        passing = mkdtemp(prefix="bookreviews-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        folder = Path(passing, folder.name)
        publish(folder)
    return folder


def publish(folder):
    """Make `folder` unless it is there. It appears whole or not at all, whoever else makes it at this moment."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as workshop:
        draft = Path(workshop, folder.name)
        for name, path in sources().items():
            compressed_copy(path, draft / name)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise


def compressed_copy(path, copy):
    """Copy a file, and write its variants .gz and .br beside it, where they are smaller."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, copy)
    compressor = Compressor(quiet=True)
    if compressor.should_compress(copy.name):
        compressor.compress(str(copy))


def asset(name):
    """The address of a static file.

    :raises LookupError: where there is no such file.
    """
    if name not in current_app.extensions["static_files"]():
        raise LookupError(f"There is no static file “{name}”.")
    return url_for("static", version=current_app.config["STATIC_VERSION"], name=name)


def file_of_another_version(version, name):
    """Answer a page that is older or newer than this process with the file of that name as it is now.

    Such pages are met while the site is being replaced, and in stores. The browser asks again each time.
    """
    return answer(name)


def answer(name):
    """A static file as it is now."""
    path = current_app.extensions["static_files"]().get(name) or abort(404)
    response = current_app.response_class(path.read_bytes(), mimetype=MediaTypes().get_type(name))
    response.add_etag()
    return response.make_conditional(request)
