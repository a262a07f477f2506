"""Differences between groups of accounts: by definition, by brute force, and in worlds without a difference."""

from __future__ import annotations

import copy
import itertools
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kit.inference import Copied, Joined, Shares, Together, share_by_account, share_of, wilson
from kit.inference.copied import met_again
from kit.inference.measures import Compared, Measure, side


def halves(n: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the first accounts and of the others."""
    mine = np.arange(n) < first
    return mine, ~mine


def shares(yes: Any, of: Any, first: int) -> tuple[Shares, np.ndarray, np.ndarray]:
    mine, others = halves(len(of), first)
    return Shares(np.arange(len(of)), mine, yes, of), mine, others


# ---------------------------------------------------------------------------
# a share of each side


def test_the_variance_is_that_of_leaving_out_one_account_in_turn() -> None:
    rng = np.random.default_rng(0)
    of = rng.integers(1, 30, 25).astype(float)
    yes = rng.binomial(of.astype(int), 0.3).astype(float)
    left_out = [
        (yes.sum() - yes[i]) / (of.sum() - of[i]) for i in range(len(of))
    ]  # jackknife around the whole, by its definition
    share = yes.sum() / of.sum()
    variance = 24 / 25 * sum((x - share) ** 2 for x in left_out)
    found = side(yes, of)
    assert found.share == pytest.approx(share, abs=1e-12)
    assert found.size == pytest.approx(share * (1 - share) / variance, rel=1e-9)
    assert found.effective == pytest.approx(of.sum() ** 2 / (of**2).sum(), rel=1e-12)


def test_each_account_once_is_nearly_wilson() -> None:
    for k, n in ((0, 40), (3, 40), (200, 1000), (1000, 1000)):
        ours, theirs = share_of(k, n), wilson(k, n)
        assert ours.estimate == theirs.estimate
        assert ours.low == pytest.approx(theirs.low, abs=0.15 / n**0.5)
        assert ours.high == pytest.approx(theirs.high, abs=0.15 / n**0.5)
        assert ours.high - ours.low >= theirs.high - theirs.low - 1e-12


def test_few_accounts_have_no_interval() -> None:
    assert np.isnan(share_of(3, 9).low)
    assert share_of(3, 9).estimate == pytest.approx(1 / 3)
    assert np.isfinite(share_of(3, 10).low)
    alone = share_by_account([100] + [0] * 19, [10000] + [1] * 19)
    assert np.isnan(alone.low)
    assert np.isfinite(alone.estimate)
    assert all(np.isnan(x) for x in share_by_account([], []))


LAWS = {
    "geometric": lambda rng, n: rng.geometric(0.2, n).astype(float),
    "pareto": lambda rng, n: np.ceil(rng.pareto(1.2, n) + 1),
    "lognormal": lambda rng, n: np.ceil(rng.lognormal(0, 1.2, n)),
}


def coverage(law: str, rates: tuple[float, float], n: int, runs: int, seed: int) -> float:
    """How often the interval of a share of posts holds the truth, of those that are given."""
    rng, truth, held = np.random.default_rng(seed), rates[0] / sum(rates), []
    for _ in range(runs):
        of = LAWS[law](rng, n)
        found = share_by_account(rng.binomial(of.astype(int), rng.beta(*rates, n)), of)
        if np.isfinite(found.low):
            held.append(found.low <= truth <= found.high)
    return float(np.mean(held))


def test_the_interval_holds_at_twenty_accounts_of_very_unequal_size() -> None:
    assert coverage("pareto", (1, 1), 20, 300, 1) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("rates", [(1, 6), (0.3, 3), (1, 1)])
@pytest.mark.parametrize("n", [10, 20, 40])
def test_the_interval_holds_in_every_law(law: str, rates: tuple[float, float], n: int) -> None:
    assert coverage(law, rates, n, 1000, 2) >= 0.9


# ---------------------------------------------------------------------------
# the difference of two shares


def all_of(found: Compared) -> None:
    """What holds of every comparison: p and interval say the same, the estimate lies inside."""
    assert found.low <= found.estimate <= found.high
    assert (found.p_higher <= 0.025) == (found.low >= found.above - 1e-12)
    assert (found.p_lower <= 0.025) == (found.high <= found.below + 1e-12)
    inside = found.low >= found.below - 1e-12 and found.high <= found.above + 1e-12
    assert (found.p_similar <= 0.025) == inside
    assert found.below < (0 if found.scale == "difference" else 1) < found.above


def test_interval_and_p_say_the_same() -> None:
    rng, seen = np.random.default_rng(3), set()
    for _ in range(300):
        n = rng.integers(20, 3000, 2)
        rates = rng.choice([0, 0.02, 0.1, 0.14, 0.5, 0.9, 1], 2)
        of = LAWS["geometric"](rng, n.sum())
        yes = rng.binomial(of.astype(int), np.repeat(rates, n))
        found = Shares(np.arange(n.sum()), np.zeros(n.sum()), yes, of).compare(*halves(n.sum(), n[0]))
        all_of(found)
        seen |= {name for name in ("p_higher", "p_lower", "p_similar") if getattr(found, name) <= 0.025}
    assert seen == {"p_higher", "p_lower", "p_similar"}


def test_the_other_way_round_is_the_other_way_round() -> None:
    rng = np.random.default_rng(4)
    measure, mine, others = shares(rng.random(300) < 0.2, np.ones(300), 100)
    one, two = measure.compare(mine, others), measure.compare(others, mine)
    assert one.estimate == pytest.approx(-two.estimate, abs=1e-12)
    assert one.low == pytest.approx(-two.high, abs=1e-12)
    assert one.p_higher == pytest.approx(two.p_lower, abs=1e-12)


def test_many_accounts_give_the_difference_of_textbooks() -> None:
    measure, mine, others = shares(np.r_[np.arange(4000) < 1400, np.arange(5000) < 1500], np.ones(9000), 4000)
    found = measure.compare(mine, others)
    error = (0.35 * 0.65 / 4000 + 0.3 * 0.7 / 5000) ** 0.5
    assert found.estimate == pytest.approx(0.05, abs=1e-12)
    assert found.low == pytest.approx(0.05 - 1.96 * error, abs=2e-4)
    assert found.high == pytest.approx(0.05 + 1.96 * error, abs=2e-4)


def test_margins_fit_the_share() -> None:
    half, mine, others = shares(np.arange(20000) % 2, np.ones(20000), 10000)
    rare, *_ = shares(np.arange(20000) % 50 == 0, np.ones(20000), 10000)
    assert half.compare(mine, others).above == pytest.approx(0.05, abs=1e-3)
    assert rare.compare(mine, others).above == pytest.approx(0.016, abs=2e-3)


def test_one_or_two_hits_among_few_say_little() -> None:
    for hits in (1, 2):
        measure, mine, others = shares(np.r_[np.arange(40) < hits, np.zeros(160)], np.ones(200), 40)
        assert measure.compare(mine, others).p_higher > 0.025
    measure, mine, others = shares(np.r_[np.arange(40) < 8, np.zeros(160)], np.ones(200), 40)
    assert measure.compare(mine, others).p_higher < 0.001


def test_few_accounts_give_no_verdict() -> None:
    measure, mine, others = shares(np.arange(100) < 9, np.ones(100), 9)
    found = measure.compare(mine, others)
    assert found.why == "few"
    assert found.estimate == 1
    assert np.isnan([found.low, found.high, found.p_higher, found.p_lower, found.p_similar]).all()


def false_differences(n: tuple[int, int], rate: float, runs: int, seed: int) -> int:
    """How often accounts of one law are said to differ."""
    rng, count = np.random.default_rng(seed), 0
    for _ in range(runs):
        of = LAWS["pareto"](rng, sum(n))
        yes = rng.binomial(of.astype(int), rng.beta(rate, 1, sum(n)))
        found = Shares(np.arange(sum(n)), np.zeros(sum(n)), yes, of).compare(*halves(sum(n), n[0]))
        count += found.p_higher <= 0.025 or found.p_lower <= 0.025
    return count


def test_equals_are_not_said_to_differ() -> None:
    assert false_differences((40, 160), 0.2, 200, 5) <= 8  # 0.05 of them, and chance


@pytest.mark.slow
@pytest.mark.parametrize("n", [(20, 20), (40, 160), (160, 40), (400, 400), (40, 2000)])
@pytest.mark.parametrize("rate", [0.02, 0.2, 1])
def test_equals_of_every_size_are_not_said_to_differ(n: tuple[int, int], rate: float) -> None:
    assert false_differences(n, rate, 1000, 6) <= 50


# ---------------------------------------------------------------------------
# inside strata


def test_one_stratum_is_no_stratum() -> None:
    rng = np.random.default_rng(7)
    of = rng.integers(1, 9, 200).astype(float)
    measure, mine, others = shares(rng.binomial(of.astype(int), 0.4), of, 80)
    plain = measure.compare(mine, others)
    same = measure.within(pd.Series("one post", index=np.arange(200))).compare(mine, others)
    assert np.allclose(plain[:3], same[:3], atol=1e-9)
    assert plain.p_higher == pytest.approx(same.p_higher, abs=1e-9)


def test_the_difference_inside_strata_is_that_of_mantel_and_haenszel() -> None:
    rng = np.random.default_rng(8)
    stratum, mine = rng.integers(0, 6, 500), rng.random(500) < 0.4
    yes = rng.random(500) < 0.2 + 0.1 * stratum
    measure = Shares(np.arange(500), mine, yes, np.ones(500))
    found = measure.within(pd.Series(stratum, index=np.arange(500))).compare(mine, ~mine)
    tables = [
        np.array(
            [
                [(yes & mine & at).sum(), (~yes & mine & at).sum()],
                [(yes & ~mine & at).sum(), (~yes & ~mine & at).sum()],
            ]
        )
        for at in (stratum == k for k in range(6))
    ]
    top = sum((t[0, 0] * t[1].sum() - t[1, 0] * t[0].sum()) / t.sum() for t in tables)
    bottom = sum(t[0].sum() * t[1].sum() / t.sum() for t in tables)
    assert found.estimate == pytest.approx(top / bottom, abs=1e-9)
    weights = [
        t[0].sum() * t[1].sum() / t.sum() for t in tables
    ]  # its variance after Greenland and Robins (1985)
    each = [sum(r[0] * r[1] / r.sum() ** 3 for r in t) for t in tables]
    variance = sum(w**2 * v for w, v in zip(weights, each, strict=True)) / sum(weights) ** 2
    assert (
        0.99 < (found.high - found.low) / (2 * 1.96 * variance**0.5) < 1.1
    )  # no surer than as many accounts


def test_leaving_out_an_account_from_all_its_strata_is_done_exactly() -> None:
    rng = np.random.default_rng(9)
    n, rows = 30, 90
    row, place = rng.integers(0, n, rows), rng.integers(0, 5, rows)
    yes, of = rng.integers(0, 3, n).astype(float), rng.integers(3, 6, n).astype(float)
    mine, others = halves(n, 12)

    def difference(left: int | None) -> float:
        top = bottom = 0.0
        for k in range(5):
            sums = {}
            for name, mask in (("mine", mine), ("others", others)):
                y = d = 0.0
                for r, at in zip(row, place, strict=True):
                    if at == k and mask[r] and r != left:
                        part = 1 / (row == r).sum()
                        y, d = y + part * yes[r], d + part * of[r]
                sums[name] = y, d
            (y1, d1), (y0, d0) = sums["mine"], sums["others"]
            if d1 and d0:
                w = d1 * d0 / (d1 + d0)
                top, bottom = top + w * (y1 / d1 - y0 / d0), bottom + w
        return top / bottom

    measure = Shares(np.arange(n), mine, yes, of).within(pd.Series(place, index=row))
    sides = measure._sides(mine, others)
    assert sides[0].share - sides[1].share == pytest.approx(difference(None), abs=1e-9)
    for number, mask in enumerate((mine, others)):
        present = [r for r in np.flatnonzero(mask) if r in row]
        moved = sum((difference(r) - difference(None)) ** 2 for r in present)
        variance = (len(present) - 1) / len(present) * moved
        share = sides[number].share
        assert sides[number].size == pytest.approx(min(share * (1 - share) / variance, of.sum()), rel=1e-9)


def test_a_difference_of_topic_is_none_inside_the_topic() -> None:
    rng = np.random.default_rng(10)
    stratum = rng.integers(0, 20, 2000)
    mine = rng.random(2000) < np.linspace(0.1, 0.9, 20)[stratum]
    yes = rng.random(2000) < np.linspace(0.1, 0.9, 20)[stratum]
    measure = Shares(np.arange(2000), mine, yes, np.ones(2000))
    inside = measure.within(pd.Series(stratum, index=np.arange(2000)))
    assert measure.compare(mine, ~mine).p_higher < 0.001
    found = inside.compare(mine, ~mine)
    assert found.low < 0 < found.high
    assert inside.coverage(mine, ~mine) == 1


def test_strata_without_the_other_group_give_no_verdict() -> None:
    mine, others = halves(100, 50)
    measure = Shares(np.arange(100), mine, np.arange(100) % 3 == 0, np.ones(100))
    inside = measure.within(pd.Series(np.where(mine, "a", "b"), index=np.arange(100)))
    assert inside.compare(mine, others).why == "few"
    assert inside.coverage(mine, others) == 0


# ---------------------------------------------------------------------------
# together


def crowd(seed: int, accounts: int, posts: int = 4, things: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Accounts of one crowd that answer things of very unequal popularity."""
    rng = np.random.default_rng(seed)
    popularity = rng.pareto(3, things) + 0.2
    return np.repeat(np.arange(accounts), posts), rng.choice(
        things, accounts * posts, p=popularity / popularity.sum()
    )


def test_theta_is_the_chance_that_two_share_a_thing() -> None:
    row, thing = crowd(11, 30)
    measure = Together(np.arange(30), np.ones(30), row, thing)
    pairs = [
        np.mean([x == y for x in thing[row == a] for y in thing[row == b]])
        for a, b in itertools.combinations(range(30), 2)
    ]
    assert measure.own(np.ones(30, bool)).estimate == pytest.approx(np.mean(pairs), abs=1e-12)


def test_theta_does_not_depend_on_the_number_of_accounts() -> None:
    row, thing = crowd(12, 1000)
    measure, rng = Together(np.arange(1000), np.ones(1000), row, thing), np.random.default_rng(0)
    whole = measure.group(np.ones(1000, bool)).theta
    parts = []
    for _ in range(500):
        mask = np.zeros(1000, bool)
        mask[rng.choice(1000, 40, replace=False)] = True
        parts.append(measure.group(mask).theta)
    assert np.mean(parts) == pytest.approx(whole, rel=0.05)


@pytest.mark.parametrize("first", [500, 100, 20])
def test_part_of_a_crowd_is_not_more_together_than_the_rest(first: int) -> None:
    row, thing = crowd(13, 1000)
    measure, rng, found = Together(np.arange(1000), np.ones(1000), row, thing), np.random.default_rng(1), []
    for _ in range(100):
        mine = np.zeros(1000, bool)
        mine[rng.choice(1000, first, replace=False)] = True
        found.append(measure.compare(mine, ~mine))
    assert sum(f.p_higher <= 0.025 or f.p_lower <= 0.025 for f in found) <= 5
    for one in found:
        if not one.why:
            all_of(one)


def test_a_flood_is_found_however_large_the_groups_are() -> None:
    row, thing = crowd(14, 800)
    flooders = np.repeat(np.arange(800, 1000), 5)
    thing = np.r_[thing, np.random.default_rng(2).integers(0, 20, 1000)]
    measure = Together(np.arange(1000), np.arange(1000) >= 800, np.r_[row, flooders], thing)
    found = measure.compare(measure.studied, ~measure.studied)
    assert found.p_higher < 0.01
    assert found.low > found.above


def test_one_popular_post_is_no_flood() -> None:
    row, thing = crowd(15, 400)
    measure = Together(
        np.arange(500),
        np.arange(500) >= 400,
        np.r_[row, np.arange(400, 500)],
        np.r_[thing, np.full(100, 9999)],
    )
    found = measure.compare(measure.studied, ~measure.studied)
    assert found.why == "single"
    assert found.estimate > 10


def test_overlap_is_one_for_a_crowd_and_nothing_for_two() -> None:
    row, thing = crowd(16, 1000)
    measure = Together(np.arange(1000), np.ones(1000), row, np.where(row < 500, thing, thing + 400))
    assert measure.overlap(*halves(1000, 500)) == 0
    same = Together(np.arange(1000), np.ones(1000), row, thing)
    assert same.overlap(*halves(1000, 500)) == pytest.approx(1, abs=0.1)


# ---------------------------------------------------------------------------
# copied


def test_the_chance_to_be_met_again_is_the_hypergeometric_one() -> None:
    for n, size, least in ((10, 4, 1), (60, 20, 1), (60, 20, 3), (60, 60, 2), (60, 2, 2)):
        others = np.arange(n)
        theirs = stats.hypergeom.sf(least - 1, n - 1, others, size - 1)
        assert np.allclose(met_again(others, n, size, least), theirs, atol=1e-9)


def posted(seed: int, accounts: int, posts: int = 5, texts: int = 20, share: float = 0.2) -> pd.DataFrame:
    """row, event, times: accounts that write their own, and now and then one of `texts`."""
    rng, n = np.random.default_rng(seed), accounts * posts
    event = np.where(rng.random(n) < share, rng.integers(0, texts, n), 1000 + np.arange(n))
    said = pd.DataFrame({"row": np.repeat(np.arange(accounts), posts), "event": event})
    return said.groupby(["row", "event"]).size().reset_index(name="times")


def copied(said: pd.DataFrame, accounts: int, first: int, **settings: Any) -> Copied:
    of = said.groupby("row")["times"].sum().reindex(range(accounts)).to_numpy()
    given = (said["row"], said["event"], said["times"], of)
    return Copied(np.arange(accounts), np.arange(accounts) < first, *given, **settings)


@pytest.mark.parametrize("least", [2, 3])
def test_the_share_at_a_number_of_accounts_is_the_mean_over_all_cuts(least: int) -> None:
    said = posted(17, 9, posts=3, texts=3, share=0.6)
    exact = copied(said, 9, 9, least=least).told(np.ones(9, bool), 5).share
    cuts = []
    for chosen in itertools.combinations(range(9), 5):
        here = said[said["row"].isin(chosen)]
        hit = here.groupby("event")["row"].transform("nunique") >= least
        cuts.append((here["times"] * hit).groupby(here["row"]).sum().div(3).mean())
    assert exact == pytest.approx(np.mean(cuts), abs=1e-9)


def test_communities_with_jokes_of_their_own_do_not_copy_more() -> None:
    differ = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        mine, others = (
            posted(1000 + 2 * seed + i, 200, texts=max(1, rng.poisson(20)), share=rng.gamma(20) / 100)
            for i in (0, 1)
        )
        said = pd.concat([mine, others.assign(row=others["row"] + 200, event=others["event"] + 10**6)])
        measure = copied(said, 400, 200)
        found = measure.compare(measure.studied, ~measure.studied)
        differ += found.p_higher <= 0.025 or found.p_lower <= 0.025
        if not found.why:
            all_of(found)
    assert differ <= 5


def test_prepared_texts_are_found() -> None:
    mine, others = posted(18, 200, texts=40, share=0.4), posted(19, 200, share=0.05)
    said = pd.concat([mine, others.assign(row=others["row"] + 200, event=others["event"] + 10**6)])
    measure = copied(said, 400, 200)
    assert measure.compare(measure.studied, ~measure.studied).p_higher < 0.01


def test_one_joke_is_an_event() -> None:
    mine, others = posted(20, 200, texts=1, share=0.4), posted(21, 200, share=0.01)
    said = pd.concat([mine, others.assign(row=others["row"] + 200, event=others["event"] + 10**6)])
    measure = copied(said, 400, 200)
    assert measure.compare(measure.studied, ~measure.studied).why == "single"


def test_meetings_at_a_number_of_accounts_are_the_mean_over_all_cuts() -> None:
    rng = np.random.default_rng(22)
    first, second, event = rng.integers(0, 5, 8), rng.integers(5, 10, 8), rng.integers(0, 4, 8)
    measure = Joined(np.arange(10), np.ones(10), first, second, event, np.ones(10))
    exact = measure.told(np.ones(10, bool), 4)
    cuts = []
    for chosen in itertools.combinations(range(10), 4):
        met = {a for a, b in zip(first, second, strict=True) if a in chosen and b in chosen}
        met |= {b for a, b in zip(first, second, strict=True) if a in chosen and b in chosen}
        cuts.append(len(met) / 4)
    assert exact.share == pytest.approx(np.mean(cuts), abs=1e-9)


# ---------------------------------------------------------------------------
# what a measure keeps to itself


def every_measure() -> list[Measure]:
    row, thing = crowd(23, 50)
    plain, mine, _others = shares(np.arange(50) % 2, np.ones(50), 25)
    return [
        plain,
        plain.within(pd.Series(0, index=np.arange(50))),
        Together(np.arange(50), mine, row, thing),
        copied(posted(24, 50), 50, 25),
        Joined(np.arange(50), mine, [0], [1], [0], np.ones(50)),
    ]


@pytest.mark.parametrize("measure", every_measure(), ids=lambda m: type(m).__name__)
def test_a_measure_lives_in_the_attributes_of_a_table_and_is_not_written(
    measure: Measure, tmp_path: Any
) -> None:
    table = pd.DataFrame({"group": ["studied"], "n": [1]})
    table.attrs["measure"] = measure
    assert copy.deepcopy(measure) is measure
    for other in (table.copy(), table[table["n"] > 0], pd.concat([table, table])):
        assert other.attrs["measure"] is measure
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(measure)
    assert "0" not in repr(measure)


@pytest.mark.parametrize("measure", every_measure(), ids=lambda m: type(m).__name__)
def test_one_comparison_costs_little(measure: Measure) -> None:
    """Two hundred splits of a comparison group are made for each finding."""
    import time

    rng = np.random.default_rng(0)
    mine = rng.random(len(measure.account)) < 0.5
    measure.compare(mine, ~mine)
    start = time.perf_counter()
    for _ in range(20):
        measure.compare(mine, ~mine)
    assert (time.perf_counter() - start) / 20 < 0.02
