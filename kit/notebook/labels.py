"""Names of columns for readers, and how their values are written."""

from __future__ import annotations

import pandas as pd

from kit.locale import N_, _

LABELS: dict[str, str] = {
    "group": N_("group"),
    "platform": N_("platform"),
    "accounts": N_("accounts"),
    "posting_accounts": N_("accounts that posted"),
    "posts": N_("posts"),
    "first_day": N_("first day"),
    "last_day": N_("last day"),
    "day": N_("day"),
    "n": N_("n"),
    "estimate": N_("estimate"),
    "low": N_("95 % low"),
    "high": N_("95 % high"),
    "p": N_("p"),
    "share": N_("share"),
    "expected": N_("expected"),
    "window_days": N_("window (days)"),
    "bursts": N_("bursts"),
    "period_start": N_("period from"),
    "age_from_days": N_("age from (days)"),
    "age_to_days": N_("age to (days)"),
    "dated_accounts": N_("accounts with a date"),
    "aged_accounts": N_("accounts with an age"),
    "post_before_account_accounts": N_("accounts with a post older than themselves"),
    "direction": N_("direction"),
    "statistic": N_("statistic"),
    "profile_field": N_("profile field"),
    "source_file": N_("export"),
    "table": N_("table"),
    "format": N_("format"),
    "read": N_("records read"),
    "kept": N_("kept"),
    "observations": N_("further observations"),
    "duplicates": N_("duplicates"),
    "rejected": N_("rejected"),
    "field": N_("field"),
    "reason": N_("reason"),
    "records": N_("records"),
    "first_line": N_("first line"),
    "time_source": N_("time from"),
    "time_precision": N_("precision"),
    "outside_period": N_("outside the period"),
    "language": N_("language"),
    "given_by": N_("given by"),
    "way": N_("way"),
    "target": N_("account addressed"),
    "category": N_("category"),
    "known_posts": N_("posts with known address"),
    "days": N_("days"),
    "k": N_("k"),
    "replies_rule": N_("by replies"),
    "accounts_rule": N_("by authors"),
    "targeted": N_("targeted"),
    "share_from": N_("share from"),
    "share_to": N_("share to"),
    "posts_answered": N_("posts answered"),
    "low_above_half": N_("above half"),
    "members": N_("members"),
    "empty_days": N_("days without a post"),
    "usual_day": N_("posts on a usual day"),
    "dated_posts": N_("identifiers with a time"),
    "stated_posts": N_("also a stated time"),
    "differ_posts": N_("that disagree"),
    "median_s": N_("median (s)"),
    "largest_s": N_("largest (s)"),
    "roster_share": N_("share of the roster"),
    "new_targets": N_("new accounts addressed"),
    "targets_so_far": N_("accounts addressed so far"),
    "targets": N_("accounts addressed"),
    "median_days": N_("median days"),
    "one_day_share": N_("on one day only"),
    "two_weeks_share": N_("over two weeks or more"),
    "complete": N_("answered by them alone"),
}


def label(column: str) -> str:
    """The column's name in the reader's language; its own name where none is known."""
    return _(LABELS[column]) if column in LABELS else column.replace("_", " ")


def kind(name: str, values: pd.Series, unit: str = "") -> str:
    """How the values of a column are written: text, count, number, share, p or date."""
    if pd.api.types.is_bool_dtype(values):
        return "text"
    if pd.api.types.is_integer_dtype(values):
        return "count"
    if pd.api.types.is_numeric_dtype(values):
        if (
            name in ("share", "share_from", "share_to")
            or name.endswith("_share")
            or (name in ("estimate", "low", "high") and unit.startswith("share"))
        ):
            return "share"
        return "p" if name == "p" else "number"
    if pd.api.types.is_datetime64_any_dtype(values) or name in (
        "day",
        "first_day",
        "last_day",
        "period_start",
    ):
        return "date"
    return "text"
