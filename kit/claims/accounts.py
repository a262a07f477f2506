"""Sentences about account dates, ages and profiles."""

from __future__ import annotations

from kit.claims.model import Claim, compared
from kit.inference import outcomes
from kit.locale import N_

_SNAPSHOT = N_("Profiles are as captured; they may have been changed before or after.")
_NEWCOMERS = N_("Events bring genuine newcomers too; only the difference from the control counts.")
_SEEN = N_("Platform exports hold the accounts a platform found, not those it missed.")

_NO_DATES = N_("It cannot be told how old the accounts were: no studied account has both dates.")
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
            "found": N_(
                "{value} of the studied accounts with a known date ({low} to {high}, n = {n}) were made within {width_days} days of one"
                " another: more than the sign-ups of {reference_accounts} other accounts at the time explain (p = {p})."
            ),
            "not_found": N_(
                "No batch was found among the {n} studied accounts with a known date (p = {p}); {planted} accounts made within a week"
                " would have been found in {found_share} of trials with these data. The densest seven days hold {value} of them"
                " ({low} to {high})."
            ),
            "inconclusive": N_(
                "Whether studied accounts were made in batches cannot be told from these dates (n = {n}, p = {p}). The densest seven"
                " days hold {value} of them ({low} to {high})."
            ),
            "newcomers": N_(
                "{value} of the studied accounts with a known date ({low} to {high}, n = {n}) were made within {width_days} days of one"
                " another; without accounts younger than {newcomers_days} days at their first post here no such window is left."
                " An event that brings newcomers would look the same."
            ),
            "alone": N_(
                "The densest seven days hold {value} of the studied accounts with a known date ({low} to {high}, n = {n}). No dates of other"
                " accounts stand beside them."
            ),
            "together": N_(
                "All {n} studied accounts with a known date were made within seven days of one another. No dates of other accounts"
                " stand beside them."
            ),
            "no_data": N_(
                "It cannot be told whether accounts were made in batches: fewer than ten have a known date."
            ),
        },
        limits=(
            N_("A party, a company or a school can bring many people in on one day."),
            N_("News that only one of the groups reacts to can look like a batch."),
            N_("Batches that grew over more than a month are not looked for."),
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
