"""Medium: feeds, a person's own account export, and the data inside its pages."""

from __future__ import annotations

from kit.loaders.medium.export import FORMATS as _EXPORT
from kit.loaders.medium.feed import FORMATS as _FEED
from kit.loaders.medium.state import FORMATS as _STATE

FORMATS = (*_FEED, *_EXPORT, *_STATE)
