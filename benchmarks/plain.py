"""gunicorn as it comes, for what is compared with it: the site's own gunicorn.conf.py is not read."""
