"""An application for a server under test, which tells of the process that it runs in."""

import gc
import json
import os


def app(_environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    told = {"worker": os.getpid(), "collects": gc.isenabled(), "frozen": gc.get_freeze_count()}
    return [json.dumps(told).encode()]
