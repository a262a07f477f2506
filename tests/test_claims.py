"""What may be said follows from the numbers by a stated rule, and every sentence can be said."""

from __future__ import annotations

import math
import re
import string
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import locale
from kit.claims import CLAIMS, FACTS, VERDICTS, Claim, accounts, claim, judge, whole
from kit.claims.model import NEEDED, Sentence
from kit.errors import MetricError
from kit.inference import Interval, difference, wilson
from kit.inference.families import holm
from kit.metrics import METRICS, coordination, media, targets, texts, timing  # noqa: F401  (they list their metrics)
from kit.metrics import accounts as _accounts  # noqa: F401
from kit.notebook.findings import _INTERVAL, fact_objects, finding_object

every_claim = pytest.mark.parametrize("name", sorted(CLAIMS))
#: claims that take the verdict of their metric
GIVEN = {
    "synchronised": "synchronised",
    "at_once": "at_once",
    "shared_templates": "shared_templates",
    "office_clock": "zone",
    "clock_signs": "clock_signs",
    "daily_rhythm": "day_rotation",
    "weekend_dip": "weekend",
    "replies_wait": "waiting_test",
    "holiday_dip": "holiday_dip",
    "posting_burst": "largest_burst",
    "level_changes": "level_changes",
    "reply_fill": "reply_fill",
    "creation_burst": "batches",
    "synthetic_per_day": "synthetic_per_day",
}
#: compared claims whose metric can say why nothing may be compared
OWN = {"narrative_share": "narrative_share", "camouflage": "camouflage_share"}
SETTINGS: dict[str, dict[str, list[Any]]] = {
    "new_accounts": {"days": [30, 7, 90, 180]},
    "old_accounts": {"years": [2.0, 1.0, 3.0, 5.0]},
    "creation_burst": {"newcomers_days": [30, 7, 90], "others": ["all", "control"]},
    "silent_accounts": {"platform": [None, "x", "facebook", "youtube"]},
    "empty_profile": {"field": ["bio", "location", "profile_url"], "posting_only": [False, True]},
}


class Desk:
    """What a finding asks of a case: its edition and its report."""

    def __init__(self, *, edition: str = "internal", selected_on: tuple[str, ...] = ()) -> None:
        self.edition = edition
        self.report = self
        self.selected_on = selected_on
        self.languages = ("en", "fr")
        self.exact: dict[str, Any] = {}
        self.shown_before: dict[str, float] = {}

    def sql(self, _query: str) -> pd.DataFrame:
        """The most that one account did: here nobody did anything."""
        return pd.DataFrame({"group": [], "n": []})


def row(group: str, k: int, n: int, **more: Any) -> dict[str, Any]:
    interval = wilson(k, n)
    return {"group": group, "n": n, **interval._asdict(), **more}


def said(name: str, rows: list[dict[str, Any]], desk: Desk | None = None) -> dict[str, Any]:
    """The finding `name` on a table of `rows`, whatever the settings."""

    def metric(_case: Any, **_settings: Any) -> pd.DataFrame:
        columns = ["group", "n", "estimate", "low", "high", *({} if rows else {"p": 0})]
        table = pd.DataFrame(rows, columns=None if rows else columns)
        table.attrs |= {
            "name": "made_up",
            "metric": "made.up",
            "unit": "share of accounts",
            "n_unit": "accounts",
        }
        return table

    return finding_object(name, metric, desk or Desk(), SETTINGS[name], {})


# ---------------------------------------------------------------------------
# the shape of claims


@every_claim
def test_a_claim_says_what_it_is_and_what_it_is_not(name: str) -> None:
    rule = CLAIMS[name]
    assert rule.title
    assert rule.title[0].isupper()
    assert rule.title[-1] != "."
    assert rule.unit
    assert rule.property.replace("_", "").isalpha()
    assert rule.limits, "every finding has limits"
    assert all(limit.endswith(".") for limit in rule.limits)
    assert rule.kind in VERDICTS


@every_claim
def test_its_sentences_are_written_as_sentences(name: str) -> None:
    rule = CLAIMS[name]
    for key in rule.sentences:
        text = rule.text(key)
        assert text.strip() == text
        assert "  " not in text, key
        if not text.startswith("{"):
            assert text[0].isupper(), key
        assert text.endswith("."), key


@every_claim
def test_blocks_are_put_together_in_every_language(name: str) -> None:
    """A translated sentence has the fields of the English one, and no block is left open or untranslated."""
    rule = CLAIMS[name]
    for key in rule.sentences:
        english = fields(rule.text(key))
        with locale.within("fr"):
            assert fields(rule.text(key)) == english, key
        with locale.within("fr"):
            assert rule.text(key) != rule._joined(key), "it has its French"


def fields(text: str) -> set[str | None]:
    return {field for _text, field, _spec, _conversion in string.Formatter().parse(text)} - {None}


@every_claim
def test_a_sentence_that_gives_a_share_gives_its_interval_and_n(name: str) -> None:
    rule = CLAIMS[name]
    if rule.kind == "compared":
        for key in rule.sentences:
            text = rule.text(key)
            if "{value}" in text:
                assert {"low", "high", "n"} <= fields(text)
                assert ("{control}" in text) is (key not in ("described", "no_record", "not_comparable")), (
                    "a finding stands beside its control"
                )


def test_metrics_that_judge_declare_what_the_claims_can_say() -> None:
    """What a metric can answer, the claim that stands on it has a sentence for; and no more."""
    declared = {
        name.rpartition(".")[2]: metric.outcomes for name, metric in METRICS.items() if metric.outcomes
    }
    assert set(declared) == {*GIVEN.values(), *OWN.values()}
    for name, metric in (GIVEN | OWN).items():
        shared = NEEDED[CLAIMS[name].kind]
        assert set(CLAIMS[name].sentences) == {*declared[metric], *shared}, name
    assert {name for name, rule in CLAIMS.items() if rule.kind != "compared"} == set(GIVEN)


# ---------------------------------------------------------------------------
# a claim that is not whole is refused when it is made

WHOLE: dict[str, dict[str, Any]] = {
    "compared": {"sentences": dict.fromkeys(NEEDED["compared"], "It is."), "kind": "compared"},
    "tested": {
        "sentences": dict.fromkeys(("R1", "no_data"), "It is."),
        "kind": "tested",
        "outcomes": ("R1",),
    },
    "described": {
        "sentences": dict.fromkeys(("R1", "no_data"), "It is."),
        "kind": "described",
        "outcomes": ("R1",),
    },
}


def made(kind: str, /, **changed: Any) -> Claim:
    given = {"title": "A title", "property": "texts", "unit": "share", "limits": ("A limit.",)}
    return Claim(**given | WHOLE[kind] | changed)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_claim_is_made_and_lacks_no_sentence(kind: str) -> None:
    sentences = made(kind).sentences
    for key in sentences:
        lacking = {k: v for k, v in sentences.items() if k != key}
        with pytest.raises(
            MetricError, match=f"^the claim 'A title' has no sentence for the outcome '{key}'"
        ):
            made(kind, sentences=lacking)
        with pytest.raises(MetricError, match=f"no sentence for the outcome '{key}'"):
            made(kind, sentences=sentences | {key: ""})
    with pytest.raises(MetricError, match=r"unknown outcome 'absnt'"):
        made(kind, sentences=sentences | {"absnt": "It is."})


@pytest.mark.parametrize(
    "kind,changed,said",
    [
        ("compared", {"limits": ()}, "has no limits"),
        ("compared", {"kind": "compard"}, "unknown kind 'compard'. did you mean 'compared'"),
        ("compared", {"supports": ("coordinate",)}, "unknown rung 'coordinate'. did you mean 'coordinated'"),
        ("tested", {"outcomes": ()}, "does not say what its metric can answer"),
        ("tested", {"outcomes": ("R1", "R2")}, "has no sentence for the outcome 'R2'"),
    ],
)
def test_a_claim_in_error_is_refused(kind: str, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(MetricError, match=said) as error:
        made(kind, **changed)
    assert "A title" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "key,text,said",
    [
        ("higher", "{value", "cannot be filled in"),
        ("higher", "{value!r}.", "cannot be filled in"),
        ("higher", "{value:.2f}.", "cannot be filled in"),
        ("higher", "{0}.", "cannot be filled in"),
        ("higher", "{value.__class__}.", "cannot be filled in"),
        ("higher", Sentence("It is.", {"statement": "so"}), "cannot be filled in"),
        ("no_data", "It was {value}.", "uses 'value' for the outcome 'no_data'"),
        ("described", "Against {control}.", "uses 'control' for the outcome 'described'"),
    ],
)
def test_a_sentence_that_nothing_can_fill_is_refused(key: str, text: Any, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        made("compared", sentences=WHOLE["compared"]["sentences"] | {key: text})


def test_a_metric_that_can_answer_more_than_the_claim_says_is_refused_on_any_data() -> None:
    def metric(_case: Any, **_settings: Any) -> pd.DataFrame:
        raise AssertionError("not reached")

    metric.outcomes = ("found", "too_much")
    with pytest.raises(
        MetricError, match=r"'A daily rhythm' has no sentence for the outcome 'too_much' of 'metric'"
    ):
        finding_object("daily_rhythm", metric, Desk(), {"harmonics": [1, 2, 3, 4]}, {})


def test_a_given_outcome_without_a_sentence_is_no_sentence_itself() -> None:
    def metric(_case: Any, **_settings: Any) -> pd.DataFrame:
        return pd.DataFrame([row("studied", 3, 10, verdict="found", sentence="The accounts are guilty.")])

    with pytest.raises(
        MetricError, match="'A daily rhythm' has no sentence for the outcome 'The accounts are guilty"
    ):
        finding_object("daily_rhythm", metric, Desk(), {"harmonics": [1, 2, 3, 4]}, {})
    with pytest.raises(MetricError, match="no sentence for the outcome 'None'"):
        judge(CLAIMS["daily_rhythm"], row("studied", 3, 10), None)


def test_a_sentence_with_a_field_that_its_metric_lacks_names_it() -> None:
    def metric(_case: Any, **_settings: Any) -> pd.DataFrame:
        return pd.DataFrame([row("studied", 3, 10, verdict="found", sentence="found", p=0.01)])

    with pytest.raises(MetricError, match=r"uses 'weeks' for the outcome 'found'.*does not give"):
        finding_object("daily_rhythm", metric, Desk(), {"harmonics": [1, 2, 3, 4]}, {})


def test_an_unknown_claim_names_the_nearest() -> None:
    told = r"no finding is called 'new_acounts'.*did you mean 'new_accounts'.*declared in kit/claims"
    with pytest.raises(MetricError, match=told):
        claim("new_acounts")
    assert claim("new_accounts") is CLAIMS["new_accounts"]


def test_facts_have_names() -> None:
    assert all(name.isidentifier() and text and text[0].islower() for name, text in FACTS.items())
    assert len(set(FACTS.values())) == len(FACTS), "no two facts have one name"


# ---------------------------------------------------------------------------
# verdicts

RULE = made("compared")


@pytest.mark.parametrize(
    "studied,control,verdict,sentence",
    [
        (row("s", 60, 100), row("c", 30, 100), "higher", "higher"),
        (row("s", 30, 100), row("c", 60, 100), "lower", "lower"),
        (row("s", 300, 10000), row("c", 300, 10000), "similar", "similar"),
        (row("s", 30, 100), row("c", 30, 100), "inconclusive", "inconclusive"),  # nothing to be seen with so few
        (row("s", 310, 10000), row("c", 300, 10000), "similar", "similar"),
        (row("s", 530, 10000), row("c", 300, 10000), "inconclusive", "inconclusive"),  # certain, about the margin
        (row("s", 800, 10000), row("c", 270, 10000), "higher", "higher"),
        (row("s", 780, 1000), row("c", 700, 1000), "inconclusive", "inconclusive"),  # above nought, not the margin
        (row("s", 200, 10000), row("c", 0, 10000), "higher", "higher"),  # two points are much where there are none
        (row("s", 60, 100), None, "described", "described"),
        (row("s", 60, 100), {"group": "c", "n": 0, "estimate": math.nan, "low": math.nan, "high": math.nan},
         "described", "described"),
        (row("s", 60, 100), row("c", 30, 100) | {"estimate": math.nan}, "described", "described"),
        (row("s", 60, 100), row("c", 30, 100) | {"high": math.nan}, "inconclusive", "few"),
        (row("s", 60, 100) | {"low": math.nan}, row("c", 30, 100), "inconclusive", "few"),
        (None, row("c", 30, 100), "inconclusive", "no_data"),
        (row("s", 60, 100) | {"n": 0}, row("c", 30, 100), "inconclusive", "no_data"),
        (row("s", 60, 100) | {"estimate": math.nan}, row("c", 30, 100), "inconclusive", "no_data"),
        (None, None, "inconclusive", "no_data"),
    ],
)  # fmt: skip
def test_the_verdict_of_a_comparison(studied: Any, control: Any, verdict: str, sentence: str) -> None:
    found = judge(RULE, studied, control)
    assert (found.verdict, found.sentence) == (verdict, sentence)
    assert found.verdict in VERDICTS["compared"]
    if found.compared is not None and not found.compared.why:
        parts = (Interval(*(r[k] for k in ("estimate", "low", "high"))) for r in (studied, control))
        assert found.compared[:3] == pytest.approx(difference(*parts))


def test_groups_that_are_apart_are_not_compared() -> None:
    found = judge(RULE, row("s", 60, 100), row("c", 30, 100), apart="weeks")
    assert (found.verdict, found.sentence, found.compared) == ("not_comparable", "not_comparable", None)
    assert judge(RULE, row("s", 60, 100), None, apart="weeks").verdict == "described", (
        "nothing to be compared"
    )


def test_the_interval_and_not_the_estimate_reaches_the_margin() -> None:
    """The verdict is *higher* exactly where the lower end of the 95 % interval lies above the margin."""
    control = row("c", 300, 1000)
    for k in range(300, 500, 2):
        studied = row("s", k, 1000)
        turned = [
            Interval(*(2 * math.asin(math.sqrt(r[x])) for x in ("estimate", "low", "high")))
            for r in (studied, control)
        ]
        assert (judge(RULE, studied, control).verdict == "higher") is bool(difference(*turned).low > 0.1), k


def test_a_metrics_own_reason_comes_before_any_comparison() -> None:
    rule = made(
        "compared", outcomes=("words_fail",), sentences=WHOLE["compared"]["sentences"] | {"words_fail": "No."}
    )
    found = judge(rule, row("s", 60, 100, sentence="words_fail"), row("c", 30, 100))
    assert (found.verdict, found.sentence) == ("inconclusive", "words_fail")
    assert judge(rule, row("s", 60, 100, sentence=""), row("c", 30, 100)).verdict == "higher"


@pytest.mark.parametrize("kind", ["tested", "described"])
def test_a_given_verdict_is_taken_over(kind: str) -> None:
    outcomes = ("R3", "found", "described")
    rule = made(kind, sentences=dict.fromkeys((*outcomes, "no_data"), "It is."), outcomes=outcomes)
    found = judge(rule, row("s", 3, 10, verdict="inconclusive", sentence="R3"), None)
    assert (found.verdict, found.sentence) == ("inconclusive", "R3")
    own, foreign = ("found", "higher") if kind == "tested" else ("described", "found")
    assert judge(rule, row("s", 3, 10, verdict=own), None).sentence == own
    assert judge(rule, row("s", 3, 10, verdict=own) | {"n": 0}, None).sentence == "no_data"
    with pytest.raises(MetricError, match="no sentence for the outcome"):
        judge(rule, row("s", 3, 10, verdict=foreign), None)


def test_the_further_below_the_less_is_said() -> None:
    """From far above the control to far below it the verdict goes one way only."""
    order = {"higher": 0, "inconclusive": 1, "similar": 2, "lower": 4}
    control = row("c", 3000, 10000)
    verdicts = [judge(RULE, row("s", k, 10000), control).verdict for k in range(6000, 1000, -20)]
    seen = [order[v] for v in dict.fromkeys(verdicts)]
    assert seen == sorted(seen)
    assert set(verdicts) == set(order)


# ---------------------------------------------------------------------------
# the findings of a page together


def test_holm_is_that_of_the_tables() -> None:
    """The worked example of Holm (1979, section 4): 0.01, 0.04, 0.03, 0.005 at 5 % keep the first and the last."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    alone = holm([0.02, math.nan, 0.9])
    assert alone == pytest.approx([0.04, math.nan, 0.9], nan_ok=True), "what is no comparison is not counted"
    assert holm([]).tolist() == []


@pytest.mark.parametrize("m", [1, 4, 12])
def test_equals_seldom_get_one_difference_on_a_page(m: int) -> None:
    rng = np.random.default_rng(m)
    wrong = sum((holm(p) <= 0.05).any() for p in rng.random((2000, m)))
    assert wilson(wrong, 2000).low <= 0.05


def _record(p: float, verdict: str = "higher", equals: Any = ()) -> dict[str, Any]:
    return {
        "item": {"id": "x", "verdict": verdict, "outcome": verdict},
        "trial": {"p": p, "equals": list(equals)},
    }


def test_a_difference_that_can_be_chance_among_many_is_none() -> None:
    records = [
        _record(0.001),
        _record(0.03),
        _record(0.9, "similar"),
        {"item": {"verdict": "found"}, "trial": {}},
    ]
    settled, together = whole.settled(records)
    assert [r["item"]["verdict"] for r in settled] == ["higher", "inconclusive", "similar", "found"]
    assert settled[1]["item"]["outcome"] == "chance"
    assert settled[1]["item"]["comparisons"] == together["comparisons"] == 3
    assert records[1]["item"]["verdict"] == "higher", "what was kept is not changed"


def test_a_comparison_that_tells_equals_apart_says_nothing() -> None:
    often, seldom = [0.01] * 30 + [0.9] * 170, [0.01] * 4 + [0.9] * 196
    settled, together = whole.settled([_record(1e-9, equals=often), _record(1e-9, equals=seldom)])
    assert [r["item"]["outcome"] for r in settled] == ["unsound", "higher"]
    assert settled[0]["item"]["equals"] == {"splits": 200, "different": 30}
    assert together == {"comparisons": 2, "splits": 200, "pages": 30}


# ---------------------------------------------------------------------------
# sentences of the account claims, in all their outcomes

NOTHING = {"n": 0, "estimate": math.nan, "low": math.nan, "high": math.nan}
OUTCOMES: dict[str, list[dict[str, Any]]] = {
    "higher": [row("studied", 600, 1000), row("control", 300, 1000)],
    "lower": [row("studied", 300, 1000), row("control", 600, 1000)],
    "similar": [row("studied", 3000, 10000), row("control", 3000, 10000)],
    "inconclusive": [row("studied", 32, 100), row("control", 30, 100)],
    "few": [row("studied", 32, 100), row("control", 30, 100) | {"high": math.nan}],
    "described": [row("studied", 600, 1000)],
    "no_data": [{"group": "studied", **NOTHING}, row("control", 30, 100)],
}


@pytest.mark.parametrize("name", sorted(n for n, c in accounts.CLAIMS.items() if c.kind == "compared"))
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_sentence_can_be_said(name: str, outcome: str) -> None:
    item = said(name, OUTCOMES[outcome])
    verdict = outcome if outcome in VERDICTS["compared"] else "inconclusive"
    assert item["verdict"] == verdict
    fixed = CLAIMS[name].text(outcome).split("{")[0]
    for language in ("en", "fr"):
        text = item["text"][language]
        assert text
        assert "{" not in text
        assert "nan" not in text.lower()
        assert "None" not in text
    assert item["text"]["en"].startswith(fixed)
    if outcome != "no_data":
        assert "60%" in item["text"]["en"] or "30%" in item["text"]["en"] or "32%" in item["text"]["en"]
    if outcome == "higher":
        assert "30%" in item["text"]["en"], "the control's number stands in the sentence"


def test_sentences_name_the_setting_used() -> None:
    assert "30 days" in said("new_accounts", OUTCOMES["higher"])["text"]["en"]
    assert "2 years" in said("old_accounts", OUTCOMES["higher"])["text"]["en"]


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("found", "found"),
        ("not_found", "not_found"),
        ("inconclusive", "inconclusive"),
        ("newcomers", "inconclusive"),
        ("alone", "described"),
        ("together", "described"),
        ("no_data", "inconclusive"),
    ],
)
def test_every_sentence_about_batches_can_be_said(key: str, verdict: str) -> None:
    numbers = {"width_days": 7, "reference_accounts": 900, "planted": 40, "found_share": 0.88}
    told = {"verdict": verdict, "sentence": key} | ({"estimate": math.nan} if key == "no_data" else {})
    item = said("creation_burst", [row("studied", 100, 400, p=0.0001, **numbers) | told])
    text = item["text"]["en"]
    assert text.startswith(CLAIMS["creation_burst"].text(key).split("{")[0])
    assert "{" not in text
    assert (item["verdict"], item["outcome"]) == (verdict, key)
    if key == "not_found":
        assert "40 accounts made within a week would have been found in 88% of trials" in text
    if key == "found":
        assert "within 7 days" in text
        assert "p < 0.001" in text


def test_no_control_is_said_in_words() -> None:
    assert "control" not in said("new_accounts", OUTCOMES["described"])["text"]["en"], (
        "a statement, no failure"
    )
    rows = [row("studied", 100, 400, verdict="described", sentence="alone")]
    alone = said("creation_burst", rows)
    assert "No dates of other accounts" in alone["text"]["en"]
    assert alone["control"] is None


def test_by_construction_is_stamped_where_the_rule_selected_on_the_property() -> None:
    desk = Desk(selected_on=("account_age",))
    stamps = {
        name: said(name, OUTCOMES["higher"], desk)["by_construction"]
        for name in SETTINGS
        if name != "creation_burst"
    }
    assert stamps == {
        "new_accounts": True,
        "old_accounts": True,
        "silent_accounts": False,
        "empty_profile": False,
    }
    assert said("new_accounts", OUTCOMES["higher"])["by_construction"] is False


# ---------------------------------------------------------------------------
# facts


def facts(*rows: tuple, edition: str = "internal") -> list[dict[str, Any]]:
    table = pd.DataFrame(rows, columns=["id", "group", "value", "unit", "label", "n"], dtype=object)
    table.attrs |= {"name": "account_facts", "metric": "accounts.account_facts"}
    return fact_objects(Desk(edition=edition), table)


def test_a_fact_is_said_in_every_language() -> None:
    (item,) = facts(("accounts", "studied", 1926, "accounts", None, 1926))
    assert item["text"]["en"] == "Studied: accounts received: 1,926."
    assert set(item["text"]) == {"en", "fr"}
    assert (item["kind"], item["verdict"], item["low"], item["high"]) == ("fact", None, None, None)
    assert item["table"] == "account_facts"
    (item,) = facts(("zero_engagement_share", "control", 0.894, "share of posts", None, 21385))
    assert item["text"]["en"].endswith("89.4%.")


@pytest.mark.parametrize(
    "label,shown",
    [
        ("2019-12-08", "8 December 2019"),
        ("Tuesdays", "Tuesdays"),
        ("2019-99-08", "2019-99-08"),  # as long as a day, but none
        ("abcd-ef-gh", "abcd-ef-gh"),
        ("{value.__class__}", "{value.__class__}"),
        ("a\u202eb\n{0}", "a[U+202E]b ↵ {0}"),
    ],
)
def test_a_label_is_shown_as_a_day_where_it_is_one(label: str, shown: str) -> None:
    (item,) = facts(("creation_peak_day", "studied", 106, "accounts", label, 926))
    assert item["text"]["en"] == f"Studied: {FACTS['creation_peak_day']}: 106 ({shown})."


def test_an_unknown_fact_names_the_nearest() -> None:
    with pytest.raises(MetricError, match=r"no fact is called 'account'.*did you mean 'accounts'"):
        facts(("account", "studied", 1, "accounts", None, 1))


def test_a_fact_about_few_people_is_withheld_in_public() -> None:
    rows = (
        ("accounts_posting", "studied", 3, "accounts", None, 40),
        ("accounts", "studied", 40, "accounts", None, 40),
    )
    small, large = facts(*rows, edition="public")
    assert (small["value"], small["shown"]["value"]) == (None, ["small"])
    assert "3" not in small["text"]["en"]
    assert "fewer than 10" in small["text"]["en"]
    assert large["value"] == 40
    assert facts(*rows)[0]["value"] == 3, "shown in the internal edition"


def test_a_finding_about_few_people_is_withheld_in_public() -> None:
    few = [row("studied", 3, 500), row("control", 100, 200)]
    item = said("new_accounts", few, Desk(edition="public"))
    assert (item["value"], item["shown"]["value"][0], item["n"]) == (None, "under", 500)
    assert "Under 2.1%" in item["text"]["en"]
    assert "0.6%" not in str(item)
    assert said("new_accounts", few)["value"] == 0.006


def test_nearly_all_is_never_said_as_few() -> None:
    """116 of 120 are not *fewer than 10*."""
    rows = (("accounts_posting", "studied", 116, "accounts", None, 120),)
    (item,) = facts(*rows, edition="public")
    assert item["shown"]["value"] == ["all_but"]
    assert item["text"]["en"].endswith("all but fewer than 10.")
    item = said("new_accounts", [row("studied", 116, 120), row("control", 30, 120)], Desk(edition="public"))
    assert item["verdict"] == "higher"
    assert "Over 91.3% of the studied accounts" in item["text"]["en"]
    assert "fewer" not in item["text"]["en"]


def test_the_sentence_is_in_the_language_asked_for_whatever_is_in_use() -> None:
    english = said("new_accounts", OUTCOMES["higher"])["text"]
    with locale.within("fr"):
        assert said("new_accounts", OUTCOMES["higher"])["text"] == english
        assert locale.current() == "fr"


@every_claim
@pytest.mark.parametrize("language", ["en", "fr"])
def test_where_few_accounts_have_no_interval_no_sentence_has_a_gap(name: str, language: str) -> None:
    """An interval that is not there takes its bracket, its comma and its words with it."""
    rule = CLAIMS[name]
    with locale.within(language):
        for key in rule.sentences:
            text = rule.text(key)
            left = _INTERVAL.sub("", text)
            assert not {"low", "high"} & fields(left), key
            assert not re.search(r"\(\s*[,;)]|\(\s|\s\)|  |[,;]\s*\)", left), (key, left)
