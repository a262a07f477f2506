"""Tables worked out from the texts and files of a case, once, when a metric first needs them.

They hold keys, numbers and words of the kit only, nothing that names or quotes people, and
so are the same in both editions.
"""

from __future__ import annotations

from kit.schema.model import Column
from kit.schema.model import column as _c

DERIVED: dict[str, tuple[Column, ...]] = {
    "near_duplicates": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c("letters", "BIGINT", "letters and digits left of the text when normalised", "case unseen"),
        _c(
            "words",
            "DOUBLE",
            "length in words: two Chinese or Japanese signs count as one word, four Thai or Lao ones too",
            "case unseen",
        ),
        _c("comparable", "BOOLEAN", "has letters enough to be compared with near-equal texts", "case"),
        _c(
            "exact_key",
            "BIGINT",
            "integer standing for the text as given, the same for the same text",
            "case",
        ),
        _c(
            "text_key",
            "BIGINT",
            "integer standing for the normalised text, the same for the same text; null where no letter is left",
            "case",
        ),
        _c(
            "near_duplicate_key",
            "BIGINT",
            "cluster of equal and near-equal texts, the text_key of its centre; null where no other post is alike",
            "case",
        ),
        _c("likeness", "DOUBLE", "edit similarity to the centre of the cluster, 0 to 1", "case"),
        _c(
            "stated_kind",
            "VARCHAR",
            "petition or share_button where the text says so; null elsewhere",
            "case",
        ),
        _c(
            "link_key",
            "BIGINT",
            "integer standing for the address of the first link; null where there is none",
            "case",
        ),
    ),
    "near_duplicate_sources": (
        _c(
            "near_duplicate_key",
            "BIGINT",
            "cluster of equal and near-equal texts, joins to near_duplicates",
            "case",
        ),
        _c(
            "source",
            "VARCHAR",
            "where its text was to be seen: petition, share_button, parent, quoted or answered",
            "case",
        ),
        _c("posts", "BIGINT", "posts of the cluster for which that holds", "case"),
    ),
    "shared_objects": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c(
            "trace",
            "VARCHAR",
            "repost, quote, url, domain, hashtag, hashtag_sequence, reply_post or reply_account",
            "case",
        ),
        _c(
            "object_key",
            "BIGINT",
            "integer standing for the object, the same for the same object of a trace",
            "case",
        ),
        _c(
            "source_key",
            "BIGINT",
            "integer standing for where the object comes from: its author, or the site of a link",
            "case",
        ),
        _c(
            "origin_ms",
            "BIGINT",
            "when the object itself was made, milliseconds since 1970 (UTC); null where not known",
            "case unseen",
        ),
    ),
    "open_coordinators": (
        _c("account_key", "BIGINT", "account that is known to act with others in the open", "case"),
    ),
    "codes": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c(
            "code",
            "VARCHAR",
            "code of the report's codebook whose terms or patterns stand in the text",
            "case",
        ),
    ),
    "coded": (
        _c("unit", "BIGINT", "integer standing for a post as the coders' files name it", "case"),
        _c("post_key", "BIGINT", "the post, joins to posts; null where the case holds no such post", "case"),
        _c("coder", "BIGINT", "number of the coder: 1 for the first file of the report", "case"),
        _c("code", "VARCHAR", "code of the codebook that the coder gave; none where no code fits", "case"),
    ),
    "languages": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c(
            "language_found",
            "VARCHAR",
            "language found in the text, ISO 639-1; other = none of those asked about; und = cannot be told",
            "case",
        ),
        _c(
            "certainty",
            "DOUBLE",
            "share of letters in its writing system × weight of the language, 0 to 1",
            "case",
        ),
    ),
    "language_artefacts": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c("han", "BIGINT", "Chinese signs in the text", "case"),
        _c("simplified", "BIGINT", "of these, signs that only simplified Chinese has", "case"),
        _c("traditional", "BIGINT", "of these, signs that only traditional Chinese has", "case"),
        _c(
            "residue",
            "BOOLEAN",
            "holds a Chinese word that only a faulty conversion between scripts writes",
            "case",
        ),
        _c(
            "fullwidth_punctuation",
            "BOOLEAN",
            "punctuation of Chinese keyboards in a text of Latin letters",
            "case",
        ),
        _c(
            "ideographic_space",
            "BOOLEAN",
            "holds the wide space of Chinese and Japanese keyboards (U+3000)",
            "case",
        ),
        _c("fullwidth_letters", "BOOLEAN", "holds Latin letters or digits as wide as Chinese signs", "case"),
        _c(
            "missing_space",
            "BOOLEAN",
            "comma, semicolon, ! or ? between Latin letters without a space",
            "case",
        ),
        _c(
            "invisible_signs",
            "BOOLEAN",
            "byte order mark, zero-width space or word joiner in the text",
            "case",
        ),
        _c("model_refusal", "BOOLEAN", "words with which language models refuse or name themselves", "case"),
        _c(
            "echoed_instruction", "BOOLEAN", "answer to an instruction, or a blank left in a template", "case"
        ),
    ),
    "media_placements": (
        _c("post_key", "BIGINT", "post it is placed on, joins to posts", "case"),
        _c(
            "media_key",
            "BIGINT",
            "media of the export; null for a link or a file that an index gives",
            "case",
        ),
        _c("item_key", "BIGINT", "item, joins to media_items", "case"),
        _c("way", "VARCHAR", "attached to the post, or linked in it", "case"),
        _c("host", "VARCHAR", "platform that serves the item, web for any other site", "case"),
    ),
    "media_items": (
        _c("item_key", "BIGINT", "item: what a file holds, else what an address names", "case"),
        _c("named", "BOOLEAN", "an export names it; false for a file that belongs to no post", "case"),
        _c(
            "kind",
            "VARCHAR",
            "image, animation, video, audio, other; as decoded, else as exported, else by its ending",
            "case",
        ),
        _c(
            "status",
            "VARCHAR",
            "not_held, kept, rejected, or not_computed where a program is missing",
            "case",
        ),
        _c("refused_reason", "VARCHAR", "why the file was rejected or not looked at", "case"),
        _c("sha256", "VARCHAR", "SHA-256 of the file", "case unseen"),
        _c("bytes", "BIGINT", "size of the file", "case unseen"),
        _c("width", "BIGINT", "pixels, as stored", "case unseen"),
        _c("height", "BIGINT", "pixels, as stored", "case unseen"),
        _c("duration_s", "DOUBLE", "seconds of a recording", "case unseen"),
        _c(
            "frames",
            "BIGINT",
            "frames looked at, one a second; of an animation its frames up to 300",
            "case unseen",
        ),
        _c("truncated", "BOOLEAN", "its end is missing, or was not looked at", "case"),
        _c("had_gps", "BOOLEAN", "stated a place; the place itself is never read", "case"),
        _c("has_sound", "BOOLEAN", "holds a sound channel", "case"),
        _c(
            "quality",
            "BIGINT",
            "PDQ quality of its best frame, 0 to 100; below 50 it matches nothing",
            "case unseen",
        ),
        _c(
            "panel_share",
            "DOUBLE",
            "share of the picture that the block inside its frame fills",
            "case unseen",
        ),
        _c("c2pa_status", "VARCHAR", "state of its content credentials", "case"),
        _c(
            "label",
            "VARCHAR",
            "none, suspected or confirmed synthetic, by two reviewers; null where nobody looked",
            "case",
        ),
        _c("views", "VARCHAR", "hashes of its frames, hexadecimal", "case unseen"),
        _c("sound", "VARCHAR", "fingerprint of its sound, hexadecimal", "case unseen"),
    ),
    "media_pairs": (
        _c("a", "BIGINT", "item", "case"),
        _c("b", "BIGINT", "another item, of a higher number", "case"),
        _c(
            "level",
            "VARCHAR",
            "copy, candidate, same_sound, or reviewed where only reviewers tie them",
            "case",
        ),
        _c("distance", "BIGINT", "bits of 256 in which their nearest looks differ", "case"),
        _c("aligned", "BIGINT", "frames that match at one offset in time", "case"),
        _c("shorter", "BIGINT", "usable frames of the shorter video", "case"),
        _c("bit_error", "DOUBLE", "share of bits in which their sounds differ, 0 to 1", "case"),
        _c(
            "verdict",
            "VARCHAR",
            "same, different or split, as two reviewers said; null where nobody looked",
            "case",
        ),
    ),
    "media_notes": (
        _c("a", "BIGINT", "item", "case"),
        _c("b", "BIGINT", "another item, of a higher number", "case"),
        _c(
            "note", "VARCHAR", "same, differs_inside, differs_at_edge, differs_in_places, not_aligned", "case"
        ),
        _c("left", "BIGINT", "percent of the width at which the largest region that differs starts", "case"),
        _c("top", "BIGINT", "percent of the height at which it starts", "case"),
        _c("width", "BIGINT", "its width in percent", "case"),
        _c("height", "BIGINT", "its height in percent", "case"),
    ),
    "media_clusters": (
        _c("item_key", "BIGINT", "item", "case"),
        _c("copy_key", "BIGINT", "centre of its cluster of copies", "case"),
        _c("loose_key", "BIGINT", "the same with candidates merged", "case"),
        _c("agreed_key", "BIGINT", "after review: copies and what two reviewers call the same", "case"),
        _c("open_key", "BIGINT", "after review, with candidates merged that nobody has decided", "case"),
    ),
}

ABOUT_DERIVED = {
    "near_duplicates": "One row for each post with text: which other posts say the same, exactly or nearly.",
    "near_duplicate_sources": "One row for each source that a cluster of texts can have been taken from.",
    "shared_objects": "One row for each thing of a post that other accounts can share: what it passes on, links to, tags.",
    "open_coordinators": "One row for each account of the report's list of those who act together in the open.",
    "codes": "One row for each code of the codebook found in a post.",
    "coded": "One row for each code that a person gave to a post, by the coders' files of the report.",
    "languages": "One row for each post with text: the language found in it.",
    "language_artefacts": "One row for each post with text: artefacts that keyboards, converters and language models leave.",
    "media_placements": "One row for each media item on each post, attached or linked.",
    "media_items": "One row for each media item: what its file holds, where the researcher has the file.",
    "media_pairs": "One row for each two items that are alike. A candidate is no copy before two reviewers say so.",
    "media_notes": "One row for each pair of pictures that are alike: where they differ. A note, never a label.",
    "media_clusters": "One row for each item: its cluster before and after review. Members tie to the centre itself.",
}
