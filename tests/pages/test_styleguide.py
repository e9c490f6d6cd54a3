import pytest


@pytest.fixture
def debug(app, monkeypatch):
    monkeypatch.setitem(app.config, "DEBUG", True)


def test_for_developers_it_shows_the_components(browser, debug):
    page = browser.get("/styleguide").page
    for part in (
        ".btn-primary", ".btn-danger", ".shelf .cover", ".book", ".score-card .histogram", ".opinion",
        ".review", ".review details", ".stars", ".rating-choices", ".form-control.is-invalid", ".field-error",
        ".problems", ".notice", ".pages", ".teaser",
    ):  # fmt: skip
        assert page.select(f"main {part}"), part


def test_it_shows_covers_of_every_design(browser, debug):
    designs = {len(cover.find_all("path")) for cover in browser.get("/styleguide").page.select(".shelf .cover")}
    assert len(designs) > 2


def test_for_visitors_there_is_none(browser):
    assert "nothing at this address" in browser.get("/styleguide", 404).words
