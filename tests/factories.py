"""Rows for tests, made by plain functions and committed."""

from io import BytesIO
from itertools import count

import sqlalchemy as sa
from flask_security import hash_password
from PIL import Image

from bookreviews.accounts.models import Passkey, Role, User
from bookreviews.books.models import Author, Book, Credit, Edition, Subject, book_subject, match_key
from bookreviews.covers import gallery, storage
from bookreviews.covers.decoding import WIDTHS
from bookreviews.covers.models import Cover
from bookreviews.extensions import db, now
from bookreviews.markdown import render
from bookreviews.moderation import cases
from bookreviews.moderation.models import Case
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import tally
from bookreviews.search.index import index
from bookreviews.text import fold, slug, sort_key
from bookreviews.votes import counting
from bookreviews.votes.models import Vote

serial = count(1)
PASSWORD = "of mice and moonlight"


def a_book(title="The Hunger Games", authors=("Suzanne Collins",), isbns=(), subjects=(), **facts):
    """A book that the search knows."""
    key = match_key(title, authors[0] if authors else "")
    book = Book(title=title, sort_title=sort_key(title), match_key=key, **facts)
    db.session.add(book)
    db.session.flush()
    for position, name in enumerate(authors):
        author = db.session.scalar(Author.named(name)) or Author(name=name, name_key=fold(name))
        db.session.add(author)
        db.session.flush()
        db.session.add(Credit(book_id=book.id, author_id=author.id, position=position))
    for name in subjects:
        subject = db.session.scalar(Subject.named(slug(name))) or Subject(name=name, slug=slug(name))
        db.session.add(subject)
        db.session.flush()
        db.session.execute(book_subject.insert().values(book_id=book.id, subject_id=subject.id))
    db.session.add_all(Edition(book_id=book.id, isbn13=isbn) for isbn in isbns)
    db.session.flush()
    index([book.id])
    db.session.commit()
    return book


def a_reader(username=None, password=PASSWORD, roles=(), **facts):
    """A reader with an account and a confirmed address."""
    username = username or f"reader{next(serial)}"
    facts = {"email": f"{username.casefold()}@example.org", "confirmed_at": now()} | facts
    user = User(username=username, password=password and hash_password(password), **facts)
    user.roles = [db.session.scalar(sa.select(Role).where(Role.name == name)) or Role(name=name) for name in roles]
    db.session.add(user)
    db.session.commit()
    return user


def a_review(book=None, rating=8, by=None, **facts):
    """A review by a reader, or by a guest of its own."""
    book = book or a_book()
    writer = {"user_id": by.id, "name": by.username} if by else {"guest": f"guest-{next(serial)}", "name": "Ann"}
    facts = writer | {"body": "Could not put it down."} | facts
    review = Review(book_id=book.id, rating=rating, body_html=render(facts["body"]), **facts)
    db.session.add(review)
    tally(book.id, "written")
    db.session.commit()
    return review


def a_vote(review, helpful=True, by=None, **facts):
    """A vote of a reader on a review."""
    vote = Vote(review_id=review.id, user_id=(by or a_reader(password=None)).id, helpful=helpful, **facts)
    db.session.add(vote)
    counting.tally(review.id)
    db.session.commit()
    return vote


def a_passkey(reader, **facts):
    """A passkey that no device has."""
    facts = {"name": "Telephone", "usage": "first", "backup_state": False, "device_type": "x"} | facts
    key = f"key{next(serial)}".encode()
    passkey = Passkey(user_id=reader.id, credential_id=key, public_key=key, lastuse_datetime=now(), **facts)
    db.session.add(passkey)
    db.session.commit()
    return passkey


def a_picture(width=480, height=720, mode="RGB", colour="#7a2e3a", kind="PNG", **options):
    """A file with a picture in it."""
    file = BytesIO()
    Image.new(mode, (width, height), colour).save(file, kind, **options)
    return file.getvalue()


def a_cover(book=None, by=None, shown=True, **facts):
    """A cover that a reader sent, whose pictures are kept."""
    book, by = book or a_book(), by or a_reader(password=None)
    case = cases.opened("cover", book_id=book.id, user_id=by.id)
    cover = Cover(book_id=book.id, user_id=by.id, case_id=case.id, **({"key": f"{next(serial):032x}"} | facts))
    if shown:
        cover.show()
    if not cover.is_waiting:
        case.close()
    storage.save(cover.key, dict.fromkeys(WIDTHS, a_picture(kind="WEBP")))
    db.session.add(cover)
    gallery.hang(book.id)
    db.session.commit()
    return cover


def a_moderator(username=None, role="moderator"):
    """Somebody who decides."""
    return a_reader(username or f"mo{next(serial)}", roles=[role])


def a_case(review, kind="review", **facts):
    """Something about a review that waits for a moderator."""
    case = Case(kind=kind, book_id=review.book_id, review_id=review.id, **facts)
    db.session.add(case)
    db.session.commit()
    return case
