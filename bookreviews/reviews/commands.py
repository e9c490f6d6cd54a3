"""The numbers that are kept beside the reviews, checked; and the reviews that wait for a look."""

import click
from sqlalchemy.orm import joinedload

from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.markdown import excerpt
from bookreviews.reviews import ratings as books
from bookreviews.reviews import writing
from bookreviews.reviews.models import Review
from bookreviews.templating import stars_name
from bookreviews.votes import counting as votes

ratings = Commands("ratings", help="The books' scores and counts, and the reviews' votes.")
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
    ratings, half_stars, guests, guests_half_stars, with_words, noted, noted_half_stars, outdated = numbers
    told = f"{ratings} ratings of {half_stars} half stars, {guests} by guests of {guests_half_stars}, {with_words} with words"
    return f"{told}, {noted} of {noted_half_stars} in the ledger, {outdated} reviews out of date"


def told(numbers):
    """What the numbers of a review say, in a line."""
    helpful, unhelpful, before, helpfulness = numbers
    return f"{helpful} helpful and {unhelpful} not, {before} of them from before a change, helpfulness {helpfulness:.4f}"


@reviews.command()
def held():
    """List the reviews that wait: their numbers, books, writers and first words."""
    waiting = db.session.scalars(Review.waiting().options(joinedload(Review.book))).all()
    for review in waiting:
        words = excerpt(f"{review.title}\n\n{review.body}", 80) or "no words"
        click.echo(f"{review.id}  {stars_name(review.rating)}  {review.book.title}, by {review.name}: {words}")
    click.echo(f"{len(waiting)} {'waits' if len(waiting) == 1 else 'wait'}.")


@reviews.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
def publish(numbers):
    """Let reviews that wait be read by everybody."""
    settle(numbers, True, "published")


@reviews.command()
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
def refuse(numbers):
    """Delete reviews that wait."""
    settle(numbers, False, "refused")


def settle(numbers, publish, done):
    """Publish or refuse each of some reviews; ends with status 1 where one of them does not wait."""
    unknown = False
    for number in numbers:
        found = writing.settle(number, publish)
        db.session.commit()
        unknown = unknown or not found
        click.echo(f"{number} {done}." if found else f"{number}: no such review waits.", err=not found)
    if unknown:
        raise click.exceptions.Exit(1)
