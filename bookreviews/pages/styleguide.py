"""What the style guide shows: every component with something in it, whatever the database holds (pure)."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

from wtforms import Form, SelectField, StringField, TextAreaField

from bookreviews.markdown import render
from bookreviews.reviews.listing import Breakdown

COLOURS = ("paper", "card", "ink", "quiet", "line", "accent", "accent-strong", "on-accent", "star", "wrong")
SIZES = ("small", "text", "reading", "heading-3", "heading-2", "heading-1")
SPACES = range(1, 9)
TITLES = {
    1: ("Middlemarch", "George Eliot", "en"),
    2: ("One Hundred Years of Solitude", "Gabriel García Márquez", "en"),
    3: ("كليلة ودمنة", "ابن المقفع", "ar"),
    4: ("吾輩は猫である", "夏目漱石", "ja"),
    5: ("Dune", "Frank Herbert", "en"),
    6: ("The Unbearable Lightness of Being", "Milan Kundera", "en"),
    7: ("Emma", "Jane Austen", "en"),
    8: ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "A Traveller", "cy"),
    9: ("A Room with a View", "E. M. Forster", "en"),
    10: ("Beloved", "Toni Morrison", "en"),
    11: ("The Master and Margarita", "Mikhail Bulgakov", "en"),
    12: ("Persuasion", "Jane Austen", "en"),
}
WORDS = "The best of her books: *nothing happens*, and one cannot stop.\n\n> It is never too late.\n\nThe end >!is a wedding!<."


class SampleForm(Form):
    """A field of each kind, one of them filled in wrongly."""

    line = StringField("A line")
    wrong = StringField("A line with a fault", default="???")
    text = TextAreaField("A text")
    choice = SelectField("A choice", choices=["One", "Another"])


def book(number, rated=True):
    """A book to look at."""
    title, author, language = TITLES[number]
    outside = SimpleNamespace(source="Elsewhere", average=4.1, count=1234)
    return SimpleNamespace(
        id=number, ref=f"{number}-sample", title=title, language=language, first_published=1800 + number,
        series="A series" if number == 5 else "", series_position="1",
        authors=[SimpleNamespace(name=author, nobody=False, ref="1-sample")],
        ratings_count=10 * rated, average=3.6, nearest_rating=7, guests_count=2 * rated, guests_average=4.5,
        reviews_count=7, outside_ratings=[outside],
    )  # fmt: skip


def review(number, **facts):
    """A review to look at."""
    day = datetime(2026, 3, number, tzinfo=UTC)
    usual = {"rating": 9, "title": "Slow, and all the better", "body": WORDS, "language": "en", "spoilers": False}
    usual |= {"name": "Ann", "created_at": day, "updated_at": None, "edited": False, "body_html": render(WORDS)}
    usual |= {"user_id": 1, "guest": None, "is_public": True, "helpful": 3, "unhelpful": 1, "votes_before": 0}
    usual |= {"held_at": None, "waits_until": None, "left_out_at": None, "book_id": 1}
    usual |= {"source": None, "knows_author": False, "stopped_at": None}
    return SimpleNamespace(id=number, book=book(1), **(usual | facts))


def samples():
    """What the template needs, by name."""
    form = SampleForm()
    form.wrong.errors = ["This is how a fault is told, beside its field."]
    spread = Breakdown({5: 4, 4: 3, 3: 1, 2: 0, 1: 2}, states=Counter(counted=10, guest=2, waiting=3))
    guest = {"name": "Bob", "user_id": None, "guest": "bob", "source": "free", "knows_author": True, "stopped_at": 120}
    reviews = [review(1), review(2, title="", rating=4, spoilers=True, **guest), review(3, body="", title="", rating=6)]
    return {
        "colours": COLOURS,
        "sizes": SIZES,
        "spaces": SPACES,
        "book": book(1),
        "unrated": book(2, rated=False),
        "books": [book(number, rated=number != 2) for number in TITLES],
        "reviews": reviews,
        "opinions": [("For", reviews[0]), ("Against", None)],
        "breakdown": spread,
        "form": form,
        "page": SimpleNamespace(previous="before", next="after"),
    }
