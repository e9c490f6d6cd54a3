"""What all commands have in common."""

import pytest

from bookreviews.extensions import db
from tests.conftest import make_app


@pytest.fixture
def bare_app(tmp_path):
    """The site on a database without tables."""
    app = make_app(f"sqlite:///{tmp_path}/empty.db")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("command", [["catalogue", "stats"], ["sample", "load"], ["ratings", "verify"], ["search", "check"]])
def test_a_database_without_tables_is_told_in_a_sentence(bare_app, command):
    result = bare_app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert "db upgrade" in result.output
    assert "Traceback" not in result.output
