"""Security headers on every answer."""

from flask import request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

# A promise that browsers hold us to for a year: only on an address that is https.
HTTPS = StrictTransportSecurity().max_age(365 * 24 * 60 * 60)


def init_app(app):
    always = of(app.config)

    @app.after_request
    def secure_headers(response):
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers[HTTPS.header_name] = HTTPS.header_value
        # A page may be kept, but is asked for anew each time: nobody sees a review missing that they just wrote.
        known = app.config["SESSION_COOKIE_NAME"] in request.cookies
        response.headers.setdefault("Cache-Control", "private, no-cache" if known else "no-cache")
        return response


def private(response):
    """Let nobody keep this answer but the browser that asked: it shows what only one person may see."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def of(config):
    """The headers that all answers of the site bear: {name: value}."""
    return Secure(
        csp=policy(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=HTTPS if config["SESSION_COOKIE_SECURE"] else None,
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
    ).headers


def policy():
    """What a page may load and do: what comes from here, nothing inline; and nothing of any other kind."""
    ours = "'self'"
    return (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src(ours)
        .style_src(ours)
        .connect_src(ours)
        .img_src(ours, "data:")
        .manifest_src(ours)
        .base_uri("'none'")
        .form_action(ours)
        .frame_ancestors("'none'")
    )
