"""A case made to break the public edition: days, hours and classes of few accounts beside those of many.

Studied: sixty accounts. Until 20 August fifteen of them post on a day, on the 15th one of them alone fifty times;
nothing on the 8th and 9th; from the 21st on one or two a day, nothing from the 24th to the 27th. Control: thirty accounts, four
a day. Context: three accounts. Every account and text is invented.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from worlds import account, post, report

QUIET = (8, 9)
THIN = (24, 25, 26, 27)


def crowd(home: Path, name: str = "crowd", **keys: Any) -> Path:
    """Write the report; its case is opened with `kit.open(name)`."""
    draw = random.Random(11)
    people = {"studied": 60, "control": 30, "context": 3}
    posts: dict[str, list[dict[str, str]]] = {group: [] for group in people}

    def say(group: str, who: int, day: int, times: int = 1) -> None:
        for _ in range(times):
            number = sum(map(len, posts.values()))
            moment = f"2024-08-{day:02d}T{draw.choice([1, 9, 9, 10, 10, 11, 14, 15, 16]):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}Z"
            answered = {"re_post": f"t{who % 7}", "re_user": f"member{who % 3}"} if number % 2 else {}
            more = {"lang": "en" if who % 10 else "fr", "like": draw.choice([0, 0, 0, 1, 40])}
            posts[group].append(
                post(number, f"{group[-3:]}{who}", moment, f"text {number}", **more, **answered)
            )

    for day in range(1, 31):
        if day not in QUIET and day <= 20:
            for who in draw.sample(range(60), 15):
                say("studied", who, day)
        elif day > 20 and day not in THIN:
            for who in draw.sample(range(60), 1 + day % 2):
                say("studied", who, day)
        for who in draw.sample(range(30), 4):
            say("control", who, day)
        if day % 9 == 0:
            say("context", day % 3, day)
    say("studied", 5, 15, times=50)
    made = {
        "studied": [
            f"2024-07-{3 + i % 2:02d}" if i < 40 else f"20{10 + i % 12}-0{1 + i % 9}-11" for i in range(60)
        ],
        "control": [f"20{8 + i % 16:02d}-{1 + i % 12:02d}-05" for i in range(30)],
        "context": ["2015-04-15", "2016-04-15", "2017-04-15"],
    }
    accounts = {
        group: [
            account(
                f"{group[-3:]}{i}",
                day,
                bio="" if i % 4 else "hello",
                followers=i * i,
                following=i % 5,
                state="active",
            )
            for i, day in enumerate(days)
        ]
        for group, days in made.items()
    }
    return report(home, name, posts=posts, accounts=accounts, clock="UTC", **keys)
