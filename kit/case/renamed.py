"""Derived tables that had another name before version 0.1.0: who asks for the old name is told the new one."""

from __future__ import annotations

RENAMED = {
    "copies": "near_duplicates",
    "copy_sources": "near_duplicate_sources",
    "traces": "language_artefacts",
}
