"""What the rules against advertising notice, and what they leave alone."""

import time

import pytest

from bookreviews.sample.reviews import told
from bookreviews.spam import rules

HONEST = " ".join(["A long and quiet novel about a lighthouse, which I read twice."] * 6)


def noticed(text):
    return [sign.rule for sign in rules.signs(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Buy it at https://shop.example/1",
        "Cheap books: hxxp://shop.example",
        "www.shop.example has it cheaper",
        "Get it on cheapbooks.com",
        "Get it on cheap-books.example/deal",
        "Get it on cheapbooks.shop",
        "[Here](http://a.example) and [there](http://b.example), both as good as the other one.",
        "Get it on cheapbooks&#46;com",
        "Get it on cheap\u200bbooks.com",
        "Get it on cheapbooks.сom\ufeff",  # with a Cyrillic с
        "Get it on ｃｈｅａｐｂｏｏｋｓ．ｃｏｍ",
        "Get it on cheapbooks[.]com or cheapbooks (dot) com",
        "Get it on cheap*books*.com",
        f"{HONEST} http://a.example http://b.example http://c.example",
    ],
)
def test_links_with_few_words_beside_them(text):
    assert noticed(text) == ["links"]


@pytest.mark.parametrize(
    "text",
    [
        "Call me on +44 20 7946 0958",
        "Ring (0171) 946 0958",
        "Just dial 202-555-0143.",
        "Write to doctor.spell@mail.example, who helped me.",
        "Check out my new book channel",
        "Please come to my little blog for more",
        "More on my channel",
        "SUBSCRIBE TO ME!!!",
        "please suscribe",
        "Check me out",
        "Follow me on Instagram",
        "Click here for more",
        "Text BOOK to 87121",
        "WhatsApp me",
        "You have won £1000",
        "Claim your prize",
        "Use my discount code",
        "sub\u200bscribe to me",
        "ѕubscribe to mе",  # with a Cyrillic ѕ and е
    ],
)
def test_ways_to_reach_somebody_and_what_lures_one_there(text):
    assert noticed(text) == ["contact"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        HONEST,
        f"{HONEST} The author tells more at https://author.example/notes.",
        "The edition is 978-0-439-02348-1, or 978 0 439 02348 1, or 0-439-02348-3, or 0439023483.",
        "It runs from 1914 to 1918, and again 1939-1945; see pages 100, 200 and 300.",
        "I do not subscribe to the view that she should claim your sympathy.",
        "Check it out from your library. I could see my own street, and followed every page.",
        "She receives a telegram at midnight, and the messages on his phone are all from WhatsApp.",
        "It won the Booker Prize. You have to like my kind of humour, though.",
        "Finished it.Online I found the next, and/or the one after; it began at 9 p.m./21 h.",
        "Casino Royale is the best of them; he makes money, she does not.",
        "Он читал её книги.сом",
        "Gostei muito. Com certeza vou ler outra vez.",
        "私はこの本がとても好きです。",
        "رواية جميلة عن الصحراء",
    ],
)
def test_what_readers_say_of_books_is_left_alone(text):
    assert noticed(text) == []


def test_no_review_of_the_sample_is_taken_for_advertising():
    assert [one["title"] for one in told() if noticed(f"{one['reader']}\n{one['title']}\n{one['body']}")] == []


def test_each_sign_says_what_it_saw():
    links, contact = rules.signs("Emma: http://a.example http://b.example or ann@example.org, 202-555-0143")
    assert links.words.startswith("2 links beside ")
    assert contact.words == "It has an email address and a phone number."


@pytest.mark.parametrize(
    "part", ["a", "a-", "1 ", "+1", "check my ", "http://", "www.", "a@", "@a.b", "[.]", "sub ", "с", "&amp;"]
)
def test_no_text_of_the_longest_takes_long(part):
    start = time.perf_counter()
    rules.signs((part * 20_000)[:20_000])
    assert time.perf_counter() - start < 2
