"""Sentences about account dates, ages and profiles."""

from __future__ import annotations

from kit.claims.model import Claim, compared, sentence
from kit.inference import outcomes
from kit.locale import N_

_SNAPSHOT = N_("Profiles are as captured; they may have been changed before or after.")
_NEWCOMERS = N_("Events bring genuine newcomers too; only the difference from the control counts.")
_SEEN = N_("Platform exports hold the accounts a platform found, not those it missed.")

_NO_DATES = N_("It cannot be told how old the accounts were: no studied account has both dates.")
_BURSTS = N_(
    "{value} of the studied accounts with a known date ({low} to {high}, n = {n}) fall into {bursts} bursts"
    " (window: {window_days} d) that the group's own background does not explain (p = {p})"
)

CLAIMS = {
    "new_accounts": Claim(
        title=N_("New accounts"),
        property="account_age",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts that posted were less than {days} days old at their first post here"
                " ({low} to {high}, n = {n})"
            ),
            no_data=_NO_DATES,
        ),
        limits=(_NEWCOMERS, N_("A new account is not an inauthentic one."), _SEEN),
    ),
    "old_accounts": Claim(
        title=N_("Old accounts"),
        property="account_age",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts that posted were older than {years} years at their first post here"
                " ({low} to {high}, n = {n})"
            ),
            no_data=_NO_DATES,
        ),
        limits=(
            N_("Most people's accounts are old; an old account is not a hijacked one."),
            N_("Hijacking needs other evidence: a long pause, a change of language or of subject."),
            _SEEN,
        ),
    ),
    "creation_burst": Claim(
        title=N_("Accounts made in batches"),
        property="account_age",
        unit="share of accounts",
        kind="tested",
        outcomes=outcomes.BATCHES,
        sentences={
            "found": sentence(
                N_("{statement}; in the control the same test finds {control}."), statement=_BURSTS
            ),
            "found_alone": sentence(
                N_("{statement}. No control was available to show how often the same test finds as much."),
                statement=_BURSTS,
            ),
            "inconclusive": N_(
                "No window of {window_days} days holds more studied accounts than the group's own background explains"
                " (n = {n}, p = {p})."
            ),
            "no_data": N_(
                "It cannot be told whether accounts were made in batches: fewer than ten have a known date."
            ),
        },
        limits=(
            N_("News, elections and new features make many people sign up on the same day."),
            N_("The test compares days within about four weeks; a slower wave is not a burst."),
            _SEEN,
        ),
    ),
    "silent_accounts": Claim(
        title=N_("Silent accounts"),
        property="activity",
        repliers=False,
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts have no post in the period ({low} to {high}, n = {n})"
            ),
            no_data=N_(
                "It cannot be told how many accounts are silent: the accounts are known only from their posts."
            ),
        ),
        limits=(
            N_("An export may hold only part of an account's posts."),
            N_("Accounts known only from their posts are never silent, so such groups are left out."),
            _SEEN,
        ),
    ),
    "empty_profile": Claim(
        title=N_("Profiles without a text"),
        property="profile",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "{value} of the studied accounts leave the profile text empty ({low} to {high}, n = {n})"
            ),
            no_data=N_("It cannot be told how many profiles are empty: no export holds profile texts."),
        ),
        limits=(N_("Many people leave their profile empty."), _SNAPSHOT, _SEEN),
    ),
}
