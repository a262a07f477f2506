"""Weibo by Bazhuayu (Octoparse): a table read off pages, whose columns depend on who made the template.

No column holds the number of a post or of its author, so that both are taken out of the address of
the post, wherever a row has it. A row without one names no post and is set aside. A time without a
year (`03月05日 12:30`) is only compared with the post's number, which tells the second.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from kit.ids import time_of, weibo_id
from kit.loaders import times, values
from kit.loaders.contract import Format, Record, Rejection
from kit.loaders.files import Head, Source
from kit.loaders.objects import Made, RecordDict, from_rows, header_names, kind_flags, links_in
from kit.loaders.values import BadValue
from kit.loaders.weibo import posts

_NEEDED = ("标题", "txt", "from1", "图片")
_ADDRESS = re.compile(
    r"(?:https?:)?//(?:www\.|m\.)?weibo\.(?:com|cn)/(\d{5,12})/(\d{16}|[0-9A-Za-z]{9})(?![0-9A-Za-z])",
    re.ASCII,
)
_TIME = re.compile(r"(?:(\d{4})年\s*)?(\d{1,2})月(\d{1,2})日\s+(\d{1,2}):(\d\d)", re.ASCII)
_TOPIC = re.compile(r"#([^#\s][^#]{0,60})#")
_EIGHT = timedelta(hours=8)
_APART = "times whose day or minute is another one than that of the post's number, which was taken"
_WORDS = "times in words such as 5分钟前, not read: the post's number tells the time"


def read(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Posts whose address the table holds, with their authors."""
    when, warnings = posts.clock(source, options), source.warnings

    def build(row: RecordDict) -> Made:
        account_id, post_id = _address(row)
        name = row["标题"].strip()
        picture = row["图片"].strip()
        written = values.text("txt", row["txt"])
        value = {
            "platform": "weibo",
            "post_id": post_id,
            "account_id": account_id,
            **posts.times_of(post_id, _stated(row["from1"], post_id, when, warnings), warnings),
            **kind_flags(repost=None, reply=False, quote=None),
            "text": written,
            "hashtags": [values.hashtag(tag) for tag in _TOPIC.findall(written or "")],
            "urls": links_in(written),
            "media": [{"media_id": None, "kind": "image", "url": picture, "alt_text": None}]
            if picture.startswith("http")
            else [],
        }
        author = {
            "platform": "weibo",
            "account_id": account_id,
            "handle": values.handle("标题", name),
            "display_name": name or None,
        }
        return Made(value, author)

    return from_rows(source, "posts", build, _NEEDED)


def _address(row: RecordDict) -> tuple[str, str]:
    """The numbers of author and post, out of the one address of a post that the row holds."""
    found = {
        match.groups() for name, cell in row.items() if name != "txt" for match in _ADDRESS.finditer(cell)
    }
    if not found:
        raise BadValue("from1", "nothing in the row identifies the post: no link to it", row["from1"])
    if len(found) > 1:
        raise BadValue(
            "from1", "several posts are linked in the row, and nothing tells which it is", row["from1"]
        )
    account_id, name = found.pop()
    number = int(name) if len(name) == 16 else weibo_id(name)
    if number <= 0:
        raise BadValue("from1", "the address holds no number of a post", name)
    return account_id, str(number)


def _stated(cell: str, post_id: str, when: posts.When, warnings: Counter[str]) -> times.Moment:
    """The time shown, where it has a year; without one it is compared with the post's number alone."""
    shown = _TIME.search(cell)
    if shown is None:
        warnings.update({_WORDS: 1} if cell.strip() else {})
        return None, None
    year, month, day, hour, minute = (int(part) if part else None for part in shown.groups())
    if year:
        return when("from1", f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    made = time_of("weibo", post_id)
    if made is not None:
        near = [made + _EIGHT + timedelta(minutes=away) for away in (-1, 0, 1)]
        if (month, day, hour, minute) not in [_minute(one) for one in near]:
            warnings[_APART] += 1
    return None, None


def _minute(moment: datetime) -> tuple[int, int, int, int]:
    return moment.month, moment.day, moment.hour, moment.minute


def _is_table(head: Head) -> bool:
    return set(_NEEDED) <= header_names(head)


FORMATS = (
    Format(
        "weibo_bazhuayu",
        "Bazhuayu, Weibo posts",
        platform="weibo",
        table="posts",
        tool="Bazhuayu (Octoparse), Weibo templates",
        sniff=_is_table,
        read=read,
        carries="posts whose address the table holds, names and numbers of authors, topics, a picture",
        lacks="counts and what a post passes on, whose columns differ between templates; rows without the address of "
        "the post, which are set aside",
        caveats=(
            "times without a year are not completed: the number of the post tells its second",
            "a table without addresses is read by a column map, with a column that tells its rows apart as `post_id`",
        ),
        columns=_NEEDED,
    ),
)
