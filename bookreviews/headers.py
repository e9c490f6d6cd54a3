"""Security headers on every answer."""

from secure import ContentSecurityPolicy, ReferrerPolicy, Secure, XContentTypeOptions, XFrameOptions


def init_app(app):
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:")
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors("'none'")
    )
    headers = Secure(
        csp=policy,
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        xcto=XContentTypeOptions(),
        xfo=XFrameOptions().deny(),
    )

    @app.after_request
    def secure_headers(response):
        response.headers.update(headers.headers)
        # A page may be kept, but is asked for anew each time: nobody sees a review missing that they just wrote.
        response.headers.setdefault("Cache-Control", "no-cache")
        return response
