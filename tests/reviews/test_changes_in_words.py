"""What changed between two texts, word by word; and what counts as a large change."""

import random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookreviews.reviews.changes import PARTS, diff, fold, large
from tests.reviews.hostile import HOSTILE

# Texts that have much in common, and texts that have nothing.
texts = st.text() | st.lists(st.sampled_from(["sand", "worms", "a", "the", " ", "\n\n", ", ", "猫", "*", "don't", "पढ़ना"])).map(
    "".join
)


def of(runs, *kinds):
    return "".join(run.text for run in runs if run.kind in kinds)


def told(before, after):
    """A diff as a line: [-taken out-]{+put in+}."""
    marks = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in diff(before, after))


@given(texts, texts)
def test_both_texts_can_be_had_back_from_it(before, after):
    runs = diff(before, after)
    assert of(runs, "kept", "removed") == before
    assert of(runs, "kept", "added") == after
    assert all(run.text for run in runs)


@given(texts, texts)
def test_folded_it_still_says_all_that_changed(before, after):
    runs = diff(before, after)
    assert [run for run in fold(runs) if run.kind in ("removed", "added")] == [run for run in runs if run.kind != "kept"]
    assert of(fold(runs), "kept", "folded") == of(runs, "kept")


@given(texts)
def test_of_the_same_text_it_is_that_text(text):
    assert of(diff(text, text), "kept") == text
    assert len(diff(text, text)) <= 1


@given(st.text())
def test_the_parts_of_a_text_are_the_text(text):
    assert "".join(PARTS.findall(text)) == text


@pytest.mark.parametrize(
    "before, after, line",
    [
        ("I loved it.", "I hated it.", "I [-loved-]{+hated+} it."),
        ("Great book", "Great book indeed", "Great book{+ indeed+}"),
        ("Sand", "sand", "[-Sand-]{+sand+}"),
        ("One. Two.", "One.\n\nTwo.", "One.[- -]{+\n\n+}Two."),
        ("He did not know", "She does not say", "[-He did not know-]{+She does not say+}"),
        ("a red and big sun", "a blue and small sun", "a [-red and big-]{+blue and small+} sun"),
        ("Ask me, dear.", "Don't ask me, dear.", "[-Ask-]{+Don't ask+} me, dear."),
        ("don't stop", "don’t stop", "[-don't-]{+don’t+} stop"),
        ("Naïve words", "Naive words", "[-Naïve-]{+Naive+} words"),
        ("पढ़ना अच्छा", "पढ़ना बुरा", "पढ़ना [-अच्छा-]{+बुरा+}"),
        ("吾輩は猫である", "吾輩は犬である", "吾輩は[-猫-]{+犬+}である"),
        ("كتاب جميل", "كتاب قديم", "كتاب [-جميل-]{+قديم+}"),
        ("_very_ good", "*very* good", "[-_-]{+*+}very[-_-]{+*+} good"),
        ("", "New.", "{+New.+}"),
        ("Gone.", "", "[-Gone.-]"),
        ("", "", ""),
    ],
)
def test_it_is_read_as_words(before, after, line):
    assert told(before, after) == line


def test_long_passages_that_stay_are_folded_with_some_words_beside_the_change():
    before = " ".join(f"word{number}" for number in range(300))
    folded = fold(diff(before, before.replace("word150 ", "other ")))
    assert [run.kind for run in folded] == ["folded", "kept", "removed", "added", "kept", "folded"]
    assert folded[1].text.endswith("word148 word149 ") and 60 < len(folded[1].text) < 150
    assert folded[4].text.startswith(" word151 word152") and 60 < len(folded[4].text) < 150


def test_a_text_without_blanks_is_folded_too():
    before = "砂" * 500 + "虫" + "砂" * 500
    assert [run.kind for run in fold(diff(before, before.replace("虫", "鳥")))].count("folded") == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(text):
    assert of(diff("Worms.", text), "kept", "added") == text


ALPHABETS = {"words": "abcdefgh    ", "signs": "!?.,-", "letters": "あいうえお", "short words": "a b c d "}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_the_longest_reviews_take_well_under_a_second(alphabet):
    chance = random.Random(1)
    before, after = ("".join(chance.choices(alphabet, k=20_000)) for _ in range(2))
    began = process_time()
    runs = diff(before, after)
    assert process_time() - began < 0.8
    assert of(runs, "kept", "removed") == before


def words(rating=6, title="", body=""):
    return {"rating": rating, "title": title, "body": body}


TEN = "one two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    "said, says, is_large",
    [
        (words(rating=8), words(rating=4), True),
        (words(rating=1), words(rating=5), True),
        (words(rating=8), words(rating=5), False),
        (words(body=TEN), words(body=TEN), False),
        (words(body=TEN), words(body=TEN.replace("ten", "TEN")), False),
        (words(body=TEN), words(body="one two three four five six a b c d"), False),
        (words(body=TEN), words(body="one two three four a b c d e f"), True),
        (words(body=TEN), words(body=" ".join("abcdefghij")), True),
        (words(body=TEN), words(body=" ".join(reversed(TEN.split()))), True),
        (words(body=TEN), words(body=TEN.replace(" ", "\n\n")), False),
        (words(body=TEN), words(body=f"{TEN} {TEN} {TEN} {TEN}"), True),
        (words(body=""), words(body=TEN), True),
        (words(title="Sand", body=TEN), words(title="", body=TEN), False),
    ],
)
def test_a_change_is_large_by_two_stars_or_by_half_of_the_words(said, says, is_large):
    assert large(said, says) is is_large
