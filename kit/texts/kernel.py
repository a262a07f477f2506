"""The compiled part of the search for near-equal texts: MinHash bands, chance matches thrown out in place.

Everything here works on numbers: texts are runs of 16-bit signs in one array.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from kit import threads
from kit.compiled import njit, prange, share_threads

GRAM, GRAM_HAN = 4, 2  # signs of an n-gram; one Chinese sign says about as much as half a word
CAP = 48  # texts of a bucket that are all compared with each other
WINDOW = 4  # in larger buckets each text is compared with so many others, drawn anew in each band
DIFFER = (
    0.45  # share of sketch bits in which two texts may differ: texts with nothing in common differ in half
)
_CHUNK = 1 << 18
_MOST = 8  # bands sorted at once: each takes the memory of two columns


def shape(n: int) -> tuple[int, int]:
    """Bands and rows for `n` texts: more rows keep chance matches from growing with n²."""
    return (44, 4) if n <= 200_000 else (64, 5) if n <= 2_000_000 else (80, 6)


@njit(inline="always")
def _mix(x):
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xFF51AFD7ED558CCD)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


def hashes(codes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """A 64-bit hash of each text."""
    share_threads()
    return _hashes(codes, starts)


@njit(parallel=True)
def _hashes(codes, starts):
    n = starts.size - 1
    out = np.empty(n, np.uint64)
    for i in prange(n):
        x = np.uint64(starts[i + 1] - starts[i])
        for q in range(starts[i], starts[i + 1]):
            x = _mix(x ^ np.uint64(codes[q])) + np.uint64(0x9E3779B97F4A7C15)
        out[i] = x
    return out


@njit()
def gather(codes, sources, starts):
    """The texts that begin at `sources`, one after the other as `starts` says."""
    out = np.empty(starts[-1], np.uint16)
    for i in range(sources.size):
        for q in range(starts[i + 1] - starts[i]):
            out[starts[i] + q] = codes[sources[i] + q]
    return out


@njit(parallel=True)
def _signatures(codes, starts, lengths, han, bands, rows, first, second, keys, sketch):
    """Fill `keys` (bands × texts) with a hash of each band, `sketch` with one bit of each MinHash."""
    for i in prange(lengths.size):
        k = GRAM_HAN if han[i] else GRAM
        begin, grams = starts[i], max(1, lengths[i] - k + 1)
        least = np.full(bands * rows, np.uint32(0xFFFFFFFF), np.uint32)
        for s in range(grams):
            x = np.uint64(0)
            for q in range(begin + s, min(begin + s + k, begin + lengths[i])):
                x = x * np.uint64(1099511628211) + np.uint64(codes[q]) + np.uint64(1)
            x = _mix(x)
            low = np.uint32(x & np.uint64(0xFFFFFFFF))
            high = np.uint32((x >> np.uint64(32)) | np.uint64(1))
            for h in range(bands * rows):
                v = np.uint32((low + first[h] * high) * second[h])
                v = np.uint32(v ^ (v >> np.uint32(15)))
                least[h] = min(least[h], v)  # not `if`: a store on a condition keeps eight from going at once
        for b in range(bands):
            x = np.uint64(b + 1)
            for r in range(rows):
                x = _mix(x ^ np.uint64(least[b * rows + r])) + np.uint64(r)
            keys[b, i] = np.uint32(x >> np.uint64(32))
        for w in range(sketch.shape[1]):
            word = np.uint64(0)
            for bit in range(min(64, bands * rows - 64 * w)):
                word |= np.uint64(least[64 * w + bit] & np.uint32(1)) << np.uint64(bit)
            sketch[i, w] = word


@njit(inline="always")
def _ones(x):
    x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


@njit(nogil=True)
def _bucket_pairs(ordered, back, lengths, sketch, differ, ratio, cap, window):
    """Pairs of texts in one bucket of one band whose lengths and sketches leave them a chance to be alike."""
    out = np.empty(1024, np.uint64)
    found, i, n = 0, 0, ordered.size
    while i < n:
        j = i + 1
        while j < n and (ordered[j] >> np.uint64(32)) == (ordered[i] >> np.uint64(32)):
            j += 1
        for p in range(i, j - 1):
            a = np.uint32(np.uint32(ordered[p] & np.uint64(0xFFFFFFFF)) * back)
            stop = j if j - i <= cap else min(j, p + 1 + window)
            for q in range(p + 1, stop):
                b = np.uint32(np.uint32(ordered[q] & np.uint64(0xFFFFFFFF)) * back)
                la, lb = lengths[a], lengths[b]
                if min(la, lb) < ratio * max(la, lb):
                    continue
                unequal = np.uint64(0)
                for w in range(sketch.shape[1]):
                    unequal += _ones(sketch[a, w] ^ sketch[b, w])
                if unequal > differ:
                    continue
                if found == out.size:
                    larger = np.empty(out.size * 2, np.uint64)
                    larger[:found] = out
                    out = larger
                low, high = min(a, b), max(a, b)
                out[found] = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
                found += 1
        i = j
    return out[:found]


def _distinct(*parts: np.ndarray) -> np.ndarray:
    """All different values in order; sorting is several times faster here than NumPy's hashing."""
    values = np.concatenate(parts)
    values.sort()
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def candidates(
    codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray, han: np.ndarray, similarity: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of texts worth comparing, each once, the smaller number first."""
    n = len(lengths)
    bands, rows = shape(n)
    rng = np.random.default_rng(1)  # fixed: the same texts give the same candidates
    first = rng.integers(0, 2**32, bands * rows, dtype=np.uint32)
    second = rng.integers(0, 2**32, bands * rows, dtype=np.uint32) | np.uint32(1)
    odd = rng.integers(0, 2**31, bands, dtype=np.int64) * 2 + 1
    keys = np.empty((bands, n), np.uint32)
    sketch = np.zeros((n, -(-bands * rows // 64)), np.uint64)
    share_threads()
    _signatures(codes, starts, lengths, han, bands, rows, first, second, keys, sketch)
    differ = np.uint64(bands * rows * DIFFER)
    ratio = similarity / (2 - similarity)  # shorter ones cannot reach the similarity
    number = np.arange(n, dtype=np.uint64)

    def band(b: int) -> np.ndarray:
        mixed = (number * np.uint64(odd[b])) & np.uint64(0xFFFFFFFF)  # another order in each band
        ordered = (keys[b].astype(np.uint64) << np.uint64(32)) | mixed
        ordered.sort()
        back = np.uint32(pow(int(odd[b]), -1, 2**32))
        return _distinct(_bucket_pairs(ordered, back, lengths, sketch, differ, ratio, CAP, WINDOW))

    packed = np.empty(0, np.uint64)
    at_once = min(_MOST, threads.many())
    with ThreadPoolExecutor(at_once) as pool:
        for start in range(0, bands, 2 * at_once):
            parts = list(pool.map(band, range(start, min(bands, start + 2 * at_once))))
            packed = _distinct(packed, *parts)
    return (packed >> np.uint64(32)).astype(np.int64), (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)


def likeness(
    codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray, a: np.ndarray, b: np.ndarray, least: float
) -> np.ndarray:
    """Edit similarity of each pair (a, b), 0 where it is below `least`."""
    out = np.empty(len(a), np.float32)
    for begin in range(0, len(a), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        both = np.concatenate([a[part], b[part]])
        used = _distinct(both)
        places = np.searchsorted(used, both)
        texts = [
            codes[starts[i] : starts[i] + lengths[i]].tobytes().decode("utf-16-le", "surrogatepass")
            for i in used
        ]
        left, right = ([texts[k] for k in half] for half in np.split(places, [len(places) // 2]))
        out[part] = cpdist(
            left,
            right,
            scorer=Indel.normalized_similarity,
            score_cutoff=least,
            workers=threads.many(),
            dtype=np.float32,
        )
    return out
