"""Who merges, and what."""

import pytest

from tests.browser import Browser
from tests.factories import a_book, a_reader


@pytest.fixture
def moderator(app):
    """A moderator's browser."""
    return Browser(app).login(a_reader("mo", roles={"moderator"}))


@pytest.fixture
def pair(app):
    """A book, and the same once more."""
    dune = a_book("Dune", ["Frank Herbert"], ["9780441172719"], ["Sand"], language="en", first_published=1965)
    again = a_book("Dune: a novel", ["F. Herbert"], ["9780340960196"], ["Worms"], description="A desert.", language="de")
    return again, dune
