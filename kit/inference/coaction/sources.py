"""Posts as arrays of positions, and which shared texts have a source that anyone could see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from kit.errors import MetricError
from kit.inference.coaction import cores, marks

SHARED = 0.8  # share of a family's posts with one domain, and of a domain's accounts that copy


class Case(NamedTuple):
    """Posts as arrays; accounts and families as positions in their sorted codes."""

    codes: np.ndarray
    family_codes: np.ndarray
    account: np.ndarray
    family: np.ndarray  # -1: none
    domain: np.ndarray
    posts: np.ndarray  # of each account
    seen: marks.Traits


class Control(NamedTuple):
    """The control's own copy layer."""

    layer: cores.Layer
    posts: np.ndarray  # of each account


def sourced(posts: pd.DataFrame, given: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Which families were shared from a source that anyone could see?

    Rows: family and why. "shared_domain": at least 80 % of the family's posts carry a link of one domain, and
    of all accounts that link it fewer than 80 % copied two or more families, so the public links it too.
    `given` maps further families to the reason the caller knows: the text stands in the post that is answered
    or quoted, on a petition or share button, in a headline, or in an earlier post that was widely answered. A
    reason given comes before the domain's. `posts` as in `copying.detect`.
    """
    account, family = column(posts, "account"), column(posts, "family")
    domain = column(posts, "domain", -1.0)
    use = account >= 0
    account, family, domain = (v[use].astype(np.int64) for v in (account, family, domain))
    names, at = np.unique(account, return_inverse=True)
    codes, own = positions(family)
    copies = cores.layer(at, own, len(names), len(codes))
    users = np.bincount(copies.family, minlength=len(codes))
    copied = np.bincount(copies.account[users[copies.family] >= 2], minlength=len(names))
    linked = domain >= 0
    hosts, host = np.unique(domain[linked], return_inverse=True)
    pair = np.unique(np.stack([host, at[linked]], 1), axis=0)
    linkers = np.bincount(pair[:, 0], minlength=len(hosts))
    repeaters = np.bincount(pair[copied[pair[:, 1]] >= 2, 0], minlength=len(hosts))
    public = repeaters < SHARED * linkers
    rows = np.bincount(own[own >= 0], minlength=len(codes))
    both, count = np.unique(np.stack([own[linked], host], 1)[own[linked] >= 0], axis=0, return_counts=True)
    hit = (count >= SHARED * rows[both[:, 0]]) & public[both[:, 1]]
    why = dict.fromkeys(codes[both[hit, 0]].tolist(), "shared_domain")
    why |= {int(code): str(reason) for code, reason in (given or {}).items()}
    order = sorted(why)
    columns = {
        "family": pd.array(order, dtype="int64"),
        "why": pd.array([why[c] for c in order], dtype="str"),
    }
    return pd.DataFrame(columns)


def read_control(control: pd.DataFrame | None) -> Control | None:
    """The control (account, family; one row per post) as a copy layer of its own; None if there is none."""
    if control is None:
        return None
    account = column(control, "account")
    use = account >= 0
    names, at = np.unique(account[use].astype(np.int64), return_inverse=True)
    codes, own = positions(column(control, "family")[use].astype(np.int64))
    return Control(cores.layer(at, own, len(names), len(codes)), np.bincount(at, minlength=len(names)))


def column(table: pd.DataFrame, name: str, absent: float | None = None) -> np.ndarray:
    """A column as floats, missing values as `absent` (-1 for codes, NaN for values)."""
    if name not in table:
        if absent is None:
            raise MetricError("a column is missing", where=name, hint="see the columns of `detect`")
        return np.full(len(table), absent)
    raw = table[name]
    fill = -1.0 if absent is None else absent
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind in "biuf":
        values = raw.to_numpy(float)
        return np.where(np.isnan(values), fill, values)
    if raw.dtype == object:
        raw = raw.astype("boolean" if name == "reactionless" else "Float64")
    values = raw.astype("Float64").to_numpy(float, na_value=np.nan)
    return np.where(np.isnan(values), fill, values)


def positions(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted codes from 0 on, and the position of each entry in them (-1 for what is below 0)."""
    known = codes >= 0
    names, place = np.unique(codes[known], return_inverse=True)
    at = np.full(len(codes), -1, np.int64)
    at[known] = place
    return names, at


def read(posts: pd.DataFrame, accounts: pd.DataFrame) -> Case:
    """Posts of known accounts as arrays; the columns are those of `copying.detect`.

    Raises MetricError for an hour outside 0 to 23.
    """
    account, family = column(posts, "account"), column(posts, "family")
    use = account >= 0
    hour = column(posts, "hour", np.nan)
    if ((hour < 0) | (hour >= 24)).any():
        raise MetricError("an hour lies between 0 and 23", where="hour", found=np.nanmax(np.abs(hour)))
    domain, camp = (column(posts, name, -1.0)[use].astype(np.int64) for name in ("domain", "camp"))
    names, at = np.unique(account[use].astype(np.int64), return_inverse=True)
    codes, own = positions(family[use].astype(np.int64))
    created = column(accounts, "created_day", np.nan)
    by_code = pd.Series(created, index=accounts.index).reindex(names).to_numpy(float)
    silent = column(posts, "reactionless", np.nan)[use]
    seen = marks.traits(at, by_code, silent, hour[use], camp)
    return Case(names, codes, at, own, domain, np.bincount(at, minlength=len(names)), seen)
