"""What the search knows of each book, kept in step with the books."""


def index(book_ids):
    """Make the search know these books as they are now, in the caller's transaction."""
