import struct


def test_a_telephone_learns_what_the_site_is_called_and_looks_like(browser):
    answer = browser.get("/site.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.json["name"] == "BookReviews"
    browser.get(answer.json["start_url"])
    for icon in answer.json["icons"]:
        picture = browser.get(icon["src"])
        assert picture.mimetype == icon["type"] == "image/png"
        assert "{}x{}".format(*struct.unpack(">II", picture.data[16:24])) == icon["sizes"]


def test_the_name_is_the_sites_own(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "SITE_NAME", "Bücher & Co")
    assert browser.get("/site.webmanifest").json["name"] == "Bücher & Co"


def test_every_page_names_it(browser):
    assert browser.get("/").page.select_one("link[rel=manifest]")["href"] == "/site.webmanifest"
