"""What somebody wrote in a post, without what the platform put there: names, links and tags."""

from __future__ import annotations

import re

# Every repetition is over one class of signs or has a limit, so the work grows with the text and no faster.
_LINK = re.compile(
    # ends where ASCII ends, for Chinese may follow a link without a space; without http:// it has a path
    r"https?://[!-~]+|(?<![A-Za-z0-9.@-])(?:www\.[!-~]+|(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,20}/[!-~]*)",
    re.IGNORECASE,
)
# a name in Latin letters ends where they end; another (Weibo) at the next sign that is no letter
_MENTION = re.compile(
    r"[@＠](?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}(?:@[A-Za-z0-9-][A-Za-z0-9.-]{0,100})?|\w{1,30})"
)
# #topic# as Weibo writes it, else #tag
_TAG = re.compile(r"[#＃][^#＃\s]{1,60}[#＃](?![A-Za-z0-9_])|[#＃]\w+")
_PASSED_ON = re.compile(r"(?<!\w)RT(?=\s?[@＠:：])")


def plain(text: str) -> str:
    """`text` without links, hashtags, mentions and the "RT" of a repost; the tag goes whole.

    >>> plain("RT @someone: 今天天气很好 https://t.co/abc #weather")
    ': 今天天气很好'
    """
    for pattern in (_LINK, _PASSED_ON, _MENTION, _TAG):
        text = pattern.sub(" ", text)
    return " ".join(text.split())
