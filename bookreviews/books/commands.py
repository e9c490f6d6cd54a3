"""The catalogue, from the command line."""

from flask.cli import AppGroup

catalogue = AppGroup("catalogue", help="The books of the site.")
