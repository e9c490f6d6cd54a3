"""What all commands have in common."""

import pytest

from tests.conftest import make_app


@pytest.mark.parametrize("command", [["catalogue", "stats"], ["sample", "load"], ["ratings", "verify"], ["search", "check"]])
def test_a_database_without_tables_is_told_in_a_sentence(command, tmp_path):
    result = make_app(f"sqlite:///{tmp_path}/empty.db").test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert "db upgrade" in result.output
    assert "Traceback" not in result.output
