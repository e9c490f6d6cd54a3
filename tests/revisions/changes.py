"""Filling in the form for a book's facts as a browser does: with everything that stands in it."""

from tests.browser import hidden


def filled(form):
    """What a form would send as it stands."""
    fields = {field["name"]: field.get("value", "") for field in form.select("input[type=text]")}
    fields |= {field["name"]: field.get_text().removeprefix("\n") for field in form.select("textarea")}
    for field in form.select("select"):
        chosen = field.select_one("option[selected]") or field.option
        fields[field["name"]] = chosen["value"]
    return hidden(form) | fields


def improve(browser, book, status=303, **facts):
    """Change some facts of a book, or propose to."""
    url = f"/books/{book.ref}/edit"
    return browser.send(url, filled(browser.form(url)) | facts, status)
