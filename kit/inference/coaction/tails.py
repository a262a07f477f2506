"""How unlikely a count is, and what stays unlikely after all the pairs that could have been looked at."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc, logsumexp

FLOOR = 1e-300  # no p-value is ever 0
BETS = (10.0, 100.0, 1000.0)


def poisson_tail(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """P(Poisson(mean) >= count) = Γ-regularised(count, mean), never 0; 1 where `count` is 0.

    By Hoeffding (1956) it bounds the tail of a sum of unequal coins above its mean.
    """
    count, mean = np.asarray(count, float), np.asarray(mean, float)
    tail = gammainc(np.maximum(count, 1), np.maximum(mean, FLOOR))
    return np.where(count < 1, 1.0, np.clip(tail, FLOOR, 1.0))


def inverse_e_value(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """1 / e for the e-value that bets on rates 10, 100 and 1000 times the mean.

    e = mean over θ of θ^count exp(-mean (θ - 1)); with the step-up rule on 1 / e this is the e-BH
    procedure (Wang & Ramdas 2022, doi 10.1111/rssb.12489), valid however the pairs depend on each other.
    """
    count, mean = np.asarray(count, float), np.asarray(mean, float)
    bets = np.array(BETS)[:, None]
    log_e = logsumexp(count * np.log(bets) - mean * (bets - 1), axis=0) - np.log(len(BETS))
    return np.clip(np.exp(-np.maximum(log_e, 0)), FLOOR, 1.0)


def step_up(p: np.ndarray, tests: int) -> np.ndarray:
    """Benjamini-Hochberg q-values (1995) of `p` among `tests` tests, the others having p = 1."""
    order = np.argsort(p, kind="stable")
    raised = p[order] * tests / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q
