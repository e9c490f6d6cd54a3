from urllib.robotparser import RobotFileParser


def test_search_engines_may_read_all_but_what_is_for_programs(browser):
    answer = browser.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    for path in ("/", "/books/1-dune", "/search?q=dune", "/static/0/style.css"):
        assert robots.can_fetch("Googlebot", path), path
    for path in ("/api/9780441013593", "/search/suggest?q=dune"):
        assert not robots.can_fetch("Googlebot", path), path
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]


def test_the_address_of_the_list_is_the_public_one(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "SITE_URL", "https://books.example.org")
    assert browser.get("/robots.txt").text.endswith("\nSitemap: https://books.example.org/sitemap.xml\n")
