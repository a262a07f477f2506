"""Sentences about accounts that act together: synchronised sharing and shared templates."""

from __future__ import annotations

from kit.claims.model import Claim, compared
from kit.inference import outcomes
from kit.locale import N_

LADDER = N_(
    "Synchronised sharing is not sharing on orders, and neither says that an account is inauthentic or whose it"
    " is: those are steps for people with evidence."
)
STRANGERS = N_(
    "The expected number is learned from accounts that do not repeat with this one. Where most sharers of a thing are the cluster"
    " itself, few strangers are left; a group of more than 50 cannot be told from a crowd."
)
BLIND = N_(
    "Groups that act at once, in the first minutes after a post, cannot be told from people with a notification and are not found"
    " here; nor are those that post at one fixed minute each day or are punctual to hours only."
)
NEWCOMERS = N_(
    "A closed community of newcomers abroad that nobody answers would look the same. Only a reader can tell: one star, names of fans,"
    " personal conversation, a history before the period."
)
MEMBERS = N_(
    "A member is not an author: some members pasted two of these texts. Publish texts and counts, not accounts."
)

CLAIMS = {
    "synchronised": Claim(
        title=N_("Pairs of accounts with synchronised sharing, again and again"),
        property="coordination",
        unit="share of accounts",
        kind="tested",
        outcomes=outcomes.SYNCHRONISED,
        untested=("contaminated", "no_power"),
        sentences={
            "found": N_(
                "{value} of the studied accounts ({low} to {high}, n = {n} accounts) share the same things at the same moments on separate"
                " occasions, more often than strangers, habits and news explain and without a trigger that can be seen:"
                " {pairs} pairs in {clusters} clusters. Control accounts: {control}."
            ),
            "found_unknown": N_(
                "{value} of the studied accounts ({low} to {high}, n = {n} accounts) share the same things at the same moments on separate"
                " occasions, more often than strangers, habits and news explain: {pairs} pairs in {clusters} clusters. Control"
                " accounts: {control}. For {unknown_share} of these pairs' common things the time of the thing itself is not known, so an unseen"
                " common source, such as an alert, a chat room or a newsletter, is not excluded: synchronised, no more."
            ),
            "not_found": N_(
                "No two studied accounts were found to share the same things at the same moments beyond what chance and visible triggers"
                " explain. Of ten accounts with 25 common shares within 45 seconds of each other, {delay_minutes} minutes or more after the"
                " first act, {found_share} of the pairs would have been found here (trace: {power_trace}). Groups that act at once are not found by this test. Control"
                " accounts: {control}."
            ),
            "inconclusive": N_(
                "It cannot be told whether studied accounts act together. No two of them share the same things at the same moments beyond"
                " what chance and visible triggers explain; but even of ten accounts with 25 common shares within 45 seconds of each other,"
                " {delay_minutes} minutes or more after the first act, only {found_share} of the pairs would have been found here (trace: {power_trace}). Control"
                " accounts: {control}."
            ),
            "control_alike": N_(
                "Nothing follows for the studied accounts: pairs of them share the same things at the same moments, but among control"
                " accounts the same test finds as many ({control}, against {value} of the studied, n = {n} accounts)."
            ),
            "found_few": N_(
                "Fewer than ten studied accounts share the same things at the same moments on separate occasions, more often than"
                " strangers, habits and news explain. Control accounts: {control}. More is not told of so few."
            ),
            "unvalidated": N_(
                "It cannot be told whether studied accounts act together: pairs of them ({synchronised_pairs} in all) share the same"
                " things at the same moments more often than strangers do, but none stands out once the meetings that a visible trigger"
                " explains are taken out."
            ),
            "contaminated": N_(
                "This test cannot be made on these data: pairs of studied accounts ({synchronised_pairs} in all) share the same things at"
                " the same moments again and again, but hardly anybody else shares these things, so no stranger is left to say what"
                " chance would give."
            ),
            "no_power": N_(
                "It cannot be told whether the sharing of studied accounts is synchronised: fewer than ten accounts share"
                " anything at a usable time, and no pair stands out."
            ),
            "no_data": N_(
                "It cannot be told whether the sharing of studied accounts is synchronised: no studied account shares"
                " anything at a time that is exact enough."
            ),
        },
        limits=(LADDER, STRANGERS, BLIND),
        supports=("co-active",),
    ),
    "at_once": Claim(
        title=N_("Answers within a minute of each other"),
        property="coordination",
        unit="share of accounts",
        kind="described",
        outcomes=outcomes.AT_ONCE,
        sentences={
            "met": N_(
                "{value} of the studied accounts that answer posts ({low} to {high}, n = {n} accounts) answered at least {repeats} of the same"
                " posts within {window_s} seconds of another of them: {pairs} pairs, {together} posts together on average, where strangers"
                " who answer these posts as soon after they were made would have {expected}. In the control: {control}. A group on orders and people with a"
                " notification of the same source look alike here; it is no finding about either."
            ),
            "nobody": N_(
                "No two studied accounts answered {repeats} of the same posts within {window_s} seconds of each other (n = {n} accounts that"
                " answer posts). In the control: {control}."
            ),
            "no_data": N_("No studied account answers a post at a time that is exact enough."),
        },
        limits=(
            N_(
                "People who follow the same accounts with notifications answer at once, too; timing cannot tell them from a group."
            ),
            LADDER,
        ),
    ),
    "shared_templates": Claim(
        title=N_("Many accounts that share prepared texts"),
        property="texts",
        unit="share of accounts",
        kind="tested",
        outcomes=outcomes.TEMPLATES,
        untested=("no_control", "small_control"),
        sentences={
            "co_active": N_(
                "Co-active: {value} of the studied accounts that post ({low} to {high}, n = {n} accounts) repeat the same"
                " several texts as others, more than control accounts do, {control}. Supporters, fans and campaigns do this too."
            ),
            "co_active_unusual": N_(
                "Co-active, unusual accounts: {value} of the studied accounts that post ({low} to {high}, n = {n} accounts)"
                " repeat the same several texts as others, more than control accounts do, {control}, and {indicators_on} of"
                " four further indicators hold: {indicators_named}. Supporters, fans and campaigns can look like this too."
            ),
            "validated": N_(
                "{value} of the studied accounts that post ({low} to {high}, n = {n} accounts) share several of the same"
                " texts, more than control accounts do, {control}, together with independent indicators of something unusual"
                " ({indicators_named}). Common use of prepared texts is the best supported reading. A closed community of"
                " newcomers abroad that nobody answers would look the same."
            ),
            "few": N_(
                "Fewer than ten studied accounts repeat the same several texts as others, more than control accounts do, {control}."
                " More is not told of so few."
            ),
            "no_outsiders": N_(
                "{value} of the studied accounts that post ({low} to {high}, n = {n} accounts) repeat the same several texts as others,"
                " more than control accounts do, {control}. Whether they differ from other accounts in anything else cannot be told: apart from"
                " them these data hold {outside_accounts} accounts with two posts, studied or context, and that is too few."
            ),
            "none_found": N_(
                "No group of studied accounts was found that repeats the same several texts beyond the control. Of a network of about"
                " {power_accounts} accounts with {power_posts} posts each, at least {template_share} of them from 150 texts, {found_share} of the"
                " accounts would have been found; one that writes more of its posts itself would not. Posts with a text that several of"
                " them share: {copied_share}; in the control {control_copied_share}."
            ),
            "copies": N_(
                "It cannot be told whether studied accounts share prepared texts: {copied_share} of their posts have a text that several of"
                " them post, in the control {control_copied_share}, but no group of accounts repeats the same several texts. A network that writes"
                " most of its posts itself would look like this, and so would one popular text."
            ),
            "weak": N_(
                "It cannot be told whether studied accounts share prepared texts. No group of them repeats the same several texts beyond"
                " the control, but of a network of about {power_accounts} accounts with {power_posts} posts each, all of them from 150 texts, only"
                " {found_share} of the accounts would have been found."
            ),
            "no_control": N_(
                "It cannot be told whether studied accounts share prepared texts: no control was available, and without one a"
                " network that writes most of the near-duplicates cannot be seen."
            ),
            "small_control": N_(
                "It cannot be told whether studied accounts share prepared texts: only {control_accounts} control accounts"
                " have three posts or more, and with so few a network that writes most of the near-duplicates cannot be seen."
            ),
            "no_data": N_(
                "It cannot be told whether studied accounts share prepared texts: none of them has a post of its own."
            ),
        },
        limits=(
            NEWCOMERS,
            MEMBERS,
            N_(
                "Accounts with fewer than two or three of these texts are never found; paraphrases and translations are not either."
            ),
            N_("Sources outside this case are not seen: search for the texts before anything is published."),
        ),
        supports=("co-active", "coordinated"),
    ),
    "rule_of_thumb": Claim(
        title=N_("What the usual rule of repeated pairs would flag"),
        property="coordination",
        unit="share of accounts",
        sentences=compared(
            statement=N_(
                "The usual rule, {objects} shared things ({trace}) within {window_s} seconds, flags {value} of the studied accounts ({low} to"
                " {high}, n = {n} accounts)"
            ),
            no_data=N_(
                "It cannot be told what the usual rule would flag: no studied account shares anything at a time that is exact"
                " enough."
            ),
        ),
        limits=(
            N_(
                "Popular things bring strangers together: in simulated worlds without any group this rule flags 100 to 157 of 400"
                " accounts."
            ),
            LADDER,
        ),
        supports=("co-active",),
    ),
}
