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

#: the outcomes that need a sentence, by the way the verdict comes about; `given` adds those of its metric
NEEDED = {
    "control": ("present", "absent", "cannot_tell", "no_control", "no_data"),
    "test": ("present", "absent", "no_data"),
    "given": ("no_data",),
}
OPTIONAL = {"test": ("present_alone",)}

#: outcomes in which nothing was tested: their findings have no numbers, and n = 0 or "at most 0.8 %" is none
UNTESTED = frozenset(("no_data", "not_recorded", "not_collected", "no_labels", "no_power", "too_few", "R1"))
_NUMBERS = {"value", "low", "high", "n", "control", "p"}
#: fields that stay empty in an outcome, so that its sentence cannot use them
EMPTY = {
    **dict.fromkeys(UNTESTED, _NUMBERS),
    "no_control": {"control"},
    "present_alone": {"control"},
}

# what claims share: a statement with its ending, or what is said with its detail
MORE = N_("{statement}, more than the control's {control}.")
ALONE = N_("{statement}. No control was available, so whether this is unusual cannot be told.")
#: the ending where a control is there, but its exports could not tell
UNRECORDED = N_(
    "{statement}. The data of the control do not record this, so whether it is unusual cannot be told."
)
DETAIL = N_("{said}: {detail}.")


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


def beside_control(
    *,
    statement: str,
    measured: str,
    no_more: str,
    untold: str,
    no_data: str | Sentence,
    present: str = MORE,
    absent: str = DETAIL,
    no_control: str = ALONE,
) -> dict[str, str | Sentence]:
    """The sentences of a claim against the control.

    `statement` says what was found of the studied; it ends in a comparison or without one.
    `measured` stands after `no_more` (they are not above the control) and after `untold`
    (whether they are cannot be told). The last three replace the shared endings.
    """
    return {
        "present": sentence(present, statement=statement),
        "absent": sentence(absent, said=no_more, detail=measured),
        "cannot_tell": told(untold, measured),
        "no_control": sentence(no_control, statement=statement),
        "no_data": no_data,
    }


@dataclass(frozen=True)
class Claim:
    """A finding that can be made.

    `property` names what it is about, for the stamp *by construction* when the
    inclusion rule selected on it. `supports` are the rungs of `kit.wording.RUNGS` that
    prose may claim where it is present; a count never supports more than coordination. `compare` is how the verdict comes about: against
    the `control`, by a `test` against the set's own background, or `given` by the
    metric, whose `outcomes` (beside `no_data`) then need a sentence each; in those that are `untested` nothing
    was tested, as in `UNTESTED`. `margin` is the smallest
    difference worth calling present. Sentences are English msgids, or made of some, with the fields
    value, low, high, n, control (with its interval), label, p, every column of the metric and every setting.
    """

    title: str
    property: str
    unit: str
    sentences: Mapping[str, str | Sentence]
    limits: tuple[str, ...]
    compare: str = "control"
    margin: float = 0.05
    alpha: float = 0.01
    supports: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.compare not in NEEDED:
            raise self._wrong(
                f"has no way to a verdict called '{self.compare}'", nearest(self.compare, NEEDED)
            )
        if self.compare == "given" and not self.outcomes:
            raise self._wrong("does not say what its metric can answer", "Name the outcomes.")
        needed = (*NEEDED[self.compare], *self.outcomes)
        for key in needed:
            if not self.sentences.get(key):
                raise self._wrong(f"has no sentence for the outcome '{key}'", "Write one.")
        for key in self.sentences:
            known = (*needed, *OPTIONAL.get(self.compare, ()))
            if key not in known:
                raise self._wrong(f"has a sentence for an unknown outcome '{key}'", nearest(key, known))
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

    def without_record(self) -> str:
        """The sentence of `no_control` where a control is there, but its data do not record it."""
        said = self.sentences["no_control"]
        if isinstance(said, Sentence) and "statement" in said.blocks:
            return Sentence(UNRECORDED, {"statement": said.blocks["statement"]}).joined(_)
        return self.text("no_control")

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
