"""Figures of texts: copies, languages, traces, narratives. No post text stands in a picture."""
