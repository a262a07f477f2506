"""The shape of a column, and the words that columns may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its name, DuckDB type, meaning, and who may see it."""

    name: str
    type: str
    meaning: str
    loaded: bool = True
    private: bool = False
    identity: bool = False


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
TIME_SOURCES = ("field", "identifier", "estimate")
TIME_PRECISIONS = ("millisecond", "second", "minute", "hour", "day")


def column(name: str, type_: str, meaning: str, flags: str = "") -> Column:
    """A column; `flags` are words: case (filled by the kit), private, identity."""
    words = flags.split()
    return Column(
        name,
        type_,
        meaning,
        loaded="case" not in words,
        private="private" in words,
        identity="identity" in words,
    )


def platform_name(code: str) -> str:
    """A platform's name for readers."""
    return _NAMES.get(code, code[:1].upper() + code[1:])


def group_order(column: str = '"group"') -> str:
    """SQL that sorts groups as `GROUPS` does."""
    *first, _last = GROUPS
    whens = " ".join(f"WHEN '{group}' THEN {place}" for place, group in enumerate(first, 1))
    return f"CASE {column} {whens} ELSE {len(GROUPS)} END"
