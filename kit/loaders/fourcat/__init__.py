"""CSV that 4CAT and Zeeschuimer map from what they hold: one row a post, columns by platform.

4CAT writes commas and Zeeschuimer semicolons, otherwise they are alike. `timestamp` is local
to some server and is never read; `unix_timestamp` is shifted in some datasets, so that the
identifier comes first where it holds the time. Lists are joined with commas that nothing
escapes. Values that the tool filled in itself stand in `missing_fields` and are none.

One module a platform; each gives its own `FORMATS`.
"""

from __future__ import annotations

from kit.loaders.fourcat.bluesky import FORMATS as _BLUESKY
from kit.loaders.fourcat.instagram import FORMATS as _INSTAGRAM
from kit.loaders.fourcat.linkedin import FORMATS as _LINKEDIN
from kit.loaders.fourcat.telegram import FORMATS as _TELEGRAM
from kit.loaders.fourcat.tiktok import FORMATS as _TIKTOK
from kit.loaders.fourcat.truthsocial import FORMATS as _TRUTHSOCIAL
from kit.loaders.fourcat.x import FORMATS as _X

FORMATS = (*_X, *_INSTAGRAM, *_TIKTOK, *_TELEGRAM, *_BLUESKY, *_TRUTHSOCIAL, *_LINKEDIN)
