"""Tables worked out from the texts and files of a case, once, when a metric first needs them.

They hold keys, numbers and words of the kit only, nothing that names or quotes people, and
so are the same in both editions.
"""

from __future__ import annotations

from kit.schema.model import Column
from kit.schema.model import column as _c

DERIVED: dict[str, tuple[Column, ...]] = {
    "copies": (
        _c("post_key", "BIGINT", "post, joins to posts", "case"),
        _c("letters", "BIGINT", "letters and digits left of the text when normalised", "case"),
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
            "copy_key",
            "BIGINT",
            "cluster of equal and near-equal texts, the text_key of its centre; null where no other post is alike",
            "case",
        ),
        _c("likeness", "DOUBLE", "edit similarity to the centre of the cluster, 0 to 1", "case"),
        _c("mark", "VARCHAR", "petition or share_button where the text says so; null elsewhere", "case"),
        _c(
            "link_key",
            "BIGINT",
            "integer standing for the address of the first link; null where there is none",
            "case",
        ),
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
    "traces": (
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
}

ABOUT_DERIVED = {
    "copies": "One row for each post with text: which other posts say the same, exactly or nearly.",
    "codes": "One row for each code of the codebook found in a post.",
    "coded": "One row for each code that a person gave to a post, by the coders' files of the report.",
    "languages": "One row for each post with text: the language found in it.",
    "traces": "One row for each post with text: traces that keyboards, converters and language models leave.",
}
