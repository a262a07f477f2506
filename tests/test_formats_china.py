"""Formats of Douyin, RedNote and WeChat, and of Weibo by Bazhuayu: field values, and what a file does not say."""

from __future__ import annotations

from pathlib import Path

import golden
import pytest
from exports import load, save

from kit.errors import InputError


def test_wechat_times_without_a_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="zone"):
        load(save(tmp_path, "a.csv", golden.data("wechat_articles/whole")))
