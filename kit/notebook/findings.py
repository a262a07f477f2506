"""Facts and findings as objects: one source for the page's sentences and findings.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from kit import locale, redact, words
from kit.claims import FACTS, Claim, Verdict, claim, judge
from kit.claims.facts import SENTENCE, SENTENCE_LABEL
from kit.claims.model import BESIDE, REASONS, WITHIN
from kit.disclosure import Quantity
from kit.errors import MetricError, nearest
from kit.inference import Interval, difference
from kit.locale import _, between
from kit.locale.later import Text, say
from kit.notebook import protection
from kit.notebook.output import exact, plain
from kit.notebook.trial import trial
from kit.words import recorded
from kit.words.tried import steadiness

_MEASURES = ("n", "estimate", "low", "high")
Row = dict[str, Any] | None
#: the interval inside a bracket, with what parts it from the rest; left out where few accounts have none
_INTERVAL = re.compile(r"\s?\(\{low\}[^{}]{1,8}\{high\}\)|\{low\}[^{}]{1,8}\{high\}(?:\s?[,;]\s)?")
#: names of an item's numbers: column of the metric's row
_NAMES = {"value": "estimate", "low": "low", "high": "high", "n": "n"}


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
    fields = {
        k: Text(v["text"]) if isinstance(v, dict) and "text" in v else v for k, v in record["fields"].items()
    }
    return item | {"text": _in_each(languages, lambda: _finding_sentence(item, fields))}


def fact_objects(case: Any, table: pd.DataFrame) -> list[dict[str, Any]]:
    """The facts of a table, in the languages of the report."""
    return [told_fact(item, case.report.languages) for item in fact_records(case, table)[0]]


def finding_object(
    id_: str,
    metric: Callable[..., pd.DataFrame],
    case: Any,
    vary: dict[str, list[Any]],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """A finding, in the languages of the report."""
    return told_finding(finding_record(id_, metric, case, vary, settings)[0], case.report.languages)


def fact_records(case: Any, table: pd.DataFrame) -> tuple[list[dict[str, Any]], list[Quantity]]:
    """One object for each row of a table of facts, which knows no language; and what they say to the auditor."""
    objects, said = [], []
    for place in range(len(table)):
        row = table.iloc[place]
        if row.id not in FACTS:
            raise MetricError(f"no fact is called '{row.id}'", hint=nearest(str(row.id), FACTS))
        shown, quantities = protection.fact(case, table, place)
        names = recorded.because(gap for gap in recorded.gaps(table) if _means(gap, row.to_dict()))
        objects.append(
            {
                "id": row.id,
                "group": row.group,
                "kind": "fact",
                "title": FACTS[row.id],
                "verdict": None,
                **{name: plain(shown[name]) for name in ("value", "n")},
                "label": plain(shown["label"]) or None,
                "low": None,
                "high": None,
                "unit": row.unit,
                "control": None,
                "settings": {},
                "sensitivity": [],
                "limits": [],
                "by_construction": False,
                "table": table.attrs.get("name"),
                "shown": plain(shown["shown"]),
            }
            | _lacks(names)
        )
        said += quantities
    return objects, said


def _means(gap: Any, row: dict[str, Any]) -> bool:
    """Whether what is not recorded is this row's."""
    return all(row.get(name) == value for name, value in gap["where"].items())


def _lacks(names: list[str]) -> dict[str, list[str]]:
    """What an item says where its numbers are not recorded: because of what."""
    return {recorded.ATTRIBUTE: names} if names else {}


def _fact_sentence(item: dict[str, Any]) -> str:
    template = _(SENTENCE_LABEL) if item["label"] else _(SENTENCE)
    return template.format(
        group=words.group(item["group"]),
        name=_(item["title"]),
        value=words.instead(item["shown"].get("value")) or words.value_of(item["value"], item["unit"]),
        label=words.dated(item["label"]),
    )


def finding_record(
    id_: str,
    metric: Callable[..., pd.DataFrame],
    case: Any,
    vary: dict[str, list[Any]],
    settings: dict[str, Any],
) -> tuple[dict[str, Any], list[Quantity]]:
    """Compute a finding: base setting, control, and every other value of `vary`, one at a time.

    Returns the object that knows no language with what its sentence will be made of, and what it says to the auditor.
    The verdict is judged on true numbers; everything else is made of the shown ones.
    """
    rule = claim(id_)
    others = [(name, value) for name, values in vary.items() for value in values[1:] if value != values[0]]
    if len(others) < 3:
        raise MetricError(
            f"finding '{id_}' needs at least three other settings", hint="Give vary more values."
        )
    _check_outcomes(rule, metric)
    base = settings | {name: values[0] for name, values in vary.items()}
    beside = _beside(rule, case)
    table, verdict, seen, said = _asked(metric, beside, rule, base)
    row, control = _told(
        rule, verdict, table, *protection.studied_and_control(seen, beside.group), beside.group
    )
    sensitivity = [_other(metric, beside, rule, base, name, value, said) for name, value in others]
    item: dict[str, Any] = {
        "id": id_,
        "group": "studied",
        "kind": "finding",
        "way": "described" if verdict.verdict == "described" else rule.kind,
        "title": rule.title,
        "verdict": verdict.verdict,
        "outcome": verdict.sentence,
        "tested": rule.tests(verdict.sentence),
        **_lacks(recorded.lacking(table, "studied")),
        **_numbers(row),
        "label": plain(row.get("label")),
        "unit": rule.unit,
        "control": None
        if control is None
        else _numbers(control) | _lacks(recorded.lacking(table, beside.group)) | {"group": beside.group},
        "difference": _gap(case, row, control, verdict),
        "against": beside.group,
        "apart": verdict.apart or None,
        "within": verdict.within or None,
        "settings": plain(base),
        "sensitivity": sensitivity,
        "limits": list(rule.limits),
        "by_construction": rule.property in case.report.selected_on,
        "table": table.attrs.get("name"),
    }
    kinds = row.get("shown", {})
    fields = {
        k: {"shown": plain(kinds[k])} if k in kinds else _field(table, k, v)
        for k, v in row.items()
        if k not in ("group", "shown", *_MEASURES)
    }
    return {"item": item, "fields": fields, "trial": trial(table, verdict, case)}, said


class _Beside(NamedTuple):
    """The case as a finding asks it, and the group that stands as its control."""

    case: Any
    group: str
    against: Any = None


def _beside(rule: Claim, case: Any) -> _Beside:
    """With whom a claim compares; a test or description names the labelled control."""
    if rule.kind != "compared" or not hasattr(case, "beside"):
        return _Beside(case, "control")
    from kit.metrics import against  # here: what is only said anew asks nothing of a case

    given = against.chosen(case, repliers=rule.repliers)
    return _Beside(given.case, given.group, given)


def _asked(
    metric: Callable[..., pd.DataFrame], beside: _Beside, rule: Claim, settings: dict[str, Any]
) -> tuple[pd.DataFrame, Verdict, pd.DataFrame, list[Quantity]]:
    """The table of a finding under some settings, what follows from it, and both as they may be shown."""
    table = metric(beside.case, **settings)
    if beside.group != "control":
        from kit.metrics import against

        table = against.named(table, beside.group)
    verdict = _judged(rule, table, beside)
    seen, said = protection.shown(beside.case, table)
    return table, verdict, seen, said


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    """Value, interval and size of a row as shown, and what of it stands in words."""
    numbers = {own: plain(row.get(name)) for own, name in _NAMES.items()}
    return numbers | {"shown": plain(protection.item_kinds(row, _NAMES))}


def _judged(rule: Claim, table: pd.DataFrame, beside: _Beside) -> Verdict:
    """The verdict on a table; what is not recorded of a group is nothing that could be judged."""
    studied, control = _rows(table, beside.group)
    if recorded.lacking(table, "studied"):
        return Verdict("inconclusive", "not_recorded")
    if recorded.lacking(table, beside.group):
        told = judge(rule, studied, None)
        return replace(told, sentence="no_record") if told.sentence == "described" else told
    measure, given = table.attrs.get("measure"), beside.against
    if rule.kind != "compared" or given is None or measure is None:
        return judge(rule, studied, control, apart=given.apart if given else "")
    from kit.metrics import against

    compared, apart, inside = against.compared(measure, given)
    within = "" if inside is None else str(given.gate.stratum.name)
    if inside is not None:
        table.attrs["measure"] = inside  # random halves are compared as the groups are
    found = judge(rule, studied, control, compared=compared, apart=apart, within=within)
    if found.sentence == "inconclusive" and measure.of_things and _disjoint(found.compared):
        return replace(found, sentence="single")
    return found


def _disjoint(compared: Any) -> bool:
    """Whether the accounts tell two groups apart, so that what is uncertain is what they share."""
    return bool(compared.mine.low > compared.others.high or compared.mine.high < compared.others.low)


def _told(
    rule: Claim, verdict: Verdict, table: pd.DataFrame, studied: Row, control: Row, group: str
) -> tuple[dict[str, Any], Row]:
    """The rows of studied and control as a finding tells them: without numbers where nothing was tested.

    Neither 0 nor an interval nor n = 0 stands for what nobody looked at, or what nobody could know.
    """
    unknown = {"shown": {name: ["unknown"] for name in _MEASURES}}
    if recorded.lacking(table, "studied"):
        return dict(unknown), None
    if not rule.tests(verdict.sentence):
        left = {k: v for k, v in (studied or {}).items() if k not in (*_MEASURES, "label", "shown")}
        kinds = (studied or {}).get("shown", {})
        return left | {"shown": {k: v for k, v in kinds.items() if k not in _MEASURES}}, None
    if recorded.lacking(table, group):
        return studied or {}, dict(unknown)
    if control is not None and not control.get("n") and "n" not in control["shown"]:
        control = {"shown": {}}
    return studied or {}, control


def _gap(case: Any, row: dict[str, Any], control: Row, verdict: Verdict) -> dict[str, Any] | None:
    """The difference from the comparison group, or the ratio to it; in public as the shown numbers give it."""
    if verdict.compared is None or verdict.compared.why or verdict.sentence == "single" or control is None:
        return None
    scale = verdict.compared.scale
    gap: Any = verdict.compared[:3]
    if case.edition == "public" and scale == "difference" and not verdict.within:
        known: list[list[Any]] = [
            [r.get(name) for name in ("estimate", "low", "high")] for r in (row, control)
        ]
        if any(value is None or pd.isna(value) for value in (*known[0], *known[1])):
            return None
        gap = difference(Interval(*known[0]), Interval(*known[1]))
    # a difference inside strata is no difference of shown numbers: told in whole points, or two digits of a ratio
    coarse = case.edition == "public" and verdict.within
    ends = [float(f"{x:.2g}") if scale == "ratio" else round(x, 2) for x in gap] if coarse else gap
    return {"scale": scale} | dict(zip(("value", "low", "high"), map(plain, ends), strict=True))


def _field(table: pd.DataFrame, name: str, value: Any) -> Any:
    """A value for a sentence as plain data; a text that waits for its language as what it is made of."""
    if isinstance(text := getattr(value, "later", value), Text):
        return {"text": text.tree}
    if tree := isinstance(value, str) and table.attrs.get("words", {}).get(name, {}).get(value):
        return {"text": tree}
    return exact(value)


def _check_outcomes(rule: Claim, metric: Callable[..., pd.DataFrame]) -> None:
    """Every outcome that the metric declares has its sentence, whatever these data give."""
    for outcome in getattr(metric, "outcomes", ()):
        if outcome not in rule.sentences:
            name = getattr(metric, "__name__", "the metric")
            what = f"the claim '{rule.title}' has no sentence for the outcome '{outcome}' of '{name}'"
            raise MetricError(what, hint=nearest(outcome, rule.sentences))


def _rows(table: pd.DataFrame, group: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if table.empty:  # neither studied nor control in the case: some metrics give no column either
        return None, None
    if table["group"].duplicated().any():
        name = table.attrs.get("name")
        raise MetricError(f"'{name}' gives several rows for one group", hint="A finding needs one number.")
    by_group = {row["group"]: row for row in table.to_dict("records")}
    return by_group.get("studied"), by_group.get(group)


def _other(
    metric: Callable[..., pd.DataFrame],
    beside: _Beside,
    rule: Claim,
    base: dict[str, Any],
    name: str,
    value: Any,
    said: list[Quantity],
) -> dict[str, Any]:
    """The finding under one other setting; what it says to the auditor is added to `said`."""
    tried = base | {name: value}

    def answered(case: Any, **settings: Any) -> pd.DataFrame:
        table = metric(case, **settings)
        if "metric" not in table.attrs:  # one of the kit says its settings itself: here it is another number
            table.attrs["settings"] = {name: value}
        return table

    table, verdict, seen, quantities = _asked(answered, beside, rule, tried)
    said += quantities
    row, _control = _told(
        rule, verdict, table, *protection.studied_and_control(seen, beside.group), beside.group
    )
    about = {"settings": plain({name: value}), "verdict": verdict.verdict}
    return about | _numbers(row) | _lacks(recorded.lacking(table, "studied"))


def _finding_sentence(item: dict[str, Any], fields: dict[str, Any]) -> str:
    rule = claim(item["id"])
    if names := item.get(recorded.ATTRIBUTE):
        return say(recorded.sentence(names))
    if _is_held(item["shown"]) or _is_held((item["control"] or {}).get("shown", {})):
        return _("{title}: withheld, because it would tell of fewer than 10 accounts.").format(
            title=_(rule.title)
        )
    unit, metric = rule.unit, item["table"] or ""
    given: dict[str, Any] = {
        name: words.instead(value["shown"]) if isinstance(value, dict) else words.said(name, value, metric)
        for name, value in fields.items()
    }
    for stem, ends in words.ranges(fields, metric).items():
        low, high = (fields[end] for end in ends)
        given[stem] = (
            given[ends[0]] if isinstance(low, dict) or isinstance(high, dict) else between(low, high)
        )
    given |= {
        name: words.written(value, words.setting_kind(name, value))
        for name, value in item["settings"].items()
    }
    given |= {name: _part(item, name, unit) for name in ("value", "low", "high")}
    given |= {
        "n": words.instead(item["shown"].get("n")) or words.written(item["n"], "count"),
        "label": fields.get("label", item["label"]),
    }
    given |= {"control": _control(item["control"], unit), "comparisons": item.get("comparisons")}
    given |= {"among": _(BESIDE[item["against"]])}
    given |= {"apart": _(REASONS[item["apart"]]) if item["apart"] else ""}
    if item["low"] is None and not {"low", "high"} & set(item["shown"]):
        given["low"] = given["high"] = None
    told = _filled(rule, item["outcome"], given).replace("p = <", "p <")
    told = words.capital(told)
    return f"{told} {_(WITHIN[item['within']])}" if item["within"] else told


def _filled(rule: Claim, key: str, words: dict[str, Any]) -> str:
    try:
        said = rule.text(key)
        return (_INTERVAL.sub("", said) if words["low"] is None else said).format(**words)
    except KeyError as error:
        name = str(error.args[0])
        what = (
            f"the claim '{rule.title}' uses '{name}' for the outcome '{key}', which its metric does not give"
        )
        raise MetricError(what, hint=nearest(name, words)) from None


def _control(control: dict[str, Any] | None, unit: str) -> str:
    """The control's value with its interval, in words."""
    if control is None or (control["value"] is None and not control["shown"]):
        return _("not available")
    value, low, high = (_part(control, name, unit) for name in ("value", "low", "high"))
    return (
        value
        if control["low"] is None
        else _("{value} ({low} to {high})").format(value=value, low=low, high=high)
    )


def _part(item: dict[str, Any], name: str, unit: str) -> str:
    """A number of an item in words: the number, or what stands in its place."""
    return words.instead(item["shown"].get(name)) or words.value_of(item[name], unit)


def _is_held(shown: dict[str, Any]) -> bool:
    """Whether nothing can be said of a value."""
    return shown.get("value", [""])[0] in ("withheld", "small")


def finding_text(item: dict[str, Any], language: str) -> str:
    """A finding as plain text: what nbval compares."""
    return f"[{item['verdict']}] {item['text'].get(language, '')}\n{steadiness(item)}".strip()
