"""`flask covers sweep`."""

from datetime import timedelta

import obstore

from bookreviews.covers import commands, storage
from bookreviews.extensions import db
from tests.covers.test_upload import away
from tests.factories import a_book, a_cover


def keys():
    return {file["path"].partition("-")[0] for batch in obstore.list(storage.store()) for file in batch}


def test_files_that_belong_to_no_cover_are_deleted(app, cli, monkeypatch):
    shown, waiting, refused = a_cover(), a_cover(shown=False), a_cover()
    refused.refuse("No.")
    book = a_book()
    gone = a_cover(book)
    kept, all_keys = {shown.key, waiting.key}, {shown.key, waiting.key, refused.key, gone.key}
    db.session.delete(book)
    db.session.commit()
    assert cli("covers", "sweep").output == "0 deleted.\n", "as they are young"
    assert keys() == all_keys
    monkeypatch.setattr(commands, "YOUNG", timedelta(0))
    assert cli("covers", "sweep").output == "6 deleted.\n"
    assert keys() == kept
    assert cli("covers", "sweep").output == "0 deleted.\n"


def test_where_the_storage_is_away_it_says_so(app, cli):
    app.extensions["covers"] = away()
    answer = cli("covers", "sweep")
    assert answer.exit_code == 1 and "The storage of covers cannot be used" in answer.output
