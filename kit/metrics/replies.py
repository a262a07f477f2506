"""Replies under posts: how many of the posts answered hang on one account, and whose replies they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import inference
from kit.metrics.ways import persons


def drawn(case: Any, k: float, count: str) -> pd.DataFrame:
    """By group: posts answered (n), those with at least `k` replies or accounts (targeted), and who stands behind.

    `_largest` is the most posts that would no longer count without one account.
    """
    measured, own = {
        "replies": ("replies", "sent"),
        "accounts": ("accounts", "CAST(account_key IS NOT NULL AS INT)"),
    }[count]
    return case.sql(
        f"""
        WITH each AS (SELECT "group", reply_to_key, account_key, count(*) AS sent FROM posts
                      WHERE is_reply AND reply_to_key IS NOT NULL GROUP BY ALL),
        post AS (SELECT *, sum(sent) OVER w AS replies, count(account_key) OVER w AS accounts
                 FROM each WINDOW w AS (PARTITION BY "group", reply_to_key)),
        left_over AS (SELECT *, {measured} >= $k AS counts, replies = sent AS alone, {measured} - {own} < $k AS falls FROM post),
        hanging AS (SELECT "group", max(alone) AS alone, max(falls) AS falls FROM (
                        SELECT "group", count(*) FILTER (alone) AS alone, count(*) FILTER (counts AND falls) AS falls
                        FROM left_over GROUP BY "group", account_key) GROUP BY 1)
        SELECT "group", count(DISTINCT reply_to_key) AS n, count(DISTINCT reply_to_key) FILTER (counts) AS targeted,
               count(DISTINCT account_key) AS n__people, any_value(h.alone) AS n__largest,
               count(DISTINCT account_key) FILTER (counts) AS targeted__people, any_value(h.falls) AS targeted__largest
        FROM left_over JOIN hanging h USING ("group") GROUP BY 1""",
        k=k,
    ).set_index("group")


def weight(largest: float, whole: float) -> float:
    """What part of `whole` hangs on one account; next to nothing where nothing does."""
    return max(largest / whole, 1e-6) if whole else 0.0


# Who wrote how many of the replies under each post that studied accounts answered. Whether other people's replies were
# collected is told by the person answered (where that is not stated: by the platform): exports are made for a person, and
# nobody else being seen there at all may be the export's gap. Where one account alone tells it, that account is `sole`.
_UNDER = """
    WITH replies AS (SELECT reply_to_key, platform, target_key, account_key, "group" = 'studied' AS studied,
                            coalesce(CAST(target_key AS VARCHAR), platform) AS person
                     FROM posts WHERE is_reply AND reply_to_key IS NOT NULL),
    met AS (SELECT person, min(coalesce(account_key, -1)) AS one, max(coalesce(account_key, -1)) AS other FROM replies
            WHERE NOT studied AND account_key IS DISTINCT FROM target_key GROUP BY 1),
    answered AS (SELECT reply_to_key, any_value(platform) AS platform, any_value(target_key) AS target_key,
                        bool_or(m.person IS NOT NULL) AS collected, CASE WHEN min(one) = max(other) THEN min(one) END AS sole
                 FROM replies LEFT JOIN met m USING (person) GROUP BY 1 HAVING bool_or(studied)),
    each AS (SELECT reply_to_key, coalesce(account_key, -1) AS account, studied, count(*) AS sent FROM replies GROUP BY ALL
             UNION ALL SELECT reply_to_key, sole, false, 0 FROM answered WHERE sole IS NOT NULL)
    SELECT reply_to_key, a.platform, a.target_key, a.collected, a.sole, e.account, e.studied, CAST(sum(e.sent) AS BIGINT) AS sent
    FROM answered a JOIN each e USING (reply_to_key) GROUP BY ALL ORDER BY reply_to_key, account, studied"""


class Filled:
    """Posts answered by studied accounts with all replies to them, as counted with and without each account.

    `posts` has a row for each post with at least `minimum` replies where others' were collected too: reply_to_key,
    platform, target_key, studied_replies, replies, share, low, high (Wilson). `left` is how many other such posts
    there are.
    """

    def __init__(self, case: Any, minimum: float) -> None:
        rows = case.sql(_UNDER)
        whole = rows.assign(theirs=rows["sent"].where(rows["studied"], 0)).groupby("reply_to_key")
        rows["theirs"], rows["all"] = whole["theirs"].transform("sum"), whole["sent"].transform("sum")
        rows["rest"] = rows["all"] - rows["sent"]
        rows["theirs_rest"] = rows["theirs"] - rows["sent"].where(rows["studied"], 0)
        enough = rows["all"] >= minimum
        still = (rows["rest"] >= minimum) & (rows["theirs_rest"] > 0)
        known = rows["collected"].astype(bool)
        by_one = rows["sole"].eq(rows["account"]).fillna(False)
        self.rows = rows
        self.counted, self.still = enough & known, still & known & ~by_one
        self.unknown, self.still_unknown = enough & ~known, still & (~known | by_one)
        self.posts, self.left = self._posts(), int(rows["reply_to_key"][self.unknown].nunique())

    def _posts(self) -> pd.DataFrame:
        table = self.rows[self.counted].drop_duplicates("reply_to_key")
        table = table[["reply_to_key", "platform", "target_key", "theirs", "all"]].reset_index(drop=True)
        table = table.rename(columns={"theirs": "studied_replies", "all": "replies"})
        table["share"] = table["studied_replies"] / table["replies"]
        low, high = _ends(table["studied_replies"], table["replies"])
        return table.assign(low=low, high=high)

    def share(self, *, without: bool = False) -> pd.Series:
        """Of each row of `rows` the studied accounts' share of all replies; or what it is without the row's account."""
        part, whole = ("theirs_rest", "rest") if without else ("theirs", "all")
        return self.rows[part] / self.rows[whole].where(self.rows[whole] > 0)

    def above_half(self, *, without: bool = False) -> pd.Series:
        """Of each row whether the share's interval lies wholly above one half; or whether it does without its account."""
        part, whole = ("theirs_rest", "rest") if without else ("theirs", "all")
        low, _high = _ends(self.rows[part], self.rows[whole])
        return low > 0.5

    def told(self, name: str, now: pd.Series, then: pd.Series) -> dict[str, int]:
        """How many posts have rows where `now` is true, how many studied accounts answer them, and what hangs on one.

        `then` is what `now` would be without the row's account; what hangs on it are the posts that go or come.
        """
        rows = self.rows
        moves = pd.DataFrame({"goes": now & ~then, "comes": then & ~now}).groupby(rows["account"]).sum()
        return {
            name: int(rows["reply_to_key"][now].nunique()),
            f"{name}__people": len(self.accounts(now)),
            f"{name}__largest": int(moves.to_numpy().max()) if len(moves) else 0,
        }

    def accounts(self, where: pd.Series) -> set[int]:
        """The studied accounts that answer the posts of these rows."""
        return set(self.rows["account"][where & self.rows["studied"]])

    def most(self) -> pd.DataFrame:
        """By post: how many accounts wrote the replies and how many by studied accounts, and the most by one of each."""
        rows = self.rows[self.counted & (self.rows["sent"] > 0)]
        every, theirs = rows.groupby("reply_to_key"), rows[rows["studied"]].groupby("reply_to_key")
        return pd.DataFrame(
            {
                "replies__people": every["account"].nunique(),
                "replies__largest": every["sent"].max(),
                "studied_replies__people": theirs["account"].nunique(),
                "studied_replies__largest": theirs["sent"].max(),
            }
        )


def _ends(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Wilson intervals; each pair of numbers is worked out once."""
    pairs = pd.DataFrame({"k": part.astype(int), "n": whole.astype(int)})
    known = {
        pair: inference.wilson(*pair) for pair in pairs.drop_duplicates().itertuples(index=False, name=None)
    }
    found = [known[pair] for pair in pairs.itertuples(index=False, name=None)]
    low, high = (
        pd.Series([getattr(i, end) for i in found], pairs.index, dtype=float) for end in ("low", "high")
    )
    return low, high


def nameable(case: Any, accounts: pd.Series) -> np.ndarray:
    """Which accounts are of persons who may be named in the edition in use."""
    who = case.sql(f"SELECT account_key FROM ({persons(case.edition)}) WHERE who IN ('member', 'account')")
    return accounts.isin(who["account_key"]).to_numpy(bool)
