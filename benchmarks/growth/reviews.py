"""Reviews: of a few books most of them, as they came in over ten years; with what hangs on them, by chance, always the same."""

import random
from array import array
from collections import Counter
from datetime import datetime, timedelta
from math import gcd

from benchmarks.growth.words import words, zipf
from bookreviews.accounts.names import key_of
from bookreviews.markdown import render
from bookreviews.votes.counting import helpfulness

TABLES = {
    "user": "id email username username_key active sample created_at confirmed_at fs_uniquifier".split(),
    "review": "id book_id user_id guest name rating title body body_html language spoilers source knows_author created_at"
    " deleted_at held_at hidden_at left_out_at tallied helpful unhelpful votes_before helpfulness version".split(),
    "rating_change": "id book_id review_id at before after cause".split(),
    "vote": "user_id review_id helpful cast_at".split(),
    "moderation_case": "id kind book_id review_id opened_at closed_at".split(),
    "decision_count": ["year", "action", "count"],
    "decision": "id at action rule reason role case_id book_id review_id user_id".split(),
}
LANGUAGES = ["en", "de", "fr", "es", "it"]
STATES = {"deleted": 0.02, "held": 0.0005, "hidden": 0.004, "left_out": 0.003}
FIRST_DAY, DAYS = datetime(2016, 1, 1), 3_650
TEXTS = 20_000
CHUNK = 20_000
# One reader has reviewed one book in so many; the others share the rest.
READS_MUCH, EVERY = 1, 61
HELPFULNESS = {(up, down): helpfulness(up, down) for up in range(4) for down in range(3)}


class Reviews:
    """The reviews of a catalogue of a certain size."""

    def __init__(self, count, books):
        self.count, self.members = count, count // 20
        self.of_book, self.place = places(count, books)
        self.texts = texts()
        self.days = [f"{FIRST_DAY + timedelta(days):%Y-%m-%d}" for days in range(DAYS + 2)]
        self.step, self.stride = coprime(count), coprime(self.members - READS_MUCH)
        self.tallies = [{} for _ in range(books + 1)]  # of each book, as Book keeps them
        self.entries = self.cases = self.decisions = 0
        self.years = Counter()  # in which so many reviews were removed

    def write(self, write):
        """Write everything, in the order of time; afterwards `tallies` are right."""
        write("user", [self.user(number) for number in range(1, self.members + 1)])
        for first in range(1, self.count + 1, CHUNK):
            rows = {table: [] for table in TABLES}
            chance = random.Random(first)
            for number in range(first, min(first + CHUNK, self.count + 1)):
                self.add(rows, chance, number)
            for table, some in rows.items():
                write(table, some)
        write("decision_count", [(int(year), "hide", times) for year, times in self.years.items()])

    def user(self, number):
        name, moment = f"reader{number}", f"{self.days[0]} 00:00:00.000000"
        return number, f"{name}@example.org", name, key_of(name), True, False, moment, moment, f"growth{number}"

    def add(self, rows, chance, number):
        """Make a review and what belongs to it, and put it to the rows of each table."""
        place = number * self.step % self.count
        book_id = self.of_book[place]
        user_id, guest = self.writer(chance, number, book_id, place - self.place[book_id])
        rating = self.rating(chance, book_id)
        at, later = self.moment(number), self.moment(number, 1)
        state = self.state(chance) if user_id else "stands"
        moments = [later if state == name else None for name in STATES]
        title, body, html = ("", "", "") if chance.random() < 0.25 else self.texts[int(chance.random() * TEXTS)]
        source = "free" if chance.random() < 0.02 else None
        language = LANGUAGES[min(int(chance.expovariate(1.6)), 4)] if body else None
        votes = self.votes(rows["vote"], chance, number, user_id, later) if body and state == "stands" else (0, 0)
        writer = user_id, guest, f"reader{user_id}" if user_id else "A guest"
        words = title, body, html, language, chance.random() < 0.03, source, False
        counts = *votes, 0, HELPFULNESS[votes], 1
        tallied = self.tallied(state, user_id, rating, body, source, language)
        rows["review"].append((number, book_id, *writer, rating, *words, at, *moments, tallied, *counts))
        self.tally(book_id, tallied)
        self.enter(rows, number, book_id, user_id, rating, at, later, state)

    def writer(self, chance, number, book_id, nth):
        """Who wrote the nth review of a book: a member's number or what a guest is known by; nobody reviews a book twice."""
        if nth == 0 and book_id % EVERY == 0:
            return READS_MUCH, None
        if chance.random() < 0.05:
            return None, f"guest{number}"
        return READS_MUCH + 1 + (book_id * 7 + nth * self.stride) % (self.members - READS_MUCH), None

    def rating(self, chance, book_id):
        """Half stars around what the book deserves."""
        return max(1, min(10, round(chance.gauss(5 + book_id * 7_919 % 40 / 10, 1.8))))

    def moment(self, number, days=0):
        """When a review came, or so many days later."""
        day, part = divmod(number * DAYS, self.count)
        second = part * 86_400 // self.count
        return f"{self.days[day + days]} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000"

    def state(self, chance):
        """What became of a review: most of them stand."""
        dice = chance.random()
        for state, share in STATES.items():
            if dice < share:
                return state
            dice -= share
        return "stands"

    def votes(self, rows, chance, number, user_id, at):
        """Votes on some reviews: how many found them helpful, and how many not."""
        if chance.random() > 0.1:
            return 0, 0
        up, down = int(4 * chance.random()), int(3 * chance.random() ** 2)
        voters = [1 + ((user_id or 0) + step) % self.members for step in range(up + down)]
        rows += [(voter, number, place < up, at) for place, voter in enumerate(voters)]
        return up, down

    def tallied(self, state, user_id, rating, body, source, language):
        """What a review is part of, as the database would say it (TALLY in reviews/models.py)."""
        if state in ("deleted", "held", "hidden"):
            return {"deleted": None, "held": "held", "hidden": "removed"}[state]
        kind = "guest" if not user_id else "counted" if state == "stands" else state
        return (
            f"{kind} {rating}{',words' if body else ''}{',free' if source else ''}{f',language {language}' if language else ''}"
        )

    def tally(self, book_id, tallied):
        """Take a review into the tallies of its book."""
        tallies = self.tallies[book_id]
        for name in tallied.split(",") if tallied else ():
            tallies[name] = tallies.get(name, 0) + 1

    def enter(self, rows, number, book_id, user_id, rating, at, later, state):
        """The ledger, and what moderators have to do and have done."""
        if user_id and state != "held":
            self.entries += 1
            rows["rating_change"].append((self.entries, book_id, number, at, None, rating, "written"))
        if state in ("deleted", "hidden", "left_out"):
            self.entries += 1
            rows["rating_change"].append((self.entries, book_id, number, later, rating, None, state))
        if state in ("held", "hidden"):
            self.cases += 1
            closed = later if state == "hidden" else None
            rows["moderation_case"].append((self.cases, "review", book_id, number, at, closed))
        if state == "hidden":
            self.decisions += 1
            self.years[later[:4]] += 1
            why = "hide", "spam", "It sells something.", "moderator"
            rows["decision"].append((self.decisions, later, *why, self.cases, book_id, number, user_id))


def places(count, books):
    """The books of so many reviews, one after the other, and where each book's begin.

    The first book has one review in fifty; six in ten have any.
    """
    shares = weights(count, books * 6 // 10)
    of_book, begins = array("I"), array("I", [0]) * (books + 1)
    for rank, share in enumerate(shares):
        book_id = 1 + rank * coprime(books) % books
        begins[book_id] = len(of_book)
        of_book.extend(array("I", [book_id]) * share)
    return of_book, begins


def weights(count, books):
    """How many reviews each book has, the most first, by Zipf's law."""
    low, high = 0.1, 2.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if sum(1 / rank**middle for rank in range(1, books + 1)) > 50 else (low, middle)
    shares = [int(count / 50 / rank**low) for rank in range(1, books + 1)]
    short = count - sum(shares)  # what rounding took: the least reviewed have one each of it
    return [share + (place >= books - short) for place, share in enumerate(shares)]


def coprime(count):
    """A number that steps through all of `count` places, far apart."""
    step = int(count * 0.618) | 1
    while gcd(step, count) > 1:
        step += 2
    return step


def texts():
    """Titles and bodies of reviews, as typed and as HTML."""
    chance, of_words = random.Random("texts"), words(5_000)
    common, found = zipf(len(of_words)), []
    for _ in range(TEXTS):
        some = chance.choices(of_words, cum_weights=common, k=chance.randint(18, 105))
        body = " ".join(some).capitalize() + "."
        title = " ".join(some[3:6]).capitalize() if chance.random() < 0.5 else ""
        found.append((title, body, render(body).replace("\n", "")))
    return found
