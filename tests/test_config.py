"""The settings, out of the environment."""

import pytest

from bookreviews.config import ConfigError, from_environ


def test_with_nothing_set_the_site_keeps_a_sqlite_database_and_a_secret_of_its_own(tmp_path):
    config = from_environ({}, str(tmp_path))
    assert config["SQLALCHEMY_DATABASE_URI"] == "sqlite:///bookreviews.db"
    assert len(config["SECRET_KEY"]) > 40
    assert from_environ({}, str(tmp_path))["SECRET_KEY"] == config["SECRET_KEY"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_the_address_that_heroku_gives_is_taken(scheme, tmp_path):
    config = from_environ({"DATABASE_URL": f"{scheme}://u:p@h:5432/d?sslmode=require", "SECRET_KEY": "s"}, str(tmp_path))
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u:p@h:5432/d?sslmode=require"


@pytest.mark.parametrize(
    "env",
    [
        {"DATABASE_URL": "postgres://u:p@h/d"},  # SECRET_KEY is missing
        {"DATABASE_URL": "mysql://u:p@h/d", "SECRET_KEY": "s"},
        {"DATABASE_URL": "nonsense"},
        {"DATABASE_URL": "postgres://u:p@h:port/d", "SECRET_KEY": "s"},
        {"SITE_URL": "books.example.org"},
    ],
)
def test_a_wrong_value_stops_the_boot_and_names_the_variable(env, tmp_path):
    with pytest.raises(ConfigError) as error:
        from_environ(env, str(tmp_path))
    names = ["SECRET_KEY"] if "SECRET_KEY" not in env and "postgres" in env.get("DATABASE_URL", "") else list(env)
    assert any(str(error.value).startswith(name) for name in names)


def test_cookies_travel_only_by_https_where_the_site_does(tmp_path):
    assert from_environ({"SITE_URL": "https://books.example.org/"}, str(tmp_path))["SESSION_COOKIE_SECURE"]
    assert not from_environ({}, str(tmp_path))["SESSION_COOKIE_SECURE"]


def test_only_on_heroku_a_proxy_is_believed(tmp_path):
    assert from_environ({"DYNO": "web.1"}, str(tmp_path))["BEHIND_PROXY"]
    assert not from_environ({}, str(tmp_path))["BEHIND_PROXY"]
