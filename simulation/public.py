"""What members and ordinary people post: the members' posts, replies by people who are awake, reactions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.errors import InputError
from simulation import scripts, talk
from simulation.campaign import Campaign
from simulation.clocks import AWAKE, DAY, HOUR, OFFICIAL, answer_times, bounds, day_times
from simulation.draws import Draws, whole

#: posts a day of one account: platform, kind of account
RATES = {
    ("x", "official"): 0.62,
    ("x", "personal"): 0.3,
    ("facebook", "official"): 0.5,
    ("youtube", "official"): 0.13,
}
#: days before the period in which members already posted, so that the first replies have something to answer
BEFORE = {"x": 3, "facebook": 5, "youtube": 21}
PLAIN = {"template": "", "edited": False, "artefact": False, "batch": -1}


def member_posts(campaign: Campaign, accounts: pd.DataFrame) -> pd.DataFrame:
    """Posts of the members' accounts, at daytime where they live."""
    draws = Draws(campaign.seed, "member posts")
    numbers = draws.endless()
    first, last = bounds(campaign)
    people = accounts[accounts["group"].eq("context") & accounts["member"].ge(0)]
    author, time = [], []
    for row, who in people.iterrows():
        opens = first - BEFORE[who["platform"]] * DAY
        rate = RATES[who["platform"], who["account_kind"]] * (0.5 + draws.one())
        count = max(2, round(rate * (last - opens) / DAY))
        offset = np.full(count, who["offset"])
        when = day_times(draws, OFFICIAL, opens, last - 6 * HOUR, offset)
        when[0] = day_times(draws, OFFICIAL, first - 2 * DAY, first - HOUR, offset[:1])[0]
        author.append(np.full(count, row))
        time.append(when)
    rows = np.concatenate(author)
    table = pd.DataFrame({"author": rows, "time": np.concatenate(time)})
    table["platform"] = accounts["platform"].to_numpy(object)[rows]
    table["language"] = accounts["language"].to_numpy(object)[rows]
    table["text"] = [talk.remark(tongue, numbers) for tongue in table["language"]]
    table["unanswered"] = draws.chance(campaign.share_unanswered, len(table))
    n = len(table)
    media = draws.chance(0.3, n)
    table["media"] = [
        f"https://media.example/member-{k:05d}.jpg" if m else "" for k, m in enumerate(media.tolist())
    ]
    return table.assign(parent=-1, kind="post", urls="", hashtags="", **PLAIN)


def replies(
    campaign: Campaign, group: str, count: int, accounts: pd.DataFrame, posts: pd.DataFrame
) -> pd.DataFrame:
    """Posts of ordinary accounts: `context` answers the network's targets, `control` the other members.

    `parent` is a row of `posts`; `inner` a row of this table for replies to replies, else -1.
    """
    draws = Draws(campaign.seed, group, "replies")
    numbers = draws.endless()
    _first, last = bounds(campaign)
    blocks = []
    people = accounts[accounts["group"].eq(group) & accounts["member"].lt(0)]
    here = people.groupby("platform").size().reindex([name for name, _share in campaign.platforms]).fillna(0)
    for platform, n in whole({k: v for k, v in here.to_dict().items() if v}, count).items():
        crowd = people[people["platform"].eq(platform)].index.to_numpy()
        energy = (1 - draws.uniform(len(crowd))) ** (-1 / 1.4)
        author = np.concatenate([crowd, crowd[draws.pick(np.minimum(energy, 40), max(0, n - len(crowd)))]])[
            :n
        ]
        own = draws.chance(0.1 if group == "control" and platform == "x" else 0.0, n)
        parent = _parents(campaign, draws, group, platform, author, accounts, posts)
        offset = accounts["offset"].to_numpy(float)[author]
        time = answer_times(draws, posts["time"].to_numpy()[parent], offset, last)
        time = np.where(own, day_times(draws, AWAKE, bounds(campaign)[0], last - HOUR, offset), time)
        block = pd.DataFrame({"author": author, "time": time, "parent": np.where(own, -1, parent)})
        blocks.append(block.assign(platform=platform, kind=np.where(own, "post", "reply")))
    if not blocks:  # a world without this group
        return pd.DataFrame()
    table = pd.concat(blocks, ignore_index=True).sort_values("time", kind="stable", ignore_index=True)
    n = len(table)
    # one reply in ten answers the reply that came before it under the same post
    before = table.groupby("parent")["time"].cumcount().gt(0) & table["kind"].eq("reply")
    previous = table.assign(row=np.arange(n)).groupby("parent")["row"].shift(1).fillna(-1).astype(int)
    inner = np.where(before & draws.chance(0.1, n), previous, -1)
    same = inner >= 0
    authors, times = table["author"].to_numpy(), table["time"].to_numpy()
    # nobody answers oneself, or within half a minute
    same[same] = (authors[inner[same]] == authors[same]) | (times[same] - times[inner[same]] < 30_000)
    table["inner"] = np.where(same, -1, inner)
    table["language"] = accounts["language"].to_numpy(object)[table["author"]]
    texts = [talk.remark(tongue, numbers) for tongue in table["language"]]
    about = _grumbles(campaign, group, table)
    told = Draws(campaign.seed, group, "complaints").endless()
    texts = [
        talk.complaint(t, a, told) if a else x
        for x, a, t in zip(texts, about, table["language"], strict=True)
    ]
    links = draws.chance(0.05, n)
    pages = [f"https://{site}.example/{page}" for site in SITES for page in range(40)]
    urls = np.where(links, np.array(pages, object)[draws.below(len(pages), n)], "")
    tags = np.where(draws.chance(0.07, n), np.array(TAGS, object)[draws.below(len(TAGS), n)], "")
    if group == "context":
        signed = _signers(campaign, draws, table, accounts)
        texts = [scripts.PETITION if s else t for s, t in zip(signed.tolist(), texts, strict=True)]
        urls = np.where(signed, "https://reading-room.example/sign", urls)
        about = np.where(signed, "petition", about)
    table["decoy"] = about
    shown = [f"#{tag}" if tag else "" for tag in tags]
    table["text"] = [" ".join(filter(None, parts)) for parts in zip(texts, shown, urls, strict=True)]
    table["urls"], table["hashtags"] = urls, tags
    picture = draws.chance(0.06, n)
    table["media"] = [
        f"https://media.example/{group}-{k:05d}.jpg" if p else "" for k, p in enumerate(picture.tolist())
    ]
    return table.assign(**PLAIN)


SITES = (
    "valley-times",
    "copperbay-post",
    "maple-radio",
    "northshore-news",
    "canal-weekly",
    "library-notes",
    "farm-report",
)
TAGS = """Willowmere Copperbay FernhollowFair NightBus LakeWeek BookSwap OpenPool PierTalk SnowPlan TownHall CanoeDay
SeedSwap BikeLane RiverClean ChoirNight LongWeekend BackToSchool FallFair""".split()


def _grumbles(campaign: Campaign, group: str, table: pd.DataFrame) -> np.ndarray:
    """The narrative that each ordinary reply touches, mostly none: people do grumble about the port and the water."""
    draws = Draws(campaign.seed, group, "grumbles")
    about = np.array(list(talk.COMPLAINTS["en"]), object)[draws.below(len(talk.COMPLAINTS["en"]), len(table))]
    said = draws.chance(campaign.share_grumble, len(table)) & table["kind"].eq("reply")
    return np.where(said, about, "")


def _signers(campaign: Campaign, draws: Draws, table: pd.DataFrame, accounts: pd.DataFrame) -> np.ndarray:
    """One post of each of `petition` accounts carries the text of a petition."""
    english = table["language"].eq("en") & ~table["author"].duplicated()
    rows = table.index[english].to_numpy()
    signed = np.zeros(len(table), bool)
    signed[rows[draws.order(len(rows))[: campaign.petition]]] = True
    return signed


def _parents(
    campaign: Campaign,
    draws: Draws,
    group: str,
    platform: str,
    author: np.ndarray,
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
) -> np.ndarray:
    """Which member's post each ordinary reply answers: popular posts, mostly of the camp the person follows."""
    first, last = bounds(campaign)
    targeted = accounts["targeted"].to_numpy(bool)[posts["author"]]
    fits = posts["platform"].eq(platform) & posts["time"].between(first, last - 3 * HOUR)
    fits &= targeted if group == "context" else ~targeted
    # a small world may leave no post for ordinary people: then all of them meet under one
    index = posts.index[fits & ~posts["unanswered"]].to_numpy()
    index = index if len(index) else posts.index[fits].to_numpy()[-1:]
    if len(index) == 0:
        raise InputError(
            f"no member posts on {platform}", where="Campaign", hint="Use a longer period or more members."
        )
    writer = posts["author"].to_numpy()[index]
    member = accounts["member"].to_numpy(int)[writer] - (0 if group == "context" else campaign.targets)
    fame = (member + 1.0) ** -0.7 * np.exp(1.1 * draws.normal(len(index)))
    camp = accounts["camp"].to_numpy(int)[writer]
    home = accounts["camp"].to_numpy(int)[author]
    loyal = draws.chance(0.7, len(author))
    out = index[draws.pick(fame, len(author))]
    for party in np.unique(home):
        mine = loyal & (home == party)
        if (camp == party).any():
            out[mine] = index[draws.pick(fame * (camp == party), int(mine.sum()))]
    return out


def reactions(campaign: Campaign, table: pd.DataFrame, accounts: pd.DataFrame) -> None:
    """Likes, reposts, quotes, replies received and views of every post, added to `table`.

    The number of replies is what the world holds, plus a few that nobody collected.
    """
    draws = Draws(campaign.seed, "reactions")
    n = len(table)
    group = accounts["group"].to_numpy(object)[table["author"]]
    member = accounts["member"].to_numpy(int)[table["author"]] >= 0
    crew = group == "studied"
    silent = draws.chance(np.where(crew, campaign.share_no_reaction, np.where(member, 0.0, 0.45)), n)
    likes = np.floor(
        np.exp(np.where(member, 4.2, np.where(crew, 0.1, 0.7)) + np.where(member, 1.2, 0.8) * draws.normal(n))
    )
    likes = np.where(silent, 0, np.maximum(likes, 1)).astype(np.int64)
    received = np.bincount(table["answers"][table["answers"] >= 0], minlength=n)
    unseen = np.where(member & draws.chance(0.15, n), 1 + draws.below(3, n), 0)
    table["likes"] = likes
    table["reposts"] = np.where(member, likes // 6, np.where(draws.chance(0.06, n), likes // 2, 0)).astype(
        np.int64
    )
    table["quotes"] = np.where(member, likes // 25, 0).astype(np.int64)
    table["replies"] = received + unseen
    seen = np.exp(np.where(member, 8.0, np.where(crew, 1.6, 3.4)) + 0.8 * draws.normal(n))
    table["views"] = np.floor(seen).astype(np.int64) + likes * 3
