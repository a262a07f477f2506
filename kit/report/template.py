"""What `kit new` writes: a report file to fill in."""

from __future__ import annotations

TEMPLATE = """\
# One report: what you received, how to read it, which notebooks to run.
title: "{title}"
summary: ""
authors: ["Your name"]
contact: "you@example.org"
clock: UTC                       # time zone in which hours and days are counted
languages: [en]
inclusion:
  rule: ""                       # how accounts came to be studied
  selected_on: []                # properties the rule selected on, such as account_age
exports:
  - path: posts.csv              # beside this file, or $DAYLIGHT_DATA/…
    group: studied               # studied, control or context
    # shown_as: posts of X       # what the public page calls the file; else it has a number
    # platform: x                # for files of your own, map columns:
    # columns: {{post_id: id, account_id: author, created_at: time, text: message}}
    # time: {{format: iso, zone: UTC}}
# codebook: codebook.yml         # narratives and their words: docs/codebook.md
# coders: [coder_a.csv, coder_b.csv]
# media: [{{path: media/}}]        # files you hold; media_labels, media_review, c2pa_trust: docs/media.md
audience_zones: not known
notebooks:
  - 00_intake
  - 01_account_age
"""
