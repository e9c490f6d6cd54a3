"""gunicorn as it comes, but that its main process has loaded the site, as it does by the site's own gunicorn.conf.py."""

import bookreviews  # noqa: F401
