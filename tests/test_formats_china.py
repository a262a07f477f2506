"""Formats of Douyin, RedNote and WeChat, and of Weibo by Bazhuayu: field values, and what a file does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exports import load, save, table

from kit.errors import InputError

# --- WeChat

BIZ = "MzAwMDAwMDAwMQ=="
LONG = f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid=2247483650&idx=1&sn=0a1b&chksm=x#rd"
ARTICLE_ROW: dict[str, Any] = {
    "公众号": "样本号",
    "ID": "2247483650_1",
    "链接": LONG,
    "标题": "题目",
    "封面": "https://p.invalid/cover",
    "摘要": "摘要",
    "创建时间": "2024-01-01 07:58:20",
    "发布时间": "2024-01-01 08:00:00",
    "阅读": 1200,
    "点赞": 5,
    "分享": 2,
    "喜欢": 9,
    "留言": 1,
    "作者": "某笔名",
    "是否原创": "原创",
    "文章类型": "普通图文",
    "所属合集": "",
    "文章内容": "正文第一行\n第二行",
}


def test_wechat_times_without_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="zone"):
        load(save(tmp_path, "a.csv", table([ARTICLE_ROW])))
