"""How often one may try: log-in, registration, mails and posting are paced, per address and per account.

Counted in memory, by each process for itself, or in Redis for all of them (REDIS_URL); where Redis is gone, in memory.
https://flask-limiter.readthedocs.io/
"""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import time

from flask import g, request, session
from flask_limiter import Limiter
from flask_login import current_user

from bookreviews.accounts import adapters
from bookreviews.accounts.names import key_of

LONGEST_ADDRESS = 320  # characters


def address():
    """Where a request comes from: an IPv4 address, or the IPv6 network of which each household has one."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:  # a socket has none
        return "unknown"
    return f"{IPv6Address(int(found) >> 64 << 64)}/64" if found.version == 6 else str(found)


def named():
    """The account that somebody tries to get into, or has mail sent to, by what they typed.

    However it is spelt. By name and by address it is counted apart: else the one would tell which the other is.
    """
    typed = request.form.get("email", "")[:LONGEST_ADDRESS]
    email = adapters.address(typed)
    return f"address:{email}" if email else f"name:{key_of(typed)}"


def halfway():
    """The account whose password was right, and whose second factor is asked for."""
    return f"halfway:{session.get('tf_user_id', address())}"


def writer():
    """A member, or for guests where they come from."""
    return f"member:{current_user.id}" if current_user.is_authenticated else address()


def refused(response):
    """Only what did not work is counted: who logs in rightly may do so as often as they like."""
    return response.status_code == 422


def taken(response):
    """What was refused for what was typed may be mended at once."""
    return not refused(response)


def always(_response):
    return True


@dataclass(frozen=True)
class Pace:
    """At most so many POSTs, of one `key`: "10 per minute; 50 per hour"."""

    limits: str
    key: object
    counts: object = always


GUESSES = Pace("10 per 15 minutes; 40 per day", named, refused), Pace("20 per minute; 100 per hour", address, refused)
CODES = Pace("10 per 15 minutes", halfway, refused), Pace("20 per minute; 100 per hour", address, refused)
MAILS = Pace("5 per hour", named), Pace("20 per hour", address)
OWN_PASSWORD = (Pace("10 per 15 minutes", writer, refused),)

PACES = {
    "security.login": GUESSES,
    "security.two_factor_token_validation": CODES,
    "security.mf_recovery": CODES,
    "security.wan_signin": (Pace("30 per minute", address),),
    "security.wan_signin_response": (Pace("30 per minute", address),),
    "security.verify": OWN_PASSWORD,
    "security.change_password": OWN_PASSWORD,
    "accounts.close": OWN_PASSWORD,
    "security.register": (Pace("5 per hour", named, taken), Pace("30 per hour; 100 per day", address)),
    "security.forgot_password": MAILS,
    "security.send_confirmation": MAILS,
    "security.change_email": (Pace("5 per hour", writer),),
    "reviews.edit": (Pace("20 per minute; 200 per hour", writer),),
    "reviews.preview": (Pace("120 per minute", writer),),
    "additions.new": (Pace("10 per hour; 30 per day", writer, taken),),
    "revisions.edit": (Pace("30 per hour; 200 per day", writer, taken),),
    "doubles.choose": (Pace("20 per minute", writer),),
    "drafts.save": (Pace("60 per minute", writer),),
    "covers.upload": (Pace("10 per hour; 40 per day", writer, taken), Pace("40 per hour", writer)),
    "reports.report": (Pace("10 per hour; 40 per day", writer),),
    "appeals.appeal": (Pace("10 per hour", writer),),
    "votes.cast": (Pace("60 per minute; 600 per hour", writer),),
}


def init_app(app):
    """Pace the views of `app`, which are all there."""
    # Kept, as the views know it by a weak reference only.
    limiter = app.extensions["pace"] = Limiter(address, app=app, in_memory_fallback_enabled=True, on_breach=note_end)
    for endpoint, paces in PACES.items():
        view = app.view_functions[endpoint]
        for pace in paces:
            view = limiter.limit(pace.limits, key_func=pace.key, methods=["POST"], deduct_when=pace.counts)(view)
        app.view_functions[endpoint] = view


def note_end(limit):
    """Remember when what was too much may be tried again."""
    g.may_try_again_at = limit.reset_at


def wait():
    """For how many seconds a request that came too fast has to wait."""
    return max(1, ceil(g.may_try_again_at - time()))
