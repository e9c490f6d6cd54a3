"""Tags: which rows a page was made of, so that it can be kept until one of them changes.

A view that is `kept` names them with `shows`, a model's row its own with `cache_tags`. Whoever changes rows past the
models, in bulk, says so with RETIRES (see retiring.py).
"""

from functools import wraps

from flask import request

# What pagecache.py asks of a view, and is told by it, in the request's environ.
ASKED, MAY_KEEP, SHOWN = "bookreviews.asked", "bookreviews.may_keep", "bookreviews.shown"
# The option of a statement that changes many rows: the tags of what it changes.
RETIRES = "retires"

LISTS = "lists"  # of books, of reviews: whatever ranks them, or shows the newest
DECISIONS = "decisions"


def book(number):
    """The tag of a book, with its editions, its reviews and all else that is its own."""
    return f"book:{number}"


def glance(number):
    """The tag of what stands of a book beside another one: its facts, and roughly how well it is known and rated."""
    return f"glance:{number}"


def facts(number):
    """The tags of what shows a fact of a book: its own pages, those of books beside it, and lists."""
    return {book(number), glance(number), LISTS}


def author(number):
    """The tag of an author, with the order of their books."""
    return f"author:{number}"


def best_known(number):
    """The tag of an author's best known books, as they stand beside another one."""
    return f"best_known:{number}"


def reader(number):
    """The tag of a member, with their reviews."""
    return f"reader:{number}"


def shows(*tags):
    """Note what the page of this request is made of."""
    request.environ.setdefault(SHOWN, set()).update(tags)


def shows_books(books):
    """The same of books, each with all that is its own."""
    shows(*(book(one.id) for one in books))


def is_one_of_ours(arguments):
    """Whether the address of this request is such as stands on a page, and not one of the many that lead to the same."""
    path, given = request.path, [name for name, _ in request.args.items(multi=True)]
    return set(given) <= arguments and len(given) == len(set(given)) and "//" not in path and not path[1:].endswith("/")


def kept(*arguments):
    """Let the page of a view be kept for visitors; what makes a difference to it are these arguments of its address.

    At any other address it is made afresh: whoever invents some shall not fill the memory.
    """

    def decorate(view):
        @wraps(view)
        def made(*args, **kwargs):
            if request.environ.get(ASKED) and is_one_of_ours(set(arguments)):
                request.environ[MAY_KEEP] = True
                request.environ["HTTP_ACCEPT_ENCODING"] = ""  # what is kept is compressed there, once
            return view(*args, **kwargs)

        return made

    return decorate
