"""The shape of a claim, and the endings that claims share.

A claim that is not whole is an error when it is made, not on the data that would have needed its
missing sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import NamedTuple

from kit.errors import MetricError, nearest
from kit.locale import N_, _
from kit.wording import RUNGS

#: what a claim of each kind is about, and the verdicts it can have. Described: a number of the studied group.
#: Compared: the studied against the control. Tested: a pattern against its own background, or described where that cannot be tested.
VERDICTS = {
    "described": ("described", "inconclusive"),
    "compared": ("higher", "lower", "similar", "inconclusive", "not_comparable", "described"),
    "tested": ("found", "not_found", "inconclusive", "described"),
}
#: the outcomes that need a sentence, by kind; the metric's own come on top
NEEDED = {
    "described": ("no_data",),
    "compared": (
        *("higher", "lower", "similar", "inconclusive", "few", "single", "chance", "unsound"),
        *("not_comparable", "no_record", "described", "no_data"),
    ),
    "tested": ("no_data",),
}

#: outcomes in which nothing was tested: their findings have no numbers, and n = 0 or "at most 0.8 %" is none
UNTESTED = frozenset(("no_data", "not_recorded", "not_collected", "no_labels", "no_power", "too_few", "R1"))
_NUMBERS = {"value", "low", "high", "n", "control", "p"}
#: fields that stay empty in an outcome, so that its sentence cannot use them
EMPTY = {**dict.fromkeys(UNTESTED, _NUMBERS), "described": {"control"}, "no_record": {"control"}}

# what compared claims share: a statement about the studied group, and what the comparison adds to it
HIGHER = N_("{statement}, more than {among}: {control}.")
LOWER = N_("{statement}, less than {among}: {control}.")
SIMILAR = N_("{statement}; {among} it is {control}, no meaningful difference.")
UNCLEAR = N_("{statement}; {among} it is {control}. Whether the two differ cannot be told.")
FEW = N_("{statement}; {among} it is {control}. These are too few accounts for a comparison.")
SINGLE = N_(
    "{statement}; {among} it is {control}. It hangs on too few different things: one popular thing would look the same."
)
CHANCE = N_(
    "{statement}; {among} it is {control}. Taken alone this would be a difference; among {comparisons} comparisons it"
    " can be chance."
)
UNSOUND = N_(
    "{statement}; {among} it is {control}. Accounts that were compared with differ like this among themselves too"
    " often, so nothing follows."
)
APART = N_("{statement}. The control {apart}, so the two are not compared.")
UNRECORDED = N_("{statement}. The data of the control do not record this.")
ALONE = N_("{statement}.")
DETAIL = N_("{said}: {detail}.")

#: with whom the studied accounts are compared
BESIDE = {"control": N_("in the control"), "repliers": N_("among others who answer the same posts")}
#: inside what both were compared
WITHIN = {
    "posts_answered": N_("Both were compared under the same posts."),
    "accounts_answered": N_("Both were compared in their answers to the same accounts."),
    "weeks": N_("Both were compared inside the same weeks."),
}
#: in what the groups differ so much that nothing is compared
REASONS = {
    "posts": N_("answers other posts"),
    "targets": N_("answers other accounts"),
    "weeks": N_("posted in other weeks"),
    "language": N_("writes in other languages"),
    "platforms": N_("is on other platforms"),
    "activity": N_("posts much more or much less"),
}


class Sentence(NamedTuple):
    """A sentence of blocks that stand in other sentences too; frame and blocks are translated each by itself."""

    frame: str
    blocks: dict[str, str]

    def joined(self, say: Callable[[str], str] = str) -> str:
        """The whole sentence, its blocks put in their places."""
        text = say(self.frame)
        for name, block in self.blocks.items():
            text = text.replace("{" + name + "}", say(block))
        return text


def sentence(frame: str, **blocks: str) -> Sentence:
    """A sentence with blocks in the places of `frame` that have their names."""
    return Sentence(frame, blocks)


def told(said: str, detail: str) -> Sentence:
    """What is said, a colon, and its detail or reason."""
    return sentence(DETAIL, said=said, detail=detail)


def compared(
    *,
    statement: str,
    no_data: str | Sentence,
    higher: str = HIGHER,
    lower: str = LOWER,
    **own: str | Sentence,
) -> dict[str, str | Sentence]:
    """The sentences of a compared claim: one statement about the studied group, and what the comparison adds.

    `statement` has value, low, high and n, and no full stop. `higher` and `lower` replace the shared
    endings, `own` gives the sentences of the metric's own outcomes.
    """
    endings = {
        "higher": higher,
        "lower": lower,
        "similar": SIMILAR,
        "inconclusive": UNCLEAR,
        "few": FEW,
        "single": SINGLE,
        "chance": CHANCE,
        "unsound": UNSOUND,
        "not_comparable": APART,
        "no_record": UNRECORDED,
        "described": ALONE,
    }
    said = {key: sentence(ending, statement=statement) for key, ending in endings.items()}
    return {**said, "no_data": no_data, **own}


@dataclass(frozen=True)
class Claim:
    """A finding that can be made.

    `kind` is described, compared or tested (`VERDICTS`). A compared claim follows from the numbers of both groups
    by the rule of `kit.claims.judge`; `margin` is the least ratio that counts where it is a ratio, on the scale of
    shares (`kit.inference.measures`) else. A tested or described one takes verdict and outcome from its metric.
    `repliers`: others who answer the same posts can stand as the control; not of what their having been collected
    as repliers decides. `property` names what it is about, for the stamp *by construction* when the inclusion rule selected on it.
    `supports` are the rungs of `kit.wording.RUNGS` that prose may claim where it is found or higher; a count never
    supports more than coordination. `outcomes` are the metric's own (beside `no_data`) and need a sentence each; in
    those that are `untested` nothing was tested, as in `UNTESTED`. Sentences are English msgids, or made of some,
    with the fields value, low, high, n, control (with its interval), label, p, every column of the metric and every
    setting.
    """

    title: str
    property: str
    unit: str
    sentences: Mapping[str, str | Sentence]
    limits: tuple[str, ...]
    kind: str = "compared"
    margin: float | None = None
    repliers: bool = True
    supports: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in NEEDED:
            raise self._wrong(f"is of an unknown kind '{self.kind}'", nearest(self.kind, NEEDED))
        if self.kind != "compared" and not self.outcomes:
            raise self._wrong("does not say what its metric can answer", "Name the outcomes.")
        needed = (*NEEDED[self.kind], *self.outcomes)
        for key in needed:
            if not self.sentences.get(key):
                raise self._wrong(f"has no sentence for the outcome '{key}'", "Write one.")
        for key in self.sentences:
            if key not in needed:
                raise self._wrong(f"has a sentence for an unknown outcome '{key}'", nearest(key, needed))
            self._check_fields(key)
        if not self.limits:
            raise self._wrong("has no limits", "Say what the finding does not show.")
        for rung in self.supports:
            if rung not in RUNGS:
                raise self._wrong(f"supports an unknown rung '{rung}'", nearest(rung, RUNGS))

    def _check_fields(self, key: str) -> None:
        """Fields are plain names, blocks have a place, and no field is one that this outcome leaves empty."""
        said = self.sentences[key]
        try:
            used = _fields(self._joined(key))
            places = set(said.blocks) <= set(_fields(said.frame)) if isinstance(said, Sentence) else True
        except ValueError:
            used, places = [""], True
        if not places or not all(name.isidentifier() for name in used):
            raise self._wrong(
                f"has a sentence for '{key}' that cannot be filled in", "Write fields as {name}."
            )
        if empty := (_NUMBERS if key in self.untested else EMPTY.get(key, set())) & set(used):
            name = min(empty)
            raise self._wrong(f"uses '{name}' for the outcome '{key}'", "There it has no value.")

    def _joined(self, key: str, say: Callable[[str], str] = str) -> str:
        said = self.sentences[key]
        return said.joined(say) if isinstance(said, Sentence) else say(said)

    def tests(self, outcome: str) -> bool:
        """Whether this outcome says that something was tested, so that it has numbers."""
        return outcome not in UNTESTED and outcome not in self.untested

    def text(self, outcome: str) -> str:
        """The sentence of an outcome in the language in use, its fields still open."""
        if outcome not in self.sentences:
            raise self._wrong(
                f"has no sentence for the outcome '{outcome}'", nearest(outcome, self.sentences)
            )
        return self._joined(outcome, _)

    def _wrong(self, what: str, hint: str) -> MetricError:
        return MetricError(f"the claim '{self.title}' {what}", hint=hint)


def _fields(text: str) -> list[str]:
    """Names of the fields of a text; "" for one that is more than a name."""
    found = [(name, spec, how) for _text, name, spec, how in Formatter().parse(text) if name is not None]
    return ["" if spec or how else name for name, spec, how in found]
