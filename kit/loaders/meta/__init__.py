"""Facebook, and what Facebook and Instagram share: CrowdTangle, Meta Content Library, Graph API, exporters."""

from __future__ import annotations

from kit.loaders.meta.comments import FORMATS as _COMMENTS
from kit.loaders.meta.crowdtangle import FORMATS as _CROWDTANGLE
from kit.loaders.meta.exportcomments import FORMATS as _EXPORTCOMMENTS
from kit.loaders.meta.facepager import FORMATS as _FACEPAGER
from kit.loaders.meta.graph import FORMATS as _GRAPH
from kit.loaders.meta.library import FORMATS as _LIBRARY

FORMATS = (*_CROWDTANGLE, *_LIBRARY, *_GRAPH, *_FACEPAGER, *_COMMENTS, *_EXPORTCOMMENTS)
