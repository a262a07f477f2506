"""Sentences about repeated texts."""

from __future__ import annotations

from kit.claims.model import Claim
from kit.locale import N_

_EVERYBODY = N_(
    "Slogans, petitions, headlines and jokes are repeated by everybody; only the difference from the control counts."
)
_SIZE = N_(
    "Both groups are compared at the same number of accounts, because more accounts agree more often by chance."
)

CLAIMS = {
    "copied_posts": Claim(
        title=N_("The same texts from several accounts"),
        property="texts",
        unit="share of posts",
        sentences={
            "present": N_(
                "{value} of the posts of studied accounts have a text, equal or nearly so, that at least {accounts} of them post ({low} to {high},"
                " n = {n} accounts), more than the control's {control}."
            ),
            "absent": N_(
                "Studied accounts do not repeat one another's texts more than the control: {value} of their posts"
                " ({low} to {high}, n = {n} accounts), against {control}."
            ),
            "cannot_tell": N_(
                "It cannot be told whether studied accounts repeat one another's texts more: {value} of their posts"
                " ({low} to {high}, n = {n} accounts), against {control}."
            ),
            "no_control": N_(
                "{value} of the posts of studied accounts have a text, equal or nearly so, that at least {accounts} of them post ({low} to {high},"
                " n = {n} accounts). No control was available, so whether this is unusual cannot be told."
            ),
            "no_data": N_(
                "It cannot be told what studied accounts repeat: they wrote no text here that is long enough."
            ),
        },
        limits=(
            _EVERYBODY,
            _SIZE,
            N_(
                "Paraphrases and translations are not found: near-equal means the same letters in the same order."
            ),
        ),
        supports=("co-active",),
    ),
    "copied_within": Claim(
        title=N_("The same text soon after another account"),
        property="texts",
        unit="share of accounts",
        margin=0.01,
        sentences={
            "present": N_(
                "{value} of the studied accounts post or pass on a text within {window_s} seconds of another of them"
                " ({low} to {high}, n = {n} accounts), more than the control's {control}."
            ),
            "absent": N_(
                "Studied accounts do not post the same text within {window_s} seconds of one another more than the control:"
                " {value} ({low} to {high}, n = {n} accounts), against {control}."
            ),
            "cannot_tell": N_(
                "It cannot be told whether studied accounts post the same text within {window_s} seconds of one another"
                " more: {value} ({low} to {high}, n = {n} accounts), against {control}."
            ),
            "no_control": N_(
                "{value} of the studied accounts post or pass on a text within {window_s} seconds of another of them"
                " ({low} to {high}, n = {n} accounts). No control was available, so whether this is unusual cannot be told."
            ),
            "no_data": N_(
                "It cannot be told how soon studied accounts repeat a text: no post has a text and a time fine enough."
            ),
        },
        limits=(
            _EVERYBODY,
            _SIZE,
            N_(
                "A short window needs exact times: where a platform cuts them to the minute, more posts fall together."
            ),
            N_("News and posts of well-known people are passed on by many at once."),
        ),
        supports=("co-active",),
    ),
}
