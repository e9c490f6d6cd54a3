from tests.factories import a_book, a_review


def test_the_catalogue_is_counted(cli):
    book = a_book("Dune", ["Frank Herbert", "Ann Other"], isbns=["9780441172719", "9780439023481"], subjects=["Fiction"])
    a_book("Emma", ["Jane Austen"])
    a_review(book)
    a_review(book, body="")
    lines = dict(line.split(None, 1)[::-1] for line in cli("catalogue", "stats").stdout.splitlines())
    expected = {
        "books": 2,
        "editions": 2,
        "with an ISBN": 1,
        "authors": 3,
        "subjects": 1,
        "ratings": 2,
        "reviews with words": 1,
    }
    assert {name: int(lines[name]) for name in expected} == expected
