"""TikTok: its Research API, what its web client receives, and pyktok's table."""

from __future__ import annotations

from kit.loaders.tiktok.pyktok import FORMATS as _PYKTOK
from kit.loaders.tiktok.research import FORMATS as _RESEARCH

FORMATS = (*_RESEARCH, *_PYKTOK)
