"""Pieces of pages that are made of a row alone, remembered by it: a page that is made anew is soon made.

Nothing has to be forgotten when a row changes, as it is another row then. That goes for the pages that are kept for
visitors (pagecache.py), which depend on nothing but rows and their address.
"""

from threading import Lock

from cachetools import LRUCache
from flask import current_app, request

from bookreviews.tags import MAY_KEEP

# The share of the memory for pages that pieces may take besides; and what a piece takes besides its text, in bytes.
SHARE, OVERHEAD = 0.25, 1024


class Pieces:
    """Pieces by what they are made of; the one not asked for the longest goes first."""

    def __init__(self, most):
        """:param most: bytes."""
        self.kept, self.lock = LRUCache(most, getsizeof=size), Lock()

    def get(self, key):
        with self.lock:
            return self.kept.get(key)

    def keep(self, key, text):
        with self.lock:
            if size(text) <= self.kept.maxsize:
                self.kept[key] = text


def size(text):
    """About what a piece takes, with the row that it is made of, in bytes."""
    return 2 * len(text) + OVERHEAD


def piece(macro, row, *more):
    """In a template: what a macro makes of a row (of hashable values) and little else."""
    if MAY_KEEP not in request.environ:
        return macro(row, *more)
    pieces, key = current_app.extensions["pieces"], (macro.name, request.script_root, row, more)
    text = pieces.get(key)
    if text is None:
        text = macro(row, *more)
        pieces.keep(key, text)
    return text


def init_app(app):
    app.extensions["pieces"] = Pieces(int(app.config["PAGE_CACHE_MB"] * 2**20 * SHARE))
    app.jinja_env.globals["piece"] = piece
