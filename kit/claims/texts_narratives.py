"""Sentences about narratives and about campaign content beside everyday content."""

from __future__ import annotations

from kit.claims.model import Claim
from kit.locale import N_

_WORDS = N_("A code is found by words: what is said in other words, in pictures or in irony is missed.")
_ALPHA = N_("People who agree with each other can be mistaken together.")
_TOPIC = N_("A topic of the day is on everybody's lips; only the difference from the control counts.")

CLAIMS = {
    "narrative_share": Claim(
        title=N_("Posts with a narrative of the codebook"),
        property="narratives",
        unit="share of posts",
        compare="given",
        sentences={
            "present": N_(
                "Studied accounts write more that is coded “{code}” than the control: {value} of their posts ({low} to {high},"
                " n = {n} authors), against {control}. People who coded posts agree on it (alpha {alpha})."
            ),
            "present_tentative": N_(
                "Tentatively, studied accounts write more that is coded “{code}” than the control: {value} of their posts ({low}"
                " to {high}, n = {n} authors), against {control}. Coders agree only roughly (alpha {alpha})."
            ),
            "absent": N_(
                "Studied accounts do not write more that is coded “{code}” than the control: it is in {value} of their posts ({low}"
                " to {high}, n = {n} authors), against {control}. People who coded posts agree on it (alpha {alpha})."
            ),
            "absent_tentative": N_(
                "Tentatively, studied accounts do not write more that is coded “{code}” than the control: it is in {value} of their"
                " posts ({low} to {high}, n = {n} authors), against {control}. Coders agree only roughly (alpha {alpha})."
            ),
            "cannot_tell": N_(
                "It cannot be told whether studied accounts write more that is coded “{code}” than the control: it is in {value} of"
                " their posts ({low} to {high}, n = {n} authors), against {control}."
            ),
            "no_control": N_(
                "The code “{code}” is in {value} of the posts of studied accounts ({low} to {high}, n = {n} authors)."
                " No control was available, so whether this is unusual cannot be told."
            ),
            "no_agreement": N_(
                "It cannot be told whether studied accounts write more that is coded “{code}” than the control: whether people"
                " agree on what it means was not measured, because no two of them coded the same posts."
            ),
            "disagreement": N_(
                "It cannot be told whether studied accounts write more that is coded “{code}” than the control: people who coded"
                " the same posts agree too little on it, or too few posts show that they do (alpha {alpha})."
            ),
            "words_fail": N_(
                "It cannot be told whether studied accounts write more that is coded “{code}” than the control: the words of the"
                " codebook do not find the posts on which its coders agree."
            ),
            "no_data": N_(
                "It cannot be told which narratives studied accounts carry: the report has no codebook, or their posts"
                " have no text."
            ),
        },
        limits=(_WORDS, _ALPHA, _TOPIC),
    ),
    "camouflage": Claim(
        title=N_("Campaign content among everyday content"),
        property="narratives",
        unit="share of accounts",
        compare="given",
        sentences={
            "present": N_(
                "{value} of the studied accounts mix campaign and everyday content, at least {least} of each ({low} to"
                " {high}, n = {n} accounts with at least {minimum} such posts), more than the control's {control}."
            ),
            "present_tentative": N_(
                "Tentatively, more studied accounts than control accounts mix campaign and everyday content, at least"
                " {least} of each: {value} ({low} to {high}, n = {n}), against {control}. Coders agree only roughly"
                " (alpha {alpha})."
            ),
            "absent": N_(
                "Studied accounts do not mix campaign and everyday content, at least {least} of each, more than the"
                " control: {value} ({low} to {high}, n = {n} accounts with at least {minimum} such posts), against"
                " {control}."
            ),
            "absent_tentative": N_(
                "Tentatively, studied accounts do not mix campaign and everyday content, at least {least} of each, more"
                " than the control: {value} ({low} to {high}, n = {n}), against {control}. Coders agree only roughly"
                " (alpha {alpha})."
            ),
            "cannot_tell": N_(
                "It cannot be told whether more studied accounts than control accounts mix campaign and everyday"
                " content: {value} ({low} to {high}, n = {n}), against {control}."
            ),
            "no_control": N_(
                "{value} of the studied accounts mix campaign and everyday content ({low} to {high}, n = {n}). No"
                " control was available, so whether this is unusual cannot be told."
            ),
            "no_agreement": N_(
                "It cannot be told whether studied accounts hide campaign content among everyday content: whether"
                " people agree on which is which was not measured."
            ),
            "disagreement": N_(
                "It cannot be told whether studied accounts hide campaign content among everyday content: people who"
                " coded the same posts agree too little, or too few posts show that they do (alpha {alpha})."
            ),
            "words_fail": N_(
                "It cannot be told whether studied accounts hide campaign content among everyday content: the words of"
                " the codebook do not find the posts on which its coders agree."
            ),
            "no_data": N_(
                "It cannot be told whether studied accounts mix campaign and everyday content: the report has no"
                " codebook, or no account has {minimum} posts with its codes."
            ),
        },
        limits=(
            _WORDS,
            _ALPHA,
            N_("People write of politics and of their lunch: a mixture alone hides nothing."),
            N_("An export that was collected by topic lacks the everyday posts of its accounts."),
        ),
    ),
}
