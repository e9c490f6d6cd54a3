def test_the_process_says_that_it_lives(browser):
    assert browser.get("/healthz").json == {"status": "ok"}
