"""What the posts of a synthetic world are about, and two invented coders who read some of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from simulation import scripts, talk
from simulation.draws import Draws

TOPICS = tuple(scripts.SHARES)
EVERYDAY, PETITION, NONE = "daily_life", "petition", "none"
CODES = (*TOPICS, EVERYDAY, PETITION, NONE)
POSTS = 300  # posts that both coders read, half of them of studied accounts
DIFFER = 18  # of them, posts to which the coders give different codes
CODERS = (("AB", "2023-10-30"), ("CD", "2023-10-31"))


def meant(posts: pd.DataFrame) -> pd.Series:
    """The code of each post: the narrative of its template or complaint, the petition, everyday talk, or none."""
    short = {words for listed in talk.SHORT.values() for words in listed.split("|")}
    former = set(talk.FORMER)

    def code(text: str, template: str, decoy: str, language: str) -> str:
        if template:
            spoken, _dash, number = template.partition("-")
            return scripts.code(spoken, int(number))
        if decoy:
            return decoy
        words = [w for w in text.split(" ") if not w.startswith(("@", "#", "https://"))]
        return NONE if " ".join(words) in short or language in former else EVERYDAY

    columns = ("text", "template", "decoy", "language")
    return pd.Series([code(*row) for row in posts[list(columns)].itertuples(index=False)], index=posts.index)


def write_coders(
    world: dict[str, pd.DataFrame],
    folder: str | Path,
    *,
    posts: int = POSTS,
    differ: int = DIFFER,
    seed: int = 7,
) -> list[str]:
    """Write coder_a.csv and coder_b.csv into `folder`; return their names.

    Both read the same posts, drawn from the period: half of studied accounts, half of the control
    (where there is one), in random order and unmarked. They differ on `differ` posts: there one of
    them, in turn, gives another code than the right one.
    """
    draws = Draws(seed, "coders")
    table = world["posts"][world["posts"]["in_period"]].reset_index(drop=True)
    right = meant(table).to_numpy(object)
    groups = [g for g in ("studied", "control") if (table["group"] == g).any()]
    chosen: list[int] = []
    for group in groups:
        rows = np.flatnonzero((table["group"] == group).to_numpy())
        chosen += rows[draws.order(len(rows))[: posts // len(groups)]].tolist()
    order = [chosen[i] for i in draws.order(len(chosen)).tolist()]
    wrong = dict(zip(draws.order(len(order))[:differ].tolist(), range(differ), strict=False))
    step = 1 + draws.below(len(CODES) - 1, len(order))
    names = []
    for coder, (initials, day) in enumerate(CODERS):
        lines = [["post", "platform", "code", "coder", "date"]]
        for place, row in enumerate(order):
            code = str(right[row])
            if wrong.get(place, -1) % 2 == coder and place in wrong:
                code = CODES[(CODES.index(code) + int(step[place])) % len(CODES)]
            lines.append([table.at[row, "post_id"], table.at[row, "platform"], code, initials, day])
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(lines)
        names.append(f"coder_{'ab'[coder]}.csv")
        (Path(folder) / names[-1]).write_bytes(text.getvalue().encode())
    return names
