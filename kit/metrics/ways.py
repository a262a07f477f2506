"""Ways of addressing somebody, and who stands behind the accounts addressed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kit.disclosure import STEP
from kit.locale.later import Text, Tree, by_language, later, tree_of, words
from kit.metrics import one_of
from kit.metrics.needs import with_setting

# for each way of addressing somebody: who is addressed, and which posts could be
WAYS = {
    "reply": ("SELECT *, target_key AS addressed FROM posts WHERE is_reply", "is_reply"),
    "mention": (
        "SELECT p.*, m.account_key AS addressed FROM posts p JOIN mentions m USING (post_key) WHERE NOT p.is_repost",
        "NOT is_repost",
    ),
    "repost": ("SELECT *, reposted_account_key AS addressed FROM posts WHERE is_repost", "is_repost"),
}
# for each way, what the exports must tell
BY_WAY = {
    "reply": ["posts.is_reply", "posts.target_key"],
    "mention": ["mentions"],
    "repost": ["posts.is_repost", "posts.reposted_account_key"],
}
ADDRESSED = with_setting("way", BY_WAY)
#: what an account is called that is on no roster: its pseudonym, in the internal edition its identifier
_CALLED = """
    SELECT account_key, any_value(account_id ORDER BY account_id) AS called FROM (
        SELECT target_key AS account_key, target_account_id AS account_id FROM posts
        UNION ALL SELECT account_key, account_id FROM mentions
        UNION ALL SELECT reposted_account_key, reposted_account_id FROM posts)
    WHERE account_key IS NOT NULL GROUP BY 1"""


def persons(edition: str) -> str:
    """SQL of who stands behind each account that can be addressed: a person of the roster with all accounts, or the account.

    Columns: account_key, person (the same for all accounts of one), who (member, account; in public
    other_members, outside_roster), target, category. In public only persons all of whose accounts the roster
    allows to be named have a target and a category; nobody else can be told apart by these columns.
    """
    public = edition == "public"
    other, outside = ("'other_members'", "'outside_roster'") if public else ("'member'", "'account'")
    named = "m.may_be_named" if public else "true"
    return f"""
        SELECT i.account_key, coalesce('m' || m.member_key, 'a' || i.account_key) AS person,
               CASE WHEN m.member_key IS NULL THEN {outside} WHEN {named} THEN 'member' ELSE {other} END AS who,
               CASE WHEN m.member_key IS NULL THEN {"NULL" if public else "i.called"} WHEN {named} THEN m.name END AS target,
               CASE WHEN {named} THEN m.category END AS category
        FROM ({_CALLED}) i LEFT JOIN ({MEMBERS}) m USING (account_key)"""


#: the person or body of the roster behind an account; named only where the rows of all its accounts say so
MEMBERS = """
    SELECT a.account_key, p.* FROM
        (SELECT account_key, any_value(member_key ORDER BY roster_key) AS member_key
         FROM roster WHERE account_key IS NOT NULL GROUP BY 1) a
    JOIN (SELECT member_key, any_value(name ORDER BY roster_key) AS name, any_value(category ORDER BY roster_key) AS category,
                 bool_and(may_be_named) AS may_be_named FROM roster GROUP BY 1) p USING (member_key)"""


def addressed(case: Any, way: str) -> pd.DataFrame:
    """One row per (account, account addressed) with the number of posts; unknown authors are no account."""
    query = WAYS[one_of("way", way, WAYS)][0]
    return case.sql(f"""SELECT "group", account_key, addressed, count(*) AS posts FROM ({query})
                        WHERE addressed IS NOT NULL AND account_key IS NOT NULL AND "group" <> 'context' GROUP BY ALL ORDER BY 1, 2, 3""")


def roster_members(case: Any) -> pd.DataFrame:
    """member (one number for each person or body), category, may_be_named, addressed: one row for each account.

    In public nobody who may not be named is told by category: these count under a category of ten of them, else
    together as other members, and where these are fewer than ten they are left out.
    """
    members = case.sql("""SELECT member_key AS member, coalesce(category, '') AS category,
                                 bool_and(may_be_named) OVER (PARTITION BY member_key) AS may_be_named, account_key AS addressed
                          FROM roster ORDER BY roster_key""")
    return pooled(members) if case.edition == "public" else members


def other_members() -> Text:
    """What members are called together who may not be named, where their category has fewer than ten of them."""
    return later("other members")


def roster_words(case: Any, *columns: str) -> dict[str, dict[str, Tree]]:
    """For `table.attrs["words"]`: what roles, categories and parties of the roster are called in each language."""
    found = {
        column: {
            value: tree_of(by_language(said)) for value, said in case.report.roster_labels(column).items()
        }
        for column in columns
    }
    if "category" in found:
        found["category"] |= words("category", [other_members()])["category"]
    return found


def pooled(members: pd.DataFrame) -> pd.DataFrame:
    """The members with nobody told by category who may not be named: these are ten in a category, ten together, or left out."""
    hidden = ~members["may_be_named"].astype(bool)
    sizes = members[hidden].groupby("category")["member"].nunique()
    few = hidden & members["category"].map(sizes).lt(STEP)
    if members["member"][few].nunique() < STEP:
        return members[~few]
    return members.assign(category=members["category"].mask(few, str(other_members())))
