"""Every setting of the site, out of the environment; nothing else reads the environment."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import click
import sqlalchemy as sa


class ConfigError(click.ClickException):
    """A variable of the environment is wrong; the message names it and says what it takes.

    A command of the site prints it as it is, without a traceback.
    """


def from_environ(env: Mapping[str, str], instance: str) -> dict:
    """The configuration for Flask.

    :param env: the environment's variables.
    :param instance: path of the instance folder, where the local secret key is kept.
    :raises ConfigError: naming the variable that is wrong.
    """
    uri = database_url(env.get("DATABASE_URL", ""))
    https = env.get("SITE_URL", "").startswith("https://")
    on_heroku = bool(env.get("DYNO"))  # it names each process so
    site = {
        "SECRET_KEY": secret_key(env, uri, Path(instance)),
        "SECRET_KEY_FALLBACKS": env.get("SECRET_KEY_FALLBACKS", "").split(),
        "SITE_NAME": env.get("SITE_NAME", "").strip() or "BookReviews",
        "SITE_URL": site_url(env.get("SITE_URL", "")),
        # Heroku's router stands before the processes, and speaks https with everybody.
        "SESSION_COOKIE_SECURE": https or on_heroku,
        "BEHIND_PROXY": on_heroku,
        "GUEST_REVIEWS": one_of(env, "GUEST_REVIEWS", "open", "held", "off"),
        "REGISTRATION": one_of(env, "REGISTRATION", "open", "invited"),
        "PAGE_CACHE_MB": number(env, "PAGE_CACHE_MB", 32),  # of memory, in each process
        "CDN_SECONDS": number(env, "CDN_SECONDS", 60),  # how long what stands in front may keep a page
        "ADMIN_EMAIL": env.get("ADMIN_EMAIL", "").strip().lower() or None,
    }
    return site | database(env, uri) | trust(env) | spam(env) | paces(env) | mail(env) | covers(env, Path(instance)) | FIXED


# What no operator needs to change.
FIXED = {
    "PERMANENT_SESSION_LIFETIME": timedelta(days=730),
    "SESSION_COOKIE_SAMESITE": "Lax",
    # A form stays valid as long as the session it belongs to: people write reviews over days.
    "WTF_CSRF_TIME_LIMIT": None,
    # Roomy, so that a text over the limit still comes back to its writer with the reason.
    "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
    # For pages that are made each time, as for those that are kept (pagecache.py).
    "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
    "COMPRESS_ALGORITHM_STREAMING": ["zstd", "br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
}


def database(env: Mapping[str, str], uri: str) -> dict:
    """Where the database is, its replicas, and the way to it that leads through no pooler."""
    direct = postgres_urls(env, "DATABASE_DIRECT_URL", uri)
    # A pooler gives a connection to somebody else after each transaction, and with it the statements prepared there.
    pooled = {"connect_args": {"prepare_threshold": None}} if direct else {}
    return {
        "SQLALCHEMY_DATABASE_URI": uri,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True} | pooled,
        "DATABASE_DIRECT_URL": direct[0] if direct else None,
        "DATABASE_REPLICA_URLS": postgres_urls(env, "DATABASE_REPLICA_URLS", uri),
        "REPLICA_LAG": number(env, "REPLICA_LAG", 10),  # seconds
    }


def postgres_urls(env: Mapping[str, str], name: str, uri: str) -> list[str]:
    """The addresses in a variable that goes with DATABASE_URL, separated by commas or blanks."""
    urls = [database_url(url, name) for url in env.get(name, "").replace(",", " ").split()]
    if urls and not all(url.startswith("postgresql") for url in (uri, *urls)):
        raise ConfigError(f"{name} takes the address of a PostgreSQL, and needs one in DATABASE_URL.")
    return urls


def database_url(url: str, name: str = "DATABASE_URL") -> str:
    """The address of a database for SQLAlchemy; SQLite in the instance folder when `url` is empty.

    Heroku's `postgres://` is accepted.

    :param name: of the variable it was in.
    """
    if not url.strip():
        return "sqlite:///bookreviews.db"
    scheme, colon, rest = url.strip().partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    try:
        known = sa.engine.make_url(scheme + colon + rest).get_backend_name() in ("sqlite", "postgresql")
    except (sa.exc.ArgumentError, ValueError):
        known = False
    if not known:
        raise ConfigError(f"{name} takes an address such as postgres://user:password@host:5432/name or sqlite:///file.db.")
    return scheme + colon + rest


def one_of(env: Mapping[str, str], name: str, *values: str) -> str:
    """The value of a variable that takes one of `values`; the first where it is empty."""
    value = env.get(name, "").strip() or values[0]
    if value not in values:
        raise ConfigError(f"{name} takes {', '.join(values[:-1])} or {values[-1]}.")
    return value


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """The value of a variable that takes a whole number from 0 on."""
    value = env.get(name, "").strip() or str(default)
    if not (value.isdecimal() and len(value) < 10):
        raise ConfigError(f"{name} takes a whole number, such as {default}.")
    return int(value)


def trust(env: Mapping[str, str]) -> dict:
    """When ratings wait, and when reports hold a review; see reviews/brake.py and reports/weight.py."""
    return {
        "BRAKE_AT_LEAST": number(env, "BRAKE_AT_LEAST", 10),  # ratings of a book within 24 hours
        "BRAKE_TIMES": number(env, "BRAKE_TIMES", 5),  # as many as on a usual day
        "BRAKE_NEW_DAYS": number(env, "BRAKE_NEW_DAYS", 14),  # how long an account is a new one
        "BRAKE_HOURS": number(env, "BRAKE_HOURS", 72),  # how long ratings wait
        "REPORTS_HOLD": number(env, "REPORTS_HOLD", 3),  # the weight of reports that holds a review; 0: none does
        "MODERATORS_NAMED": one_of(env, "MODERATORS_NAMED", "no", "yes") == "yes",
    }


def spam(env: Mapping[str, str]) -> dict:
    """What makes it hard for programs to register and to write."""
    question = env.get("SPAM_QUESTION", "").strip()
    answers = [answer.strip() for answer in env.get("SPAM_ANSWER", "").split("|") if answer.strip()]
    if question and not answers:
        raise ConfigError("SPAM_ANSWER is required with SPAM_QUESTION: one answer or several, separated by “|”.")
    if answers and not question:
        raise ConfigError("SPAM_QUESTION is required with SPAM_ANSWER.")
    return {"SPAM_SECONDS": number(env, "SPAM_SECONDS", 3), "SPAM_QUESTION": question, "SPAM_ANSWERS": answers}


def paces(env: Mapping[str, str]) -> dict:
    """Where Flask-Limiter counts: in Redis for all processes, or in the memory of each."""
    url = env.get("REDIS_URL", "").strip()
    if not url:
        return {"RATELIMIT_STORAGE_URI": "memory://"}
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ConfigError("REDIS_URL takes an address such as redis://host:6379/0.")
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds; then it is counted in memory
    if env.get("DYNO") and url.startswith("rediss://"):
        options["ssl_cert_reqs"] = None  # Heroku signs the certificate of its Redis itself
    return {"RATELIMIT_STORAGE_URI": url, "RATELIMIT_STORAGE_OPTIONS": options}


def mail(env: Mapping[str, str]) -> dict:
    """How mail is sent, for Flask-Mail; MAIL_SERVER is None where nothing sends it."""
    server = env.get("MAIL_SERVER", "").strip() or None
    if server and not env.get("SITE_URL"):
        raise ConfigError("SITE_URL is required with MAIL_SERVER: the links in mails begin with it.")
    if server and not env.get("MAIL_SENDER"):
        raise ConfigError("MAIL_SENDER is required with MAIL_SERVER: the address that mails come from.")
    port = env.get("MAIL_PORT", "").strip() or "587"
    if not port.isdecimal():
        raise ConfigError("MAIL_PORT takes a number, such as 587 or 465.")
    return {
        "MAIL_SERVER": server,
        "MAIL_PORT": int(port),
        "MAIL_USE_SSL": port == "465",
        "MAIL_USE_TLS": port == "587",
        "MAIL_USERNAME": env.get("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": env.get("MAIL_PASSWORD") or None,
        "MAIL_DEFAULT_SENDER": env.get("MAIL_SENDER") or "no-reply@localhost",
    }


# The part of the environment that tells how to get into a bucket, and obstore's words for it.
BUCKET = {
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_SESSION_TOKEN": "session_token",
    "AWS_REGION": "region",
    "AWS_ENDPOINT_URL": "endpoint",
}


def covers(env: Mapping[str, str], instance: Path) -> dict:
    """Where the pictures of covers are kept, for obstore: a folder, or a bucket."""
    url = env.get("COVERS_URL", "").strip() or (instance / "covers").absolute().as_uri()
    if not url.startswith(("s3://", "file:///")):
        raise ConfigError("COVERS_URL takes an address such as s3://bucket/covers or file:///var/lib/bookreviews/covers.")
    return {"COVERS_URL": url, "COVERS_S3": {word: env[name] for name, word in BUCKET.items() if env.get(name)}}


def secret_key(env: Mapping[str, str], uri: str, instance: Path) -> str:
    """SECRET_KEY, or for a local SQLite site one that is made once and kept in the instance folder."""
    if env.get("SECRET_KEY", "").strip():
        return env["SECRET_KEY"].strip()
    if uri.startswith("postgresql"):
        raise ConfigError("SECRET_KEY is required with PostgreSQL: set it to a long random text, the same for every process.")
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def site_url(url: str) -> str | None:
    """The public address of the site without a trailing slash, or None to use the request's."""
    if url and not url.startswith(("http://", "https://")):
        raise ConfigError("SITE_URL takes the public address of the site, such as https://books.example.org.")
    return url.rstrip("/") or None
