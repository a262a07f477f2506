"""Codes found in posts and codes given by people, as tables that metrics join: shared by this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.locale import N_, _, within
from kit.metrics import one_of
from kit.metrics.timing.posts import of_subset

KINDS = {
    "campaign": N_("campaign content"),
    "everyday": N_("everyday content"),
    "other": N_("other content"),
}
NONE = "none"  # what a coder writes where no code fits


def codes_of(case: Any, code: str) -> list[str]:
    """The codes that `code` stands for: itself, or all of that kind."""
    kinds = {c["id"]: c["kind"] for c in case.report.codebook}
    one_of("code", code, (*KINDS, *kinds))
    return [c for c, kind in kinds.items() if code in (c, kind)]


def label_of(case: Any, code: Mapping[str, Any]) -> str:
    """The label of a code in the reader's language."""
    return str(code["label"].get(case.language) or next(iter(code["label"].values())))


def kind_label(case: Any, kind: str) -> str:
    """The words for a kind of code in the reader's language."""
    with within(case.language):
        return _(KINDS[kind])


def found(case: Any) -> pd.DataFrame:
    """post_key, code: what the terms and patterns of the codebook find, in the whole case."""
    rules = [{k: c[k] for k in ("id", "terms", "patterns")} for c in case.report.codebook]
    if not rules:
        return pd.DataFrame({"post_key": pd.Series(dtype="Int64"), "code": pd.Series(dtype=object)})
    return case.derived("codes", codebook=json.dumps(rules, ensure_ascii=False))


def given(case: Any) -> pd.DataFrame:
    """unit, post_key, coder, code: what people gave to posts; `none` where no code fits."""
    rows = [
        [number, row["platform"], row["post"], row["code"]]
        for number, file in enumerate(case.report.coders, 1)
        for row in file
    ]
    if not rows:
        columns = {"unit": "Int64", "post_key": "Int64", "coder": "Int64", "code": "object"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return case.derived("coded", coders=json.dumps(rows, ensure_ascii=False))


def with_text(subset: str = "all") -> str:
    """SQL that holds for posts with text, of a known author."""
    return f"account_key IS NOT NULL AND text_length > 0 AND {of_subset(subset)}"
