from xml.etree import ElementTree

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_pages_that_are_always_there_are_listed(browser):
    answer = browser.get("/sitemaps/pages.xml")
    urls = [loc.text for loc in ElementTree.fromstring(answer.data).iter(f"{NAMESPACE}loc")]
    assert urls == ["http://localhost/", "http://localhost/books"]
    for url in urls:
        browser.get(url)
