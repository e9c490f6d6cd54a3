"""The parts of our addresses."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from flask import abort, current_app, redirect, request, url_for
from werkzeug.routing import BaseConverter, ValidationError

# The largest number of a row: the databases' INTEGER has 32 bits.
LARGEST = 2**31 - 1
# The names of one's own machine, as browsers send them.
LOCAL = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


class RefConverter(BaseConverter):
    """`42-the-hunger-games`, or just `42`: a row's number, and words for people that may be missing or old."""

    regex = r"[0-9]{1,10}(?:-[^/]*)?"

    def to_python(self, value):
        number = int(value.partition("-")[0])
        if number > LARGEST:
            raise ValidationError
        return number


class SlugConverter(BaseConverter):
    """Words, without the control characters that no text of ours has (and PostgreSQL takes none)."""

    regex = r"[^/\x00-\x1f\x7f]{1,200}"


def init_app(app):
    app.url_map.converters |= {"ref": RefConverter, "slug": SlugConverter}


def canonical(**view_args):
    """Answer an old or shortened address of this page with a redirect (301) to the right one."""
    right = url_for(request.endpoint, **view_args)
    if request.script_root + request.path != unquote(right):
        query = request.query_string.decode("ascii", "ignore")
        abort(redirect(f"{right}?{query}" if query else right, 301))


def public_root():
    """What our addresses begin with: SITE_URL, or what this request was sent to where that can be believed, else None.

    A visitor's Host header may name any site. Heroku's router only lets the app's own names through, and on one's own
    machine there is nobody to deceive.
    """
    config = current_app.config
    if config["SITE_URL"]:
        return config["SITE_URL"]
    believed = config.get("BEHIND_PROXY") or LOCAL.fullmatch(request.environ.get("HTTP_HOST", ""))
    return request.url_root.rstrip("/") if believed else None


def absolute(address):
    """The whole address of one of ours, as others need it; `address`, as `url_for` gives it, where the root is not known."""
    root = public_root()
    return root + address.removeprefix(request.script_root) if root else address


def within(address):
    """The path of an address of this site, with its query; the home page's for any other address, or none.

    So that a way back that the browser tells us of leads nowhere else.
    """
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return "/"
    if parts.netloc not in ("", request.host) or not parts.path.startswith("/") or parts.path.startswith(("//", "/\\")):
        return "/"
    return urlunsplit(("", "", parts.path, parts.query, ""))
