"""What templates can say."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup
from stdnum import isbn as stdnum_isbn

from bookreviews.books.covers import cover
from bookreviews.languages import direction, language_name
from bookreviews.markdown import excerpt
from bookreviews.moderation.judges import moderates
from bookreviews.moderation.models import ACTIONS, KINDS, RULES
from bookreviews.reviews.models import SOURCES
from bookreviews.reviews.writers import known
from bookreviews.urls import absolute, public_root

THEMES = ("light", "dark")
# A number that stands in an address for any other.
PLACE = 987654321


def init_app(app):
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        stars=stars, year=year, day=day, minute=minute, number=number, isbn=stdnum_isbn.format,
        language_name=language_name, in_language=in_language, excerpt=excerpt, cut=cut, plural=plural,
        one_decimal=one_decimal, hundredths=hundredths,
    )  # fmt: skip
    app.jinja_env.globals.update(
        url_for=address, current_user=current_user, with_args=with_args, cover_of=cover_of,
        more_of_the_list=more_of_the_list,
        canonical_address=canonical_address, absolute=absolute, public_root=public_root, mail_link=absolute,
        who_reads=known, moderates=moderates, SOURCES=SOURCES, ACTIONS=ACTIONS, RULES=RULES, KINDS=KINDS,
    )  # fmt: skip
    app.context_processor(context)


def context():
    """What every page knows: the site's name, and whether this browser chose light or dark (empty: as the device does)."""
    theme = request.cookies.get("theme")
    return {"site_name": current_app.config["SITE_NAME"], "theme": theme if theme in THEMES else ""}


def address(endpoint, **values):
    """`url_for` of our own addresses, which are remembered: pages are full of the same ones."""
    try:
        root = request.script_root
    except RuntimeError:  # outside a request
        root = ""
    if len(values) == 1:
        ((name, value),) = values.items()
        if type(value) is int and value > 0:
            return numbered(root, endpoint, name) % value
    return remembered(root, endpoint, tuple(values.items()))


@lru_cache(4096)
def remembered(_root, endpoint, values):
    return url_for(endpoint, **dict(values))


@lru_cache(256)
def numbered(_root, endpoint, name):
    """The addresses that differ by a number: “/reviews/%d”."""
    return url_for(endpoint, **{name: PLACE}).replace("%", "%%").replace(str(PLACE), "%d")


def stars_name(rating):
    """A rating of 1 to 10 half stars in words: 7 is “3½ stars”."""
    whole, half = divmod(rating, 2)
    count = f"{whole or ''}{'½' if half else ''}"
    return f"{count} star" if rating <= 2 else f"{count} stars"


@lru_cache(16)
def stars(rating):
    """A rating of 1 to 10 half stars as a row of stars, with its words for those who cannot see it.

    They are other words than the form's choices have: both may be on one page.
    """
    words = stars_name(rating).rpartition(" ")[0]
    return Markup('<span class="stars s{}" role="img" aria-label="Rated {} of 5"></span>').format(rating, words)


@lru_cache(256)
def in_language(tag):
    """The attributes `lang`, where it is not the page's own, and `dir` of an element that holds words in language `tag`."""
    lang = Markup('lang="{}" ').format(tag) if tag and tag != "en" else Markup()
    return lang + Markup('dir="{}"').format(direction(tag))


def cover_of(book):
    """The drawing of a book's cover, in SVG."""
    return drawn(book.id, book.title, book.authors[0].name if book.authors else "", book.language)


@lru_cache(1024)
def drawn(*book):
    return current_app.jinja_env.get_template("books/_cover.html").module.drawing(cover(*book))


def more_of_the_list():
    """What the title of a list's later pages ends with: no two pages have the same title."""
    return ", continued" if request.args.get("page") else ""


def year(value):
    """A year as people write it: −750 is “750 BC”, 80 is “AD 80”."""
    if value is None:
        return ""
    if value < 0:
        return f"{-value} BC"
    return f"AD {value}" if value < 1000 else str(value)


def day(moment):
    """The day of a moment for people, its moment for machines."""
    return time_element(moment, f"{moment:%-d %B %Y}")


def minute(moment):
    """The same, to the minute: “3 May 2026, 14:02 UTC”."""
    return time_element(moment, f"{moment:%-d %B %Y, %H:%M} UTC")


def time_element(moment, words):
    return Markup(f'<time datetime="{moment.isoformat(timespec="seconds")}">{words}</time>')


def number(value):
    """1234 as “1,234”."""
    return f"{value:,}"


def plural(count, one, many=None):
    """“1 review”, “1,204 reviews”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def duration(seconds):
    """A time to wait, rounded up: “40 seconds”, “12 minutes”, “3 hours”."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds > size * 1.5:
            return plural(-(-seconds // size), unit)
    return plural(seconds, "second")


def cut(text, length):
    """The beginning of a text of one line, at most `length` characters, cut between words where that is near."""
    if len(text) <= length:
        return text
    words = text[:length].rpartition(" ")[0]
    return (words if len(words) > length // 2 else text[: length - 1]) + "…"


def one_decimal(value):
    """A number rounded half up as people do it: 4.25 is “4.3”."""
    return str(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def hundredths(value):
    """A number with two decimals."""
    return f"{value:.2f}"


def canonical_address():
    """The one address of this page, without what only sorts or narrows its list."""
    page = request.args.get("page", "")
    return absolute(quote(request.script_root + request.path)) + (f"?{urlencode({'page': page})}" if page else "")


def with_args(_anchor="", **changes):
    """This page's address with some of its query changed; None or "" takes an argument away.

    A change starts at page one.
    """
    args = request.args.to_dict() | {"page": None} | changes
    query = urlencode({name: value for name, value in args.items() if value not in (None, "")})
    address = request.script_root + quote(request.path)
    return address + (f"?{query}" if query else "") + (f"#{_anchor}" if _anchor else "")
