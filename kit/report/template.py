"""What `kit new` writes: a report file to fill in."""

from __future__ import annotations

from kit.report.hand import CHAPTERS
from kit.report.questions import HARM

TEMPLATE = """\
# One report: what you received, how to read it, which notebooks to run.
title: "{title}"
summary: ""
authors: ["Your name"]
contact: "you@example.org"
date: ""                         # day of publication, as 2023-10-20
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
retention: "TODO: how long the data are kept, and what happens to them then"
# kit publish asks for an answer to each of these; kit run does not
harm:
{harm}
# allow_words: {{Springfield: "a town in the news, not the profile that says it"}}  # docs/publishing.md
notebooks:
  - 00_intake
  - 01_account_age
# The page that people read is written by the kit. These keys take it in hand: docs/report.md
# deck: "One or two sentences under the title."
# institution: "Example Institute"
# version: "1.0"
# warning: "Quotes insults."
# noun: accounts                 # or network, where the data show one
# targets_noun: members          # what those answered are called
# takeaways:                     # any number is one of the finding's: {{creation_burst.value}}, or as the page writes it
#   - {{finding: creation_burst}}  # in the kit's words
#   - {{finding: new_accounts, en: "{{new_accounts.value}} of them were new."}}
# unknown: "Who ran them."
# glance: [accounts, posts]      # the large numbers
# intro: "The paragraph under them."
# chapters:                      # these, in this order; one that is not listed is left out
#   - {chapters}
#   - {{id: accounts, title: "Made in three days", figure: created, leave_out: [old_accounts],
#      text: [{{en: "Most are new.", rests_on: [new_accounts]}}]}}
# how: "A paragraph before what could be wrong."
# attribution: none              # or {{by: …, confidence: low, evidence: [creation_burst, E1], en: …}}
# exhibits:                      # read and checked; not shown yet
#   - {{id: ex1, chapter: said, lang: en, text: texts/ex1.txt, cluster: 1, why: "The text most repeated."}}
# recommendations: [{{to: "If you are targeted", en: "Keep pictures with dates."}}]
# licence: "Text and tables: CC BY 4.0"
# corrections: []                # [{{date: 2023-12-20, en: "…"}}]
"""


def draft(title: str) -> str:
    """The report file of a new report: what must be filled in says so, and `kit publish` takes none of it."""
    width = max(map(len, HARM))
    asked = [f'  {f"{key}:":<{width + 1}} "TODO: {hint}"' for key, hint in HARM.items()]
    return TEMPLATE.format(
        title=title, harm="\n".join(asked), chapters="\n#   - ".join(c for c in CHAPTERS if c != "accounts")
    )
