"""How surprising a group of copiers is: by how many there are, and by how much they share.

Both are upper tails of a binomial distribution. They are errors under "members copy
independently, at the control's rate" and promise nothing against people who copy
each other honestly.
"""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import gammaln, logsumexp

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
