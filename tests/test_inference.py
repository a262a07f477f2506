"""Intervals and burst tests: against other people's code, published numbers, and worlds whose truth is known."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import examples
from scipy import stats

from kit.inference import Interval, bootstrap_ratio, date_bursts, difference, quantile, wilson

# ---------------------------------------------------------------------------
# shares


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("n", [1, 2, 7, 30, 455, 926, 100_000])
def test_wilson_is_that_of_scipy(n: int, level: float) -> None:
    for k in sorted({0, 1, n // 3, n // 2, n - 1, n}):
        theirs = stats.binomtest(k, n).proportion_ci(level, method="wilson")
        ours = wilson(k, n, level=level)
        assert ours.estimate == k / n
        assert ours.low == pytest.approx(theirs.low, abs=1e-12)
        assert ours.high == pytest.approx(theirs.high, abs=1e-12)
        assert 0 <= ours.low <= ours.estimate <= ours.high <= 1


def test_wilson_at_its_ends() -> None:
    assert wilson(0, 10).low == 0
    assert wilson(10, 10).high == 1
    assert wilson(0, 1000).high == pytest.approx(3.84 / 1000, rel=0.01)
    assert all(math.isnan(v) for v in wilson(0, 0))


# ---------------------------------------------------------------------------
# ratios over accounts


def clusters(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Accounts with skewed numbers of posts, and how many of them are of one kind."""
    posts = rng.geometric(0.2, n)
    return rng.binomial(posts, rng.beta(2, 3, n)), posts


def test_the_bootstrap_is_that_of_scipy() -> None:
    """BCa of the same ratio, drawn by scipy from the accounts themselves."""
    hits, posts = clusters(np.random.default_rng(11), 150)
    ours = bootstrap_ratio(hits, posts, seed=5, draws=6000)
    theirs = stats.bootstrap(
        (hits, posts),
        lambda a, b, axis: a.sum(axis) / b.sum(axis),
        paired=True,
        n_resamples=6000,
        method="BCa",
        rng=np.random.default_rng(6),
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours.estimate == hits.sum() / posts.sum()
    assert ours.low == pytest.approx(theirs.low, abs=0.06 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.06 * width)


def test_the_bootstrap_of_a_skewed_mean_is_that_of_scipy() -> None:
    x = np.random.default_rng(4).lognormal(0, 1.2, 120).round(1)
    ours = bootstrap_ratio(x, np.ones(120), seed=5, draws=6000)
    theirs = stats.bootstrap(
        (x,), np.mean, n_resamples=6000, rng=np.random.default_rng(6)
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours.low == pytest.approx(theirs.low, abs=0.06 * width)
    assert ours.high == pytest.approx(theirs.high, abs=0.06 * width)
    assert ours.high - ours.estimate > ours.estimate - ours.low, "skewed as the data is"


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2023)
    truth, held, runs = 2 / 5, 0, 250
    for seed in range(runs):
        hits, posts = clusters(rng, 100)
        _, low, high = bootstrap_ratio(hits, posts, seed=seed, draws=600)
        held += low <= truth <= high
    assert 0.90 <= held / runs <= 0.98


def test_posts_of_one_account_are_no_independent_posts() -> None:
    """Ten posts that are all alike tell as much as one."""
    once = np.array([1] * 20 + [0] * 20)
    thin = bootstrap_ratio(once, np.ones(40), seed=1)
    thick = bootstrap_ratio(once * 10, np.full(40, 10), seed=1)
    assert thick == pytest.approx(thin)
    as_if = wilson(200, 400)
    assert thick.high - thick.low > 2.5 * (as_if.high - as_if.low)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=2, max_size=40), st.randoms())
@settings(max_examples=examples(40), deadline=None)
def test_the_order_of_accounts_does_not_matter(pairs: list[tuple[int, int]], chance: object) -> None:
    mixed = list(pairs)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = (bootstrap_ratio(*zip(*p, strict=True), seed=3, draws=200) for p in (pairs, mixed))
    assert repr(first) == repr(second)


def test_a_seed_gives_one_answer_and_another_seed_nearly_the_same() -> None:
    hits, posts = clusters(np.random.default_rng(1), 200)
    first = bootstrap_ratio(hits, posts, seed=1)
    assert bootstrap_ratio(hits, posts, seed=1) == first
    other = bootstrap_ratio(hits, posts, seed=2)
    assert other != first
    assert other == pytest.approx(first, abs=0.1 * (first.high - first.low))


def test_more_draws_than_fit_at_once_are_drawn_in_parts() -> None:
    x = np.arange(3000) % 2999  # nearly every account differs from every other
    estimate, low, high = bootstrap_ratio(x, np.ones(3000), seed=1, draws=1400)
    half = 1.96 * x.std() / math.sqrt(3000)
    assert (low, high) == (
        pytest.approx(estimate - half, rel=0.005),
        pytest.approx(estimate + half, rel=0.005),
    )


@pytest.mark.parametrize(
    "num,den,expected",
    [
        ([], [], (math.nan,) * 3),
        ([1, 2], [0, 0], (math.nan,) * 3),
        ([np.nan], [1], (math.nan,) * 3),
        ([3], [4], (0.75, math.nan, math.nan)),
        ([1, 1, 1], [2, 2, 2], (0.5, math.nan, math.nan)),
        ([1, np.nan, 1], [2, 5, 2], (0.5, math.nan, math.nan)),
    ],
)
def test_where_nothing_can_be_said_nothing_is_said(num: list, den: list, expected: tuple) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bootstrap_ratio(num, den, seed=1) == pytest.approx(expected, nan_ok=True)


def test_accounts_without_a_denominator_do_not_break_it() -> None:
    estimate, low, high = bootstrap_ratio([0, 0, 2, 3], [0, 0, 4, 5], seed=1)
    assert estimate == 5 / 9
    assert low <= estimate <= high
    assert bootstrap_ratio([0, 5], [0, 10], seed=1).estimate == 0.5


# ---------------------------------------------------------------------------
# quantiles


def test_the_quantile_interval_is_distribution_free() -> None:
    """Ends are order statistics whose binomial probability of holding the quantile is at least 95 %."""
    for n, q in ((10, 0.5), (25, 0.5), (100, 0.5), (926, 0.5), (200, 0.9), (200, 0.1)):
        x = np.arange(n) * 10.0
        estimate, low, high = quantile(np.random.default_rng(n).permutation(x), q)
        assert estimate == pytest.approx(np.quantile(x, q))
        rank_low, rank_high = low / 10 + 1, high / 10 + 1
        held = stats.binom.cdf(rank_high - 1, n, q) - stats.binom.cdf(rank_low - 1, n, q)
        assert 0.95 <= held < 0.995
        # never wider on both sides than it has to be
        tighter = stats.binom.cdf(rank_high - 2, n, q) - stats.binom.cdf(rank_low, n, q)
        assert tighter < 0.95


def test_the_median_of_ten_has_the_textbook_interval() -> None:
    """Second and ninth of ten: 97.9 % (Conover 1999, table of the sign test)."""
    assert quantile(range(1, 11)) == (5.5, 2, 9)


@pytest.mark.parametrize("values", [[], [1], [1, 2, 3], [1, 2, 3, 4, 5]])
def test_too_few_values_have_no_interval(values: list[int]) -> None:
    estimate, low, high = quantile(values)
    assert math.isnan(low)
    assert math.isnan(high)
    assert math.isnan(estimate) if not values else estimate == np.median(values)


def test_missing_values_are_left_out_of_a_quantile() -> None:
    assert quantile([*range(1, 11), np.nan, np.inf]) == quantile(range(1, 11))


# ---------------------------------------------------------------------------
# differences


def test_the_difference_is_that_of_newcombe() -> None:
    """56/70 against 48/80: 0.2, 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)."""
    d = difference(wilson(56, 70), wilson(48, 80))
    assert d.estimate == pytest.approx(0.2)
    assert (round(d.low, 4), round(d.high, 4)) == (0.0524, 0.3339)


def test_other_published_differences() -> None:
    """Newcombe 1998, table II, method 10: 9/10 - 3/10, 10/10 - 0/20, 10/10 - 0/10."""
    for (k, n), (j, m), low, high in (
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ):
        d = difference(wilson(k, n), wilson(j, m))
        assert (round(d.low, 4), round(d.high, 4)) == (low, high)


def test_a_difference_turns_round_and_needs_both_intervals() -> None:
    a, b = Interval(0.6, 0.5, 0.68), Interval(0.3, 0.22, 0.41)
    forth, back = difference(a, b), difference(b, a)
    assert back == pytest.approx((-forth.estimate, -forth.high, -forth.low))
    assert forth.low < forth.estimate < forth.high
    unknown = difference(a, Interval(0.3, math.nan, math.nan))
    assert unknown.estimate == pytest.approx(0.3)
    assert math.isnan(unknown.low)
    assert math.isnan(unknown.high)


# ---------------------------------------------------------------------------
# bursts


def smooth(seed: int, n: int = 250) -> np.ndarray:
    """Dates of a set that nobody made in batches: several years, a slow wave of sign-ups, weekdays."""
    rng = np.random.default_rng(seed)
    days = np.arange(900)
    weight = 1 + np.exp(-(((days - 600) / 80) ** 2)) * 6 + 0.3 * np.sin(days / 40)
    weight *= np.where(days % 7 < 5, 1.15, 0.8)
    return 15_000 + rng.choice(days, n, p=weight / weight.sum())


def test_smooth_sets_give_no_false_alarm() -> None:
    alarms = [date_bursts(smooth(seed), draws=99, seed=seed, alpha=0.01) for seed in range(60)]
    assert sum(a.p_any <= 0.01 for a in alarms) / 60 <= 0.05
    assert sum(a.p_any <= 0.2 for a in alarms) / 60 <= 0.4, "p-values are not too small anywhere"
    assert all((len(a.start) > 0) == (a.p_any <= 0.01) for a in alarms)


@pytest.mark.parametrize("window", [1, 3, 7])
def test_a_batch_is_found_where_it_was_made(window: int) -> None:
    planted = 15_700 + np.arange(30) % window
    days = np.concatenate([smooth(1), planted])
    found = date_bursts(days, window=window, seed=2)
    assert found.p_any <= 0.01
    assert len(found.start) >= 1
    best = int(np.argmax(found.count - found.expected))
    assert abs(found.start[best] - 15_700) < window
    here = (days >= found.start[best]) & (days < found.start[best] + window)
    assert found.count[best] == here.sum()
    assert 0 < found.expected[best] < found.count[best]


def test_two_batches_are_two() -> None:
    days = np.concatenate([smooth(3), np.full(25, 15_100), np.full(40, 15_500)])
    found = date_bursts(days, seed=2)
    assert found.start.tolist() == [15_100, 15_500]
    assert (found.p <= 0.01).all()


def test_a_slow_wave_is_no_burst() -> None:
    rng = np.random.default_rng(8)
    days = np.concatenate([rng.integers(0, 1500, 150), np.round(rng.normal(700, 60, 400)).astype(int)])
    assert date_bursts(days, seed=1).p_any > 0.01
    assert date_bursts(days, window=7, seed=1).p_any > 0.01


def test_the_calendar_does_not_matter() -> None:
    days = np.concatenate([smooth(5), np.full(25, 15_321)])
    here, there = date_bursts(days, seed=7, draws=199), date_bursts(days - 4000, seed=7, draws=199)
    assert (here.start - 4000).tolist() == there.start.tolist()
    for a, b in zip(here[1:], there[1:], strict=True):
        assert np.array_equal(a, b)
    again = date_bursts(days, seed=7, draws=199)
    assert np.array_equal(again.start, here.start)
    assert again.p_any == here.p_any


def test_the_background_is_what_moving_the_dates_gives() -> None:
    """The expected count of a window, once more by moving dates many times."""
    days = np.concatenate([smooth(5, 60), np.full(20, 15_400)])
    found = date_bursts(days, window=3, reach=10, seed=1)
    at = found.start.tolist().index(next(s for s in found.start if abs(s - 15_400) < 3))
    rng, first, last = np.random.default_rng(1), days.min(), days.max()
    moved = days[:, None] + rng.integers(-10, 11, (len(days), 20_000))
    moved = np.where(moved < first, 2 * first - moved, moved)
    moved = np.where(moved > last, 2 * last - moved, moved)
    start = found.start[at]
    mean = ((moved >= start) & (moved < start + 3)).sum(0).mean()
    assert found.expected[at] == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize("days", [[], [5], [5, 5, 5], [5, 6]])
def test_without_a_background_there_is_no_test(days: list[int]) -> None:
    found = date_bursts(days)
    assert len(found.start) == len(found.count) == len(found.expected) == len(found.p) == 0
    assert math.isnan(found.p_any)


def test_small_and_odd_sets_are_no_trouble() -> None:
    for days in ([1, 3], [1, 3, 5, 100], [0] * 50 + [4], list(range(10))):
        found = date_bursts(days, reach=28, draws=99)
        assert 0 < found.p_any <= 1
    assert date_bursts([1, 2, 3, 60], reach=500, draws=99).p_any > 0.01, "reflected many times over"
