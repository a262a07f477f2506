"""Groups with shared wording: the method against a plain second reading of it, and what it must say or not say."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import copying_acceptance as acceptance
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kit.errors import MetricError
from kit.inference.coaction import copying, cores, indicators
from kit.inference.coaction.copying import Power, power_near
from kit.inference.coaction.power_table import ROWS
from kit.texts.near_duplicates import produce
from simulation import copying as worlds
from simulation.copying import Network
from simulation.near_duplicates import posts_with_near_duplicates

BYSTANDERS = 3000
CLEAN = pd.DataFrame({"account": np.repeat(np.arange(6000), 4), "family": -1})
NO_ACCOUNTS = pd.DataFrame({"created_day": []})


def posts_of(*uses: tuple[Any, Any]) -> pd.DataFrame:
    """Four posts of each bystander that copy nothing, and uses: accounts and families."""
    account = np.concatenate([np.repeat(np.arange(BYSTANDERS), 4), *(np.ravel(a) for a, _ in uses)])
    family = np.concatenate([np.full(BYSTANDERS * 4, -1), *(np.ravel(f) for _, f in uses)])
    return pd.DataFrame({"account": account, "family": family})


def everyone(accounts: range, families: range) -> tuple[np.ndarray, np.ndarray]:
    """Each of the accounts uses each of the families."""
    return np.repeat(accounts, len(families)), np.tile(families, len(accounts))


def detect(posts: pd.DataFrame, control: pd.DataFrame | None = CLEAN, **settings: Any) -> copying.Copying:
    return copying.detect(posts, NO_ACCOUNTS, control, **settings)


# --- a second reading: sets, loops and fractions


def slow_core(
    edges: set[tuple[int, int]], b: int, purity: Fraction
) -> tuple[set[int], set[int], set[tuple[int, int]]]:
    users = {f: {a for a, g in edges if g == f} for _, f in edges}
    accounts, families = {a for a, _ in edges}, set(users)
    while True:
        stay = {a for a in accounts if sum((a, f) in edges for f in families) >= b}
        keep = {f for f in families if len(users[f] & stay) >= max(2, purity * len(users[f]))}
        if (stay, keep) == (accounts, families):
            return stay, keep, {(a, f) for a, f in edges if a in stay and f in keep}
        accounts, families = stay, keep


def slow_tail(least: int, n: int, chance: Fraction) -> Fraction:
    """P(Bin(n, chance) >= least), exactly, in whole numbers; the shorter end is added up."""
    yes, no, all_ = chance.numerator, chance.denominator - chance.numerator, chance.denominator
    below = least <= n // 2
    ends = range(max(least, 0)) if below else range(least, n + 1)
    share = Fraction(sum(math.comb(n, k) * yes**k * no ** (n - k) for k in ends), all_**n)
    return 1 - share if below else share


def slow_overlap(
    edges: set[tuple[int, int]], core: set[int], families: set[int], b: int, margin: Fraction
) -> float:
    users = {f: sum(g == f for _, g in edges) for _, f in edges}
    held = {a: sum((a, f) in edges for f in users if users[f] >= 2) for a, _ in edges}
    share = min(Fraction(999, 1000), margin * sum(held[a] for a in core) / sum(held.values()))
    uses = sum((a, f) in edges for a in core for f in families)
    ways = math.comb(sum(m >= 2 for m in users.values()), len(families))
    ways *= math.comb(sum(k >= b for k in held.values()), len(core))
    return float(min(Fraction(1), slow_tail(uses, sum(users[f] for f in families), share) * ways))


def graph(rng: np.random.Generator) -> tuple[cores.Layer, set[tuple[int, int]]]:
    account, family = rng.integers(0, 25, 90), rng.integers(0, 12, 90)
    return cores.layer(account, family, 25, 12), set(zip(account.tolist(), family.tolist(), strict=True))


def test_g5_peeling_agrees_with_sets_on_300_graphs() -> None:
    rng = np.random.default_rng(1)
    seen = 0
    for _ in range(300):
        copies, edges = graph(rng)
        b, tenths = int(rng.integers(2, 5)), int(rng.choice([3, 5, 7, 9]))
        inside = cores.peel(copies, b, tenths / 10)
        mine = set(zip(copies.account[inside].tolist(), copies.family[inside].tolist(), strict=True))
        assert mine == slow_core(edges, b, Fraction(tenths, 10))[2]
        seen += bool(mine) and len(mine) < len(edges)
    assert seen > 50  # neither empty nor everything


def test_g7_tails_agree_with_exact_fractions_and_scipy() -> None:
    for n, least, chance in ((40, 9, Fraction(1, 10)), (300, 150, Fraction(1, 4)), (12, 12, Fraction(2, 3))):
        exact = float(slow_tail(least, n, chance))
        assert math.exp(cores.tail(least, n, float(chance))) == pytest.approx(exact, rel=1e-9)
        assert math.exp(cores.tail(least, n, float(chance))) == pytest.approx(
            stats.binom.sf(least - 1, n, float(chance)), rel=1e-9
        )
    assert cores.tail(0, 5, 0.2) == 0
    assert cores.tail(6, 5, 0.2) == -np.inf


def test_a_tail_below_the_smallest_number_is_not_zero() -> None:
    """Or it would win against any number of choices."""
    exact = slow_tail(1900, 2000, Fraction(1, 4))
    assert stats.binom.sf(1899, 2000, 0.25) == 0
    log = math.log(exact.numerator) - math.log(exact.denominator)
    assert cores.tail(1900, 2000, 0.25) == pytest.approx(log, rel=1e-9)
    assert cores.overlap(1900, 2000, 0.25, (150, 1000), (1500, 6000)) == 1.0


def test_g7_both_p_agree_with_a_plain_reading() -> None:
    """Forty accounts with four texts, ten others who use one of them, and joke tellers around."""
    jokes = np.random.default_rng(5).integers(10, 60, 400)
    table = posts_of(
        everyone(range(12), range(4)),
        (range(20, 23), [0, 1, 2]),
        (np.random.default_rng(6).integers(100, 900, 400), jokes),
    )
    found = detect(table).groups
    assert len(found) == 1
    row = found.iloc[0]
    copied = table[table["family"] >= 0]
    edges = set(zip(copied["account"].tolist(), copied["family"].tolist(), strict=True))
    core, families, _ = slow_core(edges, 3, Fraction(7, 10))
    assert (row["core_accounts"], row["families"]) == (len(core), len(families)) == (12, 4)
    assert row["p_overlap"] == pytest.approx(slow_overlap(edges, core, families, 3, Fraction(3, 2)), rel=1e-9)
    rate = Fraction(float(stats.beta.ppf(0.95, 1, 6000)))
    assert row["p_prevalence"] == pytest.approx(float(slow_tail(12, BYSTANDERS, rate)), rel=1e-9)
    assert (row["uses"], row["all_uses"], row["control_core"], row["control_accounts"]) == (48, 51, 0, 6000)


def test_prevalence_grows_with_the_case_and_needs_a_control() -> None:
    assert cores.prevalence(30, 1000, 0, 0) == 1.0
    assert cores.prevalence(5, 1000, 1, 2000) < cores.prevalence(5, 4000, 1, 2000)
    rate = stats.beta.ppf(0.95, 3, 500 - 2) * 3000 / 500
    assert cores.prevalence(60, 3000, 2, 500) == pytest.approx(stats.binom.sf(59, 3000, rate), rel=1e-9)


# --- small cases


def test_g3_a_petition_and_a_joke_are_no_group() -> None:
    for users in (300, 1000):
        out = detect(posts_of((range(users), [0] * users)))
        assert out.groups.empty
        assert out.families[["users", "group"]].to_numpy().tolist() == [[users, -1]]


def test_g4_a_few_texts_of_few_accounts_are_a_group_until_many_others_use_them() -> None:
    ring = everyone(range(40), range(4))
    out = detect(posts_of(ring))
    assert out.groups["core_accounts"].tolist() == [40]
    assert out.groups["state"].tolist() == ["co_active"]
    assert out.members["account"].tolist() == list(range(40))
    others = (200 + np.arange(240), np.arange(240) % 4)
    assert detect(posts_of(ring, others)).groups.empty


def test_g6_two_groups_joined_by_one_account_are_two() -> None:
    one, other = everyone(range(40), range(4)), everyone(range(40, 80), range(4, 8))
    out = detect(posts_of(one, other, ([0, 0], [4, 5])))
    assert out.groups["core_accounts"].tolist() == [40, 40]
    both = out.members.groupby("account").size()
    assert both[both > 1].index.tolist() == [
        0
    ]  # two texts of the other group make it a member, not a core account
    assert out.members["core"].sum() == 80


def test_groups_in_a_chain_come_apart_whatever_their_symmetry() -> None:
    """The second vector of three equal groups in a row is nearly zero in the middle one."""
    groups = [everyone(range(30 * i, 30 * i + 30), range(4 * i, 4 * i + 4)) for i in range(3)]
    out = detect(posts_of(*groups, ([0, 59], [4, 8])))
    assert sorted(out.groups["core_accounts"]) == [30, 30, 30]


def test_a_piece_too_large_for_the_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = everyone(range(40), range(4)), everyone(range(40, 80), range(4, 8))
    monkeypatch.setattr(cores, "LARGEST", 7)
    out = detect(posts_of(one, other, ([0, 0], [4, 5])))
    assert out.groups["core_accounts"].tolist() == [80]
    assert "split_skipped" in out.warnings


def test_a_member_has_two_texts_of_the_group_and_a_core_account_three() -> None:
    out = detect(posts_of(everyone(range(30), range(6)), ([100, 100, 101], [0, 1, 2])))
    members = out.members.set_index("account")["core"]
    assert not members[100]
    assert 101 not in members
    assert members.sum() == 30
    row = out.groups.iloc[0]
    assert (row["core_accounts"], row["member_accounts"]) == (30, 31)
    assert row["purity_found"] == pytest.approx(180 / 183)


@pytest.mark.parametrize(
    "posts",
    [
        posts_of().iloc[:0],
        posts_of().iloc[:1],
        pd.DataFrame({"account": [5] * 50, "family": range(50)}),
        pd.DataFrame({"account": range(50), "family": 0}),
        pd.DataFrame({"account": np.repeat(range(50), 5), "family": 0}),
        posts_of(),
        pd.DataFrame({"account": [-1, -1], "family": [0, 0]}),
        pd.DataFrame({"account": [None, 3], "family": [None, 0]}),
    ],
    ids=["empty", "one row", "one account", "one text", "all alike", "no long text", "unknown", "missing"],
)
def test_g17_small_and_dull_cases_are_no_group(posts: pd.DataFrame) -> None:
    for control in (CLEAN, CLEAN.iloc[:0], None):
        out = detect(posts, control)
        assert out.groups.empty
        assert out.members.empty
        assert out.indicators.empty
        assert list(out.groups.columns) == list(copying._GROUPS)
        assert ("no_control" in out.warnings) == (control is None)
        assert ("control_small" in out.warnings) == (control is not None and control.empty)


def test_wrong_settings_and_columns_are_told() -> None:
    posts = posts_of(everyone(range(40), range(4)))
    with pytest.raises(MetricError, match="family"):
        detect(posts.drop(columns="family"))
    with pytest.raises(MetricError, match="settings"):
        detect(posts, settings=((1, 0.5),))
    with pytest.raises(MetricError, match="alpha"):
        detect(posts, alpha=0)
    with pytest.raises(MetricError, match="hour"):
        detect(posts.assign(hour=24))


# --- worlds


@pytest.fixture(scope="module")
def planted() -> worlds.World:
    """Honest groups and a network of 200 accounts."""
    return worlds.world(acceptance.MIXED, np.random.default_rng(11), network=Network(200, 5, 150, 1.0))


@pytest.fixture(scope="module")
def read_out(planted: worlds.World) -> copying.Copying:
    return copying.detect(*planted)


def kinds(world: worlds.World, out: copying.Copying) -> pd.Series:
    """For each group, what most of its members are."""
    members = out.members.assign(kind=out.members["account"].map(world.accounts["kind"]))
    return members.groupby("group")["kind"].agg(lambda k: k.mode().iloc[0])


def test_g8_order_and_names_of_rows_do_not_matter(planted: worlds.World, read_out: copying.Copying) -> None:
    rng = np.random.default_rng(2)
    new = rng.permutation(10 * len(planted.accounts))[: len(planted.accounts)]
    families = rng.permutation(5 * (planted.posts["family"].max() + 1))
    camps, hosts = np.array([7, 2, 5]), rng.permutation(40)
    posts = planted.posts.sample(frac=1, random_state=3).reset_index(drop=True)
    for name, renamed in (("account", new), ("family", families), ("camp", camps), ("domain", hosts)):
        code = posts[name].to_numpy()
        posts[name] = np.where(code >= 0, renamed[code], -1)
    accounts = planted.accounts.set_axis(new).sample(frac=1, random_state=4)
    accounts["created_day"] += 7
    control = planted.control.sample(frac=1, random_state=5)
    control["account"] = rng.permutation(3000)[control["account"]]
    out = copying.detect(posts, accounts, control)
    pd.testing.assert_frame_equal(out.groups, read_out.groups, check_exact=True)
    shifted = read_out.indicators.copy()
    shifted.loc[shifted["indicator"] == "created", "start"] += 7
    pd.testing.assert_frame_equal(out.indicators, shifted, check_exact=True)
    back = pd.Series(range(len(new)), index=new)
    mine = set(zip(out.members["group"], out.members["account"].map(back), out.members["core"], strict=True))
    assert mine == set(read_out.members.itertuples(index=False, name=None))
    assert out.warnings == read_out.warnings


def test_missing_values_are_read_as_missing(planted: worlds.World, read_out: copying.Copying) -> None:
    """Nullable, object and float columns say the same."""
    nullable = planted.posts.convert_dtypes()
    as_objects = planted.posts.astype(object)
    as_objects["domain"] = [None if d < 0 else d for d in planted.posts["domain"]]
    as_floats = planted.posts.astype(float)
    as_floats.loc[as_floats["family"] < 0, "family"] = np.nan
    for posts in (nullable, as_objects, as_floats):
        out = copying.detect(posts, planted.accounts, planted.control)
        for mine, other in zip(out[:4], read_out[:4], strict=True):
            pd.testing.assert_frame_equal(mine, other)


def test_g10_honest_groups_are_never_called_more_than_co_active(
    planted: worlds.World, read_out: copying.Copying
) -> None:
    of = kinds(planted, read_out)
    rows = read_out.groups.set_index("group")
    assert {"fans", "supporters", "network"} <= set(of)
    honest = rows[of != "network"]
    assert set(honest["state"]) <= {"co_active", "co_active_unusual"}
    assert not honest["validated"].any()
    assert rows.loc[of == "network", "state"].tolist() == ["validated"]
    assert not any("network" in str(word) for word in rows[["state", "name"]].to_numpy().ravel())
    assert (
        rows["state"] == rows["indicators_on"].map({0: "co_active", 1: "co_active"}).fillna(rows["state"])
    ).all()
    assert ((rows["state"] == "co_active_unusual") == (rows["indicators_on"] == 2)).all()


def test_g13_without_a_control_a_large_network_is_not_seen_and_the_warning_says_so() -> None:
    world = worlds.world(acceptance.MIXED, np.random.default_rng(12), network=acceptance.LARGE)
    out = copying.detect(world.posts, world.accounts, None)
    assert "network" not in set(kinds(world, out))
    assert "no_control" in out.warnings
    few = world.control[world.control["account"] < 150]
    small = copying.detect(world.posts, world.accounts, few)
    assert "network" not in set(kinds(world, small))
    assert "control_small" in small.warnings
    whole = copying.detect(world.posts, world.accounts, world.control)
    assert "network" in set(kinds(world, whole))
    assert not {"no_control", "control_small"} & set(whole.warnings)


@pytest.mark.parametrize("left", [("hour", "camp"), ("reactionless",), ()])
def test_g14_a_missing_field_is_a_mark_that_is_off(left: tuple[str, ...], planted: worlds.World) -> None:
    gone = [c for c in ("reactionless", "hour", "camp") if c not in left]
    posts = planted.posts.drop(columns=gone)
    posts["reactionless"] = posts.get("reactionless", pd.Series(pd.NA, posts.index, dtype="boolean"))
    out = copying.detect(posts, planted.accounts.drop(columns="created_day"), planted.control)
    assert not out.groups.empty
    assert not out.groups["validated"].any()
    absent = ~out.indicators["available"]
    assert set(out.indicators.loc[absent, "indicator"]) >= {"created"}
    assert not out.indicators.loc[absent, "on"].any()
    assert out.indicators.loc[absent, ["p", "effect", "control_value"]].isna().all().all()
    assert {"marks_missing", "validation_impossible"} <= set(out.warnings)


def test_three_fields_are_enough_and_one_camp_is_no_field(planted: worlds.World) -> None:
    out = copying.detect(planted.posts.assign(camp=1), planted.accounts, planted.control)
    spread = out.indicators[out.indicators["indicator"] == "spread"]
    assert not spread["available"].any()
    assert "marks_missing" in out.warnings
    assert "validation_impossible" not in out.warnings
    assert out.groups["validated"].sum() == 1


def test_g15_spam_is_promotion_and_headlines_have_a_source() -> None:
    world = worlds.world(("N1", "N3", "N4"), np.random.default_rng(13))
    out = copying.detect(*world)
    of = kinds(world, out)
    assert of.tolist() == ["spam"]
    assert out.groups["name"].tolist() == ["promotion"]
    found = out.families[out.families["sourced"]]
    linked = world.posts[(world.posts["domain"] >= 0) & (world.posts["domain"] < 3)]
    assert set(found["family"]) == set(linked.loc[linked["family"] >= 0, "family"])
    assert set(found["why"]) == {"shared_domain"}
    assert (found["group"] == -1).all()


def test_a_source_that_the_caller_knows_takes_the_family_out() -> None:
    posts = posts_of(everyone(range(40), range(4)))
    out = detect(posts, given={0: "parent_post", 1: "headline", 77: "petition"})
    assert out.groups.empty
    rows = out.families.set_index("family")
    assert rows["sourced"].tolist() == [True, True, False, False]
    assert rows["why"].tolist()[:2] == ["parent_post", "headline"]
    named = copying.sourced(posts, {77: "petition"})
    assert named.to_numpy().tolist() == [[77, "petition"]]


def test_a_domain_is_a_source_only_where_others_link_it_too() -> None:
    ring = posts_of(everyone(range(40), range(4)))
    ring["domain"] = np.where(ring["family"] >= 0, 9, -1)
    assert copying.sourced(ring).empty
    public = ring.copy()
    public.loc[public.index[1000:1400:4], "domain"] = 9  # a hundred bystanders
    assert copying.sourced(public)["family"].tolist() == [0, 1, 2, 3]
    mixed = public.copy()
    copies = mixed.index[mixed["family"] == 0]
    mixed.loc[copies[:9], "domain"] = 8  # 31 of 40 are fewer than four in five
    assert copying.sourced(mixed)["family"].tolist() == [1, 2, 3]


# --- indicators


def test_marks_are_rarely_on_for_ordinary_accounts_and_on_for_a_wave_of_sign_ups() -> None:
    on: dict[str, int] = dict.fromkeys(indicators.INDICATORS, 0)
    waves = 0
    for seed in range(20):
        rng = np.random.default_rng([seed, 77])
        world = worlds.world(("N1",), rng, control=10)
        posts, made = world.posts, world.accounts["created_day"].to_numpy()
        active = np.flatnonzero(np.bincount(posts["account"], minlength=len(made)) >= 3)
        seen = indicators.traits(
            *(posts["account"].to_numpy(), made),
            *(posts[c].to_numpy(float) for c in ("reactionless", "hour")),
            posts["camp"].to_numpy(),
        )
        group = rng.choice(active, 40, replace=False)
        for indicator in indicators.read(seen, [group], np.setdiff1d(active, group))[0]:
            assert indicator.available
            on[indicator.indicator] += indicator.on
        wave = active[(made[active] >= 300) & (made[active] < 314)]
        joined = np.union1d(wave[:20], group[:20])
        waves += indicators.read(seen, [joined], np.setdiff1d(active, joined))[0][0].on
    assert max(on.values()) <= 1
    assert waves == 20


def test_each_mark_says_what_it_measures() -> None:
    """A group made in one week, answered by nobody, awake from 3 to 6, at every camp; the rest is the opposite."""
    n, posts = 60, 12
    account = np.repeat(np.arange(n), posts)
    odd = account < 20
    turn = np.tile(np.arange(posts), n)
    created = np.where(np.arange(n) < 20, 1000.0 + np.arange(n) % 7, np.arange(n) * 60.0)
    seen = indicators.traits(
        account,
        created,
        np.where(odd, 1.0, turn % 2),
        np.where(odd, 3 + turn % 4, 12 + (turn + account) % 10),
        np.where(odd, turn % 3, 1 + account % 2),
    )
    read = {m.indicator: m for m in indicators.read(seen, [np.arange(20)], np.arange(20, n))[0]}
    assert all(m.on for m in read.values())
    assert read["created"].effect == 1.0
    assert 990 < read["created"].start <= 1000
    assert read["no_reaction"].effect == pytest.approx(0.5)
    assert read["no_reaction"].control_value == pytest.approx(0.5)
    assert read["hours"].effect == pytest.approx(1.0)
    assert read["hours"].start == 0  # the first window of 8 hours with all of 3 to 6
    assert read["spread"].effect == pytest.approx(1 - 3 * 4 * 3 / (12 * 11))
    few = {m.indicator: m for m in indicators.read(seen, [np.arange(4)], np.arange(20, n))[0]}
    assert not any(m.available or m.on for m in few.values())
    lonely = indicators.read(seen, [np.arange(20)], np.arange(20, 49))[0]
    assert not any(m.available for m in lonely)


def test_a_difference_below_its_floor_or_above_its_level_is_off() -> None:
    account = np.repeat(np.arange(4000), 10)
    silent = (np.tile(np.arange(10), 4000) < np.where(account < 1000, 7, 5)).astype(float)
    none = np.full(len(account), np.nan)
    seen = indicators.traits(account, np.full(4000, np.nan), silent, none, np.full(len(account), -1))
    indicator = indicators.read(seen, [np.arange(1000)], np.arange(1000, 4000))[0][1]
    assert indicator.p < 1e-9
    assert indicator.effect == pytest.approx(0.2)
    assert not indicator.on


# --- the table of strengths


def test_power_is_that_of_the_nearest_case() -> None:
    row = power_near(2000, 7.5, 150, 1.0)
    assert (row.accounts, row.posts_each, row.templates, row.template_share) == (2000, 7.5, 150, 1.0)
    assert row.text >= 0.95
    assert row.ordinary == 5000
    assert power_near(1800, 7, 170, 0.9) == row
    assert power_near(10**7, 500, 5, 0.9)[:4] == (2000, 10, 50, 1.0)
    assert power_near(100, 5, 50, 1.0).accounts == 50  # as near as 200, and harder
    assert power_near(50, 5, math.sqrt(50 * 150), 1.0).templates == 150
    with pytest.raises(MetricError):
        power_near(0, 5, 50, 1.0)
    assert Power._fields[-1] == "worlds"


def test_the_table_of_strengths_is_the_one_in_the_document() -> None:
    _, document = acceptance.written()
    assert {row[:4]: row[4:6] for row in ROWS} == document
    assert len(ROWS) == 180


# --- texts


@pytest.mark.parametrize("edits, least", [(1, 0.95), (2, 0.8)])
def test_g2_edited_copies_are_joined(edits: int, least: float) -> None:
    """150 texts of 12 to 45 words with six copies each; words changed anywhere."""
    rng = np.random.default_rng(8)
    pool = posts_with_near_duplicates(1500, seed=5)
    pool = pool[(pool["language"] == "en") & (pool["cluster"] < 0)]
    texts = [t.split(" https")[0].split(" #")[0] for t in pool["text"]]
    texts = [t for t in texts if 12 <= len(t.split()) <= 45]
    first, rest = texts[:150], texts[150:]
    words = " ".join(rest).split()
    assert len(first) == 150
    copies = []
    for text in first:
        for _ in range(6):
            changed = text.split()
            for at in rng.choice(len(changed), edits, replace=False):
                changed[at] = words[rng.integers(len(words))]
            copies.append(" ".join(changed))
    table = pd.DataFrame({"text": first + copies + rest})
    table.insert(0, "post_key", range(len(table)))

    def read(query: str, table: pd.DataFrame = table, **_: Any) -> Any:
        return iter([table] if "all_posts" in query else [])

    key = produce(read)["near_duplicate_key"].to_numpy(float, na_value=np.nan)
    own = key[:150]
    joined = key[150:1050].reshape(150, 6) == own[:, None]
    assert joined.mean() >= least, edits
    named = own[~np.isnan(own)]
    assert len(set(named)) == len(named)  # no family mixes two texts
