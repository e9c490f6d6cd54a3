"""The picture of a book for other sites to show, 1200 by 630 as Open Graph has it: its cover, title, author, score (pure)."""

from dataclasses import dataclass

from bookreviews.books.covers import Cover, Setting, cover, fit, fit_for_print
from bookreviews.pictures import settable


@dataclass(frozen=True)
class Card:
    """What the template needs to draw it."""

    cover: Cover
    title: Setting
    authors: Setting


def card(book):
    """The card of a book; words that our font has no letters for are left to the page that shows it."""
    names = ", ".join(author.name for author in book.authors if settable(author.name))
    drawing = cover(book.id, book.title, book.authors[0].name if book.authors else "", book.language)
    return Card(
        cover=fit_for_print(drawing, settable),
        title=fit(book.title if settable(book.title) else "", 660, 250, 76, 34),
        authors=fit(names, 660, 90, 38, 30),
    )
