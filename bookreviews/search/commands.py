"""The search, from the command line."""

from flask.cli import AppGroup

search = AppGroup("search", help="What the search knows.")
