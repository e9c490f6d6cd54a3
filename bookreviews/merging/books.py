"""Two books become one, and two again.

What one of them had goes to the other: editions, numbers, reviews with their votes, drafts, covers, proposals, cases and
decisions. The history of its facts, and its ledger, stay with its row, which stays as well, so that
its old addresses lead on (forwarding.py), imports find the other by it, and all can be undone.
"""

import sqlalchemy as sa

from bookreviews.books.importer import hold
from bookreviews.books.models import Book, Edition, Identifier
from bookreviews.covers.gallery import hang
from bookreviews.covers.models import Cover
from bookreviews.drafts import drafting
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.merging.facts import FIELDS, LISTS, MANY, NOTHING, carry, known, part, put, rows
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import lock, tally_all
from bookreviews.revisions import facts
from bookreviews.revisions.models import APPLIED, PROPOSED, Revision
from bookreviews.search.index import index

BOOKS, CASES, DRAFTS, EDITIONS, REVIEWS = (model.__table__ for model in (Book, Case, Draft, Edition, Review))
COVERS, DECISIONS, REVISIONS = (model.__table__ for model in (Cover, Decision, Revision))
# Another cover by whoever sent one of COVERS.
OTHER_COVER = COVERS.alias()
# What is carried back, by its kind.
CARRIED = {
    "editions": EDITIONS, "drafts": DRAFTS, "covers": COVERS, "proposals": REVISIONS, "decisions": DECISIONS, "cases": CASES,
}  # fmt: skip
# What does not go back where it was: it is with the book that had stayed, and the other words are a draft.
CHOSEN = "what readers chose who had reviewed both"
# Another review by the writer of one of REVIEWS.
OTHER = sa.orm.aliased(Review)
BY_THE_SAME = sa.or_(OTHER.user_id == REVIEWS.c.user_id, OTHER.guest == REVIEWS.c.guest)


def merge(from_id, into_id, taken, reason):
    """Merge one book into another, in the caller's transaction.

    :param taken: for fields of `facts.FIELDS`, and "authors" and "subjects", whether it is the one's ("from") or the
        other's ("into"), or of the subjects those of "both". A field that is not named stays the other's.
    :returns: the Merge, or None where one of the two is not there any more.
    """
    hold()
    if not all([lock(book_id) for book_id in sorted((from_id, into_id))]):
        return None
    before, said = {"from": known(from_id), "into": known(into_id)}, facts.of(into_id)
    told = {"before": before, "moved": move(from_id, into_id)}
    put(into_id, chosen(before, taken), (*FIELDS, *LISTS))
    put(from_id, NOTHING, NOTHING)
    told["after"] = known(into_id)
    told["moved"]["books"] = lead_on(from_id, into_id)
    index([from_id, into_id])
    names = {way: one["title"] for way, one in before.items()}
    done = Merge(kind="books", from_book_id=from_id, into_book_id=into_id, names=names, told=told, reason=reason)
    db.session.add(done)
    explain(into_id, said, f"{done.sentence} {reason}")
    return done


def explain(book_id, before, why):
    """Let the history of a book tell how its facts became others.

    :param before: what they were.
    """
    after = facts.of(book_id)
    changes = {name: [before[name], after[name]] for name in facts.LABELS if before[name] != after[name]}
    db.session.add(Revision(book_id=book_id, role="moderator", state=APPLIED, changes=changes, why=why))


def chosen(before, taken):
    """What is known of the book that two become."""
    told = dict(before["into"])
    for field in (*FIELDS, "authors", "subjects"):
        if taken.get(field) == "from":
            told |= {name: before["from"][name] for name in FIELDS.get(field, (field,))}
    if taken.get("subjects") == "both":
        told["subjects"] = sorted({*before["from"]["subjects"], *before["into"]["subjects"]})
    most = {}  # of each source the rating by the most readers: both may count the same ones
    for rating in sorted(before["from"]["outside"] + before["into"]["outside"], key=lambda rating: rating[2]):
        most[rating[0]] = rating
    return told | {"outside": sorted(most.values())}


def move(from_id, into_id):
    """Move what a book has to another, whose locks the caller holds.

    :returns: the numbers of what moved, by its kind.
    """
    editions = ids_of(EDITIONS, from_id)
    carry(EDITIONS, editions, from_id, into_id)
    numbers = rows(sa.select(Identifier.scheme, Identifier.value).where(Identifier.book_id == from_id))
    carry_numbers(numbers, from_id, into_id)
    give_way(from_id, into_id)
    reviews = ids_of(REVIEWS, from_id)
    move_reviews(reviews, from_id, into_id, [into_id])
    left = ids_of(REVIEWS, from_id)
    moved = {"editions": editions, "identifiers": numbers, "reviews": sorted({*reviews}.difference(left))}
    moved |= {"drafts": move_drafts(from_id, into_id), "covers": move_covers(from_id, into_id)}
    moved |= {"proposals": ids_of(REVISIONS, from_id, REVISIONS.c.state == PROPOSED), "decisions": ids_of(DECISIONS, from_id)}
    carry(REVISIONS, moved["proposals"], from_id, into_id)
    carry(DECISIONS, moved["decisions"], from_id, into_id)
    return moved | {"left": left, "cases": move_cases(from_id, into_id), "checks": close_checks(from_id)}


def ids_of(table, book_id, *conditions):
    """The ids of the rows that a table has of a book."""
    return db.session.scalars(sa.select(table.c.id).where(table.c.book_id == book_id, *conditions)).all()


def carry_numbers(numbers, here, there):
    """Let those numbers in other catalogues that are a book's be another's."""
    for scheme, value in numbers:
        one = Identifier.scheme == scheme, Identifier.value == value, Identifier.book_id == here
        db.session.execute(sa.update(Identifier.__table__).where(*one).values(book_id=there))


def give_way(from_id, into_id):
    """Drop what writers have deleted of one book where they have a review of the other, which comes in its place.

    What moderators had removed or held is not got rid of so.
    """
    comes = sa.exists().where(OTHER.book_id == from_id, BY_THE_SAME, OTHER.deleted_at.is_(None))
    deleted = REVIEWS.c.book_id == into_id, REVIEWS.c.deleted_at.is_not(None)
    free = REVIEWS.c.hidden_at.is_(None), REVIEWS.c.held_at.is_(None)
    db.session.execute(sa.delete(REVIEWS).where(*deleted, *free, comes))


def move_reviews(ids, here, there, standing):
    """Move reviews from one book to another, but for those whose writers have one of that as well.

    For a moment they stand aside: so the ledger tells that they leave one score, and then that they enter another. Those
    of a book that is merged go on doing so, until their writers have chosen.

    :param standing: which of the two books stand by themselves afterwards.
    """
    for start in range(0, len(ids), MANY):
        some = REVIEWS.c.id.in_(ids[start : start + MANY]), REVIEWS.c.book_id == here
        db.session.execute(sa.update(REVIEWS).where(*some).values(set_aside_at=now()))
    tally_all([here], "merged")
    carry(REVIEWS, ids, here, there, ~sa.exists().where(OTHER.book_id == there, BY_THE_SAME))
    db.session.execute(sa.update(REVIEWS).where(REVIEWS.c.book_id.in_(standing)).values(set_aside_at=None))
    tally_all(sorted(standing), "merged")


def move_drafts(from_id, into_id):
    """Move drafts to another book; of a member's two, the words of the older come below those of the newer.

    :returns: the ids of those that moved.
    """
    there = {draft.user_id: draft for draft in drafts_of(into_id)}
    undecided = set(db.session.scalars(sa.select(Review.user_id).where(Review.book_id == from_id)))
    moved = []
    for draft in drafts_of(from_id):
        other = there.get(draft.user_id)
        older = other and min(draft, other, key=lambda one: one.saved_at)
        if older:
            drafting.discard(older)
            db.session.flush()
        if older is not draft:
            draft.book_id = into_id
            moved.append(draft.id)
        if older:
            drafting.add(other if older is draft else draft, older)
        if draft.user_id in undecided:
            draft.began_from = 0  # what it began from is not what stands now: both are shown
    return moved


def drafts_of(book_id):
    return db.session.scalars(sa.select(Draft).where(Draft.book_id == book_id).order_by(Draft.id)).all()


def move_covers(from_id, into_id):
    """Move the covers of a book to another, which shows the newest; of a reader's two that wait, one stays behind.

    :returns: the ids of those that moved.
    """
    waits = COVERS.c.shown_at.is_(None) & COVERS.c.refused_at.is_(None)
    theirs = (OTHER_COVER.c.book_id == into_id) & (OTHER_COVER.c.user_id == COVERS.c.user_id)
    second = waits & sa.exists().where(theirs, OTHER_COVER.c.shown_at.is_(None), OTHER_COVER.c.refused_at.is_(None))
    moving = ids_of(COVERS, from_id, sa.not_(second))
    carry(COVERS, moving, from_id, into_id)
    hang(from_id)
    hang(into_id)
    return moving


def move_cases(from_id, into_id):
    """Let what waits for moderators about a book, or about reviews that moved, be about another.

    :returns: the ids of the cases.
    """
    left = sa.select(Review.id).where(Review.book_id == from_id)
    covers = sa.select(Cover.case_id).where(Cover.book_id == from_id)
    moves = CASES.c.kind != "book", CASES.c.review_id.is_(None) | CASES.c.review_id.not_in(left), CASES.c.id.not_in(covers)
    moving = ids_of(CASES, from_id, *moves)
    carry(CASES, moving, from_id, into_id)
    return moving


def close_checks(book_id):
    """Let nobody look any more whether a book is right as it was brought in.

    :returns: the ids of the cases.
    """
    waiting = ids_of(CASES, book_id, CASES.c.kind == "book", CASES.c.closed_at.is_(None))
    db.session.execute(sa.update(CASES).where(CASES.c.id.in_(waiting)).values(closed_at=now()))
    return waiting


def lead_on(from_id, into_id):
    """Let a book's addresses lead to another, and those of the books that were merged into it, too.

    :returns: the ids of these.
    """
    merged = db.session.scalars(sa.select(Book.id).where(Book.merged_into_id == from_id)).all()
    db.session.execute(sa.update(BOOKS).where(BOOKS.c.id.in_([from_id, *merged])).values(merged_into_id=into_id))
    return merged


def undo(done):
    """Make two books of one again, in the caller's transaction.

    What moved and is still there goes back, and so does what was chosen, where nobody has changed it since. What was
    written since stays.

    :returns: what stays as it was changed since; None where it is undone, or the book merged, by now.
    """
    hold()
    if not lock(done.into_book_id):
        return None
    db.session.refresh(done, ["undone_at"])
    if done.undone:
        return None
    from_id, into_id, told = done.from_book_id, done.into_book_id, done.told
    moved, said = told["moved"], facts.of(into_id)  # merges of long ago tell neither "left" nor "checks"
    stand_again(from_id, into_id, moved["books"])
    changed = take_back(told, from_id, into_id)
    if not {*moved.get("left", ())}.issubset(ids_of(REVIEWS, from_id)):
        changed.append(CHOSEN)
    move_back(moved, from_id, into_id)
    done.undo()
    index([from_id, into_id])
    explain(into_id, said, f"Undone: {done.sentence}")
    return changed


def stand_again(from_id, into_id, merged):
    """Let a book stand by itself again, and have those lead to it that were merged into it."""
    db.session.execute(sa.update(BOOKS).where(BOOKS.c.id == from_id).values(merged_into_id=None))
    theirs = BOOKS.c.id.in_(merged), BOOKS.c.merged_into_id == into_id
    db.session.execute(sa.update(BOOKS).where(*theirs).values(merged_into_id=from_id))


def take_back(told, from_id, into_id):
    """Let both books be what they were, but for what was changed since.

    :returns: the fields that were changed.
    """
    as_it_is = known(into_id)
    changed = [field for field in (*FIELDS, *LISTS) if part(as_it_is, field) != part(told["after"], field)]
    put(into_id, told["before"]["into"], [field for field in (*FIELDS, *LISTS) if field not in changed])
    put(from_id, told["before"]["from"], NOTHING)
    return changed


def move_back(moved, from_id, into_id):
    """Move back what moved from a book, and is still with the other."""
    for kind, table in CARRIED.items():
        carry(table, moved[kind], into_id, from_id)
    hang(into_id)
    hang(from_id)
    carry_numbers(moved["identifiers"], into_id, from_id)
    move_reviews(moved["reviews"], into_id, from_id, [from_id, into_id])
    db.session.execute(sa.update(CASES).where(CASES.c.id.in_(moved.get("checks", ()))).values(closed_at=None))
