"""Facts and findings as objects: one source for the page's sentences and findings.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from kit import locale, redact, words
from kit.claims import FACTS, Claim, Verdict, claim, judge
from kit.claims.facts import SENTENCE, SENTENCE_LABEL
from kit.errors import MetricError, nearest
from kit.locale import _, between, number
from kit.locale.later import Text, say
from kit.notebook.card import sensitivity
from kit.notebook.output import exact, plain
from kit.words import recorded

_SMALL = locale.N_("The difference is certain, but smaller than what counts here.")
_MEASURES = ("n", "estimate", "low", "high")
Row = dict[str, Any] | None


def _in_each(languages: Iterable[str], say: Callable[[], str]) -> dict[str, str]:
    """A sentence in each language of the report."""
    texts = {}
    for language in languages:
        with locale.within(language):
            texts[language] = redact.safe_text(say())
    return texts


def told_fact(item: dict[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """A fact with its sentence in each of `languages`."""
    return item | {"text": _in_each(languages, lambda: _fact_sentence(item))}


def told_finding(record: dict[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """The finding of a record (see `finding_record`) with its sentence in each of `languages`."""
    item = record["item"]
    fields = {k: Text(v["text"]) if isinstance(v, dict) else v for k, v in record["fields"].items()}
    return item | {"text": _in_each(languages, lambda: _finding_sentence(item, record["sentence"], fields))}


def fact_objects(case: Any, table: pd.DataFrame) -> list[dict[str, Any]]:
    """The facts of a table, in the languages of the report."""
    return [told_fact(item, case.report.languages) for item in fact_records(case, table)]


def finding_object(
    id_: str,
    metric: Callable[..., pd.DataFrame],
    case: Any,
    vary: dict[str, list[Any]],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """A finding, in the languages of the report."""
    return told_finding(finding_record(id_, metric, case, vary, settings), case.report.languages)


def fact_records(case: Any, table: pd.DataFrame) -> list[dict[str, Any]]:
    """One object for each row of a table of facts; it knows no language."""
    objects = []
    for row in table.itertuples(index=False):
        if row.id not in FACTS:
            raise MetricError(f"no fact is called '{row.id}'", hint=nearest(str(row.id), FACTS))
        item: dict[str, Any] = {
            "id": row.id,
            "group": row.group,
            "kind": "fact",
            "title": FACTS[row.id],
            "verdict": None,
            "value": plain(row.value),
            "label": plain(row.label) or None,
            "low": None,
            "high": None,
            "n": plain(row.n),
            "unit": row.unit,
            "control": None,
            "settings": {},
            "sensitivity": [],
            "limits": [],
            "by_construction": False,
            "table": table.attrs.get("name"),
        }
        if gaps := [gap for gap in recorded.gaps(table) if _means(gap, row._asdict())]:
            item |= {"value": None, "label": None, "n": None, "not_recorded": recorded.because(gaps)}
        objects.append(_may_show(case, item))
    return objects


def _means(gap: Any, row: dict[str, Any]) -> bool:
    """Whether what is not recorded is this row's."""
    return all(row.get(name) == value for name, value in gap["where"].items())


def _may_show(case: Any, item: dict[str, Any]) -> dict[str, Any]:
    """The object as the edition may show it: in public without numbers about fewer than ten accounts."""
    return redact.small_fact(item) if case.edition == "public" else item


def _fact_sentence(item: dict[str, Any]) -> str:
    if instead := recorded.instead(item):
        return _(SENTENCE).format(group=words.group(item["group"]), name=_(item["title"]), value=instead)
    template = _(SENTENCE_LABEL) if item["label"] else _(SENTENCE)
    return template.format(
        group=words.group(item["group"]),
        name=_(item["title"]),
        value=words.value_of(item["value"], item["unit"]),
        label=words.dated(item["label"]),
    )


def finding_record(
    id_: str,
    metric: Callable[..., pd.DataFrame],
    case: Any,
    vary: dict[str, list[Any]],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """Compute a finding: base setting, control, and every other value of `vary`, one at a time.

    Returns the object that knows no language, and what its sentence will be made of.
    """
    rule = claim(id_)
    others = [(name, value) for name, values in vary.items() for value in values[1:] if value != values[0]]
    if len(others) < 3:
        raise MetricError(
            f"finding '{id_}' needs at least three other settings", hint="Give vary more values."
        )
    _check_outcomes(rule, metric)
    base = settings | {name: values[0] for name, values in vary.items()}
    table = metric(case, **base)
    verdict, row, control = _judged(rule, table, base)
    sensitivity = [_other(metric, case, rule, base, name, value) for name, value in others]
    item: dict[str, Any] = {
        "id": id_,
        "group": "studied",
        "kind": "finding",
        "title": rule.title,
        "verdict": verdict.verdict,
        "outcome": verdict.sentence,
        "tested": rule.tests(verdict.sentence),
        **({"not_recorded": names} if (names := recorded.lacking(table, "studied")) else {}),
        "label": plain(row.get("label")),
        **_numbers(row),
        "unit": rule.unit,
        "control": _beside(table, control),
        "difference": None if verdict.gap is None else [plain(x) for x in verdict.gap],
        "margin": rule.margin if verdict.gap is not None and rule.compare == "control" else None,
        "settings": plain(base),
        "sensitivity": sensitivity,
        "limits": list(rule.limits),
        "by_construction": rule.property in case.report.selected_on,
        "table": table.attrs.get("name"),
    }
    item = _may_show(case, item)
    fields = {k: _field(table, k, v) for k, v in row.items() if k not in ("group", *_MEASURES)}
    return {"item": item, "sentence": verdict.sentence, "fields": {} if item.get("withheld") else fields}


def _judged(
    rule: Claim, table: pd.DataFrame, settings: dict[str, Any]
) -> tuple[Verdict, dict[str, Any], Row]:
    """Verdict, and the rows of studied and control: without numbers where they are not recorded, or nothing was tested."""
    studied, control = _rows(table)
    if recorded.lacking(table, "studied"):
        return Verdict("cannot_tell", "not_recorded"), {}, None
    if recorded.lacking(table, "control"):
        control = None
    verdict = judge(rule, studied, control, alpha=settings.get("alpha"))
    row = dict(studied or {})
    if not rule.tests(verdict.sentence):
        row |= dict.fromkeys((*_MEASURES, "label"))
        control = None
    return verdict, row, control


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """The numbers of a row as a finding holds them."""
    return {"value": plain(row.get("estimate"))} | {k: plain(row.get(k)) for k in ("low", "high", "n")}


def _beside(table: pd.DataFrame, control: Row) -> dict[str, Any] | None:
    """The control of a finding: its numbers, that they are not recorded, or None where there is no control."""
    if names := recorded.lacking(table, "control"):
        return _numbers({}) | {"not_recorded": names}
    if control is None:
        return None
    return _numbers(control if control.get("n") else {})


def _field(table: pd.DataFrame, name: str, value: Any) -> Any:
    """A value for a sentence as plain data; a text that waits for its language as what it is made of."""
    if isinstance(text := getattr(value, "later", value), Text):
        return {"text": text.tree}
    if tree := isinstance(value, str) and table.attrs.get("words", {}).get(name, {}).get(value):
        return {"text": tree}
    return exact(value)


def _check_outcomes(rule: Claim, metric: Callable[..., pd.DataFrame]) -> None:
    """Every outcome that the metric declares has its sentence, whatever these data give."""
    for outcome in getattr(metric, "outcomes", ()) if rule.compare == "given" else ():
        if outcome not in rule.sentences:
            name = getattr(metric, "__name__", "the metric")
            what = f"the claim '{rule.title}' has no sentence for the outcome '{outcome}' of '{name}'"
            raise MetricError(what, hint=nearest(outcome, rule.sentences))


def _rows(table: pd.DataFrame) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if table.empty:  # neither studied nor control in the case: some metrics give no column either
        return None, None
    if table["group"].duplicated().any():
        name = table.attrs.get("name")
        raise MetricError(f"'{name}' gives several rows for one group", hint="A finding needs one number.")
    by_group = {row["group"]: row for row in table.to_dict("records")}
    return by_group.get("studied"), by_group.get("control")


def _other(
    metric: Callable[..., pd.DataFrame], case: Any, rule: Claim, base: dict[str, Any], name: str, value: Any
) -> dict[str, Any]:
    """The finding under one other setting."""
    tried = base | {name: value}
    table = metric(case, **tried)
    verdict, row, _control_row = _judged(rule, table, tried)
    names = recorded.lacking(table, "studied")
    told = {"settings": plain({name: value}), "verdict": verdict.verdict} | _numbers(row)
    return told | ({"not_recorded": names} if names else {})


def _finding_sentence(item: dict[str, Any], key: str, fields: dict[str, Any]) -> str:
    rule = claim(item["id"])
    if item.get("withheld"):
        return _("{title}: withheld, because it would tell of fewer than 10 accounts.").format(
            title=_(rule.title)
        )
    if item.get("not_recorded"):
        return str(say(recorded.sentence(item["not_recorded"])))
    unit, metric = rule.unit, item["table"] or ""
    given: dict[str, Any] = {name: words.said(name, value, metric) for name, value in fields.items()}
    for stem, ends in words.ranges(fields, metric).items():
        given[stem] = between(*(fields[end] for end in ends))
    given |= {
        name: words.written(value, words.setting_kind(name, value))
        for name, value in item["settings"].items()
    }
    given |= {name: words.value_of(item[name], unit) for name in ("value", "low", "high")}
    given |= {
        "n": "–" if item["n"] is None else number(item["n"]),
        "label": fields.get("label", item["label"]),
    }
    given |= {"control": _control(item["control"], unit)}
    key = "without_record" if key == "no_control" and (item["control"] or {}).get("not_recorded") else key
    said = _filled(rule, key, given).replace("p = <", "p <")
    return f"{said} {_(_SMALL)}" if _is_sure_but_small(rule, item) else said


def _filled(rule: Claim, key: str, words: dict[str, Any]) -> str:
    try:
        return (rule.without_record("no_control") if key == "without_record" else rule.text(key)).format(
            **words
        )
    except KeyError as error:
        name = str(error.args[0])
        what = (
            f"the claim '{rule.title}' uses '{name}' for the outcome '{key}', which its metric does not give"
        )
        raise MetricError(what, hint=nearest(name, words)) from None


def _is_sure_but_small(rule: Claim, item: dict[str, Any]) -> bool:
    """Whether *absent* stands for a difference that is there, but smaller than what counts."""
    gap = item["difference"]
    return rule.compare == "control" and item["verdict"] == "absent" and bool(gap) and gap[1] > 0


def _control(control: dict[str, Any] | None, unit: str) -> str:
    """The control's value with its interval, in words."""
    if instead := recorded.instead(control or {}):
        return instead
    if control is None or control.get("value") is None:
        return _("not available")
    value, low, high = (words.value_of(control.get(k), unit) for k in ("value", "low", "high"))
    return (
        value
        if control.get("low") is None
        else _("{value} ({low} to {high})").format(value=value, low=low, high=high)
    )


def finding_text(item: dict[str, Any], language: str) -> str:
    """A finding as plain text: what nbval compares."""
    return f"[{item['verdict']}] {item['text'].get(language, '')}\n{sensitivity(item)}"
