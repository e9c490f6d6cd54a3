from bookreviews.accounts import export
from tests.factories import a_reader


def test_the_page_says_what_is_in_the_file(browser):
    browser.log_in(a_reader())
    answer = browser.get("/settings/data")
    assert answer.page.find("a", string="Download your data")["href"] == "/settings/data.json"
    assert [part.get_text() for part in answer.page.select("dt")] == list(export.PARTS)
