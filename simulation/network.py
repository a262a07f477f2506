"""What the network posts: batches of one team's accounts under one post, filler, earlier posts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kit.errors import InputError
from simulation import scripts, talk, wording
from simulation.campaign import Campaign
from simulation.clocks import BIN, DAY, HOUR, bounds, crew_times
from simulation.draws import Draws, whole
from simulation.people import X_EPOCH

WINDOW = {"x": 3 * DAY, "facebook": 5 * DAY, "youtube": 21 * DAY}  # how old a post may be that gets answered


def replies(campaign: Campaign, accounts: pd.DataFrame, member_posts: pd.DataFrame) -> pd.DataFrame:
    """Posts of the studied accounts inside the period; `parent` is a row of `member_posts`, or -1."""
    crew = accounts[accounts["group"].eq("studied") & ~accounts["silent"]]
    blocks = []
    for platform, count in whole(dict(campaign.platforms), campaign.studied_posts).items():
        here = crew[crew["platform"].eq(platform)]
        if here.empty:
            continue
        filler = round(campaign.share_filler * count) if platform == "x" else 0
        blocks.append(_batches(campaign, platform, count - filler, here, accounts, member_posts))
        blocks.append(_filler(campaign, platform, filler, here))
    table = pd.concat(blocks, ignore_index=True)
    _write(campaign, table, accounts)
    return table


def _batches(
    campaign: Campaign,
    platform: str,
    count: int,
    crew: pd.DataFrame,
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
) -> pd.DataFrame:
    draws = Draws(campaign.seed, "batches", platform)
    few, many = campaign.batch
    sizes = few + draws.below(many - few + 1, count // few + 1)
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), count) + 1]
    sizes[-1] -= sizes.sum() - count
    starts = crew_times(campaign, len(sizes), platform)
    under = _parents(campaign, draws, platform, starts, accounts, posts)

    made, row = crew["created"].to_numpy(), crew.index.to_numpy()
    order = draws.order(len(crew))
    teams = np.array_split(order, max(1, round(len(order) / campaign.team)))
    energy = 0.3 - np.log1p(-draws.uniform(len(crew)))
    used = np.zeros(len(crew), int)
    first, last = bounds(campaign)
    author, time, parent, batch = [], [], [], []
    for number, (size, start) in enumerate(zip(sizes.tolist(), starts.tolist(), strict=True)):
        turn, tries = int(draws.one() * len(teams)), 0
        while size > 0:
            # a team may be too young or too small: the next ones help out
            near = np.concatenate([teams[turn % len(teams)], teams[(turn + 1) % len(teams)]])
            able = np.unique(near[made[near] < start - HOUR])
            if len(able) == 0:
                turn, tries = turn + 1, tries + 1
                if tries > len(teams):
                    raise InputError("no account exists yet when the network starts", where="Campaign.bursts")
                continue
            key = draws.uniform(len(able)) ** (1 / energy[able]) + 10.0 * (used[able] == 0)
            chosen = able[np.argsort(-key, kind="stable")[:size]]
            gaps = -np.log1p(-draws.uniform(len(chosen))) * campaign.batch_gap_s * 1000
            when = start + np.cumsum(gaps).astype(np.int64)
            when -= max(0, int(when[-1]) - last + 1000)
            used[chosen] += 1
            author.append(row[chosen])
            time.append(np.maximum(when, first))
            parent.append(np.full(len(chosen), under[number]))
            batch.append(np.full(len(chosen), number))
            size -= len(chosen)
    table = pd.DataFrame(
        {
            "author": np.concatenate(author),
            "time": np.concatenate(time),
            "parent": np.concatenate(parent),
            "batch": np.concatenate(batch),
        }
    )
    _nobody_idle(table, row[used == 0], accounts["created"].to_numpy())
    return table.assign(kind="reply", platform=platform)


def _nobody_idle(table: pd.DataFrame, idle: np.ndarray, created: np.ndarray) -> None:
    """Give each account that got no turn one post of an account that has several."""
    counts = table["author"].value_counts().to_dict()
    authors, times = table["author"].to_numpy().copy(), table["time"].to_numpy()
    for one in idle.tolist():
        for k in range(len(authors) - 1, -1, -1):
            if counts[authors[k]] > 1 and times[k] > created[one] + HOUR:
                counts[authors[k]] -= 1
                counts[one] = 1
                authors[k] = one
                break
    table["author"] = authors


def _parents(
    campaign: Campaign,
    draws: Draws,
    platform: str,
    starts: np.ndarray,
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
) -> np.ndarray:
    """The post each batch answers: recent, of a targeted member, the first member most often."""
    here = posts[posts["platform"].eq(platform) & accounts["targeted"].to_numpy(bool)[posts["author"]]]
    here = here.sort_values("time", kind="stable")
    when, index = here["time"].to_numpy(), here.index.to_numpy()
    member = accounts["member"].to_numpy(int)[here["author"]]
    personal = accounts["account_kind"].to_numpy(object)[here["author"]] == "personal"
    zipf = np.arange(1, campaign.targets + 1) ** -0.6
    zipf[0] = (
        campaign.first_target / max(1e-9, 1 - campaign.first_target) * zipf[1:].sum() if len(zipf) > 1 else 1
    )
    per_post = zipf[member] * np.where(personal, 0.5, 1.0) / np.bincount(member, minlength=len(zipf))[member]
    out = np.empty(len(starts), np.int64)
    # one batch for each target, so that the planted number of targets holds
    forced = dict(
        zip(draws.order(len(starts)).tolist(), draws.order(campaign.targets).tolist(), strict=False)
    )
    for number, start in enumerate(starts.tolist()):
        closes = int(np.searchsorted(when, start - 5 * 60_000))
        opens = int(np.searchsorted(when, start - WINDOW[platform]))
        if number in forced:
            own = np.flatnonzero(member[:closes] == forced[number])
            if len(own):
                out[number] = index[own[-1]]
                draws.one()
                continue
        opens = 0 if opens >= closes else opens
        fresh = np.exp(-(start - when[opens:closes]) / DAY)
        out[number] = index[opens + draws.pick(per_post[opens:closes] * fresh + 1e-12, 1)[0]]
    return out


def _filler(campaign: Campaign, platform: str, count: int, crew: pd.DataFrame) -> pd.DataFrame:
    """Everyday posts that answer nobody, by accounts that existed before the start."""
    draws = Draws(campaign.seed, "filler", platform)
    old = crew.index[crew["created"] < bounds(campaign)[0]].to_numpy()
    author = old[draws.below(len(old), count)]
    table = pd.DataFrame({"author": author, "time": crew_times(campaign, count, f"filler {platform}")})
    return table.assign(parent=-1, batch=-1, kind="post", platform=platform)


def _write(campaign: Campaign, table: pd.DataFrame, accounts: pd.DataFrame) -> None:
    """Texts, media, links and hashtags of the network's posts, added to `table`."""
    draws = Draws(campaign.seed, "network texts")
    numbers = draws.endless()
    known = wording.templates(campaign)
    told = {tongue: wording.by_code(tongue, len(texts)) for tongue, texts in known.items()}
    turns = {tongue: scripts.turns(list(codes)) for tongue, codes in told.items()}
    n = len(table)
    spoken = accounts["language"].to_numpy(object)[table["author"]]
    language = np.where(draws.chance(0.1, n) & ("en" in known), "en", spoken)
    reply = table["kind"].eq("reply").to_numpy()
    scripted = draws.chance(campaign.share_template, n) & reply
    change = draws.chance(campaign.share_edited, n)
    wide = draws.chance(campaign.share_artefact, n) & (language == "en") & scripted
    place = Draws(campaign.seed, "first template").below(10_000, len(accounts))
    seen: dict[int, int] = {}
    used: dict[tuple[int, str], int] = {}
    texts, names, edits = [], [], []
    for author, tongue, use, small, odd in zip(
        table["author"].tolist(),
        language.tolist(),
        scripted.tolist(),
        change.tolist(),
        wide.tolist(),
        strict=True,
    ):
        if not use or tongue not in known:
            texts.append(wording.free(tongue, numbers))
            names.append("")
            edits.append(False)
            continue
        # each account walks through the narratives from a place of its own, and in each through its texts,
        # so that it does not repeat itself
        turn, start = seen.get(author, 0), int(place[author])
        seen[author] = turn + 1
        code = turns[tongue][(start + turn * (1 + start % 5)) % len(turns[tongue])]
        before = used.get((author, code), 0)
        used[author, code] = before + 1
        which = told[tongue][code][(start + before) % len(told[tongue][code])]
        plain = known[tongue][which]
        text = wording.edited(tongue, which, numbers) if small else plain
        texts.append(wording.artefact(text) if odd else text)
        names.append(f"{tongue}-{which:03d}")
        edits.append(text != plain)
    items = [
        f"https://media.example/item-{k:02d}.{'mp4' if k % 3 == 0 else 'jpg'}"
        for k in range(campaign.media_items)
    ]
    heavy = np.arange(1, len(items) + 1) ** -0.9
    media = np.where(
        draws.chance(campaign.share_media, n) & reply, np.array(items, object)[draws.pick(heavy, n)], ""
    )
    linked = draws.chance(campaign.share_links, n)
    links = np.where(linked, np.array(wording.LINKS, object)[draws.below(len(wording.LINKS), n)], "")
    tagged = draws.chance(0.06, n)
    tags = np.where(tagged, np.array(wording.TAGS, object)[draws.below(len(wording.TAGS), n)], "")
    table["text"] = [" ".join(filter(None, parts)) for parts in zip(texts, tags, links, strict=True)]
    table["language"], table["template"], table["edited"], table["artefact"] = language, names, edits, wide
    table["media"], table["urls"], table["hashtags"] = media, links, [tag.lstrip("#") for tag in tags]


def earlier(campaign: Campaign, accounts: pd.DataFrame) -> pd.DataFrame:
    """Posts from before the period: of hijacked X accounts by their former owners, of control X accounts."""
    draws = Draws(campaign.seed, "earlier posts")
    numbers = draws.endless()
    first, _last = bounds(campaign)
    on_x = accounts["platform"].eq("x")
    taken = accounts.index[on_x & accounts["origin"].eq("hijacked")].to_numpy()
    plain = accounts.index[on_x & accounts["group"].eq("control")].to_numpy()
    rows = np.concatenate(
        [np.repeat(taken, 2 + draws.below(4, len(taken))), np.repeat(plain, 1 + draws.below(4, len(plain)))]
    )
    made, dormant = accounts["created"].to_numpy()[rows], accounts["dormant"].to_numpy()[rows]
    until = np.where(dormant > 0, dormant, first - DAY // 2)
    since = np.where(
        dormant > 0, np.maximum(made + DAY, X_EPOCH + DAY), np.maximum(made + BIN, first - 500 * DAY)
    )
    time = since + (draws.uniform(len(rows)) * np.maximum(until - since, HOUR)).astype(np.int64)
    owner = accounts["former"].to_numpy(object)[rows]
    spoken = accounts["language"].to_numpy(object)[rows]
    language = np.where(dormant > 0, owner, spoken)
    table = pd.DataFrame({"author": rows, "time": time, "language": language})
    table["text"] = [talk.remark(tongue, numbers) for tongue in language.tolist()]
    return table.assign(
        parent=-1,
        batch=-1,
        kind="post",
        platform="x",
        template="",
        edited=False,
        artefact=False,
        media="",
        urls="",
        hashtags="",
    )
