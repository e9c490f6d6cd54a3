import struct


def test_the_sign_is_where_programs_look_for_it_unasked(browser):
    answer = browser.get("/favicon.ico")
    assert answer.mimetype == "image/x-icon"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    reserved, kind, count, width, height = struct.unpack("<HHHBB", answer.data[:8])
    assert (reserved, kind, count, width, height) == (0, 1, 1, 32, 32)


def test_it_is_not_sent_again_to_whoever_has_it(browser):
    tag = browser.get("/favicon.ico").headers["ETag"]
    assert browser.open("GET", "/favicon.ico", headers={"If-None-Match": tag}).status_code == 304
