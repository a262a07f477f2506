"""YouTube: its Data API, and what yt-dlp, youtube-comment-downloader and YouTube Data Tools save."""

from __future__ import annotations

from kit.loaders.youtube.api import FORMATS as _API
from kit.loaders.youtube.data_tools import FORMATS as _DATA_TOOLS
from kit.loaders.youtube.downloader import FORMATS as _DOWNLOADER
from kit.loaders.youtube.ytdlp import FORMATS as _YTDLP

FORMATS = (*_API, *_YTDLP, *_DOWNLOADER, *_DATA_TOOLS)
