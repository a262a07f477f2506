"""The accounts of a synthetic world: the network, the control group, other repliers, and the members."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from simulation import names
from simulation.campaign import Campaign
from simulation.clocks import DAY, HOUR, ZONES, at_midnight
from simulation.draws import Draws, whole

X_EPOCH = 1_288_834_974_657  # first millisecond that X's identifiers can hold
X_IDS_IN_USERS = at_midnight(dt.date(2016, 3, 1))  # account ids hold a time from about here
#: X account ids before that grew with the number of accounts: day, id reached
X_SERIAL = (
    (at_midnight(dt.date(2006, 7, 1)), 20),
    (at_midnight(dt.date(2009, 1, 1)), 18_000_000),
    (at_midnight(dt.date(2010, 1, 1)), 100_000_000),
    (at_midnight(dt.date(2011, 1, 1)), 232_000_000),
    (at_midnight(dt.date(2012, 1, 1)), 450_000_000),
    (at_midnight(dt.date(2013, 1, 1)), 1_050_000_000),
    (at_midnight(dt.date(2014, 1, 1)), 2_270_000_000),
    (at_midnight(dt.date(2015, 1, 1)), 2_960_000_000),
    (at_midnight(dt.date(2016, 3, 1)), 4_900_000_000),
)
#: share of ordinary accounts made in each year from 2008
GROWTH = np.array([2, 5, 8, 11, 12, 10, 8, 7, 6, 6, 5, 5, 8, 6, 6, 3], float)
ALPHABET = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
LANGUAGES_OF_OTHERS = {"en": 0.78, "fr": 0.18, "zh": 0.04}


def snowflakes(draws: Draws, times: np.ndarray) -> np.ndarray:
    """X identifiers that hold `times`, all different; the low 22 bits are machine and counter."""
    low = draws.below(1 << 22, len(times))
    ids = ((times - X_EPOCH) << 22) + low
    while len(np.unique(ids)) < len(ids):
        _, first = np.unique(ids, return_index=True)
        again = np.setdiff1d(np.arange(len(ids)), first)
        ids[again] = ((times[again] - X_EPOCH) << 22) + draws.below(1 << 22, len(again))
    return ids


def codes(draws: Draws, n: int, length: int, prefix: str = "") -> np.ndarray:
    """`n` random codes in the alphabet of YouTube identifiers."""
    letters = ALPHABET[draws.below(64, n * length)].reshape(n, length)
    return np.array([prefix + "".join(row) for row in letters], dtype=object)


def account_ids(draws: Draws, platform: np.ndarray, created: np.ndarray) -> np.ndarray:
    """Identifiers as each platform gives them."""
    out = np.empty(len(platform), dtype=object)
    x = platform == "x"
    days, reached = np.array(X_SERIAL, float).T
    serial = np.interp(created[x], days, reached).astype(np.int64) + draws.below(20_000, int(x.sum()))
    ids = np.where(created[x] >= X_IDS_IN_USERS, snowflakes(draws, np.maximum(created[x], X_EPOCH)), serial)
    while len(np.unique(ids)) < len(ids):  # only serial numbers can still meet
        ids[np.setdiff1d(np.arange(len(ids)), np.unique(ids, return_index=True)[1])] += 1
    out[x] = [str(i) for i in ids.tolist()]
    facebook = platform == "facebook"
    out[facebook] = [
        f"1000{i:011d}" for i in (draws.order(facebook.sum()) * 20_000_003 + 55_000_000_000).tolist()
    ]
    youtube = platform == "youtube"
    out[youtube] = codes(draws, int(youtube.sum()), 22, "UC")
    return out


def studied(campaign: Campaign) -> pd.DataFrame:
    """Accounts of the network: new, hijacked or old stock; teams; silent ones."""
    draws = Draws(campaign.seed, "studied accounts")
    n = campaign.studied_accounts
    origin_parts = {
        "new": campaign.share_new,
        "hijacked": campaign.share_hijacked,
        "stock": 1 - campaign.share_new - campaign.share_hijacked,
    }
    blocks = []
    for platform, count in whole(dict(campaign.platforms), n).items():
        block = pd.DataFrame({"platform": platform, "origin": draws.shares(origin_parts, count)})
        blocks.append(block)
    table = pd.concat(blocks, ignore_index=True)
    start = at_midnight(campaign.start)
    created = start - (1 + draws.uniform(n) * (campaign.new_days - 1)) * DAY  # new, smooth
    stock = table["origin"].eq("stock").to_numpy()
    created = np.where(stock, start - (420 + draws.uniform(n) * 1100) * DAY, created)
    hijacked = table["origin"].eq("hijacked").to_numpy()
    oldest = at_midnight(dt.date(2010, 1, 1))  # so that every former post has an identifier that holds a time
    latest = start - (campaign.dormant_days + 400) * DAY
    created = np.where(hijacked, oldest + draws.uniform(n) ** 1.2 * (latest - oldest), created)
    # the former owner's last post: some time after the first year, never inside the dormant days
    rest = start - campaign.dormant_days * DAY - (created + 365 * DAY)
    dormant = created + 365 * DAY + draws.uniform(n) * rest * 0.8
    burst = np.full(n, "", dtype=object)
    fresh = np.flatnonzero((table["platform"].eq("x") & table["origin"].eq("new")).to_numpy())
    fresh = fresh[draws.order(len(fresh))]
    for day, count in campaign.bursts:
        chosen, fresh = fresh[:count], fresh[count:]
        # one sitting of three hours that lies on the same day in UTC, at the crew's offset and in `clock`
        created[chosen] = at_midnight(day) + 4.5 * HOUR + draws.uniform(len(chosen)) * 3 * HOUR
        burst[chosen] = day.isoformat()
    table["group"] = "studied"
    table["created"] = created.astype(np.int64) // 1000 * 1000
    table["dormant"] = np.where(hijacked, dormant, 0).astype(np.int64)
    table["burst"] = burst
    silent = np.zeros(n, bool)
    silent[draws.order(n)[: round(campaign.share_silent * n)]] = True
    table["silent"] = silent
    table["language"] = draws.shares(dict(campaign.languages), n)
    table["former"] = np.array(["es", "id", "pt", "en"], dtype=object)[draws.below(4, n)]
    table["status"] = np.where(draws.chance(campaign.share_suspended, n), "suspended", "active")
    empty = draws.chance(campaign.share_zero_followers, n) & ~hijacked
    many = np.where(hijacked, np.exp(4.2 + 1.2 * draws.normal(n)), np.exp(0.9 + 0.9 * draws.normal(n)))
    table["followers"] = np.where(empty, 0, np.floor(many)).astype(np.int64)
    table["following"] = np.floor(np.exp(3.2 + 1.1 * draws.normal(n))).astype(np.int64)
    table["stated"] = np.where(hijacked, np.exp(4.5 + 1.3 * draws.normal(n)), draws.below(4, n)).astype(
        np.int64
    )
    return table


def others(campaign: Campaign, group: str, n: int) -> pd.DataFrame:
    """Ordinary accounts: control or context."""
    draws = Draws(campaign.seed, group, "accounts")
    table = pd.DataFrame({"platform": draws.shares(dict(campaign.platforms), n)})
    start = at_midnight(campaign.start)
    year = 2008 + draws.pick(GROWTH, n)
    opens = np.array([at_midnight(dt.date(y, 1, 1)) for y in range(2008, 2025)])
    span = np.minimum(opens[year - 2007], start - DAY) - opens[year - 2008]
    created = opens[year - 2008] + draws.uniform(n) * span
    recent = np.zeros(n, bool)
    recent[draws.order(n)[: round(campaign.share_recent * n)]] = True
    # more of them lately, but on no day in particular: newcomers write more than others
    created = np.where(recent, start - (1 + (1 - np.sqrt(draws.uniform(n))) * 399) * DAY, created)
    table["origin"] = "organic"
    table["group"] = group
    table["created"] = created.astype(np.int64) // 1000 * 1000
    table["language"] = draws.shares(LANGUAGES_OF_OTHERS, n)
    table["status"] = np.where(draws.chance(0.015, n), "suspended", "active")
    table["followers"] = np.floor(np.exp(5.0 + 1.6 * draws.normal(n)) * np.where(recent, 0.1, 1)).astype(
        np.int64
    )
    table["following"] = np.floor(np.exp(5.4 + 1.0 * draws.normal(n))).astype(np.int64)
    table["stated"] = np.floor(np.exp(6.4 + 1.5 * draws.normal(n)) * np.where(recent, 0.05, 1)).astype(
        np.int64
    )
    table["zone"] = draws.pick([share for _offset, share in ZONES.values()], n)
    table["camp"] = draws.pick([share for _name, _category, share in names.PARTIES], n)
    return table


def members(campaign: Campaign) -> pd.DataFrame:
    """Accounts of the invented chamber: one row for each account; `member` counts persons from 0.

    The first `targets` members are answered by the network, the others by the control
    group only. Everybody has an official X account; some have a personal one, a
    Facebook page, a YouTube channel.
    """
    draws = Draws(campaign.seed, "members")
    total = campaign.targets + campaign.other_targets
    firsts = (0, campaign.targets)  # so that each side has an account of every kind
    rows = []
    for i in range(total):
        rows.append((i, "x", "official"))
        if i % 3 == 1 or i in firsts:
            rows.append((i, "x", "personal"))
        if i % 2 == 0 or i in firsts:
            rows.append((i, "facebook", "official"))
        if i % 8 == 0 or i in firsts:
            rows.append((i, "youtube", "official"))
    table = pd.DataFrame(rows, columns=["member", "platform", "account_kind"])
    n = len(table)
    party = draws.pick([share for _name, _category, share in names.PARTIES], total)
    party[:2] = [0, 1][:total]
    zone = draws.pick([share for _offset, share in ZONES.values()], total)
    made = at_midnight(dt.date(2009, 1, 1)) + draws.uniform(n) * 10 * 365 * DAY
    table["name"] = [
        f"{names.FIRST[i % len(names.FIRST)]} {names.SURNAMES[i % len(names.SURNAMES)]}"
        for i in table["member"]
    ]
    table["camp"] = party[table["member"]]
    table["zone"] = zone[table["member"]]
    table["role"] = [_role(i, int(party[i])) for i in table["member"]]
    table["targeted"] = table["member"] < campaign.targets
    table["origin"], table["group"], table["status"] = "member", "context", "active"
    table["created"] = made.astype(np.int64) // 1000 * 1000
    table["language"] = np.where(draws.chance(0.2, total), "fr", "en")[table["member"]]
    table["followers"] = np.floor(np.exp(9.2 + 0.9 * draws.normal(n))).astype(np.int64)
    table["following"] = np.floor(np.exp(6 + 0.8 * draws.normal(n))).astype(np.int64)
    table["stated"] = np.floor(np.exp(7.5 + 0.7 * draws.normal(n))).astype(np.int64)
    return table


def _role(member: int, party: int) -> str:
    if member == 0:
        return "head of government"
    if member == 1:
        return "leader of the opposition"
    if party == 0:
        return "minister" if member % 5 == 0 else "member, governing party"
    return (
        "member, no party"
        if names.PARTIES[party][1] == "independent"
        else f"member, {names.PARTIES[party][1]}"
    )


def accounts(campaign: Campaign) -> pd.DataFrame:
    """Every account of the world, with its truth; members first."""
    tables = [
        members(campaign),
        studied(campaign),
        others(campaign, "context", campaign.context_accounts),
        others(campaign, "control", campaign.control_accounts),
    ]
    table = pd.concat(tables, ignore_index=True)
    fill = {
        "member": -1,
        "camp": -1,
        "zone": -1,
        "dormant": 0,
        "burst": "",
        "silent": False,
        "targeted": False,
    }
    for column, value in fill.items():
        table[column] = table[column].astype(object).where(table[column].notna(), value).astype(type(value))
    n = len(table)
    offsets = np.array([offset for offset, _share in ZONES.values()] + [campaign.crew_offset])
    table["offset"] = offsets[table["zone"].to_numpy()]
    draws = Draws(campaign.seed, "identifiers")
    table["account_id"] = account_ids(draws, table["platform"].to_numpy(object), table["created"].to_numpy())
    _profiles(campaign, table, n)
    return table


def _profiles(campaign: Campaign, table: pd.DataFrame, n: int) -> None:
    """Names, handles, profile texts."""
    draws = Draws(campaign.seed, "profiles")
    numbers = draws.endless()
    member = table["member"].ge(0).to_numpy()
    crew = table["group"].eq("studied").to_numpy()
    shown = [names.display_name(numbers) for _ in range(n)]
    table["display_name"] = np.where(member, table["name"], np.array(shown, dtype=object))
    digits = draws.chance(np.where(crew, *campaign.share_eight_digits), n)
    taken: set[str] = set()
    handles = []
    for i in range(n):
        if member[i]:
            first, last = table.at[i, "name"].replace("-", " ").split(" ")[:2]
            last = last.title()
            handle = {"official": f"{first[0]}{last}"[:15], "personal": f"{last[:11]}Home"}[
                table.at[i, "account_kind"]
            ]
        else:
            handle = names.handle(shown[i], numbers, bool(digits[i]))
            while handle.lower() in taken:
                handle = names.handle(names.display_name(numbers), numbers, bool(digits[i]))
            taken.add(handle.lower())
        handles.append(handle)
    table["handle"] = handles
    bare = draws.chance(np.where(crew, *campaign.share_empty_bio), n)
    bios = np.array(names.BIOS, dtype=object)[draws.below(len(names.BIOS), n)]
    table["bio"] = np.where(member, "Member of an invented chamber (synthetic).", np.where(bare, "", bios))
    nowhere = draws.chance(np.where(crew, 0.85, 0.45), n)
    table["location"] = np.where(
        nowhere, "", np.array(names.PLACES, dtype=object)[draws.below(len(names.PLACES), n)]
    )
    linked = draws.chance(np.where(crew, 0.01, 0.2), n)
    table["profile_url"] = np.where(linked, [f"https://{h.lower().strip('_')}.example" for h in handles], "")
    table["verified"] = np.where(member, True, draws.chance(np.where(crew, 0.01, 0.06), n))
