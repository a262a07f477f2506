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
}

ABOUT_DERIVED = {
    "copies": "One row for each post with text: which other posts say the same, exactly or nearly.",
}
