"""Sentences about placements of images, videos and sounds."""

from __future__ import annotations

from kit.claims.model import Claim, compared
from kit.inference import outcomes
from kit.locale import N_

_POPULAR = N_(
    "Pictures of an event, a joke or a campaign are placed by many people who do not know each other."
)
_ADDRESS = N_("Items without a file are matched by their address only, so that copies of them are missed.")
_COLLECTED = N_("Only media that the export names are counted.")

CLAIMS = {
    "media_reuse": Claim(
        title=N_("The same items from several accounts"),
        property="media",
        unit="share of placements",
        sentences=compared(
            statement=N_(
                "On average, {value} of a studied account's placements ({low} to {high}, n = {n} accounts) show an item that at"
                " least {accounts} accounts of the group place"
            ),
            no_data=N_(
                "It cannot be told whether studied accounts place the same items: the exports name no media of theirs."
            ),
        ),
        limits=(
            _POPULAR,
            N_(
                "An item that many place counts as one event: a campaign of one to four cannot be told from a joke."
            ),
            _ADDRESS,
            _COLLECTED,
        ),
    ),
    "synthetic_per_day": Claim(
        title=N_("Placements of items labelled synthetic"),
        property="media",
        unit="placements per day",
        kind="described",
        outcomes=outcomes.SYNTHETIC,
        sentences={
            "labelled": N_(
                "Studied accounts made {placements} placements of items that two reviewers call synthetic, confirmed or"
                " suspected (different items: {unique}): {value} a day over {days} days ({low} to {high}, n = {n}"
                " accounts); control: {control} a day. {covered_share} of the placements show an item that was reviewed."
            ),
            "labelled_confirmed": N_(
                "Studied accounts made {placements} placements of items that two reviewers call confirmed synthetic"
                " (different items: {unique}): {value} a day over {days} days ({low} to {high}, n = {n} accounts); control:"
                " {control} a day. {covered_share} of the placements show an item that was reviewed."
            ),
            "none": N_(
                "No placement by studied accounts shows an item that two reviewers call synthetic, confirmed or"
                " suspected, over {days} days (n = {n} accounts); {covered_share} of the placements show an item that"
                " was reviewed."
            ),
            "none_confirmed": N_(
                "No placement by studied accounts shows an item that two reviewers call confirmed synthetic, over {days}"
                " days (n = {n} accounts); {covered_share} of the placements show an item that was reviewed."
            ),
            "few_labelled": N_(
                "It cannot be told how many placements show synthetic items: only {covered_share} of the placements of"
                " studied accounts show an item that was reviewed, and none of those was called synthetic."
            ),
            "no_labels": N_(
                "It cannot be told how many placements show synthetic items: no item was labelled by two reviewers, and"
                " this kit tracks copies, it does not detect how an item was made."
            ),
            "no_data": N_(
                "It cannot be told how many placements show synthetic items: the exports name no media of studied"
                " accounts."
            ),
        },
        limits=(
            N_("A label is the judgement of two people; it does not prove how an item was made."),
            N_("Items that nobody reviewed count as not synthetic, so the number is the least there were."),
            _ADDRESS,
        ),
    ),
}
