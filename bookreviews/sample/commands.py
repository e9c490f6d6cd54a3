"""A small sample catalogue with reviews, so that a new site has something to show."""

from flask.cli import AppGroup

sample = AppGroup("sample", help="The sample catalogue and its reviews.")
