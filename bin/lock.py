"""`make lock`, after pipenv: takes the registry out of Pipfile.lock, as each machine has its own way to one."""

import json
from pathlib import Path

path = Path("Pipfile.lock")
lock = json.loads(path.read_text())
lock["_meta"]["sources"] = []
path.write_text(json.dumps(lock, indent=4, sort_keys=True) + "\n")
