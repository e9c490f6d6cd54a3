"""What the search knows of each book, kept in step with the books.

All folding is done here, once, so that both databases compare the same text and neither decides what is equal. A
book's names stand between bars: `| the hobbit | hobbit | j r r tolkien | jrr tolkien | tolkien |`. Folded text has no
bar, so `| hobbit |` is a whole name, `| hobb` how one begins, and ` hobbit ` a whole word.

A posting says that a book holds a word. Those of one word stand in the order of the books' places, the best known
first: so the first thousand of them are found as quickly among a hundred as among a million.
"""

import re
from collections import defaultdict

import sqlalchemy as sa
from stdnum import isbn as stdnum_isbn

from bookreviews.books.models import Author, Book, Credit, Edition, Subject, book_subject
from bookreviews.dialects import add_pairs
from bookreviews.extensions import execute
from bookreviews.search.spelling import forms, is_word
from bookreviews.text import ARTICLES, fold

BATCH = 1000
# The tables, made by migrations 0002 and 0013.
entry = sa.table(
    "search_book",
    sa.column("rowid", sa.Integer),
    sa.column("place", sa.BigInteger),
    *(sa.column(name, sa.Text) for name in ("text", "title", "authors", "subjects")),
)
posting = sa.table("search_posting", sa.column("word", sa.Text), sa.column("place", sa.BigInteger))
ending = sa.table("search_ending", sa.column("ending", sa.Text), sa.column("word", sa.Text))
filed = sa.table("search_form", sa.column("form", sa.Text), sa.column("word", sa.Text))
# The words of the text are filed as they are; others are told from them by a sign, which no folded text has.
MARKS = {"": "", "author": "@", "subject": "="}
NUMBER = "#"
# So much of a word, or of the end of one, is filed; and no shorter ends than of so many bytes: one Chinese character.
LONGEST, SHORTEST = 30, 3
# A place is the book's id, and above it how little known the book is.
ID_BITS = 32
ID = (1 << ID_BITS) - 1
MOST_POPULAR = (1 << 31) - 1
ISBN = re.compile(r"97[89]\d{10}|\d{9}[\dx]")
JOINED = re.compile(r"[.‐‑-](?=\w)")
INITIALS = re.compile(r"\b(\w) (?=\w\b)")


def index(book_ids):
    """Make the search know these books as they are now, in the caller's transaction; also those that are gone, or merged.

    A constant number of statements for up to 1,000 books.
    """
    ids = sorted(set(book_ids))
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        before, now = known(some), entries(some)
        execute(sa.delete(entry).where(entry.c.rowid.in_(some)))
        if now:
            execute(sa.insert(entry), now)
            learn({word for row in now for word in words_of(row)})
        file(postings(before), postings(now))


def forget(book_ids):
    """Let the search know nothing of these books, which are about to be deleted."""
    file(postings(known(book_ids)), set())
    execute(sa.delete(entry).where(entry.c.rowid.in_(book_ids)))


def file(before, now):
    """Make the postings that were `before` what they are `now`."""
    if gone := before - now:
        these = (posting.c.word == sa.bindparam("some_word")) & (posting.c.place == sa.bindparam("some_place"))
        execute(sa.delete(posting).where(these), [{"some_word": word, "some_place": place} for word, place in sorted(gone)])
    add_pairs(posting, now)  # all of them, in case some are missing


def learn(words):
    """File words for the search of misspelt ones, and of parts. They are never forgotten: they are only ways to books."""
    known = sa.select(ending.c.word).where(ending.c.ending.in_([f" {word}" for word in words]))
    new = words.difference(execute(known).scalars())
    add_pairs(ending, {(part, word) for word in new for part in endings(word)})
    words = set(filter(is_word, words))
    known = sa.select(filed.c.word).where(filed.c.form.in_(words), filed.c.word == filed.c.form)
    new = words.difference(execute(known).scalars())
    add_pairs(filed, {(form, word) for word in new for form in forms(word)})


def postings(rows):
    """The postings of rows of `search_book`: a set of (word, place)."""
    return {(word, row["place"]) for row in rows for word in filed_under(row)}


def filed_under(row):
    """The words that a row of `search_book` is filed under, with their signs.

    An ISBN is filed from its seventh and its tenth digit on, see `candidates.numbers`.
    """
    for name, mark in (("text", ""), ("authors", MARKS["author"]), ("subjects", MARKS["subject"])):
        yield from (mark + word for word in words(row[name]))
    for isbn in {word for word in row["text"].split() if len(word) == 13 and ISBN.fullmatch(word)}:
        yield from (NUMBER + isbn[6:], NUMBER + isbn[9:])


def words_of(row):
    """The words of all fields of a row of `search_book`; those of the authors are in its text."""
    return words(row["text"]) | words(row["subjects"])


def words(text):
    """The words of folded text between bars, without ISBNs."""
    return {word[:LONGEST] for word in text.split() if word != "|" and not ISBN.fullmatch(word)}


def endings(word):
    """What a word is filed under for the search of parts: the word after a blank, and its ends."""
    yield f" {word}"
    for start in range(1, len(word)):
        if len(word[start:].encode()) >= SHORTEST:
            yield word[start:]


def place(popularity, book_id):
    """Where a book stands among those that hold the same word.

    Popularity counts in steps of an eighth or so, that few books change their places: `flask search refresh` sees to those.
    """
    step = max(popularity.bit_length() - 4, 0)
    return (MOST_POPULAR - (popularity >> step << step)) << ID_BITS | book_id


def known(ids):
    """What the search knows of these books, as dictionaries."""
    return [row._asdict() for row in execute(sa.select(entry).where(entry.c.rowid.in_(ids)))]


def entries(ids):
    """The rows of `search_book` for these books, as dictionaries."""
    books = sa.select(Book.id, Book.popularity, Book.title, Book.subtitle, Book.series, Book.series_position)
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
        for book in execute(books.order_by(Book.id))
    ]


def many(select, key, ids):
    """What `select`, of a book's id and a value, has for these books: {id: [value, …]}."""
    found = defaultdict(list)
    for book_id, value in execute(select.where(key.in_(ids))):
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
        "place": place(book.popularity, book.id),
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
    while some := execute(there.where(Book.id > last)).scalars().all():
        yield list(some)
        last = some[-1]


def differences(ids):
    """Those of these books that the search does not know as they are, or not by each of their words."""
    before = {row["rowid"]: row for row in known(ids)}
    wrong = {row["rowid"] for row in entries(ids) if told(row) != told(before.get(row["rowid"]))}
    return sorted(wrong | {place & ID for _word, place in missing(postings(before.values()))})


def told(row):
    """What a row of `search_book` tells of its book: all but its place, which may be that of yesterday."""
    return row and {name: value for name, value in row.items() if name != "place"}


def missing(pairs):
    """Those of these postings that are not there."""
    pairs, found = sorted(pairs), set()
    for start in range(0, len(pairs), BATCH):
        there = sa.tuple_(posting.c.word, posting.c.place).in_(pairs[start : start + BATCH])
        found.update(map(tuple, execute(sa.select(posting.c.word, posting.c.place).where(there))))
    return set(pairs) - found


def moved(ids):
    """Those of these books that are better or less known than their place says."""
    books = sa.select(Book.id, Book.popularity, entry.c.place).join(entry, entry.c.rowid == Book.id).where(Book.id.in_(ids))
    return [book.id for book in execute(books) if place(book.popularity, book.id) != book.place]


def strays():
    """The Select of what the search knows of books that are gone, or merged into others."""
    return sa.select(entry.c.rowid).where(~sa.exists().where(Book.id == entry.c.rowid, Book.stands()))


def sweep():
    """Forget the books that are gone, and the postings of no book."""
    execute(sa.delete(entry).where(entry.c.rowid.in_(strays())))
    holder = sa.exists().where(entry.c.rowid == posting.c.place.bitwise_and(ID), entry.c.place == posting.c.place)
    execute(sa.delete(posting).where(~holder))
