"""Sentences about traces that keyboards and language models leave in texts."""

from __future__ import annotations

from kit.claims.model import Claim
from kit.locale import N_

_SECOND_LANGUAGE = N_(
    "Such traces punish people who write in a second language or with another keyboard: many members of"
    " diaspora communities leave them. They are never proof about an account."
)
_SHARED = N_(
    "A text that many accounts post carries its trace into every copy: it may come from one keyboard."
)
_QUOTED = N_("People quote and mock the words of language models, and address public assistants.")
_ABSENCE = N_("Absence proves nothing: models seldom leave such words, and writers remove them.")
_FOUND = N_("The language of a post is found by a program; short posts stay unknown and are left out.")

CLAIMS = {
    "input_traces": Claim(
        title=N_("Traces of another keyboard"),
        property="texts",
        unit="share of posts",
        margin=0.01,
        sentences={
            "present": N_(
                "Trace '{trace}', posts found in the language {language}: it stands in {value} of the posts of studied"
                " accounts ({low} to {high}, n = {n} authors), more than in the control's {control}. That tells of"
                " keyboards and editors, not of persons."
            ),
            "absent": N_(
                "Trace '{trace}', posts found in the language {language}: studied accounts do not leave it more often"
                " than the control: {value} of their posts ({low} to {high}, n = {n} authors), against {control}."
            ),
            "cannot_tell": N_(
                "Trace '{trace}', posts found in the language {language}: it cannot be told whether studied accounts"
                " leave it more often: {value} of their posts ({low} to {high}, n = {n} authors), against {control}."
            ),
            "no_control": N_(
                "Trace '{trace}', posts found in the language {language}: it stands in {value} of the posts of studied"
                " accounts ({low} to {high}, n = {n} authors). No control was available in this language, so whether"
                " this is unusual cannot be told."
            ),
            "no_data": N_(
                "It cannot be told how often studied accounts leave the trace '{trace}': they have no post found in"
                " the language {language}."
            ),
        },
        limits=(_SECOND_LANGUAGE, _SHARED, _FOUND),
    ),
    "model_residues": Claim(
        title=N_("Words of language models"),
        property="texts",
        unit="share of accounts",
        margin=0.01,
        sentences={
            "present": N_(
                "{value} of the studied accounts posted words that a language model says of itself or of its task"
                " ({low} to {high}, n = {n} authors), more than the control's {control}."
            ),
            "absent": N_(
                "Studied accounts did not post words of a language model more often than the control: {value} of them"
                " ({low} to {high}, n = {n} authors), against {control}. That does not show that none was used."
            ),
            "cannot_tell": N_(
                "It cannot be told whether studied accounts post words of a language model more often: {value} of them"
                " ({low} to {high}, n = {n} authors), against {control}."
            ),
            "no_control": N_(
                "{value} of the studied accounts posted words that a language model says of itself or of its task"
                " ({low} to {high}, n = {n} authors). No control was available, so whether this is unusual cannot be told."
            ),
            "no_data": N_(
                "It cannot be told whether studied accounts posted words of a language model: no text was received."
            ),
        },
        limits=(_ABSENCE, _QUOTED, _SECOND_LANGUAGE, _SHARED),
    ),
}
