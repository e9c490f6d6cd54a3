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
        {"GUEST_REVIEWS": "maybe"},
        {"REDIS_URL": "localhost:6379"},
        {"MAIL_PORT": "smtp"},
        {"COVERS_URL": "/var/covers"},
        {"COVERS_URL": "https://bucket.example.org"},
        {"REGISTRATION": "closed"},
        {"SPAM_SECONDS": "soon"},
        {"DATABASE_REPLICA_URLS": "postgres://u:p@h/d"},  # of SQLite there are none
        {"DATABASE_DIRECT_URL": "sqlite:///file.db"},
        {"REPLICA_LAG": "-1"},
    ],
)
def test_a_wrong_value_stops_the_boot_and_names_the_variable(env, tmp_path):
    with pytest.raises(ConfigError) as error:
        from_environ(env, str(tmp_path))
    names = ["SECRET_KEY"] if "SECRET_KEY" not in env and "postgres" in env.get("DATABASE_URL", "") else list(env)
    assert any(str(error.value).startswith(name) for name in names)


POSTGRES = {"DATABASE_URL": "postgres://u:p@h/d", "SECRET_KEY": "s"}


@pytest.mark.parametrize("between", [",", " ", ", ", "\n"])
def test_replicas_are_separated_by_commas_or_blanks(between, tmp_path):
    urls = between.join(["postgres://u:p@one/d", "postgresql://u:p@two/d"])
    config = from_environ(POSTGRES | {"DATABASE_REPLICA_URLS": urls}, str(tmp_path))
    assert config["DATABASE_REPLICA_URLS"] == ["postgresql+psycopg://u:p@one/d", "postgresql+psycopg://u:p@two/d"]


def test_through_a_pooler_no_statement_is_prepared(tmp_path):
    pooled = from_environ(POSTGRES | {"DATABASE_DIRECT_URL": "postgres://u:p@h:5432/d"}, str(tmp_path))
    assert pooled["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"] == {"prepare_threshold": None}
    assert "connect_args" not in from_environ(POSTGRES, str(tmp_path))["SQLALCHEMY_ENGINE_OPTIONS"]


def test_cookies_travel_only_by_https_where_the_site_does(tmp_path):
    assert from_environ({"SITE_URL": "https://books.example.org/"}, str(tmp_path))["SESSION_COOKIE_SECURE"]
    assert not from_environ({}, str(tmp_path))["SESSION_COOKIE_SECURE"]


def test_only_on_heroku_a_proxy_is_believed(tmp_path):
    assert from_environ({"DYNO": "web.1"}, str(tmp_path))["BEHIND_PROXY"]
    assert not from_environ({}, str(tmp_path))["BEHIND_PROXY"]


MAIL = {"MAIL_SERVER": "mail.example.org", "MAIL_SENDER": "books@example.org", "SITE_URL": "https://books.example.org"}


@pytest.mark.parametrize("missing", ["SITE_URL", "MAIL_SENDER"])
def test_mail_needs_a_sender_and_an_address_for_its_links(missing, tmp_path):
    with pytest.raises(ConfigError, match=f"^{missing} is required"):
        from_environ({name: value for name, value in MAIL.items() if name != missing}, str(tmp_path))


@pytest.mark.parametrize(
    "port, tls, ssl", [("", True, False), ("587", True, False), ("465", False, True), ("25", False, False)]
)
def test_the_port_tells_how_mail_is_kept_secret(port, tls, ssl, tmp_path):
    config = from_environ(MAIL | {"MAIL_PORT": port}, str(tmp_path))
    assert (config["MAIL_USE_TLS"], config["MAIL_USE_SSL"]) == (tls, ssl)


def test_without_settings_for_it_nothing_sends_mail_and_guests_may_write(tmp_path):
    config = from_environ({}, str(tmp_path))
    assert (config["MAIL_SERVER"], config["GUEST_REVIEWS"], config["ADMIN_EMAIL"]) == (None, "open", None)
    assert config["RATELIMIT_STORAGE_URI"] == "memory://"


def test_redis_counts_for_all_processes_where_there_is_one(tmp_path):
    config = from_environ({"REDIS_URL": "rediss://h:6380", "DYNO": "web.1"}, str(tmp_path))
    assert config["RATELIMIT_STORAGE_URI"] == "rediss://h:6380"
    assert config["RATELIMIT_STORAGE_OPTIONS"]["ssl_cert_reqs"] is None


def test_covers_are_kept_in_the_instance_folder_or_in_a_bucket(tmp_path):
    assert from_environ({}, str(tmp_path))["COVERS_URL"] == (tmp_path / "covers").as_uri()
    env = {"COVERS_URL": "s3://shelf/covers", "AWS_ACCESS_KEY_ID": "key", "AWS_ENDPOINT_URL": "http://127.0.0.1:9000"}
    config = from_environ(env, str(tmp_path))
    assert config["COVERS_URL"] == "s3://shelf/covers"
    assert config["COVERS_S3"] == {"access_key_id": "key", "endpoint": "http://127.0.0.1:9000"}


@pytest.mark.parametrize("missing", ["SPAM_QUESTION", "SPAM_ANSWER"])
def test_a_question_needs_its_answer_and_an_answer_its_question(missing, tmp_path):
    both = {"SPAM_QUESTION": "Who wrote Emma?", "SPAM_ANSWER": "Austen"}
    with pytest.raises(ConfigError, match=f"^{missing} is required"):
        from_environ({name: value for name, value in both.items() if name != missing}, str(tmp_path))


def test_a_question_has_any_of_several_answers(tmp_path):
    env = {"SPAM_QUESTION": "Who wrote Emma?", "SPAM_ANSWER": "Austen | Jane Austen"}
    assert from_environ(env, str(tmp_path))["SPAM_ANSWERS"] == ["Austen", "Jane Austen"]
