"""Instagram: what its web client receives, and what Instaloader saves of it."""

from __future__ import annotations

from kit.loaders.instagram import instaloader

FORMATS = instaloader.FORMATS
