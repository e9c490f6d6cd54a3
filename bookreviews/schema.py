"""Pages for machines: the same facts in the words of https://schema.org, as JSON-LD."""

from itertools import islice
from operator import attrgetter

from flask import current_app
from markupsafe import Markup

from bookreviews.templating import address, cut, year
from bookreviews.urls import absolute

CONTEXT = {"@context": "https://schema.org"}
# So many of a book's reviews are told on its page, as those who read this show no more; each is told on its own.
TOLD = 3


def said(facts):
    """`facts` without those that nothing is known of."""
    return {name: fact for name, fact in facts.items() if fact not in (None, "", [])}


def website():
    """The site and its search, as a `WebSite`."""
    search = absolute(address("search.results")) + "?q={words}"
    return CONTEXT | {
        "@type": "WebSite",
        "name": current_app.config["SITE_NAME"],
        "url": absolute(address("pages.home")),
        "potentialAction": {"@type": "SearchAction", "target": search, "query-input": "required name=words"},
    }


def summary(book):
    """What the page of a book offers, in at most 160 characters or so."""
    if book.description:
        return cut(" ".join(book.description.split()), 155)
    names = ", ".join(author.name for author in book.authors[:3])
    published = f" ({year(book.first_published)})" if book.first_published is not None else ""
    by = f" by {cut(names, 50)}" if names else ""
    return f"What readers think of {cut(book.title, 70)}{by}{published}: its score and its reviews."


def book(book, reviews):
    """A book's page as a `Book`, with its score and the reviews that stand on that very page."""
    known = facts(book)
    work = {name: known[name] for name in ("@type", "name", "author") if name in known}
    more = {
        "description": book.description,
        "about": [subject.name for subject in book.subjects],
        "workExample": [edition(work, one) for one in book.editions if one.isbn13],
        "aggregateRating": score(book) if book.ratings_count else None,
        "review": [opinion(review) for review in islice(filter(attrgetter("body"), reviews), TOLD)],
    }
    return CONTEXT | known | said(more)


def review(review):
    """The page of one review, as a `Review` of its book."""
    return CONTEXT | opinion(review) | {"itemReviewed": facts(review.book)}


def reader(reader, habits):
    """A reader's page, as a `ProfilePage`."""
    written = {"@type": "InteractionCounter", "interactionType": "https://schema.org/ReviewAction"}
    person = {
        "@type": "Person",
        "name": reader.username,
        "url": absolute(address("readers.show", name=reader.username)),
        "agentInteractionStatistic": written | {"userInteractionCount": habits.ratings},
    }
    joined = reader.created_at.isoformat(timespec="seconds")
    return CONTEXT | {"@type": "ProfilePage", "dateCreated": joined, "mainEntity": person}


def facts(book):
    """What a book is known by, as a `Book`."""
    known = {
        "@type": "Book",
        "name": book.title,
        "url": absolute(address("books.show", book_id=book.ref)),
        "author": [{"@type": "Person", "name": author.name} for author in book.authors if not author.nobody],
        # Years before Christ are left out: ISO 8601 writes 44 BC as -0043, which few readers of JSON-LD know.
        "datePublished": f"{book.first_published:04}" if (book.first_published or 0) > 0 else None,
        "inLanguage": book.language,
        "image": absolute(address("covers.picture", key=book.cover_key, width=480)) if book.cover_key else None,
    }
    return said(known)


def edition(work, edition):
    """One published form of `work`, as a `Book`."""
    known = {"isbn": edition.isbn13, "numberOfPages": edition.pages, "inLanguage": edition.language}
    return work | said(known)


def score(book):
    """The mean of the site's own ratings, as an `AggregateRating`."""
    numbers = {"ratingValue": round(book.average, 2), "ratingCount": book.ratings_count, "reviewCount": book.reviews_count}
    return {"@type": "AggregateRating"} | numbers | {"bestRating": 5, "worstRating": 0.5}


def opinion(review):
    """What one reader thinks, as a `Review`; of words that the page hides as spoilers, nothing."""
    hidden = review.spoilers or 'class="spoiler"' in review.body_html
    known = {
        "@type": "Review",
        "url": absolute(address("reviews.show", review_id=review.id)),
        "author": {"@type": "Person", "name": review.name},
        "datePublished": review.created_at.date().isoformat(),
        "name": None if review.spoilers else review.title,
        "reviewBody": None if hidden else Markup(review.body_html).striptags(),
        "inLanguage": review.language,
        "reviewRating": {"@type": "Rating", "ratingValue": review.rating / 2, "bestRating": 5, "worstRating": 0.5},
    }
    return said(known)
