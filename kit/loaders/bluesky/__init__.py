"""Bluesky: the stream of events, and what its interface shows of posts and accounts."""

from __future__ import annotations

from kit.loaders.bluesky.events import FORMATS as _EVENTS
from kit.loaders.bluesky.views import FORMATS as _VIEWS

FORMATS = (*_EVENTS, *_VIEWS)
