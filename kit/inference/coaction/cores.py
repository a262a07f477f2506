"""The core of a copy layer, accounts that share several texts which hardly anyone else uses, and how surprising it is.

The copy layer is a bipartite graph of accounts and text families (clusters of long,
near-equal texts). One shared text says little: a petition or a joke reaches
hundreds. The core keeps accounts with several families whose other users are nearly
all in the core as well.

How surprising a group is, by how many there are and by how much they share: both are upper
tails of a binomial distribution. They are errors under "members copy independently, at
the control's rate" and promise nothing against people who copy each other honestly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, sparse, stats
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln, logsumexp

CUT = 0.1  # a piece is cut where fewer edges than this share of its smaller side's are lost
LARGEST = 3000  # accounts or families, whichever are fewer, of a piece that is examined for a cut
_ZERO = 1e-9


class Layer(NamedTuple):
    """Each use of a family by an account, once: positions of both, and how many of both there are."""

    account: np.ndarray
    family: np.ndarray
    accounts: int
    families: int


class Pieces(NamedTuple):
    """Positions of the edges of each piece, and whether a piece was too large to be examined for a cut."""

    edges: list[np.ndarray]
    skipped: bool


def layer(account: np.ndarray, family: np.ndarray, accounts: int, families: int) -> Layer:
    """The copy layer of posts: positions of `account` and `family`, one entry per post; family -1 is no copy.

    An account that repeats itself uses the family once.
    """
    copied = family >= 0
    edge = np.unique(account[copied].astype(np.int64) * max(families, 1) + family[copied])
    return Layer(edge // max(families, 1), edge % max(families, 1), accounts, families)


def kept_of(copies: Layer, chosen: np.ndarray) -> Layer:
    """The layer with the `chosen` edges only; positions keep their meaning."""
    return copies._replace(account=copies.account[chosen], family=copies.family[chosen])


def peel(copies: Layer, least: int, purity: float) -> np.ndarray:
    """Which edges lie in the core, true or false for each.

    The core is the largest part in which every account keeps at least `least` families and every
    family at least two accounts and at least `purity` of all its users in the layer. It is the
    end of removing whatever fails, in any order: removing can only make others fail, so there is one end
    (as for k-cores, Seidman 1983; for two-mode graphs Ahmed et al. 2007).
    """
    account, family, accounts, families = copies
    users = np.bincount(family, minlength=families)
    need = np.maximum(2, np.ceil(purity * users - _ZERO))
    inside = np.ones(len(account), bool)
    while True:
        held = np.bincount(account[inside], minlength=accounts)
        left = inside & (held[account] >= least)
        left &= (np.bincount(family[left], minlength=families) >= need)[family]
        if left.sum() == inside.sum():
            return inside
        inside = left


def pieces(copies: Layer, *, accounts: int = 5, families: int = 2) -> Pieces:
    """Connected pieces of the layer, cut where two of them hang together by a few edges.

    A cut follows the second singular vector of the degree-normalised layer (Dhillon 2001), at the border that
    loses the smallest share of edges. It is made where the edges lost are fewer than `CUT` of the edges of
    the smaller side (half of its edge ends), and both sides have at least `accounts` accounts and `families`
    families. Lost edges belong to no piece.
    """
    todo, done, skipped = _connected(copies, np.arange(len(copies.account))), [], False
    while todo:
        piece = todo.pop()
        small = min(len(np.unique(copies.account[piece])), len(np.unique(copies.family[piece])))
        skipped |= small > LARGEST
        sides = None if small > LARGEST else _cut(kept_of(copies, piece), accounts, families)
        if sides is None:
            done.append(piece)
        else:
            todo += [part for side in sides for part in _connected(copies, piece[side])]
    return Pieces(done, skipped)


def _connected(copies: Layer, edges: np.ndarray) -> list[np.ndarray]:
    """The edges of each connected component."""
    if len(edges) == 0:
        return []
    account, family = copies.account[edges], copies.family[edges]
    nodes = copies.accounts + copies.families
    graph = sparse.coo_matrix(
        (np.ones(len(edges)), (account, copies.accounts + family)), shape=(nodes, nodes)
    )
    label = connected_components(graph, directed=False)[1][account]
    order = np.argsort(label, kind="stable")
    return np.split(edges[order], np.flatnonzero(np.diff(label[order])) + 1)


def _cut(piece: Layer, accounts: int, families: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The edges of the two sides of a cut that may be made, else None."""
    names, account = np.unique(piece.account, return_inverse=True)
    texts, family = np.unique(piece.family, return_inverse=True)
    if len(names) < 2 * accounts or len(texts) < 2 * families:
        return None
    found = _second(account, family)
    if found is None:
        return None
    sides = _sweep(account, family, *found, least=(accounts, families))
    if sides is None:
        return None
    one, other = sides
    stays = one[account] == other[family]
    return stays & one[account], stays & ~one[account]


def _sweep(
    account: np.ndarray,
    family: np.ndarray,
    by_account: np.ndarray,
    by_family: np.ndarray,
    *,
    least: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray] | None:
    """The sides of the border between values of both vectors that loses the smallest share of edges."""
    n = len(by_account)
    values, place = np.unique(np.round(np.append(by_account, by_family), 9), return_inverse=True)
    low, high = np.sort(np.stack([place[:n][account], place[n:][family]]), axis=0)

    def below(positions: np.ndarray) -> np.ndarray:
        """How many of `positions` lie below each border."""
        return np.cumsum(np.bincount(positions, minlength=len(values)))[:-1]

    lost, ends = below(low) - below(high), below(low) + below(high)
    accounts, families = below(place[:n]), below(place[n:])
    share = 2 * lost / np.minimum(ends, 2 * len(account) - ends)
    share[np.minimum(accounts, n - accounts) < least[0]] = np.inf
    share[np.minimum(families, len(by_family) - families) < least[1]] = np.inf
    if len(share) == 0 or share.min() >= CUT:
        return None
    side = place > int(np.argmin(share))
    return side[:n], side[n:]


def _second(account: np.ndarray, family: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Second singular vectors (accounts, families), largest entry 1; None where no cut can be good.

    By Cheeger's inequality no cut loses fewer than (1 - s) / 2 of the edge ends of its smaller
    side, s being the second singular value.
    """
    held, used = np.bincount(account), np.bincount(family)
    matrix = sparse.csr_matrix((1 / np.sqrt(held[account] * used[family]), (account, family)))
    wide = len(held) < len(used)
    square = (matrix @ matrix.T if wide else matrix.T @ matrix).toarray()
    place = len(square) - 2
    value, vector = linalg.eigh(square, subset_by_index=[place, place])
    if 1 - np.sqrt(max(value[0], 0.0)) >= CUT:  # twice Cheeger's bound, as the shares of `_cut` are
        return None
    first = vector[:, 0]
    second = (matrix.T if wide else matrix) @ first
    by_account, by_family = (first, second) if wide else (second, first)
    by_account, by_family = by_account / np.sqrt(held), by_family / np.sqrt(used)
    return by_account / np.abs(by_account).max(), by_family / np.abs(by_family).max()


HIGHEST = 0.999  # share of the copy layer that a group may be said to hold by chance


def tail(least: int, n: int, chance: float) -> float:
    """Natural logarithm of P(X >= least) for X ~ Bin(n, chance), also where the probability is below 1e-308.

    A probability that underflows to 0 would win against any number of choices it is multiplied with.
    """
    if least <= 0:
        return 0.0
    if least > n or chance <= 0:
        return -np.inf
    if chance >= 1:
        return 0.0
    direct = float(stats.binom.sf(least - 1, n, chance))
    if direct > 1e-250:
        return float(np.log(direct))
    k = np.arange(least, n + 1)
    return float(logsumexp(choices(n, k) + k * np.log(chance) + (n - k) * np.log1p(-chance)))


def choices(n: int, k: int | np.ndarray) -> np.ndarray:
    """Natural logarithm of the number of ways to choose `k` of `n`."""
    return gammaln(n + 1) - gammaln(np.add(k, 1)) - gammaln(np.subtract(n, k) + 1)


def core_rate(core: int, accounts: int, *, level: float = 0.95) -> float:
    """Upper end of the share of control accounts in a core: `core` of `accounts` (Clopper and Pearson 1934).

    The `level` quantile of Beta(core + 1, accounts - core); 1 where there is no control.
    """
    return float(stats.beta.ppf(level, core + 1, max(accounts - core, 1))) if accounts > 0 else 1.0


def prevalence(core: int, accounts: int, control_core: int, control_accounts: int) -> float:
    """p that a core of `core` accounts arises among `accounts` at the control's rate.

    p = P(Bin(accounts, q) >= core), q = `core_rate` of the control × max(1, accounts / control_accounts):
    among more accounts more families are shared by chance. `accounts` and `control_accounts` have enough
    posts to be in a core at all. 1 without a control.
    """
    rate = core_rate(control_core, control_accounts)
    rate *= max(1.0, accounts / max(control_accounts, 1))
    return float(np.exp(tail(core, accounts, min(1.0, rate))))


def overlap(
    uses: int, all_uses: int, share: float, families: tuple[int, int], accounts: tuple[int, int]
) -> float:
    """p that some choice of accounts and families overlaps as much, each use of a family falling at random.

    `uses` of the families' `all_uses` are by the accounts, who hold `share` of the copy layer (with its
    margin); `families` and `accounts` are how many are in the group and of how many they were chosen.
    p = P(Bin(all_uses, min(share, 0.999)) >= uses) × the number of choices, at most 1: a union bound, so
    that searching for the group costs nothing hidden. A group that is most of the copy layer has a share
    near 1 and p = 1: it cannot be its own control.
    """
    chosen = choices(families[1], families[0]) + choices(accounts[1], accounts[0])
    return float(np.exp(min(0.0, tail(uses, all_uses, min(share, HIGHEST)) + float(chosen))))
