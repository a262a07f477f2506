"""Pairs that repeat: what counts as close, an occasion, a stranger, a leader; and a second implementation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import synchrony_plain as plain
from scipy import stats

from kit.inference.coaction import acts as close
from kit.inference.coaction import evidence, planting, synchrony
from kit.inference.coaction.acts import prepare
from simulation import coaction as worlds

DAY = 86_400
HOUR = 3_600


def rng(*seed: int) -> np.random.Generator:
    return np.random.default_rng([6, *seed])


def found(acts: worlds.Acts, *, known: bool = True, **settings: Any) -> synchrony.Synchrony:
    origin = acts.origin_s if known else None
    return synchrony.detect(
        acts.object, acts.account, acts.time_s, origin_s=origin, accounts=acts.accounts, **settings
    )


def pair_at(gaps: list[float], *, every: float = DAY, **settings: Any) -> pd.DataFrame:
    """Accounts 1 and 2 on as many objects, so many seconds apart."""
    n = len(gaps)
    start = np.arange(n) * float(every) + 1e9
    time = np.r_[start, start + gaps]
    return synchrony.detect(np.tile(np.arange(n), 2), np.repeat([1, 2], n), time, **settings).pairs


# --- close, occasions


def test_c1_the_end_of_a_window_is_inside() -> None:
    table = pair_at([0, 60, 61], windows=(60,), least=2)
    assert table[["a", "b", "common", "close", "occasions"]].values.tolist() == [[1, 2, 3, 2, 2]]
    assert pair_at([60.0, 60.0, 60.001], windows=(60,), least=2)["close"].tolist() == [2]
    assert pair_at([60, 60, 60], windows=(60,))["close"].tolist() == [3]


def test_c2_five_objects_in_an_hour_are_one_occasion() -> None:
    assert pair_at([5] * 5, every=900).empty
    assert pair_at([5] * 5, every=900, occasions=False)["occasions"].tolist() == [5, 5]
    assert pair_at([5] * 5, every=HOUR, windows=(60,))["occasions"].tolist() == [3]  # at 0, 2 and 4 h
    assert pair_at([5] * 5, every=HOUR + 1, windows=(60,))["occasions"].tolist() == [5]


def test_fewer_than_three_occasions_are_not_tested() -> None:
    assert pair_at([5, 5]).empty
    assert len(pair_at([5, 5, 5])) == 2


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("least", [3, 5, 10])
def test_more_occasions_can_be_asked_for_without_counting_anew(known: bool, least: int) -> None:
    acts = worlds.make(worlds.planted(worlds.Setting(fans=15)), rng(21))
    asked = found(acts, known=known, least=least, windows=(60.0,))
    again = synchrony.at_least(found(acts, known=known, least=2, windows=(60.0,)), least)
    for level in ("synchronised", "validated"):
        assert edges(asked.pairs, level) == edges(again.pairs, level)
    assert len(asked.pairs) == len(again.pairs)


def test_only_the_first_act_of_an_account_on_an_object_counts() -> None:
    things = np.tile(np.arange(4), 3)
    people = np.repeat([1, 2, 1], 4)
    start = np.arange(4) * float(DAY)
    outcome = synchrony.detect(things, people, np.r_[start, start + 9 * HOUR, start + 9 * HOUR])
    assert outcome.pairs.empty
    assert outcome.left_out == {"no_time": 0, "before_origin": 0, "repeated": 4}
    assert len(outcome.rows) == 8


# --- a second implementation

MIXED = worlds.Setting(
    accounts=24,
    objects=40,
    rows=350,
    fans=6,
    habit=4,
    schedulers=6,
    desk=3,
    breaking="days",
    group=worlds.Group(4, 8, cover=6, organic=2),
)


@pytest.mark.parametrize("seed", range(20))
def test_c3_a_plain_second_implementation_agrees(seed: int) -> None:
    acts = worlds.make(MIXED, rng(3, seed))
    origin = acts.origin_s.copy()
    share = (0.0, 0.5, 1.0)[seed % 3]  # of objects whose origin is not known
    origin[np.isin(acts.object, rng(4, seed).permutation(acts.object.max() + 1)[: int(share * 300)])] = np.nan
    crowd = (2, 50)[seed % 2]
    columns = (acts.object, acts.account, acts.time_s, origin)
    table = synchrony.detect(*columns[:3], origin_s=origin, crowd=crowd).pairs
    expected = plain.detect(*(c.tolist() for c in columns), crowd=crowd)
    assert len(table) > 10
    assert sorted(zip(table["a"], table["b"], table["window_s"], strict=True)) == sorted(expected)
    by_pair = pd.DataFrame([expected[key] for key in sorted(expected)])
    table = table.sort_values(["a", "b", "window_s"], ignore_index=True)
    for name in by_pair:
        np.testing.assert_allclose(
            table[name].astype(float), by_pair[name].astype(float), rtol=1e-9, atol=1e-300
        )
    if crowd == 2:
        assert 0 < table["crowd"].sum() < len(table)
    assert (table["explained"] > 0).any()
    assert share == 0 or (table["leader"] >= 0).any()


# --- p, q


def test_c4_the_tail_is_poisson() -> None:
    assert synchrony.poisson_tail(np.array([3]), np.array([0.2]))[0] == pytest.approx(0.00114848, rel=1e-5)
    count, mean = np.arange(1, 40), np.linspace(0.01, 30, 39)
    assert synchrony.poisson_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-9)
    assert synchrony.poisson_tail(np.array([0, 400]), np.array([0.0, 1e-9])).tolist() == [
        1.0,
        synchrony.FLOOR,
    ]


def test_c5_untested_pairs_count_as_p_of_one() -> None:
    p = rng(5).random(40) ** 6
    full = np.r_[p, np.ones(960)]
    assert synchrony.step_up(p, 1000) == pytest.approx(stats.false_discovery_control(full)[:40], rel=1e-12)
    assert len(synchrony.step_up(np.empty(0), 10)) == 0


def test_e_values_are_fair_bets() -> None:
    """Under the null the mean of e is at most 1; and they ask for more than p does."""
    count = np.arange(60)
    for mean in (0.01, 0.05):
        log_e = np.log(np.mean([b**5.0 * np.exp(-mean * (b - 1)) for b in synchrony.BETS]))
        assert synchrony.inverse_e_value(np.array([5]), np.array([mean]))[0] == pytest.approx(
            min(1.0, np.exp(-log_e))
        )
        e = np.mean([np.exp(count * np.log(b) - mean * (b - 1)) for b in synchrony.BETS], axis=0)
        assert np.sum(e * stats.poisson.pmf(count, mean)) <= 1 + 1e-9
        inverse, tail = (
            f(count, np.full(60, mean)) for f in (synchrony.inverse_e_value, synchrony.poisson_tail)
        )
        assert (inverse >= tail - 1e-12).all()


def test_all_pairs_windows_and_families_are_corrected_for() -> None:
    acts = worlds.make(worlds.planted(worlds.Setting(rows=2000)), rng(8))
    one = found(acts)
    assert one.tested == 410 * 409 // 2 * 2
    three = found(acts, families=3)
    assert three.tested == 3 * one.tested
    small = one.pairs["q"] < 0.2
    assert small.any()
    assert three.pairs["q"][small].to_numpy() == pytest.approx(3 * one.pairs["q"][small].to_numpy())
    more = synchrony.detect(acts.object, acts.account, acts.time_s, accounts=5000, windows=(60,))
    assert more.tested == 5000 * 4999 // 2


# --- strangers


def associates(acts: worlds.Acts, time: np.ndarray) -> pd.Series:
    """Number of associates on the object, by (account, object)."""
    ready = prepare(acts.object, acts.account, time)
    pairs, _, _ = close.close_pairs(ready.acts, 60_000, HOUR * 1000)
    _, every = close.associates(*pairs, ready.acts, 60_000, HOUR * 1000)
    names = [ready.accounts[ready.acts.account], ready.objects[ready.acts.object]]
    return pd.Series(every, index=pd.MultiIndex.from_arrays(names))


def test_c6_who_is_left_out_never_looks_at_the_act_itself() -> None:
    acts = worlds.make(
        worlds.Setting(accounts=12, objects=40, rows=300, group=worlds.Group(5, 4, cover=8)), rng(7)
    )
    draw = rng(9)
    first = associates(acts, acts.time_s)
    assert (first > 0).sum() > 20
    changed = 0
    for _ in range(150):
        k = int(draw.integers(len(acts.time_s)))
        here = (acts.account == acts.account[k]) & (acts.object == acts.object[k])
        time = acts.time_s.copy()
        others = acts.time_s[(acts.object == acts.object[k]) & ~here]
        # beside another act on the object, or nowhere near
        time[here] = draw.choice(others) if len(others) and draw.random() < 0.7 else draw.uniform(0, 30 * DAY)
        after = associates(acts, time)
        key = (acts.account[k], acts.object[k])
        assert after[key] == first[key]
        changed += not after.equals(first)
    assert changed > 10  # of other rows, which the act is evidence for


# --- invariance


def edges(table: pd.DataFrame, level: str) -> set[tuple[int, int, float]]:
    chosen = table[table[level]]
    return set(zip(chosen["a"], chosen["b"], chosen["window_s"], strict=True))


def test_c7_order_names_and_weeks_change_nothing() -> None:
    acts = worlds.make(worlds.planted(worlds.WORLDS["combined"]), rng(10))
    first = found(acts)
    assert edges(first.pairs, "validated")
    draw = rng(11)
    mixed = draw.permutation(len(acts.time_s))
    columns = [acts.object, acts.account, acts.time_s]
    again = synchrony.detect(
        *(c[mixed] for c in columns), origin_s=acts.origin_s[mixed], accounts=acts.accounts
    )
    pd.testing.assert_frame_equal(again.pairs, first.pairs, check_exact=True)
    things, people = draw.permutation(acts.object.max() + 1), draw.permutation(acts.accounts) + 7
    other = synchrony.detect(
        things[acts.object][mixed],
        people[acts.account][mixed],
        acts.time_s[mixed] + 7 * DAY,
        origin_s=acts.origin_s[mixed] + 7 * DAY,
        accounts=acts.accounts,
    ).pairs
    back = np.argsort(people)
    named = np.sort(back[np.searchsorted(people[back], other[["a", "b"]].to_numpy())], axis=1)
    leader = np.where(
        other["leader"] >= 0, back[np.searchsorted(people[back], np.maximum(other["leader"], 7))], -1
    )
    other = other.assign(a=named[:, 0], b=named[:, 1], leader=leader)
    other = other.sort_values(["window_s", "a", "b"], ignore_index=True)
    pd.testing.assert_frame_equal(other, first.pairs, rtol=1e-9, check_exact=False)
    for level in ("synchronised", "validated"):
        assert edges(other, level) == edges(first.pairs, level)


def test_a_cut_does_not_depend_on_names() -> None:
    """Forty accounts on two objects, four in each second: with at most six partners some are cut, whoever they are."""
    time = np.tile(np.repeat(np.arange(10), 4), 2).astype(float)
    kept = []
    for names in (np.arange(40), rng(12).permutation(40)):
        ready = prepare(np.repeat([0, 1], 40), np.tile(names, 2), time)
        low, high = close.spans(ready.acts.object, ready.acts.time, 5000)
        pairs, near, cut = close.close_pairs(ready.acts, 5000, -1, cap=6)
        assert near.tolist() == (high - low).tolist()  # what is near is counted in full
        assert 0 < cut.sum() < 80
        back = np.argsort(names)
        kept.append({tuple(sorted(p)) for p in zip(back[pairs.first], back[pairs.second], strict=True)})
    assert kept[0] == kept[1]
    assert 40 < len(kept[0]) < 40 * 39 / 2


def test_objects_cut_at_the_cap_are_listed() -> None:
    hot = np.zeros(2100, int)
    outcome = synchrony.detect(hot, np.arange(2100), np.arange(2100) * 0.01, windows=(60,))
    assert outcome.capped.values.tolist() == [[0, 60.0, 99]]
    assert outcome.pairs.empty


# --- leaders


def test_tail_of_unequal_coins() -> None:
    chances = np.array([0.5, 0.2, 0.1, 0.9])
    exact = sum(
        np.prod([c if heads >> k & 1 else 1 - c for k, c in enumerate(chances)])
        for heads in range(16)
        if bin(heads).count("1") >= 3
    )
    assert evidence.tail_of_coins(chances, 3) == pytest.approx(exact, rel=1e-12)
    assert evidence.tail_of_coins(np.full(8, 0.5), 8) == pytest.approx(0.5**8)


def stars(seed: int) -> tuple[np.ndarray, ...]:
    """An ordinary world with three stars, always first; the second is itself a fan of the first."""
    draw = rng(13, seed)
    base = worlds.make(worlds.Setting(rows=6000), draw)
    fans, busy = np.arange(50, 65), (0, 1, 2)
    rows = [(base.object, base.account, base.time_s, base.origin_s)]
    thing = base.object.max() + 1
    for star in busy:
        for posted in draw.uniform(0, 30 * DAY, 20):
            who = np.r_[fans[draw.random(15) < 0.85], [1] if star == 0 else []].astype(int)
            time = posted + draw.lognormal(np.log(40), 0.5, len(who)) + 1
            rows.append(
                (
                    np.full(len(who) + 1, thing),
                    np.r_[star, who],
                    np.r_[posted, time],
                    [posted] * (len(who) + 1),
                )
            )
            thing += 1
    return tuple(np.concatenate(column) for column in zip(*rows, strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_c13_fans_of_stars_are_never_validated(seed: int) -> None:
    thing, account, time, origin = stars(seed)
    for known in (origin, None):
        table = synchrony.detect(thing, account, time, origin_s=known).pairs
        assert table["synchronised"].sum() > 50
        assert not table["validated"].any()
    assert set(table.loc[table["synchronised"], "leader"]) <= {0, 1, 2}


def test_c14_a_group_nobody_leads_has_no_leader() -> None:
    lost = total = 0
    for seed in range(20):
        setting = worlds.planted(worlds.WORLDS["independent"], worlds.Group(10, 5))
        acts = worlds.make(setting, rng(14, seed))
        table = found(acts, known=False, windows=(60,)).pairs
        own = table[table["a"].isin(acts.group) & table["b"].isin(acts.group)]
        total += len(own)
        lost += (own["explained"] > 0).sum()
    assert total > 600
    assert lost <= 0.05 * total


# --- edges of what can come


def test_c17_little_or_nothing() -> None:
    for n in (0, 1):
        outcome = synchrony.detect(np.zeros(n, int), np.zeros(n, int), np.zeros(n))
        assert outcome.pairs.empty
        assert list(outcome.pairs) == list(synchrony.COLUMNS)
        assert outcome.tested == 0
        assert len(outcome.rows) == n
        assert synchrony.clusters(outcome).empty
    alone = synchrony.detect(np.arange(50), np.zeros(50, int), np.arange(50.0))
    assert alone.pairs.empty
    assert alone.tested == 0


def test_c17_equal_times() -> None:
    things, people = np.tile(np.arange(6), 5), np.repeat(np.arange(5), 6)
    for origin in (None, np.zeros(30)):
        outcome = synchrony.detect(things, people, np.zeros(30), origin_s=origin)
        assert outcome.pairs.empty  # one occasion
        together = synchrony.sitting(things, people, np.zeros(30), origin_s=origin).pairs
        assert len(together) == 20
        assert not together["validated"].any()


def test_c17_unknown_origins_and_impossible_times_are_counted() -> None:
    acts = worlds.make(worlds.planted(worlds.Setting(rows=2000)), rng(15))
    origin, time = acts.origin_s.copy(), acts.time_s.copy()
    origin[::3] = np.nan
    time[:40] = np.nan
    time[40:60] = origin_of(acts, 40, 60) - 1
    outcome = synchrony.detect(acts.object, acts.account, time, origin_s=origin)
    assert outcome.left_out["no_time"] == 40
    assert outcome.left_out["before_origin"] >= 1
    assert outcome.pairs["validated"].any()
    assert len(outcome.rows) + sum(outcome.left_out.values()) == len(time)
    assert (outcome.rows["time_s"] >= outcome.rows["origin_s"].fillna(0)).all()


def origin_of(acts: worlds.Acts, first: int, last: int) -> np.ndarray:
    return acts.origin_s[first:last]


def test_origin_known_is_the_share_of_close_objects() -> None:
    origin = np.tile([0.0, 0.0, np.nan, np.nan], 2)
    start = np.arange(1, 5) * float(DAY)
    table = synchrony.detect(
        np.tile(np.arange(4), 2), np.repeat([1, 2], 4), np.r_[start, start + 3], origin_s=origin
    ).pairs
    assert table["origin_known"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "settings, word",
    [
        ({"windows": ()}, "windows"),
        ({"windows": (60_000,)}, "windows"),
        ({"least": 1}, "least"),
        ({"margin": 0}, "margin"),
        ({"use": ("lag", "hat")}, "hat"),
        ({"accounts": 1}, "accounts"),
        ({"origin_s": [0.0]}, "length"),
    ],
)
def test_settings_outside_their_range_are_refused(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        synchrony.detect([1, 1, 2], [1, 2, 1], [0.0, 1.0, 2.0], **settings)


def test_levels_have_names() -> None:
    outcome = synchrony.detect([1, 1], [1, 2], [0.0, 1.0])
    with pytest.raises(ValueError, match="validated"):
        synchrony.clusters(outcome, "guilty")


# --- clusters


def test_clusters_are_numbered_by_size_then_code() -> None:
    pairs = pd.DataFrame({"a": [8, 1, 2, 5], "b": [9, 2, 3, 6], "synchronised": True})
    outcome = synchrony.Synchrony(pairs, pd.DataFrame(), 0, pd.DataFrame(), {})
    assert synchrony.clusters(outcome).values.tolist() == [
        [1, 1],
        [1, 2],
        [1, 3],
        [2, 5],
        [2, 6],
        [3, 8],
        [3, 9],
    ]


def test_a_cluster_is_described_with_what_is_known_of_sources() -> None:
    acts = worlds.make(worlds.planted(worlds.Setting(rows=3000)), rng(27))
    columns = (acts.object, acts.account, acts.time_s)
    bare = synchrony.detect(*columns)
    look = synchrony.describe(bare, acts.group)
    assert look["source"] is None
    assert np.isnan(look["top_source"])
    assert np.isnan(look["items"])
    assert look["name"] == "unexplained_synchrony"
    assert look["origin_unknown"]
    assert look["edges"] == 45
    assert not look["mass_synchrony"]
    half = np.where(np.arange(len(acts.source)) % 2, acts.source.astype(str), None)
    named = synchrony.detect(*columns, origin_s=acts.origin_s, source=half)
    look = synchrony.describe(named, acts.group, level="validated")
    assert 0 < look["top_source"] < 0.5
    assert look["source"] in set(half[half != None])  # noqa: E711
    assert not look["origin_unknown"]
    nobody = synchrony.describe(named, [0, 1])
    assert nobody["edges"] == 0
    assert nobody["name"] == "unexplained_synchrony"


def test_members_of_a_crowd_are_marked() -> None:
    acts = worlds.make(worlds.planted(worlds.Setting(rows=3000), worlds.Group(10, 25)), rng(28))
    look = synchrony.describe(found(acts, crowd=3), acts.group)
    assert look["edges"] == 0 or look["mass_synchrony"]
    assert found(acts, crowd=3).pairs["crowd"].sum() >= 45
    assert not found(acts).pairs["crowd"].any()


def test_e_values_find_the_same_group_and_never_more() -> None:
    acts = worlds.make(worlds.planted(worlds.WORLDS["topics"]), rng(29))
    plain_edges, bets = (edges(found(acts, e_values=e).pairs, "validated") for e in (False, True))
    assert len(bets) > 30
    assert bets <= plain_edges


# --- planting and shuffling


def test_a_planted_group_is_what_was_asked_for() -> None:
    acts = worlds.make(worlds.WORLDS["topics"], rng(16))
    columns = (acts.object, acts.account, acts.time_s)
    out = planting.plant(
        *columns, rng=rng(17), group=6, repeats=9, jitter_s=20, cover=4, origin_s=acts.origin_s
    )
    n = len(acts.time_s)
    for given, got in zip((*columns, acts.origin_s), out[:4], strict=True):
        assert (got[:n] == given).all()
    own = pd.DataFrame({"thing": out.object[n:], "who": out.account[n:], "time": out.time_s[n:]})
    assert set(own["who"]) == set(out.members) == set(range(400, 406))
    assert len(own) == 6 * 9 + 6 * 4
    pushed = own.head(6 * 9).groupby("thing")["time"]
    assert len(pushed) == 9
    assert (pushed.max() - pushed.min() <= 20).all()
    assert (pushed.size() == 6).all()
    assert sum(thing > acts.object.max() for thing in pushed.groups) == 4
    assert (out.time_s >= out.origin_s).all()
    same = planting.plant(
        *columns, rng=rng(17), group=6, repeats=9, jitter_s=20, cover=4, origin_s=acts.origin_s
    )
    assert all((a == b).all() for a, b in zip(out, same, strict=True))


def test_planting_where_nothing_is_known() -> None:
    out = planting.plant([1, 1], [5, 6], [0.0, 0.0], rng=rng(18), group=2, repeats=4, jitter_s=1)
    assert out.origin_s is None
    assert len(set(out.object[: 2 + 8])) == 4  # one object to borrow, three of its own
    with pytest.raises(ValueError, match="no row"):
        planting.plant([1], [5], [np.nan], rng=rng(18), group=2, repeats=4, jitter_s=1)


def test_power_finds_what_is_plain_and_not_what_is_hidden() -> None:
    acts = worlds.make(worlds.Setting(rows=4000), rng(19))
    table = synchrony.power(
        acts.object,
        acts.account,
        acts.time_s,
        seed=1,
        groups=(5,),
        repeats=(3, 25),
        jitters_s=(10, 20_000),
        seeds=3,
        origin_s=acts.origin_s,
    )
    recall = table.set_index(["repeats", "jitter_s"])["recall"]
    assert recall[25, 10.0] >= 0.9
    assert recall[25, 20_000.0] == 0
    assert recall[3, 10.0] <= 0.2
    assert table["others"].max() == 0
    assert table["runs"].tolist() == [3] * 4


def test_shuffles_keep_what_they_promise() -> None:
    acts = worlds.make(worlds.planted(worlds.WORLDS["combined"]), rng(20))
    people = synchrony.shuffle_accounts(acts.object, acts.account, acts.time_s, rng=rng(21))
    day = np.floor(acts.time_s / DAY)
    before = pd.DataFrame({"o": acts.object, "d": day, "a": acts.account}).sort_values(["o", "d", "a"])
    after = pd.DataFrame({"o": acts.object, "d": day, "a": people}).sort_values(["o", "d", "a"])
    assert (before.values == after.values).all()
    assert (people != acts.account).mean() > 0.3
    times = synchrony.shuffle_times(acts.object, acts.time_s, rng=rng(22), origin_s=acts.origin_s)
    assert (np.floor(times / DAY) == day).all()
    assert (times >= acts.origin_s).all()
    near = synchrony.shuffle_times(acts.object, acts.time_s, rng=rng(22), reach_s=600)
    assert 0 < np.abs(near - acts.time_s).max() <= 600


def test_a_planted_group_does_not_outlive_a_shuffle() -> None:
    acts = worlds.make(worlds.planted(worlds.WORLDS["combined"]), rng(23))
    assert found(acts).pairs["validated"].any()
    times = synchrony.shuffle_times(acts.object, acts.time_s, rng=rng(24), origin_s=acts.origin_s)
    shuffled = synchrony.detect(acts.object, acts.account, times, origin_s=acts.origin_s)
    assert not shuffled.pairs["validated"].any()


def test_a_list_worked_through_in_one_sitting() -> None:
    """Ten objects within half an hour, twice over: nothing that repeats, but a sitting."""
    acts = worlds.make(worlds.Setting(rows=6000), rng(25))
    things = acts.object.max() + 1 + np.arange(12)
    time = 10 * DAY + np.arange(12) * 120.0
    columns = [
        np.r_[acts.object, np.tile(things, 3)],
        np.r_[acts.account, np.repeat([900, 901, 902], 12)],
        np.r_[acts.time_s, np.tile(time, 3) + rng(26).uniform(0, 30, 36)],
    ]
    assert not synchrony.detect(*columns).pairs["synchronised"].any()
    outcome = synchrony.sitting(*columns)
    assert synchrony.clusters(outcome)["account"].tolist() == [900, 901, 902]
    assert synchrony.clusters(outcome, "validated").empty
