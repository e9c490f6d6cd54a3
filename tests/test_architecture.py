"""The shape of the code, held: where things are, which way imports point, who commits."""

import ast
from pathlib import Path

import pytest

from tests.conftest import emptied

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "bookreviews").rglob("*.py"))
# What a module may import lies below it; within a rank, only models and helpers know each other.
RANKS = {
    "replicas": -1, "config": 0, "extensions": 0, "text": 0, "languages": 0, "tags": 0, "names": 0.5, "models": 1,
    "forms": 3, "jobs": 3, "views": 4, "commands": 4, "setup": 4,
}  # fmt: skip
HELPER, FACTORY = 2, 5


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def rank(name):
    return FACTORY if name == "bookreviews" else RANKS.get(name.rpartition(".")[2], HELPER)


def imports(path):
    """The modules of ours that a file imports, inside functions too."""
    names = {name_of(module) for module in MODULES}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module in names:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ([name for name in inside if name in names] or [node.module])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path):
    mine = rank(name_of(path))
    for other in imports(path):
        assert rank(other) < mine or rank(other) == mine in (1, HELPER), f"{path} imports {other}"


def test_no_two_modules_import_each_other():
    pairs = {(name_of(path), other) for path in MODULES for other in imports(path)}
    assert not [pair for pair in pairs if pair[::-1] in pairs]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_function_imports(path):
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            assert not [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)], function.name


def test_packages_are_only_folders():
    assert not [
        path for path in MODULES if path.name == "__init__.py" and path.parent.name != "bookreviews" and path.read_text()
    ]


def test_only_the_edges_commit():
    committers = {path.stem for path in MODULES if "session.commit()" in path.read_text()}
    assert committers <= {"views", "jobs", "commands", "setup"}  # setup ends what views of a library begin


def test_only_the_configuration_reads_the_environment():
    readers = {name_of(path) for path in MODULES if "os.environ" in path.read_text()}
    assert readers == {"bookreviews"}  # which hands it to config.from_environ


def test_every_endpoint_has_its_test_file(sqlite_app):
    ours = {rule.endpoint for rule in sqlite_app.url_map.iter_rules() if "." in rule.endpoint}
    ours = {name for name in ours if not name.startswith("security.")}  # the library's
    assert not [name for name in ours if not (ROOT / "tests" / name.replace(".", "/test_")).with_suffix(".py").exists()]


def test_a_view_with_a_get_page_has_its_template(sqlite_app):
    """The endpoint is the address: `reviews.edit` renders `templates/reviews/edit.html`."""
    for path in MODULES:
        if path.stem == "views":
            feature = path.parent.name
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template":
                    assert node.args[0].value.startswith(f"{feature}/"), f"{path}: {node.args[0].value}"


def test_every_module_and_every_view_says_what_it_is_for():
    for path in MODULES:
        tree = ast.parse(path.read_text())
        assert not tree.body or ast.get_docstring(tree), path
        if path.stem in ("views", "commands"):
            assert not [f.name for f in tree.body if isinstance(f, ast.FunctionDef) and not ast.get_docstring(f)], path


def test_a_bare_post_is_refused(sqlite_app):
    """No form can be sent from another site: each wants its token."""
    client = emptied(sqlite_app).test_client()
    rules = [rule for rule in sqlite_app.url_map.iter_rules() if "POST" in rule.methods]
    assert rules
    for rule in rules:
        _, url = rule.build({name: "1" for name in rule.arguments})
        answer = client.post(url, data={"rating": 5, "name": "Eve"})
        sent_to_log_in = answer.status_code in (302, 303) and answer.location.startswith("/login")
        logs_nobody_out = rule.endpoint == "security.logout" and answer.location == "/"
        assert answer.status_code in (400, 401, 403, 404, 422) or sent_to_log_in or logs_nobody_out, rule
