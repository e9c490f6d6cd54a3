"""The numbers that are kept beside the reviews, checked; and the reviews that wait for a look."""

import click
from sqlalchemy.orm import joinedload

from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.markdown import excerpt
from bookreviews.moderation import deciding
from bookreviews.moderation.deciding import Verdict
from bookreviews.moderation.judges import Judge
from bookreviews.reviews import ratings as books
from bookreviews.reviews.jobs import release_all
from bookreviews.reviews.models import Review
from bookreviews.templating import plural, stars_name
from bookreviews.votes import counting as votes

ratings = Commands("ratings", help="The books' scores and counts, and the reviews' votes.")
OPERATOR = Judge("admin")
reviews = Commands("reviews", help="The reviews that wait for a look (GUEST_REVIEWS=held).")


@ratings.command()
@click.option("--fix", is_flag=True, help="Mend what is wrong.")
def verify(fix):
    """Count every book's ratings again from the reviews, and every review's votes, and print the differences.

    Ends with status 1 when there were any and --fix was not given.
    """
    wrong = verify_books(fix) + verify_votes(fix)
    db.session.commit()
    click.echo(f"{wrong} {'mended' if fix else 'wrong'}.")
    if wrong and not fix:
        raise click.exceptions.Exit(1)


def verify_books(fix):
    """Count every book's ratings again, and compare the ledger with them; print the differences.

    :returns: how many books differ.
    """
    wrong = 0
    for book_id, *_ in books.differences():
        books.lock(book_id)
        if found := books.difference(book_id):
            kept, counted = map(told_of_book, found)
            click.echo(f"Book {book_id}: {kept} kept, {counted} counted")
            wrong += 1
            if fix:
                books.mend(book_id)
        db.session.commit()
    return wrong


def verify_votes(fix):
    """Count every review's votes again, and print the differences.

    :returns: how many reviews differ.
    """
    wrong = 0
    for review_id, kept, counted in votes.differences():
        click.echo(f"Review {review_id}: {told(kept)} kept, {told(counted)} counted")
        wrong += 1
        if fix:
            votes.lock(review_id)
            votes.tally(review_id)
            db.session.commit()
    return wrong


def told_of_book(numbers):
    """What the numbers of a book say, in a line."""
    ratings, half_stars, guests, guests_half_stars, with_words, noted, noted_half_stars, wrong, outdated, tallies = numbers
    told = f"{ratings} ratings of {half_stars} half stars, {guests} by guests of {guests_half_stars}, {with_words} with words"
    spread = ", ".join(f"{times} {name}" for name, times in sorted(tallies.items()))
    ledger = f"{noted} of {noted_half_stars} in the ledger, {wrong} of its sums by month wrong"
    return f"{told}, {ledger}, {outdated} reviews out of date: {spread or 'none'}"


def told(numbers):
    """What the numbers of a review say, in a line."""
    helpful, unhelpful, before, helpfulness = numbers
    return f"{helpful} helpful and {unhelpful} not, {before} of them from before a change, helpfulness {helpfulness:.4f}"


@reviews.command()
def held():
    """List the reviews that wait: their numbers, books, writers and first words."""
    waiting = db.session.scalars(Review.waiting().options(joinedload(Review.book))).all()
    for review in waiting:
        words = f"{review.title} {excerpt(review.body_html, 80)}".strip() or "no words"
        click.echo(f"{review.id}  {stars_name(review.rating)}  {review.book.title}, by {review.name}: {words}")
    click.echo(f"{len(waiting)} {'waits' if len(waiting) == 1 else 'wait'}.")


@reviews.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
def publish(numbers):
    """Let reviews that wait be read by everybody."""
    settle(numbers, Verdict("keep"), "published")


@reviews.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
def refuse(numbers):
    """Remove reviews that wait; their writers can still read them."""
    settle(numbers, Verdict("hide", "other", "The operator of this site has looked at it, and did not publish it."), "refused")


def settle(numbers, verdict, done):
    """Decide on each of some reviews; ends with status 1 where one of them does not wait."""
    unknown = False
    for number in numbers:
        review = db.session.scalar(Review.waiting().where(Review.id == number))
        unknown = unknown or not review
        if review:
            deciding.on_review(number, verdict, OPERATOR, deciding.state(review))
            db.session.commit()
        click.echo(f"{number} {done}." if review else f"{number}: no such review waits.", err=not review)
    if unknown:
        raise click.exceptions.Exit(1)


@ratings.command()
def release():
    """Count the ratings that came in a burst and have waited long enough.

    The site does so by itself when somebody looks at the book; a scheduler makes sure of it.
    """
    click.echo(f"Ratings of {plural(release_all(), 'book')} count now.")
