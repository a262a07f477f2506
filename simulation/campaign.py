"""The planted facts of a synthetic campaign, as arguments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from kit.errors import InputError
from simulation.draws import whole
from simulation.scripts import MOST


@dataclass(frozen=True)
class Campaign:
    """What is true in a synthetic world. The defaults make the sample.

    They follow what was published about the replies to members of the Canadian
    parliament in August and September 2023: nearly 2,000 accounts, over 15,000 posts,
    about 50 members, from 7 August to about 11 September, faster over the long weekend
    of 2 to 4 September, English, French and Mandarin, on Facebook, X and YouTube, new or
    hijacked accounts, very few reactions. All names, accounts and texts are invented.
    """

    seed: int = 2023
    start: dt.date = dt.date(2023, 8, 7)  # first and last day, in `clock`
    end: dt.date = dt.date(2023, 9, 11)
    clock: str = "America/Toronto"

    # how many; silent accounts count among the studied accounts and have no post in the period
    studied_accounts: int = 2000
    studied_posts: int = 15_000
    control_accounts: int = 1000
    control_posts: int = 5000
    context_accounts: int = 3000
    context_posts: int = 6000
    targets: int = 50  # members whom the network answers
    other_targets: int = 40  # members whom only the control group answers
    platforms: tuple[tuple[str, float], ...] = (("x", 0.70), ("facebook", 0.20), ("youtube", 0.10))

    # where the studied accounts come from; what is neither new nor hijacked is old unused stock
    share_new: float = 0.55  # made at most `new_days` before the start, or in a burst
    new_days: int = 45
    bursts: tuple[tuple[dt.date, int], ...] = (  # X accounts made on one day
        (dt.date(2023, 7, 12), 260),
        (dt.date(2023, 7, 27), 310),
        (dt.date(2023, 8, 15), 90),
    )
    share_hijacked: float = 0.25  # old accounts that were silent for at least `dormant_days`
    dormant_days: int = 730
    share_recent: float = 0.08  # of control and context accounts: made in the 400 days before the start
    share_silent: float = 0.06
    share_suspended: float = 0.9
    share_zero_followers: float = 0.55  # of the accounts that were not hijacked
    share_empty_bio: tuple[float, float] = (0.80, 0.35)  # studied, everybody else
    share_eight_digits: tuple[float, float] = (0.40, 0.12)  # handle ends in eight digits

    # when the crew works: an office day at one offset, fewer posts on its weekend
    crew_offset: float = 8.0  # hours east of UTC
    crew_start: float = 9.0  # local hour
    crew_hours: float = 9.0  # length of the day; 24 means no rhythm
    crew_lunch: float = 0.6  # share of activity lost from 12 to 13 h local
    crew_weekend: float = 0.15  # activity on a weekend day against a weekday
    crew_offhours: float = 0.03  # share of a day's posts at any hour
    swell: tuple[dt.date, dt.date, float] | None = (  # first day, last day (in `clock`), factor;
        dt.date(2023, 9, 2),  # the crew's weekend factor does not apply inside it
        dt.date(2023, 9, 4),
        2.2,
    )
    ramp_days: int = 8  # days until full activity
    fade_days: int = 4  # days of decline at the end

    # how the network answers: batches of accounts of one team under one post
    batch: tuple[int, int] = (4, 20)  # fewest and most replies of a batch
    batch_gap_s: float = 25.0  # mean seconds between two replies of a batch
    team: int = 25  # accounts of a team
    first_target: float = 0.12  # share of the replies under the most answered member
    share_filler: float = 0.08  # of X posts: everyday posts that answer nobody
    share_unanswered: float = 0.25  # of members' posts: nobody but the network answers

    # what it writes
    languages: tuple[tuple[str, float], ...] = (("en", 0.62), ("fr", 0.13), ("zh", 0.25))
    templates: tuple[tuple[str, int], ...] = (("en", 90), ("fr", 25), ("zh", 35))
    share_template: float = 0.96  # of replies; the others are written freely
    share_edited: float = 0.6  # of template posts: one or two small edits
    share_artefact: float = 0.08  # of English template posts: full-width punctuation
    share_media: float = 0.10  # of replies: one of `media_items` pictures or videos
    media_items: int = 12
    share_links: float = 0.06
    share_no_reaction: float = 0.95  # of posts: no like, reply, repost or quote

    # decoys: ordinary people copy too, and complain of what the network writes about
    petition: int = 60  # context accounts that post the text of one petition
    share_grumble: float = 0.03  # of ordinary replies: about the port contractor or the reservoir

    # flaws of an export, in the file of replies on X
    duplicate_records: int = 24
    broken_records: int = 3

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if name.startswith("share_"):
                for share in value if isinstance(value, tuple) else (value,):
                    if not 0 <= share <= 1:
                        raise InputError(
                            "a share lies between 0 and 1", where=f"Campaign.{name}", found=share
                        )
        if self.share_new + self.share_hijacked > 1:
            raise InputError("share_new and share_hijacked are more than 1 together", where="Campaign")
        if self.studied_posts < self.studied_accounts or self.control_posts < self.control_accounts:
            raise InputError("there are fewer posts than accounts", where="Campaign")
        if self.context_posts < self.context_accounts:
            raise InputError("there are fewer context posts than context accounts", where="Campaign")
        if self.end < self.start:
            raise InputError("the campaign ends before it starts", where="Campaign.end", found=self.end)
        planted, room = sum(n for _day, n in self.bursts), self.new_on_x
        if planted > room:
            raise InputError(
                f"the bursts hold more accounts than there are new ones on X ({room})",
                where="Campaign.bursts",
                found=planted,
                hint="Raise share_new or studied_accounts, or plant smaller bursts.",
            )
        for day, _n in self.bursts:
            if day >= self.end - dt.timedelta(days=3):
                raise InputError(
                    "a burst must lie at least four days before the end, so that its accounts can post",
                    where="Campaign.bursts",
                    found=day,
                )
        for language, count in self.templates:
            if not 1 <= count <= MOST:
                raise InputError(f"use 1 to {MOST} templates a language", where=language, found=count)

    @property
    def new_on_x(self) -> int:
        """New accounts on X: `share_new` of the studied accounts there."""
        return round(self.share_new * whole(dict(self.platforms), self.studied_accounts).get("x", 0))


def tiny(seed: int = 1, **changes: object) -> Campaign:
    """A world of 60 studied and 60 control accounts for quick tests; `changes` are `Campaign` fields."""
    small = Campaign(
        seed=seed,
        studied_accounts=60,
        studied_posts=400,
        control_accounts=60,
        control_posts=200,
        context_accounts=80,
        context_posts=160,
        targets=8,
        other_targets=6,
        bursts=((dt.date(2023, 7, 12), 8), (dt.date(2023, 7, 27), 10)),
        batch=(3, 8),
        team=12,
        templates=(("en", 12), ("fr", 5), ("zh", 6)),
        petition=6,
        duplicate_records=3,
        broken_records=3,
    )
    return replace(small, **changes)  # type: ignore[arg-type]
