"""What the search knows of each book, kept in step with the books.

All folding is done here, once, so that both databases compare the same text and neither decides what is equal. A
book's names stand between bars: `| the hobbit | hobbit | j r r tolkien | jrr tolkien | tolkien |`. Folded text has no
bar, so `| hobbit |` is a whole name, `| hobb` how one begins, and ` hobbit ` a whole word.
"""

import re
from collections import defaultdict

import sqlalchemy as sa
from stdnum import isbn as stdnum_isbn

from bookreviews.books.models import Author, Book, Credit, Edition, Subject, book_subject
from bookreviews.extensions import db
from bookreviews.search.spelling import forms, is_word
from bookreviews.text import ARTICLES, fold

BATCH = 1000
# The tables, made by migration 0002. SQLite's full-text index calls the number of a row `rowid`, so both do.
entry = sa.table(
    "search_book",
    sa.column("rowid", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("text", "title", "authors", "subjects")),
)
filed = sa.table("search_form", sa.column("form", sa.Text), sa.column("word", sa.Text))
# Two imports may learn the same word at the same moment.
LEARN = sa.text("INSERT INTO search_form (form, word) VALUES (:form, :word) ON CONFLICT DO NOTHING")
JOINED = re.compile(r"[.‐‑-](?=\w)")
INITIALS = re.compile(r"\b(\w) (?=\w\b)")


def index(book_ids):
    """Make the search know these books as they are now, in the caller's transaction; also those that are gone, or merged.

    A constant number of statements for up to 1,000 books.
    """
    ids = sorted(set(book_ids))
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows = entries(some)
        db.session.execute(sa.delete(entry).where(entry.c.rowid.in_(some)))
        if rows:
            db.session.execute(sa.insert(entry), rows)
            learn({word for row in rows for word in row["text"].split() if is_word(word)})


def learn(words):
    """File words for the search of misspelt ones. They are never forgotten: only what leads to a book is suggested."""
    known = sa.select(filed.c.word).where(filed.c.form.in_(words), filed.c.word == filed.c.form)
    new = words.difference(db.session.scalars(known))
    # In one order for all, so that two imports wait for each other instead of locking each other out.
    pairs = sorted((form, word) for word in new for form in forms(word))
    if pairs:
        db.session.execute(LEARN, [{"form": form, "word": word} for form, word in pairs])


def entries(ids):
    """The rows of `search_book` for these books, as dictionaries."""
    books = sa.select(Book.id, Book.title, Book.subtitle, Book.series, Book.series_position)
    books = books.where(Book.id.in_(ids), Book.stands())
    authors = many(
        sa.select(Credit.book_id, Author.name).join(Author).order_by(Credit.position, Author.id), Credit.book_id, ids
    )
    isbns = many(sa.select(Edition.book_id, Edition.isbn13).order_by(Edition.isbn13), Edition.book_id, ids)
    about = sa.select(book_subject.c.book_id, Subject.name).join(Subject).order_by(Subject.name)
    subjects = many(about, book_subject.c.book_id, ids)
    merged = many(sa.select(Book.merged_into_id, Book.title).order_by(Book.id), Book.merged_into_id, ids)
    return [
        written(book, authors[book.id], isbns[book.id], subjects[book.id], merged[book.id])
        for book in db.session.execute(books.order_by(Book.id))
    ]


def many(select, key, ids):
    """What `select`, of a book's id and a value, has for these books: {id: [value, …]}."""
    found = defaultdict(list)
    for book_id, value in db.session.execute(select.where(key.in_(ids))):
        found[book_id].append(value)
    return found


def written(book, authors, isbns, subjects, merged=()):
    """One row of `search_book`.

    :param merged: the titles of the books that were merged into this one: it is found by them as well.
    """
    called = [(book.title, book.subtitle), *((title, "") for title in merged)]
    titles = [name for title, subtitle in called for name in title_names(title, subtitle)]
    people = [name for author in authors for name in author_names(author)]
    series = [name for part in ("", book.series_position) for name in spellings(f"{book.series} {part}")]
    numbers = [number for isbn in isbns if isbn for number in isbn_forms(isbn)]
    return {
        "rowid": book.id,
        "text": between_bars([*titles, *people, *series, *numbers]),
        "title": between_bars(titles),
        "authors": between_bars(people),
        "subjects": between_bars(fold(subject) for subject in subjects),
    }


def between_bars(names):
    """`| one | another |`."""
    return "".join(f"| {name} " for name in dict.fromkeys(names) if name) + "|"


def spellings(name):
    """How people write a name, folded: “J.K. & Co-op” is `j k co op`, `j k and co op` and `jk and coop`."""
    spoken = name.replace("&", " and ")
    return [fold(name), fold(spoken), INITIALS.sub(r"\1", fold(JOINED.sub("", spoken)))]


def title_names(title, subtitle):
    """What a book is called: its title, and that with the subtitle; each also without its English article."""
    for name in dict.fromkeys((title, f"{title} {subtitle}".strip())):
        for spelling in spellings(name):
            yield spelling
            yield next((spelling.removeprefix(a) for a in ARTICLES if spelling.startswith(a)), spelling)


def author_names(name):
    """What an author is called: the whole name, and the last part of it."""
    names = spellings(name)
    return [*names, names[0].rpartition(" ")[2]]


def isbn_forms(isbn13):
    """An ISBN in its new and in its old form, folded."""
    return [isbn13, stdnum_isbn.to_isbn10(isbn13).lower()] if isbn13.startswith("978") else [isbn13]


def batches():
    """The ids of all books, a thousand at a time."""
    last = 0
    there = sa.select(Book.id).where(Book.stands()).order_by(Book.id).limit(BATCH)
    while some := db.session.scalars(there.where(Book.id > last)).all():
        yield list(some)
        last = some[-1]


def differences(ids):
    """Those of these books that the search does not know as they are."""
    known = {row.rowid: row._asdict() for row in db.session.execute(sa.select(entry).where(entry.c.rowid.in_(ids)))}
    return [row["rowid"] for row in entries(ids) if row != known.get(row["rowid"])]


def strays():
    """The Select of what the search knows of books that are gone, or merged into others."""
    return sa.select(entry.c.rowid).where(entry.c.rowid.not_in(sa.select(Book.id).where(Book.stands())))


def sweep():
    """Forget the books that are gone, and let SQLite make its index of trigrams anew."""
    db.session.execute(sa.delete(entry).where(entry.c.rowid.in_(strays())))
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("INSERT INTO search_trigram (search_trigram) VALUES ('rebuild')"))
