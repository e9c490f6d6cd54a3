"""An application for a server under test, which tells of the process that it runs in."""

import gc
import json


def app(_environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"works": gc.isenabled(), "frozen": gc.get_freeze_count()}).encode()]
