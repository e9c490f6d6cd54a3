"""How helpful a review is, as few or many votes tell."""

import pytest

from bookreviews.votes.counting import helpfulness


@pytest.mark.parametrize(
    "helpful, of, lowest",
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998).
        (81, 263, 0.2553),
        (15, 148, 0.0624),
        (0, 20, 0),
        (1, 29, 0.0061),
        (9, 10, 0.5958),
        (1, 1, 0.2065),
        (0, 0, 0),
    ],
)
def test_it_is_the_lower_bound_of_wilson_s_interval(helpful, of, lowest):
    assert helpfulness(helpful, of - helpful) == pytest.approx(lowest, abs=5e-5)


def test_many_good_votes_count_more_than_one_and_more_against_count_less():
    assert helpfulness(9, 1) > helpfulness(2, 0) > helpfulness(1, 0) > helpfulness(1, 1) > helpfulness(0, 0)
    assert helpfulness(0, 1) == helpfulness(0, 1000) == 0


def test_it_stays_between_nought_and_one():
    assert 0 <= helpfulness(0, 10**9) < helpfulness(10**9, 0) < 1
