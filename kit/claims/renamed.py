"""Findings that had another name before version 0.1.0: who asks for the old name is told the new one."""

from __future__ import annotations

RENAMED = {
    "copied_posts": "near_duplicate_posts",
    "copied_within": "same_text_within",
    "in_step": "synchronised",
    "input_traces": "input_artefacts",
}
