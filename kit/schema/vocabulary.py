"""The words that a column of the public edition may hold, where they would otherwise come free from data.

An export can hold anything in any field: a language called by somebody's name is no language. So what an export fills
passes into the public edition as a number, a time, or one of the words below; anything else is
`other`, or `und` for a language. `REPORT` are the columns that a researcher fills in files of the report.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable

from kit.schema.model import GROUPS, KINDS, PLATFORMS, TIME_PRECISIONS, TIME_SOURCES

OTHER, UNKNOWN = "other", "und"
#: states of accounts and posts, as the kit or a platform puts them
STATES = (
    "active available deactivated deleted disabled draft heldForReview likelySpam limited needs_auth premium_only "
    "private protected published public quarantined rejected removed restricted scheduled subscriber_only suspended "
    "unlisted withheld"
).split()
MEDIA = ("image", "video", "animation", "audio", OTHER)
#: what an export fills and a word of these lists may stand in
WORDS: dict[tuple[str, str], Iterable[str]] = {
    ("accounts", "platform"): PLATFORMS,
    ("accounts", "group"): GROUPS,
    ("accounts", "created_precision"): TIME_PRECISIONS,
    ("accounts", "status"): STATES,
    ("accounts", "group_given_by"): ("label", "export"),
    ("accounts", "profile_source"): ("accounts", "posts", "none"),
    ("posts", "platform"): PLATFORMS,
    ("posts", "group"): GROUPS,
    ("posts", "time_source"): TIME_SOURCES,
    ("posts", "time_precision"): TIME_PRECISIONS,
    ("posts", "kind"): KINDS,
    ("posts", "status"): STATES,
    ("media", "kind"): MEDIA,
    ("roster", "platform"): PLATFORMS,
    ("roster", "account_kind"): ("official", "personal"),
    ("indicators", "type"): ("account", "url", "domain", "email", "count", "text", "none"),
    ("indicators", "platform"): PLATFORMS,
    ("known", "group"): GROUPS,
    ("known", "platform"): PLATFORMS,
}
LANGUAGES = {("accounts", "profile_language"), ("posts", "language")}
#: columns that hold what a researcher wrote for the page, in the report file or beside it
REPORT = {
    *(
        (table, "source_file")
        for table in ("accounts", "posts", "observations", "rejected", "known", "accounting")
    ),
    *(("roster", name) for name in ("name", "role", "category", "party")),
    *(("events", name) for name in ("label", "kind")),
    *(("incidents", name) for name in ("incident_id", "type", "platform", "role", "status")),
    ("indicators", "campaign"),
    ("indicators", "source_file"),
}
#: columns whose words the kit writes itself
KIT = {
    ("accounts", "pseudonym"),
    ("observations", "table"),
    ("observations", "field"),
    ("rejected", "table"),
    ("rejected", "reason"),
    ("known", "table"),
    ("known", "column"),
    ("accounting", "table"),
    ("accounting", "format"),
    ("set_aside", "kind"),
}
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")


def rule(table: str, column: str, fields: Iterable[str] = ()) -> Callable[[str], str] | None:
    """How a value of this column is told in public; None where the kit or the researcher wrote it.

    `fields` are names that fields of exports are known by: what stands in `rejected.field` is one of them.
    """
    if (table, column) in LANGUAGES:
        return language
    if (table, column) == ("rejected", "field"):
        known = frozenset(fields)
        return lambda value: _field(value, known)
    if (words := WORDS.get((table, column))) is not None:
        allowed = frozenset(words) | {""}  # an empty cell says nothing
        return lambda value: value if value in allowed else OTHER
    return None


def language(value: str) -> str:
    """`value` where it is a language tag whose parts are known, the language alone where the rest is not, else und."""
    found = _TAG.fullmatch(value.strip())
    if not found or found[1].lower() not in _known()[0]:
        return UNKNOWN
    _languages, scripts, places = _known()
    rest_known = (found[2] or "").title() in {"", *scripts} and (found[3] or "").upper() in {"", *places}
    return value.strip() if rest_known else found[1].lower()


@functools.cache
def _known() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Languages, scripts and places that the Unicode consortium has names for."""
    from babel import Locale  # here: it is asked when a case is built

    names = Locale("en")
    languages = {code for code in map(str, names.languages) if code.isalpha() and code.islower()}
    retired = {"in", "iw", "ji", "mo", "sh", "tl", "no", "art"}  # still written by platforms
    return frozenset(languages | retired), frozenset(names.scripts), frozenset(names.territories)


def _field(value: str, known: frozenset[str]) -> str:
    """The name of a field where it, or each of the steps of its path, is known beforehand."""
    steps = [step for step in re.split(r"[.\[\]]", value) if step and not step.isdecimal()]
    return value if value in known or all(step in known for step in steps) else OTHER
