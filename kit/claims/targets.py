"""Sentences about targets and replies."""

from __future__ import annotations

from kit.claims.model import Claim, compared
from kit.inference import outcomes
from kit.locale import N_

_VISIBLE = N_(
    "Visible people and popular posts draw more of everything; only the difference from the control counts."
)
_STATED = N_("Replies that do not name the account or post they answer are left out.")
_COLLECTED = N_("An export of replies holds replies only: how it was collected decides the share.")

CLAIMS = {
    "reply_share": Claim(
        title=N_("Replies to others"),
        property="replies",
        unit="share of original posts",
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
        title=N_("Posts that drew many replies"),
        property="replies",
        unit="share of posts answered",
        sentences=compared(
            statement=N_(
                "{targeted} of the {n} posts that studied accounts answered drew at least {k} replies from them"
                " ({value}, {low} to {high})"
            ),
            no_data=N_("It cannot be told which posts drew replies: no reply names the post it answers."),
        ),
        limits=(
            _VISIBLE,
            _STATED,
            N_("A larger group reaches any number of replies more easily than a smaller one."),
        ),
    ),
    "target_concentration": Claim(
        title=N_("Replies to few accounts"),
        property="targets",
        unit="share of posts that address somebody",
        sentences=compared(
            statement=N_(
                "The {top} accounts they address most draw {value} of the studied accounts' posts ({low} to {high},"
                " n = {n} authors)"
            ),
            no_data=N_("It cannot be told whom studied accounts address: no target is stated."),
        ),
        limits=(_VISIBLE, _STATED, N_("The interval speaks of other authors with the same targets.")),
    ),
    "reply_fill": Claim(
        title=N_("Filling the replies under a post"),
        property="replies",
        unit="share of posts answered",
        kind="tested",
        outcomes=outcomes.FILLING,
        sentences={
            "found": N_(
                "Of the {n} posts that studied accounts answered and that have at least {minimum} collected replies, {value}"
                " ({low} to {high}) have at least {least} of all replies from them; under {complete} posts they wrote all."
            ),
            "not_found": N_(
                "Studied accounts rarely write most replies under a post: of the {n} posts that they answered and that have"
                " at least {minimum} collected replies, {value} reach a share of {least} ({low} to {high})."
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
            N_("A post that few people answer is easily filled by anybody."),
        ),
    ),
}
