"""The test of pairs that repeat written a second time, as its method reads: loops and dicts, nothing compiled.

Shares no code with the kit; `test_synchrony.py` holds the two against each other.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from scipy.stats import poisson

DAY = 86_400


@dataclass
class Plain:
    """The rows: `sharers[u]` is [(time, account)], `acts[i]` is {object: time}."""

    sharers: dict = field(default_factory=lambda: defaultdict(list))
    acts: dict = field(default_factory=lambda: defaultdict(dict))
    origin: dict = field(default_factory=dict)
    near: dict = field(default_factory=dict)


def read(things, people, times, origins=None) -> Plain:
    """First acts only, none before the origin."""
    out = Plain()
    for k, u in enumerate(things):
        if origins is not None and math.isfinite(origins[k]):
            out.origin[u] = min(origins[k], out.origin.get(u, math.inf))
    for u, i, t in zip(things, people, times, strict=True):
        if math.isfinite(t) and t >= out.origin.get(u, -math.inf):
            out.acts[i][u] = min(t, out.acts[i].get(u, math.inf))
    for i, own in out.acts.items():
        for u, t in own.items():
            out.sharers[u].append((t, i))
    for rows in out.sharers.values():
        rows.sort()
    return out


def occasions(times, gap) -> int:
    count, opened = 0, None
    for t in sorted(times):
        if opened is None or t - opened > gap:
            count, opened = count + 1, t
    return count


def detect(
    things,
    people,
    times,
    origins=None,
    *,
    windows=(60, 600),
    least=3,
    gap=3600,
    margin=2,
    crowd=50,
    trigger=10,
):
    """{(a, b, window): what the kit calls common, occasions, expected, …}."""
    data = read(things, people, times, origins)
    out = {}
    for window in windows:
        out |= one_window(data, window, least, gap, margin, crowd, trigger * window)
    return out


def one_window(data, w, least, gap, margin, crowd, reach):
    met = meetings(data, w)
    often = {pair: occasions(at.values(), gap) for pair, at in met.items()}
    degree = Counter(i for pair, s in often.items() if s >= 3 for i in pair)
    crowded = {pair for pair in often if min(degree[i] for i in pair) > crowd}
    associates = leave_out(data, met, crowded, gap)
    rows = row_rates(data, associates, w)
    result = {}
    for (i, j), s in often.items():
        if s < least:
            continue
        shared = data.acts[i].keys() & data.acts[j].keys()
        expected = expected_left = raw = 0.0
        unexplained = []
        for u in shared:
            rate = pair_rate(data, rows, i, j, u, w)
            expected += rate
            raw += max(near_share(data, i, u, w), near_share(data, j, u, w))
            a, b = data.acts[i][u], data.acts[j][u]
            after_origin = u in data.origin and max(a, b) - data.origin[u] <= reach
            if not after_origin:
                expected_left += rate
                if abs(a - b) <= w:
                    unexplained.append(u)
        free = not_led(data, i, j, unexplained, reach, least)
        left = occasions([min(data.acts[i][u], data.acts[j][u]) for u in free], gap)
        result[i, j, w] = {
            "common": len(shared),
            "close": len(met[i, j]),
            "occasions": s,
            "expected": expected,
            "raw_expected": raw,
            "occasions_left": left,
            "expected_left": expected_left,
            "explained": len(met[i, j]) - len(free),
            "crowd": (i, j) in crowded,
            "p": poisson.sf(s - 1, margin * expected),
            "p_left": poisson.sf(left - 1, margin * expected_left) if left >= least else 1.0,
        }
    return result


def meetings(data, w):
    """{pair: {object: time}} of every pair close on an object."""
    met = defaultdict(dict)
    for u, rows in data.sharers.items():
        for (t, i), (s, j) in itertools.combinations(rows, 2):
            if abs(t - s) <= w:
                met[min(i, j), max(i, j)][u] = min(t, s)
    return met


def leave_out(data, met, crowded, gap):
    """{(account, object): its associates on it}: close on two occasions or more without that object."""
    out = defaultdict(set)
    for (i, j), at in met.items():
        if (i, j) in crowded:
            continue
        for u in data.acts[i].keys() & data.acts[j].keys():
            if occasions([t for v, t in at.items() if v != u], gap) >= 2:
                out[i, u].add(j)
                out[j, u].add(i)
    return out


def near(data, i, u, w):
    """The others close to i on u, kept for the next time."""
    if (i, u, w) not in data.near:
        at = data.acts[i][u]
        data.near[i, u, w] = {j for t, j in data.sharers[u] if j != i and abs(t - at) <= w}
    return data.near[i, u, w]


def near_share(data, i, u, w):
    return len(near(data, i, u, w)) / max(len(data.sharers[u]) - 1, 1)


def row_rates(data, associates, w):
    """{(account, object): (prior, strangers near, strangers)}."""
    keys = [(i, u) for i in data.acts for u in data.acts[i]]
    x, n = {}, {}
    for i, u in keys:
        x[i, u] = len(near(data, i, u, w) - associates[i, u])
        n[i, u] = len(data.sharers[u]) - 1 - len(associates[i, u])
    lag = {(i, u): data.acts[i][u] - data.origin[u] for i, u in keys if u in data.origin}
    alone = sorted(s for (i, u), s in lag.items() if not near(data, i, u, w) & associates[i, u])
    pooled = {}
    for key, s in lag.items():
        half = max(w, s / 10)
        inside = bisect.bisect_right(alone, s + half) - bisect.bisect_left(alone, s - half)
        pooled[key] = (inside + 1) / (len(alone) + 1) * w / half
    counted = [key for key in keys if n[key] >= 1]
    share = {key: x[key] / n[key] for key in counted}
    mean = math.fsum(share.values()) / max(len(share), 1)
    with_lag = [key for key in counted if key in lag]
    mean_known = math.fsum(share[key] for key in with_lag) / max(len(with_lag), 1)
    mean_lag = math.fsum(pooled[key] for key in with_lag) / max(len(with_lag), 1)
    out = {}
    for i in data.acts:
        own = [(i, u) for u in data.acts[i]]
        seen = [key for key in own if key in share]
        rate = (math.fsum(share[key] for key in seen) + 10 * mean) / (len(seen) + 10)
        known = [key for key in seen if key in lag]
        excess = 1.0
        if with_lag:
            over = math.fsum(share[key] for key in known) + 10 * mean_known
            excess = over / (math.fsum(pooled[key] for key in known) + 10 * mean_lag)
        for key in own:
            prior = pooled[key] * max(1.0, excess) if key in lag else rate
            out[key] = min(1.0, max(1e-9, prior)), x[key], n[key]
    return out


def habit(data, j, t, w):
    """Rows of j at this time of day, but not at this time."""
    return sum((s - t + w) % DAY <= 2 * w and abs(s - t) > w for s in data.acts[j].values())


def same_minutes(data, i, j):
    p, q = ([0.0] * 60 for _ in range(2))
    for shares, account in ((p, i), (q, j)):
        for t in data.acts[account].values():
            shares[int(t // 60) % 60] += 1 / len(data.acts[account])
    return max(1.0, 20 * sum(p[b] * (q[b - 1] + q[b] + q[(b + 1) % 60]) for b in range(60)))


def pair_rate(data, rows, i, j, u, w):
    """The largest of the four rates."""
    priors = []
    for one, other in ((i, j), (j, i)):
        prior = rows[one, u][0]
        h = (habit(data, other, data.acts[one][u], w) + 5 * prior) / (len(data.acts[other]) + 5)
        priors.append(max(prior, h))
    base = min(1.0, (same_minutes(data, i, j) if w <= 300 else 1.0) * max(priors))
    heat = [(x + 5 * base) / (n + 5) for _, x, n in (rows[i, u], rows[j, u])]
    return min(1.0, max(base, *heat))


def at_least(chances, k):
    """P(k or more heads)."""
    heads = {0: 1.0}
    for q in chances:
        after = defaultdict(float)
        for h, p in heads.items():
            after[h + 1] += p * q
            after[h] += p * (1 - q)
        heads = after
    return math.fsum(p for h, p in heads.items() if h >= k)


def not_led(data, i, j, objects, reach, least):
    """The objects on which no leader acted before the later of the two."""
    if len(objects) < least:
        return objects
    burst = {}
    for u in objects:
        early, late = sorted((data.acts[i][u], data.acts[j][u]))
        burst[u] = [(t, k) for t, k in data.sharers[u] if early - reach <= t <= late]
    while leaders := who_leads(burst):
        for u in list(burst):
            late = max(data.acts[i][u], data.acts[j][u])
            if any(k in leaders and t < late for t, k in burst[u]):
                del burst[u]
    return list(burst)


def who_leads(burst):
    """Accounts that open three bursts or more, and more than luck allows."""
    opened = Counter(rows[0][1] for rows in burst.values() if rows[1][0] > rows[0][0])
    leaders = set()
    for k, times in opened.items():
        part = [rows for rows in burst.values() if k in {who for _, who in rows}]
        chances = [0.5 if len(rows) == 2 else 1 / (len(rows) - 1) for rows in part]
        if times >= 3 and at_least(chances, times) < 0.005:
            leaders.add(k)
    return leaders
