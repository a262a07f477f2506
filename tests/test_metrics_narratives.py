"""Narratives: published worked examples, worlds whose topics are planted, and cases that cannot tell."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
import yaml
from worlds import account, desk, post, report, simulated

import kit
from kit import locale
from kit.errors import MetricError
from kit.inference.agreement import _alphas, alpha
from kit.locale.later import Text, say
from kit.metrics import texts
from kit.notebook.findings import finding_object
from simulation import honest, meant, tiny, write_coders, write_exports, write_report
from simulation.coding import EVERYDAY, TOPICS

SAMPLE = Path(__file__).resolve().parent.parent / "reports" / "sample"
VARY = {
    "narrative_share": {"subset": ["all", "replies", "no_reposts"], "minimum": [1, 3]},
    "camouflage": {"minimum": [5, 3, 8], "least": [0.1, 0.25]},
}
KEYS = {"codebook": "codebook.yml", "coders": ["coder_a.csv", "coder_b.csv"]}

# ------------------------------------------------------------------ alpha against published numbers

#: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: nominal data of parts A, B and C
TWO_VALUES = ["0100000010", "1110010000"]
FIVE_VALUES = ["aabbdcccedda", "babbbccceddd"]
FOUR_CODERS = ["12332141 2   ", "12332241 25 3", " 3332342 251 ", "12332441 251 "]


def counts(rows: list[str]) -> np.ndarray:
    """How many coders gave each value to each unit; a space is no value."""
    values = sorted(set("".join(rows)) - {" "})
    return np.array([[sum(row[u] == v for row in rows) for v in values] for u in range(len(rows[0]))])


def test_alpha_is_the_published_one() -> None:
    # by hand: 1 - (n - 1) (n - agreeing values) / (n² - Σ n_v²)
    assert alpha(counts(TWO_VALUES), seed=1).estimate == pytest.approx(
        1 - 19 * (20 - 12) / (400 - 14**2 - 6**2)
    )
    assert alpha(counts(TWO_VALUES), seed=1).estimate == pytest.approx(0.095, abs=0.0005)
    assert alpha(counts(FIVE_VALUES), seed=1).estimate == pytest.approx(
        1 - 23 * (24 - 18) / (576 - 4**2 - 6**2 - 6**2 - 6**2 - 2**2)
    )
    assert alpha(counts(FIVE_VALUES), seed=1).estimate == pytest.approx(0.692, abs=0.0005)
    assert alpha(counts(FOUR_CODERS), seed=1).estimate == pytest.approx(0.743, abs=0.0005)


def test_the_draws_of_the_bootstrap_follow_the_same_formula() -> None:
    rng = np.random.default_rng(3)
    table = rng.multinomial(3, [0.5, 0.3, 0.2], size=40).astype(float)
    for _ in range(5):
        weights = rng.multinomial(40, np.full(40, 1 / 40))
        whole = krippendorff.alpha(
            value_counts=np.repeat(table, weights, axis=0), level_of_measurement="nominal"
        )
        assert _alphas(weights[None, :], table)[0] == pytest.approx(whole)


def test_alpha_of_chance_is_nothing_and_its_interval_holds_it() -> None:
    rng = np.random.default_rng(5)
    coded = rng.integers(0, 2, (2, 400))
    table = np.column_stack([(coded == v).sum(axis=0) for v in (0, 1)])
    found = alpha(table, seed=2)
    assert abs(found.estimate) < 0.12
    assert found.low < 0 < found.high
    assert found == alpha(table, seed=2)


@pytest.mark.parametrize(
    "table",
    [[], [[2, 0]], [[2, 0], [2, 0]], [[1, 0], [0, 1]], [[1, 0], [2, 0], [0, 1]]],
    ids=["nothing", "one unit", "all the same", "one coder each", "one unit by two"],
)
def test_alpha_is_undefined_where_nothing_could_differ(table: list[list[int]]) -> None:
    assert all(math.isnan(x) for x in alpha(np.array(table, float), seed=1))


def test_a_code_that_hardly_occurs_has_no_interval() -> None:
    rare = alpha(np.array([[2, 0]] * 99 + [[0, 2]]), seed=1)
    assert rare.estimate == pytest.approx(1)
    assert math.isnan(rare.low)


# ------------------------------------------------------------------ worlds


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, Any]]]:
    with desk(tmp_path_factory.mktemp("narratives")) as home:
        campaign = tiny(
            3, studied_accounts=80, studied_posts=700, control_posts=600, share_filler=0.3, share_edited=0.2
        )
        world = simulated(home, "told", campaign, languages=["en", "fr"], **KEYS)
        folder = home / "reports" / "told"
        shutil.copy(SAMPLE / "codebook.yml", folder)
        write_coders(world, folder, posts=200, differ=12)
        yield kit.open("told"), world


def planted(world: dict[str, Any]) -> pd.DataFrame:
    posts = world["posts"]
    posts = posts[posts["in_period"]].copy()
    posts["code"] = meant(posts)
    return posts


def test_planted_shares_are_found(opened: Any) -> None:
    case, world = opened
    posts = planted(world)
    table = texts.narratives(case).set_index(["group", "code"])
    for group in ("studied", "control"):
        mine = posts[posts["group"] == group]
        for code in (*TOPICS, EVERYDAY):
            row = table.loc[group, code]
            truth = (mine["code"] == code).mean()
            assert row.n == len(mine)
            assert row.estimate == pytest.approx(truth, abs=0.02), (group, code)
            assert row.low <= row.estimate <= row.high
            wrote = mine.loc[mine["code"] == code, "account_id"].nunique()
            assert row.accounts == pytest.approx(wrote, abs=2)
    kinds = texts.narratives(case, by="kind").set_index(["group", "code"])
    template = posts.loc[posts["group"] == "studied", "template"].ne("").mean()
    assert kinds.loc[("studied", "campaign"), "estimate"] == pytest.approx(template, abs=0.02)
    grumbles = posts.loc[posts["group"] == "control", "decoy"].isin(TOPICS).mean()  # the port, the reservoir
    assert 0 < grumbles < 0.08
    assert kinds.loc[("control", "campaign"), "estimate"] == pytest.approx(grumbles, abs=0.01)
    assert kinds.loc[("control", "campaign"), "high"] < 0.1


def test_shares_follow_the_plant(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        for share in (0.9, 0.3):
            name = f"w{int(share * 10)}"
            alone = dict.fromkeys(
                ("control_accounts", "control_posts", "context_accounts", "context_posts"), 0
            )
            world = simulated(home, name, tiny(4, share_template=share, **alone), codebook="codebook.yml")
            shutil.copy(SAMPLE / "codebook.yml", home / "reports" / name)
            posts = planted(world)
            truth = posts.loc[posts["group"] == "studied", "template"].ne("").mean()
            table = texts.narrative_share(kit.open(name)).set_index("group")
            assert table.loc["studied", "estimate"] == pytest.approx(truth, abs=0.03)
            assert table.loc["studied", "sentence"] == "no_agreement"


def test_targets_languages_and_days_add_up(opened: Any) -> None:
    case, _world = opened
    whole = texts.narratives(case).set_index(["group", "code"])["posts"]
    days = texts.narrative_days(case)
    assert days.groupby(["group", "code"])["posts"].sum().to_dict() == whole.to_dict()
    weeks = texts.narrative_days(case, step="week", by="kind")
    assert weeks["period_start"].map(lambda day: day.weekday()).eq(0).all()
    spoken = texts.narrative_languages(case)
    assert spoken.groupby(["group", "code"])["posts"].sum().to_dict() == whole.to_dict()
    assert {"en", "fr", "zh", "und"} <= set(spoken["language"])
    mix = texts.language_mix(case, reposts=True).set_index(["group", "language"])["posts"]
    each = spoken.drop_duplicates(["group", "language"]).set_index(["group", "language"])["n"]
    assert each.to_dict() == mix[mix > 0].to_dict()  # the language found, not the one that the export states
    stated = texts.narrative_languages(case, stated=True)
    assert stated.groupby(["group", "code"])["posts"].sum().to_dict() == whole.to_dict()
    towards = texts.narrative_targets(case)
    assert set(towards["group"]) == {"studied", "control"}
    assert towards["n"].gt(0).all()
    for key, posts in towards.groupby(["group", "code"])["posts"].sum().items():
        assert posts <= whole[key]


def test_agreement_is_the_planted_one(opened: Any) -> None:
    case, _world = opened
    rows = [pd.read_csv(case.report.folder / f, dtype=str) for f in KEYS["coders"]]
    both = rows[0].merge(rows[1], on=["platform", "post"])
    assert (both["code_x"] != both["code_y"]).sum() == 12
    values = pd.concat([both["code_x"], both["code_y"]]).value_counts()
    n = 2 * len(both)
    expected = 1 - (n - 1) * 2 * 12 / (n**2 - (values**2).sum())
    table = texts.coder_agreement(case).set_index("code")
    row = table.loc[""]
    assert row.n == len(both) == 200
    assert row.estimate == pytest.approx(expected)
    assert row.low < row.estimate < row.high
    assert row.verdict == "claim"
    assert set(table.loc[["campaign", "everyday"], "verdict"]) == {"claim"}
    assert table.loc["other", "verdict"] == "cannot_tell"  # the petition hardly occurs
    coverage = texts.coder_coverage(case)
    assert coverage["coder"].tolist() == [1, 2]
    assert coverage["shared_posts"].tolist() == [200, 200]
    assert "AB" not in coverage.to_csv()


def test_the_words_are_measured_against_people(opened: Any) -> None:
    table = texts.codebook_accuracy(opened[0]).set_index(["group", "code", "measure"])["estimate"]
    assert table["studied", "campaign", "precision"] > 0.95
    assert 0.85 < table["studied", "campaign", "recall"] <= 1
    assert table["control", "everyday", "recall"] > 0.9


def test_camouflage_is_the_planted_mixture(opened: Any) -> None:
    case, world = opened
    posts = planted(world)
    posts = posts[posts["code"].isin([*TOPICS, EVERYDAY])]
    by = posts.assign(campaign=posts["code"] != EVERYDAY).groupby(["group", "account_id"])["campaign"]
    by = by.agg(["mean", "size"]).query("size >= 5")
    mixed = by["mean"].between(0.1, 0.9).groupby("group").mean()
    table = texts.camouflage_share(case).set_index("group")
    assert table.loc["studied", "estimate"] == pytest.approx(mixed["studied"], abs=0.06)
    assert table.loc["control", "estimate"] == pytest.approx(mixed["control"], abs=0.06)
    classes = texts.camouflage(case)
    assert classes.groupby("group")["share"].sum().tolist() == pytest.approx([1, 1])
    mostly = classes.query("group == 'control' and share_to > 0.75")
    assert mostly["accounts"].sum() == 0
    weeks = texts.camouflage_weeks(case).query("group == 'studied'")
    assert weeks["campaign_posts"].sum() == pytest.approx((posts["code"] != EVERYDAY).sum(), rel=0.05)
    assert weeks["estimate"].between(0.4, 0.95).all()


@pytest.mark.parametrize("name", VARY)
def test_findings_say_it_in_both_languages(opened: Any, name: str) -> None:
    metric = {"narrative_share": texts.narrative_share, "camouflage": texts.camouflage_share}[name]
    item = finding_object(name, metric, opened[0], VARY[name], {})
    assert item["verdict"] == "not_comparable", "its control answers other people"
    assert "answers other posts" in item["text"]["en"]
    assert item["value"] > item["control"]["high"]  # a handful of complaints: withheld, told as a bound
    assert set(item["text"]) == {"en", "fr"}
    assert "nan" not in item["text"]["en"].lower()
    assert "{" not in item["text"]["en"]


def test_nothing_public_names_a_person_or_quotes_a_word(opened: Any) -> None:
    case, _world = opened
    assert "words" not in texts.codebook_table(case)
    inner = kit.open("told", edition="internal")
    assert texts.codebook_table(inner)["words"].str.contains("/the host").any()
    with pytest.raises(MetricError, match="internal edition"):
        texts.camouflage_accounts(case)
    accounts = texts.camouflage_accounts(inner)
    assert (accounts["campaign_posts"] + accounts["everyday_posts"]).ge(5).all()
    assert accounts["campaign_share"].between(0, 1).all()


def test_the_codebook_does_not_rebuild_the_case(opened: Any) -> None:
    case, _world = opened
    before, mark = case.manifest, case.report.fingerprint()
    path = case.report.folder / "codebook.yml"
    kept = path.read_text(encoding="utf-8")
    first = texts.narratives(case).set_index(["group", "code"])["posts"]
    try:
        path.write_text(kept.replace('"second household"', '"no such house"'), encoding="utf-8")
        again = kit.open("told")
        assert again.manifest == before
        assert again.report.fingerprint() != mark
        changed = texts.narratives(again).set_index(["group", "code"])["posts"]
    finally:
        path.write_text(kept, encoding="utf-8")
    assert changed["studied", "private"] < first["studied", "private"]
    assert (changed != first).sum() == 1


def test_labels_are_in_the_readers_language(opened: Any) -> None:
    table = texts.narratives(opened[0])
    assert "The spring vote was rigged" in set(table["label"])
    locale.use("fr")
    assert (
        say(Text(table.attrs["words"]["label"]["The spring vote was rigged"]))
        == "Le vote du printemps était truqué"
    )


def test_people_who_did_nothing_together_are_not_found(tmp_path: Path) -> None:
    from simulation import simulate

    with desk(tmp_path) as home:
        world = honest(simulate(tiny(6, context_posts=300)))
        entries = write_exports(world, home / "exports", compress=False)
        path = write_report(world, home / "reports" / "fair", home / "exports", entries)
        shutil.copy(SAMPLE / "codebook.yml", path.parent)
        write_coders(world, path.parent, posts=120, differ=4)
        content = yaml.safe_load(path.read_text(encoding="utf-8")) | KEYS
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        case = kit.open("fair")
        for code in ("campaign", "everyday", "water"):
            vary = {"code": [code], "minimum": [1, 2, 3, 4]}
            item = finding_object("narrative_share", texts.narrative_share, case, vary, {})
            assert item["verdict"] != "higher"
        item = finding_object("camouflage", texts.camouflage_share, case, {"minimum": [2, 3, 4, 5]}, {})
        assert item["verdict"] == "inconclusive"


# ------------------------------------------------------------------ small cases

CODES = """\
codes:
  - {id: alpha, label: Alpha, kind: campaign, terms: {en: [alpha]}}
  - {id: bread, label: Bread, kind: everyday, terms: {en: [bread]}}
"""
TEXT = {"a": "alpha", "b": "bread", "o": "other", "x": "alpha and bread"}


def small(home: Path, said: dict[str, str], name: str = "small", codes: str = CODES, **coders: str) -> Any:
    """A case in which each account posts, day after day, what its letters say; groups by first letter s or c."""
    posts: dict[str, list[dict[str, str]]] = {"studied": [], "control": []}
    for user, letters in said.items():
        for day, letter in enumerate(letters, 1):
            row = post(f"{user}-{day}", user, f"2023-08-{day:02d}T10:00:00Z", text=TEXT[letter])
            posts["studied" if user[0] == "s" else "control"].append(row)
    keys = {"codebook": "codebook.yml"} if codes else {}
    if coders:
        keys["coders"] = [f"{c}.csv" for c in coders]  # type: ignore[assignment]
    folder = report(home, name, posts={g: rows for g, rows in posts.items() if rows}, **keys)
    (folder / "codebook.yml").write_text(codes, encoding="utf-8")
    for coder, rows in coders.items():
        (folder / f"{coder}.csv").write_text(f"post,platform,code\n{rows}", encoding="utf-8")
    return kit.open(name)


def coded(said: dict[str, str], swap: int = 0) -> str:
    """A coder's rows, right but for the first `swap` posts."""
    rows = []
    for user, letters in said.items():
        for day, letter in enumerate(letters, 1):
            code = {"a": "alpha", "b": "bread", "o": "none", "x": "alpha"}[letter]
            if len(rows) < swap:
                code = "bread" if code == "alpha" else "alpha"
            rows.append(f"{user}-{day},x,{code}\n")
    return "".join(rows)


MIX = {
    "s1": "aabab",
    "s2": "abbaa",
    "s3": "aabba",
    "s4": "bbbba",
    "c1": "bbobo",
    "c2": "bbbbb",
    "c3": "obbbb",
}


@pytest.mark.parametrize(
    ("swap", "sentence"),
    [(0, ""), (12, ""), (27, "disagreement")],
)
def test_the_verdict_follows_agreement(tmp_path: Path, swap: int, sentence: str) -> None:
    with desk(tmp_path) as home:
        said = MIX | {f"s{i}": "aaaab" for i in range(5, 11)} | {f"c{i}": "bbbbb" for i in range(4, 11)}
        case = small(home, said, a=coded(said), b=coded(said, swap=swap))
        table = texts.narrative_share(case).set_index("group")
        assert set(table["sentence"]) == {sentence}
        kinds = texts.coder_agreement(case).set_index("code")
        alpha_ = kinds.loc["campaign", "estimate"]
        assert (alpha_ >= 0.67) == (swap < 20)
        item = finding_object("narrative_share", texts.narrative_share, case, VARY["narrative_share"], {})
        assert item["verdict"] == ("higher" if swap < 20 else "inconclusive")
        said_so = {0: "agree on it,", 12: "only roughly, so this is tentative", 27: "agree too little"}[swap]
        assert said_so in item["text"]["en"]


def test_words_that_do_not_find_what_people_found_cannot_tell(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        codes = CODES.replace("[alpha]", "[omega]")
        case = small(home, MIX, codes=codes, a=coded(MIX), b=coded(MIX))
        table = texts.narrative_share(case)
        assert set(table["sentence"]) == {"words_fail"}
        assert texts.narratives(case)["posts"].tolist()[0] == 0


def test_that_nothing_differs_needs_agreement_too(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        said = {f"{g}{i}": ("aaabbb", "bbabab", "aaabba")[i % 3] for g in "sc" for i in range(150)}
        case = small(home, said, a=coded(said), b=coded(said))
        verdicts = [
            finding_object(name, metric, case, VARY[name], {})["verdict"]
            for name, metric in (
                ("narrative_share", texts.narrative_share),
                ("camouflage", texts.camouflage_share),
            )
        ]
        assert verdicts == ["similar", "inconclusive"], (
            "of posts, and of 150 accounts, which are too few for it"
        )
        alone = small(home, said, name="alone", a=coded(said))
        assert set(texts.narrative_share(alone)["sentence"]) == {"no_agreement"}


def test_without_a_codebook_there_is_one_sentence(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        case = small(home, MIX, codes="")
        for name in (
            "narratives",
            "narrative_targets",
            "narrative_languages",
            "narrative_days",
            "camouflage",
        ):
            assert getattr(texts, name)(case).empty, name
        for name in ("codebook_table", "coder_agreement", "coder_coverage", "codebook_accuracy"):
            assert getattr(texts, name)(case).empty, name
        assert texts.camouflage_weeks(case).empty
        assert texts.camouflage_switches(case).empty
        for name, metric in (
            ("narrative_share", texts.narrative_share),
            ("camouflage", texts.camouflage_share),
        ):
            item = finding_object(name, metric, case, VARY[name], {})
            assert item["verdict"] == "inconclusive"
            assert item["text"]["en"] == "Not given with this report: a codebook."


def test_without_a_control_nothing_is_called_more(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        said = {f"s{i}": "aabbo" for i in range(10)}
        case = small(home, said, a=coded(said), b=coded(said))
        item = finding_object("narrative_share", texts.narrative_share, case, VARY["narrative_share"], {})
        assert item["verdict"] == "described"
        assert "more than" not in item["text"]["en"]


def test_coders_who_share_no_post_and_posts_nobody_has(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        case = small(
            home, MIX, a="s1-1,x,alpha\nzzz,x,alpha\n", b="s1-2,x,alpha\n1.2E+18,x,none\n9,facebook,none\n"
        )
        coverage = texts.coder_coverage(case)
        assert coverage["unknown_posts"].tolist() == [1, 2]
        assert coverage["matched_posts"].tolist() == [1, 1]
        assert coverage["shared_posts"].tolist() == [0, 0]
        table = texts.coder_agreement(case)
        assert table["n"].eq(0).all()
        assert set(table["verdict"]) == {"cannot_tell"}
        assert texts.codebook_accuracy(case).empty
        assert set(texts.narrative_share(case)["sentence"]) == {"no_agreement"}


def test_one_code_for_everything_shows_no_agreement(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        said = {f"{g}{i}": "aaaa" for g in "sc" for i in range(5)}
        case = small(home, said, a=coded(said), b=coded(said))
        table = texts.coder_agreement(case).set_index("code")
        assert math.isnan(table.loc["campaign", "estimate"])
        assert set(table["verdict"]) == {"cannot_tell"}
        assert set(texts.narrative_share(case)["sentence"]) == {"disagreement"}


def test_few_posts_are_no_agreement_however_alike(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        few = {"s1": "abab", "c1": "bbob"}
        case = small(home, few, a=coded(few), b=coded(few))
        row = texts.coder_agreement(case).set_index("code").loc["campaign"]
        assert (row.n, row.estimate, row.verdict) == (8, pytest.approx(1), "cannot_tell")


def test_accounts_that_turn_are_seen_on_their_day(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        said = {
            "s1": "bbbbbbaaaaaa",
            "s2": "abababababab",
            "s3": "bbbbbb",
            "s4": "obbbbbbaaax",
            "c1": "bbbbbbbbbbba",
        }
        case = small(home, said)
        table = texts.camouflage_switches(case)
        assert table["group"].tolist() == ["studied"]
        assert table["accounts"].tolist() == [2]
        assert str(table["period_start"].iloc[0]) == "2023-08-07"
        share = texts.switch_share(case).set_index("group")
        # c1: eleven everyday posts, then one of twelve: a random order does that once in twelve
        assert (share.loc["studied", "n"], share.loc["control", "n"]) == (3, 1)
        assert share.loc["studied", "estimate"] == pytest.approx(2 / 3)
        assert share.loc["control", "estimate"] == 0


def test_a_post_with_both_is_campaign_and_counts_once(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        case = small(home, {"s1": "xxxxx", "c1": "bbbbb"})
        weeks = texts.camouflage_weeks(case).set_index("group")
        assert weeks.loc["studied", "campaign_posts"].sum() == 5
        assert weeks.loc["studied", "everyday_posts"].sum() == 0
        both = texts.narratives(case).query("group == 'studied'").set_index("code")["estimate"]
        assert both.to_dict() == {"alpha": 1.0, "bread": 1.0}


@pytest.mark.parametrize(
    "said", [{"s1": "a"}, {"s1": "o"}, {"s1": ""}], ids=["one post", "no hit", "no post"]
)
def test_almost_nothing_is_no_crash(tmp_path: Path, said: dict[str, str]) -> None:
    with desk(tmp_path) as home:
        if not any(said.values()):
            report(
                home, "small", posts={"studied": []}, accounts={"studied": [account("s1")]}, codebook="c.yml"
            )
            (home / "reports" / "small" / "c.yml").write_text(CODES, encoding="utf-8")
            case = kit.open("small")
        else:
            case = small(home, said)
        for name in set(texts.__all__) - {"camouflage_accounts", "templates"}:
            table = getattr(texts, name)(case)
            assert isinstance(table, pd.DataFrame), name


MISSPELT: list[tuple[str, dict[str, Any], str]] = [
    ("narratives", {"by": "codes"}, "did you mean 'code'"),
    ("narratives", {"subset": "reply"}, "replies"),
    ("narrative_share", {"code": "alfa"}, "did you mean 'alpha'"),
    ("narrative_share", {"minimum": 0}, "above 0"),
    ("narrative_days", {"step": "month"}, "day, week"),
    ("narrative_targets", {"way": "replies"}, "did you mean 'reply'"),
    ("narrative_languages", {"languages": ["eng"]}, "eng"),
    ("camouflage", {"minimum": 2.5}, "whole number"),
    ("camouflage_share", {"least": 0.7}, "between 0 and 0.5"),
]


def test_misspelt_settings_name_what_is_right(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        case = small(home, MIX)
        for name, settings, words in MISSPELT:
            with pytest.raises(MetricError, match=words):
                getattr(texts, name)(case, **settings)
