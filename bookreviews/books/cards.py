"""The picture of a book for other sites to show, 1200 by 630 as Open Graph has it: its cover, title, author, score (pure)."""

from dataclasses import dataclass

from bookreviews.books.covers import Cover, Setting, cover, fit
from bookreviews.languages import language_name
from bookreviews.pictures import printable


@dataclass(frozen=True)
class Card:
    """What the template needs to draw it; without a cover, where our font has no letters for the title."""

    cover: Cover | None
    title: Setting
    authors: Setting


def card(book):
    """The card of a book, with those of its words that our font has letters for."""
    title = printable(book.title)
    authors = list(filter(None, (printable(author.name) for author in book.authors)))
    unnamed = f"A book in {language_name(book.language)}" if book.language else "A book and its reviews"
    return Card(
        cover=cover(book.id, title, authors[0] if authors else "", None) if title else None,
        title=fit(title or unnamed, 660, 250, 76, 34),
        authors=fit(", ".join(authors), 660, 90, 38, 30),
    )
