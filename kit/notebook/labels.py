"""Names of columns for readers, and how their values are written."""

from __future__ import annotations

import re

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
    "kind": N_("kind"),
    "files": N_("files"),
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
    "first_day_low": N_("first day low"),
    "first_day_high": N_("first day high"),
    "verdict": N_("verdict"),
    "date": N_("date"),
    "gap": N_("gap"),
    "event": N_("event"),
    "weekday": N_("weekday"),
    "hour_local": N_("hour local"),
    "calendar": N_("calendar"),
    "runs": N_("runs"),
    "holiday_days": N_("holiday days"),
    "power_half": N_("power half"),
    "power_fifth": N_("power fifth"),
    "make_up_days": N_("make up days"),
    "make_up_ratio": N_("make up ratio"),
    "make_up_p": N_("make up p"),
    "offset_hours": N_("offset hours"),
    "p_holm": N_("p holm"),
    "level": N_("level"),
    "test": N_("test"),
    "needs": N_("needs"),
    "used_posts": N_("used posts"),
    "no_time_posts": N_("no time posts"),
    "estimate_posts": N_("estimate posts"),
    "coarse_posts": N_("coarse posts"),
    "no_author_posts": N_("no author posts"),
    "not_reply_posts": N_("not reply posts"),
    "warning": N_("warning"),
    "largest": N_("largest"),
    "hour_utc": N_("hour utc"),
    "even_share": N_("even share"),
    "ratio": N_("ratio"),
    "ratio_low": N_("ratio low"),
    "ratio_high": N_("ratio high"),
    "weeks": N_("weeks"),
    "sentence": N_("sentence"),
    "subset": N_("subset"),
    "outcome": N_("outcome"),
    "from_offset": N_("from offset"),
    "to_offset": N_("to offset"),
    "units": N_("units"),
    "usual_offset": N_("usual offset"),
    "usual_share": N_("usual share"),
    "code": N_("code"),
    "label": N_("label"),
    "words": N_("words"),
    "terms": N_("terms"),
    "patterns": N_("patterns"),
    "all_posts": N_("all posts"),
    "campaign_posts": N_("campaign posts"),
    "everyday_posts": N_("everyday posts"),
    "campaign_share": N_("campaign share"),
    "first_campaign_day": N_("first campaign day"),
    "switched": N_("turned to campaign content"),
    "pseudonym": N_("pseudonym"),
    "coder": N_("coder"),
    "shared_posts": N_("coded by others too"),
    "unknown_posts": N_("not in this case"),
    "given_posts": N_("posts given the code"),
    "measure": N_("measure"),
    "coding_level": N_("level"),
    "trace": N_("trace"),
    "traced_posts": N_("posts with it"),
    "tracing_accounts": N_("accounts with it"),
    "writing_accounts": N_("accounts that write so"),
    "traces_found": N_("traces found"),
    "script": N_("script"),
    "stated": N_("language stated"),
}

#: columns whose values are words of the kit, and not of the data
CLOSED = (
    "table given_by verdict way subset test needs time_source time_precision statistic direction profile_field format"
    " sentence measure coding_level language stated trace script"
).split()

#: columns whose values are sentences of the kit, which `kit.locale.reason` translates
REASONS = ("reason", "kind")

#: those words, and the values that settings take
TERMS: dict[str, str] = {
    "posts": N_("posts"),
    "accounts": N_("accounts"),
    "label": N_("label"),
    "present": N_("present"),
    "absent": N_("absent"),
    "cannot_tell": N_("cannot tell"),
    "reply": N_("reply"),
    "mention": N_("mention"),
    "repost": N_("repost"),
    "quote": N_("quote"),
    "all": N_("all"),
    "originals": N_("originals"),
    "replies": N_("replies"),
    "clock": N_("clock"),
    "hours": N_("hours"),
    "days": N_("days"),
    "waiting": N_("waiting"),
    "day": N_("day"),
    "hour": N_("hour"),
    "minute": N_("minute"),
    "second": N_("second"),
    "field": N_("field"),
    "identifier": N_("identifier"),
    "estimate": N_("estimate"),
    "median": N_("median"),
    "mean": N_("mean"),
    "share_zero": N_("share zero"),
    "followers": N_("followers"),
    "following": N_("following"),
    "bio": N_("bio"),
    "location": N_("location"),
    "profile_url": N_("profile url"),
    "sat-sun": N_("sat-sun"),
    "fri-sat": N_("fri-sat"),
    "table with a column map": N_("table with a column map"),
    "too_few": N_("too few"),
    "no_data": N_("no data"),
    "office": N_("office"),
    "shift": N_("shift"),
    "export": N_("export"),
    "claim": N_("claim"),
    "tentative": N_("tentative"),
    "precision": N_("precision"),
    "recall": N_("recall"),
    "code": N_("code"),
    "kind": N_("kind"),
    "campaign": N_("campaign"),
    "everyday": N_("everyday"),
    "other": N_("other"),
    "en": N_("English"),
    "fr": N_("French"),
    "zh": N_("Chinese"),
    "und": N_("unknown"),
    "simplified": N_("simplified"),
    "traditional": N_("traditional"),
    "mixed": N_("both scripts"),
    "neither": N_("signs of both only"),
    "any": N_("any"),
    "fullwidth_punctuation": N_("full-width punctuation"),
    "ideographic_space": N_("ideographic space"),
    "fullwidth_letters": N_("full-width letters"),
    "missing_space": N_("no space after a comma"),
    "invisible_signs": N_("invisible signs"),
    "residue": N_("residue of a conversion"),
    "model_refusal": N_("refusal of a language model"),
    "echoed_instruction": N_("echoed instruction"),
}

#: names of settings and parameters
SETTINGS: dict[str, str] = {
    "alpha": N_("alpha"),
    "reach_days": N_("reach days"),
    "window_days": N_("window days"),
    "days": N_("days"),
    "years": N_("years"),
    "posting_only": N_("posting only"),
    "field": N_("field"),
    "harmonics": N_("harmonics"),
    "subset": N_("subset"),
    "declared": N_("declared"),
    "evidence": N_("evidence"),
    "weekend": N_("weekend"),
    "draws": N_("draws"),
    "longest": N_("longest"),
    "calendar": N_("calendar"),
    "top": N_("top"),
    "way": N_("way"),
    "count": N_("count"),
    "k": N_("k"),
    "minimum": N_("minimum"),
    "own": N_("own"),
    "least": N_("least"),
    "by": N_("by"),
    "days_new": N_("days new"),
    "years_old": N_("years old"),
    "platform": N_("platform"),
    "audience": N_("audience"),
    "code": N_("code"),
    "margin": N_("margin"),
    "trace": N_("trace"),
    "language": N_("language"),
    "languages": N_("languages"),
}


def term(word: str) -> str:
    """A word of the kit in the reader's language; another word as it stands."""
    return _(SETTINGS.get(word) or TERMS.get(word) or word.replace("_", " "))


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
    named = name in ("day", "period_start") or re.search(r"_day(_low|_high)?$", name)
    if named or pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "text"
