"""Telegram: what its desktop application exports, and messages saved by Telethon or 4CAT."""

from __future__ import annotations

from kit.loaders.telegram.desktop import FORMATS as _DESKTOP
from kit.loaders.telegram.telethon import FORMATS as _TELETHON

FORMATS = (*_DESKTOP, *_TELETHON)
