"""Sentences about targets and replies."""

from __future__ import annotations

from kit.claims.model import Claim, compared, sentence
from kit.inference import outcomes
from kit.inference.together import FOLD
from kit.locale import N_

_VISIBLE = N_(
    "Visible people and popular posts draw more of everything; only the difference from the control counts."
)
_STATED = N_("Replies that do not name the account or post they answer are left out.")
_COLLECTED = N_("An export of replies holds replies only: how it was collected decides the share.")

_WRITTEN = N_(
    "Studied accounts wrote {value} of all collected replies under the {n} posts that they answered and that have at least"
    " {minimum} ({low} to {high})"
)

CLAIMS = {
    "reply_share": Claim(
        title=N_("Replies to others"),
        property="replies",
        unit="share of original posts",
        repliers=False,
        sentences=compared(
            statement=N_(
                "{value} of the original posts of studied accounts answer others ({low} to {high}, n = {n} authors)"
            ),
            no_data=N_(
                "It cannot be told how much studied accounts answer others: they wrote no original post here."
            ),
        ),
        limits=(_COLLECTED, N_("People who discuss mostly answer others.")),
    ),
    "targeted_posts": Claim(
        title=N_("Replies that meet under the same posts"),
        property="replies",
        unit="share of pairs of posts",
        margin=FOLD,
        sentences=compared(
            statement=N_(
                "Two replies by different studied accounts answer the same post in {value} of cases ({low} to {high},"
                " n = {n} accounts)"
            ),
            no_data=N_("It cannot be told which posts drew replies: no reply names the post it answers."),
        ),
        limits=(
            _VISIBLE,
            _STATED,
            N_("Under one popular post everybody meets: of fewer than five posts nothing is concluded."),
            N_("It speaks of the list as a whole: a small part of it that floods posts can go unseen."),
        ),
    ),
    "target_concentration": Claim(
        title=N_("Replies to the same accounts"),
        property="targets",
        unit="share of pairs of posts",
        margin=FOLD,
        sentences=compared(
            statement=N_(
                "Two posts by different studied accounts address the same account in {value} of cases ({low} to {high},"
                " n = {n} authors)"
            ),
            no_data=N_("It cannot be told whom studied accounts address: no target is stated."),
        ),
        limits=(
            _VISIBLE,
            _STATED,
            N_("It speaks of the list as a whole: a small part of it with targets of its own can go unseen."),
        ),
    ),
    "reply_fill": Claim(
        title=N_("Reply flooding"),
        property="replies",
        unit="share of replies",
        kind="tested",
        outcomes=outcomes.FILLING,
        sentences={
            "found": sentence(
                N_(
                    "{statement}. In {filled_share} of these posts they wrote at least {least} of the replies; as many accounts drawn at"
                    " random from all who answer there would in {expected_share} (p = {p})."
                ),
                statement=_WRITTEN,
            ),
            "inconclusive": sentence(
                N_(
                    "{statement}. In {filled_share} of these posts they wrote at least {least} of the replies; as many accounts drawn at"
                    " random from all who answer there would in {expected_share} (p = {p}). Whether they gather there cannot be told."
                ),
                statement=_WRITTEN,
            ),
            "few_posts": sentence(
                N_("{statement}. These are too few posts to tell whether they gather there."),
                statement=_WRITTEN,
            ),
            "uncovered": sentence(
                N_(
                    "{statement}. Most of their replies stand under posts where nobody else's were collected, so whether they gather"
                    " there was not tested."
                ),
                statement=_WRITTEN,
            ),
            "not_collected": N_(
                "What share of all replies studied accounts wrote cannot be known: other people's replies under the"
                " same posts were not collected."
            ),
            "no_data": N_(
                "No post with at least {minimum} collected replies was answered by studied accounts."
            ),
        },
        limits=(
            N_("Hidden, deleted and uncollected replies make the share too large."),
            N_("Posts of people under whose posts nobody else's reply was collected are left out."),
            N_("A large part of any crowd writes most of the replies: the share alone shows no flood."),
        ),
    ),
}
