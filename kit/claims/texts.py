"""Sentences about texts: near-duplicates, artefacts of keyboards and language models, narratives of a codebook."""

from __future__ import annotations

from kit.claims.model import Claim, compared, told
from kit.inference import outcomes
from kit.locale import N_

_EVERYBODY = N_(
    "Slogans, petitions, headlines and jokes are repeated by everybody; only the difference from the control counts."
)
_SIZE = N_(
    "Both groups are compared at the same number of accounts, because more accounts agree more often by chance."
)
_EVENT = N_(
    "A text that many repeat counts as one event: a campaign of one to four texts cannot be told from a popular joke."
)
_SECOND_LANGUAGE = N_(
    "Such artefacts punish people who write in a second language or with another keyboard: many members of"
    " diaspora communities leave them. They are never proof about an account."
)
_SHARED = N_(
    "A text that many accounts post carries its artefact along every time: it may come from one keyboard."
)
_QUOTED = N_("People quote and mock the words of language models, and address public assistants.")
_ABSENCE = N_("Absence proves nothing: models seldom leave such words, and writers remove them.")
_FOUND = N_("The language of a post is found by a program; short posts stay unknown and are left out.")
_WORDS = N_("A code is found by words: what is said in other words, in pictures or in irony is missed.")
_ALPHA = N_("People who agree with each other can be mistaken together.")
_TOPIC = N_("A topic of the day is on everybody's lips; only the difference from the control counts.")

_NARRATIVE = N_(
    "It cannot be told whether studied accounts write more that is coded “{code}” than the control"
)
_HIDDEN = N_("It cannot be told whether studied accounts hide campaign content among everyday content")
_WORDS_FAIL = N_("the words of the codebook do not find the posts on which its coders agree")

CLAIMS = {
    "near_duplicate_posts": Claim(
        title=N_("The same texts from several accounts"),
        property="texts",
        unit="share of posts",
        sentences=compared(
            statement=N_(
                "On average, {value} of a studied account's posts have a text, equal or nearly so, that at least {accounts} of them post"
                " ({low} to {high}, n = {n} accounts)"
            ),
            no_data=N_(
                "It cannot be told what studied accounts repeat: they wrote no text here that is long enough."
            ),
        ),
        limits=(
            _EVERYBODY,
            _SIZE,
            _EVENT,
            N_(
                "Paraphrases and translations are not found: near-equal means the same letters in the same order."
            ),
        ),
        supports=("co-active",),
    ),
    "same_text_within": Claim(
        title=N_("The same text soon after another account"),
        property="texts",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts post or pass on a text within {window_s} seconds of another of them"
                " ({low} to {high}, n = {n} accounts)"
            ),
            no_data=N_(
                "It cannot be told how soon studied accounts repeat a text: no post has a text and a time fine enough."
            ),
        ),
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
    "input_artefacts": Claim(
        title=N_("Artefacts of another keyboard"),
        property="texts",
        unit="share of posts",
        sentences=compared(
            statement=N_(
                "Artefact '{artefact}', posts found in the language {language}: it stands in {value} of the posts of studied"
                " accounts ({low} to {high}, n = {n} authors)"
            ),
            no_data=N_(
                "It cannot be told how often studied accounts leave the artefact '{artefact}': they have no post found in the"
                " language {language}."
            ),
        ),
        limits=(_SECOND_LANGUAGE, _SHARED, _FOUND),
    ),
    "model_residues": Claim(
        title=N_("Words of language models"),
        property="texts",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts posted words that a language model says of itself or of its task"
                " ({low} to {high}, n = {n} authors)"
            ),
            no_data=N_(
                "It cannot be told whether studied accounts posted words of a language model: no text was received."
            ),
        ),
        limits=(_ABSENCE, _QUOTED, _SECOND_LANGUAGE, _SHARED),
    ),
    "narrative_share": Claim(
        title=N_("Posts with a narrative of the codebook"),
        property="narratives",
        unit="share of posts",
        outcomes=outcomes.CODED,
        sentences=compared(
            statement=N_(
                "The code “{code}” is in {value} of the posts of studied accounts ({low} to {high}, n = {n} authors;"
                " {agreed}, alpha {alpha})"
            ),
            no_agreement=told(
                _NARRATIVE,
                N_(
                    "whether people agree on what it means was not measured, because no two of them coded the same posts"
                ),
            ),
            disagreement=told(
                _NARRATIVE,
                N_(
                    "people who coded the same posts agree too little on it, or too few posts show that they do"
                    " (alpha {alpha})"
                ),
            ),
            words_fail=told(_NARRATIVE, _WORDS_FAIL),
            no_data=N_(
                "It cannot be told which narratives studied accounts carry: the report has no codebook, or their posts"
                " have no text."
            ),
        ),
        limits=(_WORDS, _ALPHA, _TOPIC),
    ),
    "camouflage": Claim(
        title=N_("Campaign content among everyday content"),
        property="narratives",
        unit="share of accounts",
        outcomes=outcomes.CODED,
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts mix campaign and everyday content, at least {least} of each ({low} to"
                " {high}, n = {n} accounts with at least {minimum} such posts; {agreed}, alpha {alpha})"
            ),
            no_agreement=told(_HIDDEN, N_("whether people agree on which is which was not measured")),
            disagreement=told(
                _HIDDEN,
                N_(
                    "people who coded the same posts agree too little, or too few posts show that they do (alpha {alpha})"
                ),
            ),
            words_fail=told(_HIDDEN, _WORDS_FAIL),
            no_data=N_(
                "It cannot be told whether studied accounts mix campaign and everyday content: the report has no"
                " codebook, or no account has {minimum} posts with its codes."
            ),
        ),
        limits=(
            _WORDS,
            _ALPHA,
            N_("People write of politics and of their lunch: a mixture alone hides nothing."),
            N_("An export that was collected by topic lacks the everyday posts of its accounts."),
        ),
    ),
}
