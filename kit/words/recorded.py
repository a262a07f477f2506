"""What could not be known of a table, and how a reader is told: never as 0, and never as nothing.

A metric keeps in the attribute `not_recorded` of its table which rows and columns its exports could not tell, and
because of what (`kit.metrics.needs`). Here stand the words for it, and the rows that are meant in what is left
of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from kit.locale import N_, _
from kit.locale.later import Text, joined, later, say
from kit.words.rows import group, kind
from kit.words.written import written

ATTRIBUTE = "not_recorded"
#: what stands in the place of a number that is not recorded (`kit.words.instead` says it)
KIND = "unknown"
SENTENCE = N_("Not recorded in these data: {what}.")
NOT_GIVEN = N_("Not given with this report: {what}.")

#: what each name that a metric can need is called
NAMES = {
    "posts": N_("posts"),
    "accounts": N_("accounts"),
    "accounts.listed": N_("a list of accounts, the silent ones among them"),
    "posts.account_key": N_("who wrote a post"),
    "posts.created_at": N_("when a post was made"),
    "posts.text": N_("the text of posts"),
    "posts.language": N_("the language of posts, as the platform states it"),
    "posts.is_reply": N_("whether a post is a reply"),
    "posts.is_repost": N_("whether a post is a repost"),
    "posts.is_quote": N_("whether a post quotes another"),
    "posts.reply_to_key": N_("which post is answered"),
    "posts.reply_to_created_at": N_("when the post answered was made"),
    "posts.target_key": N_("which account is answered"),
    "posts.reposted_key": N_("which post is passed on"),
    "posts.reposted_account_key": N_("which account is passed on"),
    "posts.quoted_id": N_("which post is quoted"),
    "posts.engagement": N_("the reactions to a post"),
    "posts.shared": N_("anything that several accounts could share"),
    "placements": N_("the images, videos and sounds in posts"),
    "links": N_("the links in posts"),
    "hashtags": N_("the hashtags in posts"),
    "mentions": N_("the accounts mentioned in posts"),
    "media": N_("the images, videos and sounds in posts"),
    "accounts.created_at": N_("when an account was made"),
    "accounts.followers": N_("the number of followers"),
    "accounts.following": N_("the number of accounts followed"),
    "accounts.bio": N_("the profile texts"),
    "accounts.location": N_("the places that profiles state"),
    "accounts.profile_url": N_("the links of profiles"),
    "report.roster": N_("a list of the people concerned (roster)"),
    "report.codebook": N_("a codebook"),
    "report.coders": N_("posts coded by hand"),
    "report.readers": N_("pairs of accounts read by two people"),
    "report.media_labels": N_("items looked at by two reviewers"),
    "report.calendar": N_("a calendar of public holidays for the country of its clock"),
}


class Gap(TypedDict):
    """Cells of a table that are not recorded: the values its rows have, the columns, and what the data lack.

    `whole` where no number of these rows is recorded.
    """

    where: dict[str, Any]
    columns: list[str]
    because: list[str]
    whole: bool


def gaps(table: pd.DataFrame) -> list[Gap]:
    """What is not recorded of a table."""
    return list(table.attrs.get(ATTRIBUTE, ()))


def mask(table: pd.DataFrame, gap: Mapping[str, Any]) -> pd.Series:
    """Which rows of the table a gap means."""
    found = pd.Series(True, index=table.index)
    for name, value in gap["where"].items():
        found &= (table[name] == value).fillna(False).astype(bool) if name in table else False
    return found


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """For each cell of the table, whether it is not recorded."""
    found = pd.DataFrame(False, index=table.index, columns=table.columns)
    for gap in gaps(table):
        rows = mask(table, gap)
        for name in gap["columns"]:
            if name in found:
                found.loc[rows, name] = True
    return found


def marked(shown: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """`shown` with the cells that are not recorded of `table` marked as such, and no other: an empty one is no gap."""
    unknown = cells(table)
    said: dict[str, dict[int, list[Any]]] = {}
    for name in shown.columns:
        held = shown.attrs.get("shown", {}).get(str(name), {})
        kept = {place: kind for place, kind in held.items() if kind[0] != KIND}
        if name in unknown:
            kept |= {int(place): [KIND] for place in np.flatnonzero(unknown[name].to_numpy(bool))}
        if kept:
            said[str(name)] = kept
    if said or "shown" in shown.attrs:
        shown = shown.copy(deep=False)
        shown.attrs = {**shown.attrs, "shown": said}
    return shown


def rows(table: pd.DataFrame) -> pd.Series:
    """Which rows of the table hold no number that is recorded."""
    found = pd.Series(False, index=table.index)
    for gap in gaps(table):
        if gap["whole"]:
            found |= mask(table, gap)
    return found


def nothing(table: pd.DataFrame) -> list[str]:
    """Because of what nothing of the table is recorded; empty where something is, or could have been."""
    whole = [gap for gap in gaps(table) if gap["whole"]]
    if len(table):
        return because(whole) if rows(table).all() else []
    return because(gap for gap in whole if gap["where"] in ({}, {"group": "studied"}))


def reasons(table: pd.DataFrame) -> list[str]:
    """For each row in the language in use why some of it is not recorded; empty text where all is."""
    found = pd.Series([[] for _row in range(len(table))], index=table.index, dtype=object)
    for gap in gaps(table):
        for row in found[mask(table, gap)]:
            row += [name for name in gap["because"] if name not in row]
    return [say(sentence(names)) if names else "" for names in found]


def note(table: pd.DataFrame) -> str:
    """What is not recorded of the table, of which groups or rows, in the language in use; empty where all is."""
    same: dict[tuple[str, ...], list[Gap]] = {}
    for gap in gaps(table):
        same.setdefault(tuple(gap["because"]), []).append(gap)
    alone = len(same) == 1 and bool(rows(table).all())
    return " ".join(_told(names, [] if alone else meant) for names, meant in same.items())


def _told(names: Sequence[str], meant: Sequence[Gap]) -> str:
    """Why something is not recorded, behind the groups and rows that it is true of."""
    who = [" · ".join(_place(name, value) for name, value in gap["where"].items()) for gap in meant]
    said = say(sentence(names))
    about = ", ".join(filter(None, dict.fromkeys(who)))
    return f"{_('{who}: {said}').format(who=about, said=said)}" if about else said


def _place(name: str, value: Any) -> str:
    """A group, or what else tells rows apart, as it begins a line."""
    return group(str(value)) if name == "group" else written(value, kind(name, [value]))


def because(gaps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names that these gaps are for, each once."""
    return list(dict.fromkeys(name for gap in gaps for name in gap["because"]))


def lacking(table: pd.DataFrame, group_: str) -> list[str]:
    """Because of what the numbers of a group are not recorded; nothing where they are, or where they are in part."""
    return because(gap for gap in gaps(table) if gap["whole"] and gap["where"] in ({"group": group_}, {}))


def sentence(names: Sequence[str]) -> Text:
    """What the data, or the report, lack, as a sentence for any language."""
    what = joined([later(NAMES.get(name, name)) for name in names if not name.startswith("report.")], ", ")
    given = joined([later(NAMES.get(name, name)) for name in names if name.startswith("report.")], ", ")
    said = [later(SENTENCE, what=what)] if str(what) else []
    said += [later(NOT_GIVEN, what=given)] if str(given) else []
    return joined(said, " ")
