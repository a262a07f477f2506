"""Facebook, and what Facebook and Instagram share: CrowdTangle, Meta Content Library, Graph API, exporters."""

from __future__ import annotations

from kit.loaders.meta import comments, crowdtangle, exportcomments, facepager, graph, library

FORMATS = (
    *crowdtangle.FORMATS,
    *library.FORMATS,
    *graph.FORMATS,
    *facepager.FORMATS,
    *comments.FORMATS,
    *exportcomments.FORMATS,
)
