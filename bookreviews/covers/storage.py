"""Where the pictures of covers are kept: a folder, or a bucket of S3 or of what speaks like it (COVERS_URL).

It may be away at any moment. Pages do without it.
"""

from datetime import timedelta

import obstore
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import from_url

from bookreviews.covers.decoding import WIDTHS

FAILURES = (OSError, BaseError)
# Somebody waits for the page meanwhile.
PATIENCE = {
    "client_options": {"connect_timeout": "2s", "timeout": "8s"},
    "retry_config": {"max_retries": 1, "retry_timeout": timedelta(seconds=8)},
}


class Unavailable(Exception):
    """The storage does not answer, or does not have what it should."""


def store():
    """The storage of this site, opened when it is first needed."""
    known = current_app.extensions
    if "covers" not in known:
        known["covers"] = opened(current_app.config["COVERS_URL"], current_app.config["COVERS_S3"])
    return known["covers"]


def opened(url, s3):
    """The storage at an address.

    :param s3: credentials and such, where it is a bucket.
    """
    if url.startswith("s3://"):
        options = PATIENCE["client_options"] | {"allow_http": s3.get("endpoint", "").startswith("http://")}
        return from_url(url, config=s3, client_options=options, retry_config=PATIENCE["retry_config"])
    return from_url(url, mkdir=True) if url.startswith("file://") else from_url(url)


def path(key, width):
    return f"{key}-{width}.webp"


def save(key, pictures):
    """Keep the pictures of a cover, {width: WebP}.

    :raises Unavailable: where that is not possible now.
    """
    try:
        for width, picture in pictures.items():
            obstore.put(store(), path(key, width), picture)
    except FAILURES as error:
        current_app.logger.exception("The storage of covers takes nothing")
        raise Unavailable from error


def read(key, width):
    """The picture of a cover in one of its widths.

    :raises Unavailable: where it is not to be had now.
    """
    try:
        return bytes(obstore.get(store(), path(key, width)).bytes())
    except FAILURES as error:
        current_app.logger.exception("The storage of covers gives nothing")
        raise Unavailable from error


def found(key, width):
    """The same where it is to be had, else nothing."""
    try:
        return read(key, width) if key else b""
    except Unavailable:
        return b""


def delete(keys):
    """Delete the pictures of covers, after the commit that made them superfluous.

    What cannot be deleted now is left to `flask covers sweep`.
    """
    try:
        for key in keys:
            for width in WIDTHS:
                delete_file(path(key, width))
    except FAILURES:
        current_app.logger.exception("The storage of covers deletes nothing")


def delete_file(name):
    try:
        obstore.delete(store(), name)
    except FileNotFoundError:  # somebody was faster
        pass


def files():
    """All files that are kept, in batches: [(name, key, since when), …]."""
    for batch in obstore.list(store()):
        yield [(file["path"], file["path"].partition("-")[0], file["last_modified"]) for file in batch]
