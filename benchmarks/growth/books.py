"""A catalogue: books with authors, subjects, editions and what the search knows of them, made by chance, always the same."""

import json
import random
from collections import Counter, namedtuple

from benchmarks.growth.words import words, zipf
from bookreviews.books.models import match_key, name_key
from bookreviews.reviews.ratings import numbers
from bookreviews.search.index import endings, postings, words_of, written
from bookreviews.search.spelling import forms, is_word
from bookreviews.text import slug, sort_key

TABLES = {
    "book": "id title subtitle language first_published series series_position sort_title match_key created_at outside_count"
    " sample tallies ratings_count ratings_sum guests_count guests_sum reviews_count".split(),
    "author": ["id", "name", "name_key"],
    "subject": ["id", "name", "slug", "books_count"],
    "book_author": ["book_id", "author_id", "role", "position"],
    "book_subject": ["book_id", "subject_id"],
    "edition": "id book_id isbn13 format publisher year language pages".split(),
    "outside_rating": ["book_id", "source", "average", "count"],
    "search_book": ["rowid", "place", "text", "title", "authors", "subjects"],
    "search_posting": ["word", "place"],
    "search_ending": ["ending", "word"],
    "search_form": ["form", "word"],
}
CREATED = "2016-01-01 00:00:00.000000"
LANGUAGES = "en de fr es it nl pt ja ru sv pl tr zh ar da fi cs el he la".split()
FORMATS = ["Paperback", "Hardcover", "E-book", "Audiobook"]
# Books are made so many at a time.
CHUNK = 10_000
Named = namedtuple("Named", "id popularity title subtitle series series_position")


class Catalogue:
    """What the books of a catalogue of a certain size are made of."""

    def __init__(self, count):
        self.count, self.words = count, words()
        self.weights = zipf(len(self.words))
        self.authors = authors(count // 3 + 1, self.words)
        self.subjects = subjects(200 + count // 50, self.words)
        self.subject_weights = zipf(len(self.subjects))
        self.language_weights = zipf(len(LANGUAGES), 2)
        self.editions = 0

    def write(self, write, tallies=None):
        """Write everything.

        :param tallies: of each book, see reviews.py; None: nobody has reviewed anything.
        """
        write("author", [(number, name, name_key(name)) for number, name in enumerate(self.authors, 1)])
        known, counts = set(), Counter()
        for first in range(1, self.count + 1, CHUNK):
            rows = {table: [] for table in TABLES}
            for book_id in range(first, min(first + CHUNK, self.count + 1)):
                self.add(rows, book_id, tallies[book_id] if tallies else {})
            found = [dict(zip(TABLES["search_book"], row, strict=True)) for row in rows["search_book"]]
            rows["search_posting"] = sorted(postings(found))
            new = {word for row in found for word in words_of(row)} - known
            rows["search_ending"] = [(part, word) for word in new for part in set(endings(word))]
            rows["search_form"] = [(form, word) for word in new if is_word(word) for form in forms(word)]
            known |= new
            counts.update(subject_id for _, subject_id in rows["book_subject"])
            for table, some in rows.items():
                write(table, some)
        write("subject", [(number, name, slug(name), counts[number]) for number, name in enumerate(self.subjects, 1)])

    def add(self, rows, book_id, tallies):
        """Make a book and what belongs to it, and put it to the rows of each table."""
        chance = random.Random(book_id)
        title = self.title(chance)
        subtitle = self.title(chance) if chance.random() < 0.25 else ""
        series, place = (self.title(chance), str(chance.randint(1, 9))) if chance.random() < 0.15 else ("", "")
        by = self.authors_of(chance)
        about = sorted(set(chance.choices(range(len(self.subjects)), cum_weights=self.subject_weights, k=chance.randint(1, 6))))
        language = chance.choices(LANGUAGES, cum_weights=self.language_weights)[0] if chance.random() < 0.95 else None
        year = self.year(chance)
        others = self.outside(rows["outside_rating"], chance, book_id)
        people = [self.authors[number] for number in by]
        counted = numbers(tallies)
        told = json.dumps(dict(sorted(tallies.items()))), *counted.values()
        keys = sort_key(title), match_key(title, people[0])
        rows["book"].append((book_id, title, subtitle, language, year, series, place, *keys, CREATED, others, False, *told))
        rows["book_author"] += [(book_id, number + 1, "author", place) for place, number in enumerate(by)]
        rows["book_subject"] += [(book_id, number + 1) for number in about]
        isbns = self.add_editions(rows["edition"], chance, book_id, year, language)
        subjects = sorted(self.subjects[number] for number in about)
        named = Named(book_id, others + counted["ratings_count"], title, subtitle, series, place)
        found = written(named, people, sorted(isbns), subjects)
        rows["search_book"].append(tuple(found.values()))

    def title(self, chance):
        """One to six words, the commonest of them common indeed."""
        length = chance.choice((1, 2, 2, 3, 3, 3, 4, 5, 6))
        return " ".join(chance.choices(self.words, cum_weights=self.weights, k=length)).capitalize()

    def authors_of(self, chance):
        """The places of one to three authors in their list; a few write a great many books."""
        few = {int(len(self.authors) * chance.random() ** 3) for _ in range(chance.choice((1, 1, 1, 1, 2, 3)))}
        return sorted(few)

    def year(self, chance):
        """A year, most of them lately; None where nobody knows."""
        if chance.random() < 0.03:
            return None
        return 2025 - int(chance.expovariate(1 / 18)) if chance.random() < 0.99 else chance.randint(-750, -1)

    def outside(self, rows, chance, book_id):
        """What readers elsewhere gave a book, where anybody did.

        :returns: how many they were.
        """
        if chance.random() < 0.5:
            return 0
        many = int(5 * chance.paretovariate(0.8)) % 5_000_000
        rows.append((book_id, "Goodreads", round(chance.uniform(2.8, 4.7), 2), many))
        return many

    def add_editions(self, rows, chance, book_id, year, language):
        """One to four editions.

        :returns: their ISBNs.
        """
        isbns = []
        for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
            self.editions += 1
            isbns.append(isbn13(self.editions))
            publisher = self.authors[book_id % 500].rpartition(" ")[2]
            facts = chance.choice(FORMATS), publisher, year if year and year > 1500 else None, language, chance.randint(40, 900)
            rows.append((self.editions, book_id, isbns[-1], *facts))
        return isbns


def authors(count, of_words):
    """So many different names of people."""
    chance = random.Random("authors")
    first, last = of_words[100:1_500], of_words[1_500:40_000]
    weights = zipf(len(last), 0.6)
    found = {}
    while len(found) < count:
        name = f"{chance.choice(first)} {chance.choices(last, cum_weights=weights)[0]}".title()
        found[name if name not in found else f"{name[0]}. {chance.choice(first).title()} {name}"] = None
    return list(found)


def subjects(count, of_words):
    """So many different subjects, the commonest first."""
    chance = random.Random("subjects")
    found = dict.fromkeys(word.title() for word in of_words[100:160])
    while len(found) < count:
        found[" ".join(chance.sample(of_words[:5_000], 2)).capitalize()] = None
    return list(found)


def isbn13(number):
    """The valid ISBN of an edition, by its number."""
    digits = f"978{number * 7_919 % 1_000_000_000:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
