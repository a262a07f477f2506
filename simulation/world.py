"""Puts a synthetic world together: one table of accounts, one of posts, and what was planted."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd

from simulation import network, people, public, wording
from simulation.campaign import Campaign
from simulation.clocks import at_midnight, bounds
from simulation.draws import Draws

COLUMNS = (
    "platform post_id account_id group created_at kind reply_to_id root_id target_account_id text language template edited "
    "artefact decoy batch media urls hashtags likes replies reposts quotes views in_period"
).split()
#: days of the synthetic calendar
EVENTS = (
    (
        "2023-08-21",
        "",
        "Televised debate on the ports bill",
        "event",
        "Débat télévisé sur la loi sur les ports",
    ),
    (
        "2023-09-02",
        "2023-09-04",
        "Harvest long weekend",
        "event",
        "Longue fin de semaine des Moissons",
    ),
    (
        "2023-09-07",
        "",
        "Inquiry into reply flooding announced",
        "event",
        "Enquête annoncée sur la saturation des réponses",
    ),
)


def simulate(campaign: Campaign | None = None) -> dict[str, pd.DataFrame]:
    """A synthetic world: the tables `accounts`, `posts`, `roster`, `templates`, `events`, `facts`.

    Rows hold the truth beside what an export would show: for an account its `origin`
    (new, hijacked, stock, organic, member), its `burst`, whether it is `silent`; for a
    post its `template`, `batch`, whether it was `edited`. Times are UTC. `truth(world)`
    gives the planted facts as a dict. The same campaign gives the same world on
    every supported Python and NumPy.
    """
    campaign = campaign or Campaign()
    accounts = people.accounts(campaign)
    first = public.member_posts(campaign, accounts)
    crew = network.replies(campaign, accounts, first)
    former = network.earlier(campaign, accounts)
    context = public.replies(campaign, "context", campaign.context_posts, accounts, first)
    control = public.replies(campaign, "control", campaign.control_posts, accounts, first)
    blocks, offset = [first, crew, former], len(first) + len(crew) + len(former)
    for block in (context, control):
        if len(block):
            block["inner"] = np.where(block["inner"] >= 0, block["inner"] + offset, -1)
            blocks.append(block)
            offset += len(block)
    posts = pd.concat(blocks, ignore_index=True)
    for column, missing in (("inner", -1), ("decoy", "")):  # neither column where there is no ordinary group
        posts[column] = posts[column].fillna(missing) if column in posts else missing
    posts["inner"] = posts["inner"].astype(int)
    posts["answers"] = np.where(posts["inner"] >= 0, posts["inner"], posts["parent"])
    public.reactions(campaign, posts, accounts)
    _identify(campaign, posts, accounts)
    accounts["posts_stated"] = accounts["stated"] + np.bincount(posts["author"], minlength=len(accounts))
    world = {
        "accounts": _accounts(accounts),
        "posts": posts[COLUMNS].sort_values("created_at", kind="stable", ignore_index=True),
        "roster": _roster(campaign, accounts),
        "templates": _templates(campaign),
        "events": pd.DataFrame(EVENTS, columns=["date", "end_date", "label", "kind", "label_fr"]),
    }
    facts = _facts(campaign, world)
    return world | {"facts": _table(facts)}


def honest(world: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same world without its network: every other ordinary replier is called studied instead.

    For tests of what a metric says about people who did nothing together. Studied and
    context accounts then differ in nothing but the label.
    """
    accounts, posts = world["accounts"], world["posts"]
    accounts = accounts[accounts["group"].ne("studied")].copy()
    ordinary = accounts.index[accounts["group"].eq("context") & accounts["origin"].eq("organic")]
    accounts.loc[ordinary[::2], "group"] = "studied"
    gone = posts[posts["group"].eq("studied")]
    posts = posts[posts["group"].ne("studied")].copy()
    posts["replies"] -= posts["post_id"].map(gone.groupby("reply_to_id").size()).fillna(0).astype(int)
    posts["group"] = posts["account_id"].map(accounts.set_index("account_id")["group"])
    known = truth(world)
    facts: dict[str, object] = {"network": False, "campaign": known["campaign"], "flaws": known["flaws"]}
    facts |= {
        "accounts": _nested(accounts, "group"),
        "posts_in_period": _nested(posts[posts["in_period"]], "group"),
    }
    tables = {"accounts": accounts.reset_index(drop=True), "posts": posts.reset_index(drop=True)}
    return world | tables | {"facts": _table(facts)}


def _table(facts: dict[str, object]) -> pd.DataFrame:
    """Facts as rows of name and JSON value, so that a world is made of tables only."""
    values = [json.dumps(value, ensure_ascii=False) for value in facts.values()]
    return pd.DataFrame({"name": list(facts), "value": values})


def truth(world: dict[str, pd.DataFrame]) -> dict[str, object]:
    """The planted facts of a world: arguments of the campaign and counts of what came of them."""
    return {name: json.loads(value) for name, value in world["facts"].itertuples(index=False)}


def _identify(campaign: Campaign, posts: pd.DataFrame, accounts: pd.DataFrame) -> None:
    """Identifiers of posts as each platform gives them, what answers what, and times."""
    draws = Draws(campaign.seed, "post identifiers")
    platform, time = posts["platform"].to_numpy(object), posts["time"].to_numpy(np.int64)
    ids = np.empty(len(posts), dtype=object)
    x = platform == "x"
    ids[x] = [str(i) for i in people.snowflakes(draws, time[x]).tolist()]
    youtube = platform == "youtube"
    video = youtube & (posts["kind"] == "post").to_numpy()
    ids[video] = people.codes(draws, int(video.sum()), 11)
    ids[youtube & ~video] = people.codes(draws, int((youtube & ~video).sum()), 22, "Ug")
    facebook = np.flatnonzero(platform == "facebook")
    serial = 6_800_000_000 + draws.order(len(facebook)) * 37
    author_id = accounts["account_id"].to_numpy(object)[posts["author"]]
    number = dict(zip(facebook.tolist(), serial.tolist(), strict=True))
    root = posts["parent"].to_numpy()
    for i in facebook.tolist():
        ids[i] = f"{author_id[i]}_{number[i]}" if root[i] < 0 else f"{number[root[i]]}_{number[i]}"
    answers = posts["answers"].to_numpy()
    some = np.array([*ids, ""], dtype=object)  # -1 finds the empty text at the end
    posts["post_id"], posts["account_id"] = ids, author_id
    posts["reply_to_id"] = some[answers]
    posts["root_id"] = np.where(root >= 0, some[root], ids)
    posts["target_account_id"] = np.array([*author_id, ""], dtype=object)[answers]
    posts["group"] = accounts["group"].to_numpy(object)[posts["author"]]
    handles = np.array([*accounts["handle"].to_numpy(object)[posts["author"]], ""], dtype=object)[answers]
    greeted = x & (answers >= 0)
    posts["text"] = [f"@{h} {t}" if g else t for g, h, t in zip(greeted, handles, posts["text"], strict=True)]
    posts["created_at"] = pd.to_datetime(np.where(x, time, time // 1000 * 1000), unit="ms")
    first, last = bounds(campaign)
    posts["in_period"] = (time >= first) & (time < last)


def _accounts(table: pd.DataFrame) -> pd.DataFrame:
    out = table.rename(columns={"offset": "utc_offset"})
    out["created_at"] = pd.to_datetime(out["created"], unit="ms")
    keep = (
        "platform account_id group origin burst silent handle display_name bio location profile_url created_at followers "
        "following posts_stated verified status language utc_offset"
    ).split()
    return out[keep]


def _roster(campaign: Campaign, table: pd.DataFrame) -> pd.DataFrame:
    """Every account of every member of the invented chamber; one member in ten may not be named."""
    seats = table[table["member"] >= 0]
    parties = people.names.PARTIES
    said = {
        "role": seats["role"].tolist(),
        "category": [parties[c][1] for c in seats["camp"]],
        "party": [parties[c][0] for c in seats["camp"]],
    }
    return pd.DataFrame(
        {
            "name": seats["display_name"],
            **said,
            **{f"{name}_fr": [people.names.FRENCH[one] for one in values] for name, values in said.items()},
            "platform": seats["platform"],
            "account_id": seats["account_id"],
            "handle": seats["handle"],
            "account_kind": seats["account_kind"],
            "may_be_named": np.where(seats["member"] % 10 == 7, "false", "true"),
            "targeted": seats["targeted"],
        }
    ).reset_index(drop=True)


def _templates(campaign: Campaign) -> pd.DataFrame:
    rows = [
        (f"{language}-{number:03d}", language, text)
        for language, texts in wording.templates(campaign).items()
        for number, text in enumerate(texts)
    ]
    return pd.DataFrame(rows, columns=["template", "language", "text"])


def _facts(campaign: Campaign, world: dict[str, pd.DataFrame]) -> dict[str, object]:
    accounts, posts = world["accounts"], world["posts"]
    planted = {
        f.name: getattr(campaign, f.name)
        for f in dataclasses.fields(campaign)
        if not f.name.endswith("_records")
    }
    crew = accounts[accounts["group"] == "studied"]
    sent = posts[(posts["group"] == "studied") & posts["in_period"]]
    under = posts[posts["kind"].eq("reply") & posts["in_period"] & posts["root_id"].ne(posts["post_id"])]
    by_post = (
        under.assign(ours=under["group"] == "studied")
        .groupby(["platform", "root_id"])["ours"]
        .agg(["sum", "size"])
    )
    hit = by_post[by_post["sum"] > 0]
    named = world["roster"].merge(
        sent, left_on=["platform", "account_id"], right_on=["platform", "target_account_id"]
    )
    per_target = named.groupby("name").size().sort_values(ascending=False, kind="stable")
    return {
        "network": True,
        "campaign": json.loads(json.dumps(planted, default=str)),
        "flaws": {"duplicate_records": campaign.duplicate_records, "broken_records": campaign.broken_records},
        "accounts": _nested(accounts, "group"),
        "posts_in_period": _nested(posts[posts["in_period"]], "group"),
        "studied_origin": _nested(crew, "origin"),
        "studied_burst": {
            day: int(n) for day, n in crew[crew["burst"] != ""].groupby("burst").size().items()
        },
        "studied_silent": int(crew["silent"].sum()),
        "studied_language_of_posts": {k: int(n) for k, n in sent.groupby("language").size().items()},
        "studied_replies": int(sent["kind"].eq("reply").sum()),
        "studied_template_posts": int(sent["template"].ne("").sum()),
        "studied_templates_used": int(sent.loc[sent["template"].ne(""), "template"].nunique()),
        "studied_posts_without_reaction": int(
            sent[["likes", "replies", "reposts", "quotes"]].sum(axis=1).eq(0).sum()
        ),
        "posts_answered_by_network": len(hit),
        "posts_answered_by_network_only": int((hit["sum"] == hit["size"]).sum()),
        "posts_with_five_or_more_network_replies": int((hit["sum"] >= 5).sum()),
        "targets": {str(name): int(n) for name, n in per_target.items()},
        "petition_posts": int(posts["decoy"].eq("petition").sum()),
        "first_studied_post": str(sent["created_at"].min()),
        "last_studied_post": str(sent["created_at"].max()),
        "period_utc": [str(pd.to_datetime(t, unit="ms")) for t in bounds(campaign)],
        "start_utc_midnight": str(pd.to_datetime(at_midnight(campaign.start), unit="ms")),
    }


def _nested(table: pd.DataFrame, key: str) -> dict[str, dict[str, int]]:
    """Counts by `key` and platform."""
    counts = table.groupby([key, "platform"]).size()
    out: dict[str, dict[str, int]] = {}
    for (name, platform), n in counts.items():  # type: ignore[misc]
        out.setdefault(str(name), {})[str(platform)] = int(n)
    return out
