"""What may be said follows from the numbers by a stated rule, and every sentence can be said."""

from __future__ import annotations

import math
import string
from typing import Any

import pandas as pd
import pytest

from kit import locale
from kit.claims import CLAIMS, FACTS, VERDICTS, Claim, accounts, claim, judge
from kit.errors import MetricError
from kit.inference import Interval, difference, wilson
from kit.notebook.findings import fact_objects, finding_object

every_claim = pytest.mark.parametrize("name", sorted(CLAIMS))
SETTINGS: dict[str, dict[str, list[Any]]] = {
    "new_accounts": {"days": [30, 7, 90, 180]},
    "old_accounts": {"years": [2.0, 1.0, 3.0, 5.0]},
    "creation_burst": {"window_days": [1, 3, 7, 14]},
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


def row(group: str, k: int, n: int, **more: Any) -> dict[str, Any]:
    interval = wilson(k, n)
    return {"group": group, "n": n, **interval._asdict(), **more}


def said(name: str, rows: list[dict[str, Any]], desk: Desk | None = None) -> dict[str, Any]:
    """The finding `name` on a table of `rows`, whatever the settings."""

    def metric(_case: Any, **_settings: Any) -> pd.DataFrame:
        columns = ["group", "n", "estimate", "low", "high", *({} if rows else {"p": 0, "bursts": 0})]
        table = pd.DataFrame(rows, columns=None if rows else columns)
        table.attrs["name"] = "made_up"
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
    assert rule.compare in ("control", "test", "given")
    assert 0 < rule.margin < 1
    assert 0 < rule.alpha <= 0.05


@every_claim
def test_a_claim_has_a_sentence_for_every_verdict_it_can_reach(name: str) -> None:
    rule = CLAIMS[name]
    needed = {
        "control": {"present", "absent", "cannot_tell", "no_control", "no_data"},
        "test": {"present", "absent", "no_data"},
        "given": {"no_data"},
    }[rule.compare]
    assert needed <= set(rule.sentences)
    for key, sentence in rule.sentences.items():
        assert sentence.strip() == sentence
        assert "  " not in sentence, key
        if not sentence.startswith("{"):
            assert sentence[0].isupper(), key
        assert sentence.endswith("."), key


@every_claim
def test_sentences_have_plain_fields(name: str) -> None:
    for text in CLAIMS[name].sentences.values():
        for _text, field, spec, conversion in string.Formatter().parse(text):
            if field is not None:
                assert field.isidentifier(), text
                assert not spec
                assert conversion is None


@every_claim
def test_a_sentence_that_gives_a_share_gives_its_interval_and_n(name: str) -> None:
    rule = CLAIMS[name]
    if rule.compare != "given":
        for text in rule.sentences.values():
            if "{value}" in text:
                assert "{low}" in text
                assert "{high}" in text
                assert "{n}" in text
                assert "{control}" in text or "control was available" in text, (
                    "a finding stands beside its control"
                )


def test_an_unknown_claim_names_the_nearest() -> None:
    with pytest.raises(MetricError, match=r"no finding is called 'new_acounts'.*did you mean 'new_accounts'"):
        claim("new_acounts")
    assert claim("new_accounts") is CLAIMS["new_accounts"]


def test_facts_have_names() -> None:
    assert all(name.isidentifier() and text and text[0].islower() for name, text in FACTS.items())
    assert len(set(FACTS.values())) == len(FACTS), "no two facts have one name"


# ---------------------------------------------------------------------------
# verdicts

RULE = Claim("Title", "property", "share of accounts", {}, ("Limit.",))


@pytest.mark.parametrize(
    "studied,control,verdict,sentence",
    [
        (row("s", 60, 100), row("c", 30, 100), "present", "present"),
        (row("s", 30, 100), row("c", 60, 100), "absent", "absent"),
        (row("s", 30, 1000), row("c", 30, 1000), "absent", "absent"),
        (row("s", 30, 100), row("c", 30, 100), "cannot_tell", "cannot_tell"),  # nothing to be seen with so few
        (row("s", 530, 10000), row("c", 300, 10000), "absent", "absent"),  # certain, but 2.3 points are nothing
        (row("s", 800, 10000), row("c", 270, 10000), "present", "present"),
        (row("s", 780, 10000), row("c", 300, 10000), "cannot_tell", "cannot_tell"),  # above nought, about the margin
        (row("s", 60, 100), None, "cannot_tell", "no_control"),
        (row("s", 60, 100), {"group": "c", "n": 0, "estimate": math.nan, "low": math.nan, "high": math.nan},
         "cannot_tell", "no_control"),
        (row("s", 60, 100), row("c", 30, 100) | {"estimate": math.nan}, "cannot_tell", "no_control"),
        (row("s", 60, 100), row("c", 30, 100) | {"high": math.nan}, "cannot_tell", "cannot_tell"),
        (row("s", 60, 100) | {"low": math.nan}, row("c", 30, 100), "cannot_tell", "cannot_tell"),
        (None, row("c", 30, 100), "cannot_tell", "no_data"),
        (row("s", 60, 100) | {"n": 0}, row("c", 30, 100), "cannot_tell", "no_data"),
        (row("s", 60, 100) | {"estimate": math.nan}, row("c", 30, 100), "cannot_tell", "no_data"),
        (None, None, "cannot_tell", "no_data"),
    ],
)  # fmt: skip
def test_the_verdict_against_a_control(studied: Any, control: Any, verdict: str, sentence: str) -> None:
    found = judge(RULE, studied, control)
    assert (found.verdict, found.sentence) == (verdict, sentence)
    assert found.verdict in VERDICTS
    if found.gap is not None:
        parts = (Interval(*(r[k] for k in ("estimate", "low", "high"))) for r in (studied, control))
        assert found.gap == pytest.approx(difference(*parts), nan_ok=True)
        assert found.gap.estimate == pytest.approx(studied["estimate"] - control["estimate"])


TEST = Claim("Title", "property", "share", {"present": "", "present_alone": ""}, ("Limit.",), compare="test")


@pytest.mark.parametrize(
    "p,control,alpha,verdict,sentence",
    [
        (0.001, row("c", 1, 10), None, "present", "present"),
        (0.01, row("c", 1, 10), None, "present", "present"),
        (0.011, row("c", 1, 10), None, "absent", "absent"),
        (0.011, row("c", 1, 10), 0.05, "present", "present"),
        (0.005, row("c", 1, 10), 0.001, "absent", "absent"),
        (0.001, None, None, "present", "present_alone"),
        (0.001, row("c", 1, 10) | {"n": 0}, None, "present", "present_alone"),
        (math.nan, row("c", 1, 10), None, "cannot_tell", "no_data"),
    ],
)
def test_the_verdict_of_a_test(
    p: float, control: Any, alpha: float | None, verdict: str, sentence: str
) -> None:
    found = judge(TEST, row("s", 30, 100, p=p), control, alpha=alpha)
    assert (found.verdict, found.sentence) == (verdict, sentence)
    assert judge(TEST, row("s", 30, 100), control).sentence == "no_data", "no p, no verdict"


def test_a_given_verdict_is_taken_over() -> None:
    rule = Claim("Title", "property", "share", {}, ("Limit.",), compare="given")
    found = judge(rule, row("s", 3, 10, verdict="absent", sentence="R3"), None)
    assert (found.verdict, found.sentence) == ("absent", "R3")
    assert judge(rule, row("s", 3, 10, verdict="present"), None).sentence == "present"
    assert judge(rule, row("s", 3, 10, verdict="present") | {"n": 0}, None).sentence == "no_data"


def test_the_nearer_the_control_the_less_is_said() -> None:
    """From far above the control to far below it the verdict goes one way only."""
    order = {"present": 0, "cannot_tell": 1, "absent": 2}
    control = row("c", 300, 1000)
    verdicts = [judge(RULE, row("s", k, 1000), control).verdict for k in range(600, 100, -5)]
    places = [order[v] for v in verdicts]
    assert places == sorted(places)
    assert set(verdicts) == set(order)


# ---------------------------------------------------------------------------
# sentences of the account claims, in all their outcomes

NOTHING = {"n": 0, "estimate": math.nan, "low": math.nan, "high": math.nan}
OUTCOMES: dict[str, list[dict[str, Any]]] = {
    "present": [row("studied", 600, 1000), row("control", 300, 1000)],
    "absent": [row("studied", 300, 1000), row("control", 600, 1000)],
    "cannot_tell": [row("studied", 32, 100), row("control", 30, 100)],
    "no_control": [row("studied", 600, 1000)],
    "no_data": [{"group": "studied", **NOTHING}, row("control", 30, 100)],
}


@pytest.mark.parametrize("name", sorted(n for n, c in accounts.CLAIMS.items() if c.compare == "control"))
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_sentence_can_be_said(name: str, outcome: str) -> None:
    item = said(name, OUTCOMES[outcome])
    verdict = outcome if outcome in VERDICTS else "cannot_tell"
    assert item["verdict"] == verdict
    fixed = CLAIMS[name].sentences[outcome].split("{")[0]
    for language in ("en", "fr"):
        text = item["text"][language]
        assert text
        assert "{" not in text
        assert "nan" not in text.lower()
        assert "None" not in text
    assert item["text"]["en"].startswith(fixed)
    if outcome != "no_data":
        assert "60%" in item["text"]["en"] or "30%" in item["text"]["en"] or "32%" in item["text"]["en"]
    if outcome == "present":
        assert "30%" in item["text"]["en"], "the control's number stands in the sentence"


@pytest.mark.parametrize(
    "studied,control,small",
    [(530, 300, True), (300, 600, False), (310, 300, False)],
)
def test_absent_says_where_a_difference_is_certain_but_small(studied: int, control: int, small: bool) -> None:
    """2.3 points, certain but below the five that count; less than the control; and no telling it from nothing."""
    item = said("new_accounts", [row("studied", studied, 10000), row("control", control, 10000)])
    assert item["verdict"] == "absent"
    assert ("certain, but smaller" in item["text"]["en"]) is small
    assert ("certaine, mais plus petite" in item["text"]["fr"]) is small
    assert item["margin"] == 0.05


def test_sentences_name_the_setting_used() -> None:
    assert "30 days" in said("new_accounts", OUTCOMES["present"])["text"]["en"]
    assert "2 years" in said("old_accounts", OUTCOMES["present"])["text"]["en"]


@pytest.mark.parametrize(
    "p,n,control,key",
    [
        (0.001, 400, True, "present"),
        (0.0001, 400, False, "present_alone"),
        (0.4, 400, True, "absent"),
        (math.nan, 4, True, "no_data"),
    ],
)
def test_every_sentence_about_bursts_can_be_said(p: float, n: int, control: bool, key: str) -> None:
    rows = [row("studied", n // 4, n, p=p, bursts=2)]
    rows += [row("control", 0, 300, p=0.6, bursts=0)] if control else []
    item = said("creation_burst", rows)
    text = item["text"]["en"]
    assert text.startswith(CLAIMS["creation_burst"].sentences[key].split("{")[0])
    assert "{" not in text
    assert item["verdict"] == {"present_alone": "present", "no_data": "cannot_tell"}.get(key, key)
    if key.startswith("present"):
        assert "25%" in text
        assert "2 bursts" in text
        assert ("p = 0.001" if p == 0.001 else "p < 0.001") in text
    if key == "present":
        assert "0%" in text.split("control")[1]


def test_no_control_is_said_in_words() -> None:
    assert "No control was available" in said("new_accounts", OUTCOMES["no_control"])["text"]["en"]
    alone = said("creation_burst", [row("studied", 100, 400, p=0.001, bursts=2)])
    assert "No control was available" in alone["text"]["en"]
    assert alone["control"] is None


def test_by_construction_is_stamped_where_the_rule_selected_on_the_property() -> None:
    desk = Desk(selected_on=("account_age",))
    stamps = {
        name: said(name, OUTCOMES["present"], desk)["by_construction"]
        for name in SETTINGS
        if name != "creation_burst"
    }
    assert stamps == {
        "new_accounts": True,
        "old_accounts": True,
        "silent_accounts": False,
        "empty_profile": False,
    }
    assert said("new_accounts", OUTCOMES["present"])["by_construction"] is False


# ---------------------------------------------------------------------------
# facts


def facts(*rows: tuple, edition: str = "internal") -> list[dict[str, Any]]:
    table = pd.DataFrame(rows, columns=["id", "group", "value", "unit", "label", "n"], dtype=object)
    table.attrs["name"] = "made_up"
    return fact_objects(Desk(edition=edition), table)


def test_a_fact_is_said_in_every_language() -> None:
    (item,) = facts(("accounts", "studied", 1926, "accounts", None, 1926))
    assert item["text"]["en"] == "Studied: accounts received: 1,926."
    assert set(item["text"]) == {"en", "fr"}
    assert (item["kind"], item["verdict"], item["low"], item["high"]) == ("fact", None, None, None)
    assert item["table"] == "made_up"
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
    assert small["value"] is None
    assert small["withheld"]
    assert "3" not in small["text"]["en"]
    assert "fewer than 10" in small["text"]["en"]
    assert large["value"] == 40
    assert facts(*rows)[0]["value"] == 3, "shown in the internal edition"


def test_a_finding_about_few_people_is_withheld_in_public() -> None:
    few = [row("studied", 3, 50), row("control", 100, 200)]
    item = said("new_accounts", few, Desk(edition="public"))
    for key in ("value", "low", "high", "difference"):
        assert item[key] is None, key
    for language in ("en", "fr"):
        assert "withheld" in item["text"][language] or language == "fr"
        assert "6%" not in item["text"][language]
    assert all(other["value"] is None for other in item["sensitivity"])
    assert said("new_accounts", few)["value"] == 0.06


def test_the_sentence_is_in_the_language_asked_for_whatever_is_in_use() -> None:
    english = said("new_accounts", OUTCOMES["present"])["text"]
    with locale.within("fr"):
        assert said("new_accounts", OUTCOMES["present"])["text"] == english
        assert locale.current() == "fr"
