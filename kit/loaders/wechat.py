"""Articles of WeChat's official accounts, as wechat-article-exporter saves them: a workbook, a table or JSON.

The number that the tool gives an article counts inside its account alone, so an article is known by
its address. Times of the JSON are Unix seconds; those of tables are the clock of the computer that
saved them, without a zone, which the report file must name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kit.errors import InputError, nearest
from kit.loaders import tables, times, values
from kit.loaders.contract import Format, Record, Rejection, each
from kit.loaders.files import Head, Source
from kit.loaders.files.delimited import Row
from kit.loaders.markup import titled
from kit.loaders.objects import (
    Made,
    RecordDict,
    by_handle,
    field_time,
    from_objects,
    header_names,
    kind_flags,
    raw,
    refusing,
    seconds,
    text,
    word,
)
from kit.loaders.values import BadValue

_SHORT = re.compile(r"/s/([A-Za-z0-9_-]{16,32})/?")
_BIZ = re.compile(r"[A-Za-z0-9+/]{8,24}={0,2}")
#: names in the JSON, and the columns of a table
_COLUMNS = {
    "_accountName": "公众号",
    "aid": "ID",
    "link": "链接",
    "title": "标题",
    "cover": "封面",
    "digest": "摘要",
    "create_time": "创建时间",
    "update_time": "发布时间",
    "readNum": "阅读",
    "oldLikeNum": "点赞",
    "shareNum": "分享",
    "commentNum": "留言",
    "content": "文章内容",
}
_NEEDED = ("公众号", "链接", "标题", "发布时间")
_BY_NAME = "accounts known by their name alone: their number is in no address"
_COMMENTS = "comments under articles, not read"
_CUT = "texts as long as a cell of a workbook can be: cut there"
_CELL = 32_767


def read_table(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Articles of a workbook or a table, with the accounts that published them."""
    names = tables.header(source, options)
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        what, hint = f"the column '{missing[0]}' is missing", nearest(missing[0], names)
        raise InputError(what, where=source.where(), found=", ".join(names[:8]), hint=hint)
    held = {ours: theirs for ours, theirs in _COLUMNS.items() if theirs in names}
    when = refusing(
        source, times.reader(options.get("time") or {}, "wechat", source.warnings, source.where())
    )

    def build(row: Row) -> Record:
        article = dict(zip(held, row.cells, strict=True))
        stated = when("发布时间", article["update_time"])
        if stated[0] is None:
            stated = when("创建时间", article.get("create_time"))
        if len(str(article.get("content") or "")) >= _CELL:
            source.warnings[_CUT] += 1
        made = _article(article, stated, source.warnings)
        return Record("posts", row.number, row.line, made.values, made.author)

    return each(source, "posts", tables.rows(source, options, list(held.values())), build)


def read_json(source: Source, options: Mapping[str, Any]) -> Iterator[Record | Rejection]:
    """Articles with the accounts that published them."""

    def build(article: RecordDict) -> Made:
        stated = seconds(article, "update_time", "wechat")
        stated = seconds(article, "create_time", "wechat") if stated[0] is None else stated
        if found := raw(article, "comments"):
            source.warnings[_COMMENTS] += len(found) if isinstance(found, list) else 1
        return _article(article, stated, source.warnings)

    return from_objects(source, "posts", build)


def _article(article: RecordDict, stated: times.Moment, warnings: Counter[str]) -> Made:
    link = word(article, "link")
    post_id, biz = _identified(link)
    name = word(article, "_accountName")
    number = biz or values.identifier("fakeid", raw(article, "fakeid"))
    account_id = number or by_handle(name)
    if account_id and not number:
        warnings[_BY_NAME] += 1
    written = text(article, "content") or text(article, "digest")
    cover = word(article, "cover")
    counts = {"likes": "oldLikeNum", "replies": "commentNum", "reposts": "shareNum", "views": "readNum"}
    value = {
        "platform": "wechat",
        "post_id": post_id,
        "account_id": account_id,
        **field_time(stated),
        **kind_flags(repost=None, reply=False, quote=None),  # an article of another account looks the same
        "text": titled(word(article, "title"), written),
        "hashtags": [],
        "urls": [],
        "mentions": [],
        "media": [{"media_id": None, "kind": "image", "url": cover, "alt_text": None}] if cover else [],
        **{ours: values.count(theirs, raw(article, theirs)) for ours, theirs in counts.items()},
    }
    author = {"platform": "wechat", "account_id": account_id, "display_name": name}
    return Made(value, author if account_id else None)


def _identified(link: str | None) -> tuple[str, str | None]:
    """The article's identifier, and the number of its account where the address holds it."""
    try:
        parts = urlsplit(link or "")
        host = parts.hostname or ""
        query = {key: found[0] for key, found in parse_qs(parts.query, max_num_fields=50).items()}
    except ValueError:
        host, query, parts = "", {}, urlsplit("")
    if host != "mp.weixin.qq.com":
        raise BadValue("link", "no address of an article", link or "")
    biz = query.get("__biz", "").replace(" ", "+")  # a sign of its alphabet that stands for a blank elsewhere
    if short := _SHORT.fullmatch(parts.path):
        return short[1], biz if _BIZ.fullmatch(biz) else None
    if not (_BIZ.fullmatch(biz) and query.get("mid", "").isdigit() and query.get("idx", "").isdigit()):
        raise BadValue("link", "nothing in the address identifies the article", link or "")
    return f"{biz}_{query['mid']}_{query['idx']}", biz


def _is_table(head: Head) -> bool:
    if head.kind == "zip":
        return tables.in_workbook(head, _NEEDED)
    return set(_NEEDED) <= header_names(head)


def _is_json(head: Head) -> bool:
    return any(
        {"aid", "link", "title", "update_time"} <= set(one) and "mp.weixin.qq.com" in str(one["link"])
        for one in head.objects[:1]
    )


_CARRIES = (
    "articles with title, text where it was saved (else the summary), time, account, cover and, where they were captured, "
    "reads, likes, shares and number of comments"
)
_LACKS = "the author named under the title, albums, whether an article is original, counts of 'wow'; links and pictures in it"
_TOOL = "wechat-article-exporter"
FORMATS = (
    Format(
        "wechat_articles",
        "WeChat articles, workbook or table",
        platform="wechat",
        table="posts",
        tool=_TOOL,
        sniff=_is_table,
        read=read_table,
        carries=_CARRIES,
        lacks=f"{_LACKS}; comments; the zone of times, which must be declared; numbers of accounts behind short addresses",
        caveats=(
            "times are those of the clock of whoever saved the file: `time: {zone: …}`",
            "a large workbook does not show at its beginning what it is: write `format: wechat_articles`",
            "a workbook cuts texts at 32,767 signs",
        ),
        columns=_NEEDED,
    ),
    Format(
        "wechat_json",
        "WeChat articles, JSON",
        platform="wechat",
        table="posts",
        tool=_TOOL,
        sniff=_is_json,
        read=read_json,
        carries=_CARRIES,
        lacks=f"{_LACKS}; comments, which are counted",
        caveats=("reads and likes stand there only where they were captured with a signed-in account",),
    ),
)
