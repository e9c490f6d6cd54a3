"""What readers and moderators do, at random: all that changes what visitors read."""

import re

from tests.browser import hidden
from tests.revisions.changes import filled

SHARES = {"write": 40, "delete": 10, "vote": 20, "judge": 20, "correct": 10}


class Deeds:
    """Things done one after the other. What the site refuses, as things stand, is done as well.

    :param some: random.Random.
    :param readers: who read and write, each with `form(path)`, the form there or None, and `send(path, fields)`, which
        returns (status, where the answer leads).
    :param moderator: one more of them.
    :param words: a new text each time it is called.
    """

    def __init__(self, some, readers, moderator, books, words):
        self.some, self.readers, self.moderator, self.books, self.words = some, readers, moderator, books, words
        self.reviews = []  # their numbers, and the addresses of their books
        self.done = 0  # what the site did not refuse

    def do(self):
        """Do one thing.

        :returns: the address of the book that it is about.
        """
        [kind] = self.some.choices(list(SHARES), SHARES.values())
        reader, book = self.some.choice(self.readers), self.some.choice(self.books)
        if kind in ("vote", "judge") and self.reviews:
            number, book = self.some.choice(self.reviews)
            self.vote(reader, book, number) if kind == "vote" else self.judge(number)
        elif kind == "delete":
            self.submit(reader, f"{book}/review/delete")
        elif kind == "correct":
            self.correct(book)
        else:
            self.write(reader, book)
        return book

    def write(self, reader, book):
        said = {"rating": self.some.randint(1, 10), "title": self.words()[:50], "body": self.words()}
        _, where = self.submit(reader, f"{book}/review", said)
        if written := re.search(r"/reviews/(\d+)/thanks", where or ""):
            self.reviews.append((written[1], book))

    def vote(self, reader, book, number):
        form = reader.form(f"{book}/review")
        token = hidden(form)["csrf_token"]
        self.send(reader, f"/reviews/{number}/vote", {"csrf_token": token, "helpful": self.some.choice(("yes", "no", "none"))})

    def judge(self, number):
        action = self.some.choice(("hide", "restore", "hold", "keep"))
        self.submit(self.moderator, f"/moderation/reviews/{number}", {"action": action, "rule": "spam", "reason": "A test."})

    def correct(self, book):
        form = self.moderator.form(f"{book}/edit")
        self.send(self.moderator, f"{book}/edit", filled(form) | {"description": self.words()})

    def submit(self, who, path, fields=()):
        form = who.form(path)
        return self.send(who, path, hidden(form) | dict(fields)) if form else (404, None)

    def send(self, who, path, fields):
        status, where = who.send(path, fields)
        self.done += status == 303
        return status, where
