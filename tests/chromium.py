"""The system's Chromium, for the tests in a real browser: best the one without windows, which takes half the time."""

import glob
import os
import shutil
from pathlib import Path

# chromium-browser comes last: on Ubuntu it may be a mere pointer to a snap, which cannot see the tests' files.
NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    # What `playwright install chromium` leaves, on Linux and on macOS.
    "~/.cache/ms-playwright/chromium_headless_shell-*/*/chrome-headless-shell",
    "~/Library/Caches/ms-playwright/chromium_headless_shell-*/*/chrome-headless-shell",
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


def executable():
    """The path of a Chromium or Chrome, or None."""
    on_path = filter(None, map(shutil.which, NAMES))
    elsewhere = (found for place in PLACES for found in sorted(glob.glob(str(Path(place).expanduser())), reverse=True))
    return next(on_path, None) or next(elsewhere, None)


def launch_options():
    """What Playwright's `launch` takes to start it."""
    # Chromium's sandbox does not work for root.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": executable(), "args": [*ARGUMENTS, *sandbox]}
