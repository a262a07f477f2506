"""The shape of a column, and the words that columns may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its name, DuckDB type, meaning, and who may see it.

    `coarse` is how the public edition tells a value that could single an account out: "moment" (cut to a span of time that
    ten accounts share), "class" (the lower end of a class of ten accounts), "common" (where ten accounts share it), or
    "unseen" (not at all). The kit's own metrics count with what was exported.
    """

    name: str
    type: str
    meaning: str
    loaded: bool = True
    private: bool = False
    identity: bool = False
    coarse: str = ""


PLATFORMS = "x facebook instagram youtube tiktok reddit linkedin medium telegram bluesky mastodon truthsocial weibo wechat douyin rednote discord web".split()
#: as platforms write themselves, where that is not their code with a capital
_NAMES = {
    "x": "X",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "truthsocial": "Truth Social",
    "wechat": "WeChat",
    "rednote": "RedNote",
}
GROUPS = ("studied", "control", "context")
KINDS = ("post", "reply", "repost", "quote")
COARSE = ("moment", "class", "common", "unseen")
TIME_SOURCES = ("field", "identifier", "estimate")
TIME_PRECISIONS = ("millisecond", "second", "minute", "hour", "day")


def column(name: str, type_: str, meaning: str, flags: str = "") -> Column:
    """A column; `flags` are words: case (filled by the kit), private, identity, and one of `COARSE`."""
    words = flags.split()
    return Column(
        name,
        type_,
        meaning,
        loaded="case" not in words,
        private="private" in words,
        identity="identity" in words,
        coarse=next((word for word in COARSE if word in words), ""),
    )


def platform_name(code: str) -> str:
    """A platform's name for readers."""
    return _NAMES.get(code, code[:1].upper() + code[1:])


def group_order(column: str = '"group"') -> str:
    """SQL that sorts groups as `GROUPS` does."""
    *first, _last = GROUPS
    whens = " ".join(f"WHEN '{group}' THEN {place}" for place, group in enumerate(first, 1))
    return f"CASE {column} {whens} ELSE {len(GROUPS)} END"
