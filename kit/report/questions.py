"""What a report must have answered before it may be published, and what is no answer.

The questions about harm are those of the research ethics of online investigations: whether the public needs to
know, whom it hurts if it is published, whom it hurts if it is wrong, whether there is a milder way, who can
correct it, and whether those concerned were heard.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kit.errors import printable

#: the questions of `harm:`, each with what an answer says
HARM = {
    "public_interest": "Say why the public needs to know this.",
    "harm_if_published": "Say who may be hurt when this is published, and what you do about it.",
    "harm_if_wrong": "Say who would be hurt if a finding were wrong.",
    "less_harmful_way": "Say which milder way you considered, and why it does not do.",
    "ability_to_correct": "Say how an error is corrected, and by whom.",
    "right_of_reply": "Say who was asked for a reply, when, and where it stands, or why nobody could be asked.",
}
_OTHERS = {
    "authors": "Name those who answer for the report.",
    "contact": "Say where readers may write; an address that somebody reads.",
    "date": "Write the day of publication as 2023-10-20.",
    "retention": "Say how long the data are kept, and what happens to them then.",
}
_FEWEST_WORDS, _FEWEST_SIGNS = 4, 16
_FEWEST_HAN = 8

#: in capitals only: what people have "to do" is an answer
_CAPITALS = re.compile(r"\bTO[ -]DO\b|\b[Tt]o do:")
#: nowhere in an answer
_ANYWHERE = re.compile(
    r"\b(todo|t\.?b\.?[dcaw]|fix ?me|x{3,}|change ?me|lorem ipsum|place ?holder|"
    r"(to|still to) be (completed|defined|determined|decided|confirmed|announced|written|filled|added|continued)|"
    r"(fill|filled) (this|it|me) in|insert [\w ]{1,40}here|coming soon|"
    r"à (compléter|définir|remplir|préciser|déterminer|rédiger|renseigner|confirmer|écrire|completer|definir|"
    r"preciser|determiner|rediger)|a (completer|definir|remplir|preciser|determiner|rediger)|texte à venir)\b"
    r"|\?\?+|…\s*$|\.\.\.\s*$|^\s*…|^\s*\.\.\.|\{\{.*?\}\}|<[^<>@]{2,60}>|\[[^\[\]]*(?:answer|réponse|here|ici)[^\[\]]*\]|_{3,}",
    re.IGNORECASE,
)
#: words of which nothing else may an answer be made
_EMPTY = frozenset(
    """a an the none nothing nil no yes not n na applicable available known unknown see above below same later soon
    pending draft test testing example sample asdf qwerty foo bar baz blah bla ok okay idem ditto etc something someone
    somebody text answer name author authors nobody anybody tbd todo wip
    aucun aucune rien néant non oui sans objet s o as know idem voir ci dessus dessous plus tard bientôt venir faire à en attente
    cours brouillon exemple essai texte réponse nom auteur auteurs quelque chose quelqu un inconnu le la les du de
    your votre email mail address adresse courriel fill in is it to be done this that we will here there i dunno don t maybe perhaps""".split()
)
_EXAMPLE = re.compile(
    r"@(?:[\w-]+\.)*(?:example|exemple)\.\w+|@[\w.-]+\.(?:example|invalid|test|localhost)\b|^(?:you|vous|me|name|nom)@|"
    r"https?://(?:www\.)?(?:example\.\w+|[\w.-]+\.(?:example|invalid))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unanswered:
    """A question without an answer: the key of the report file, what stands there, what to do."""

    key: str
    found: str
    hint: str

    def __str__(self) -> str:
        said = f"found '{printable(self.found, 60)}'" if self.found else "nothing stands there"
        return f"report.yml, {self.key}: {said}. {self.hint}"


def unanswered(report: Any) -> list[Unanswered]:
    """The questions that a release must answer and `report` (a `kit.report.Report`) does not, in the order of its file.

    >>> [str(one) for one in unanswered(kit.report.load("tiny"))][0]
    'report.yml, contact: nothing stands there. Say where readers may write; an address that somebody reads.'
    """
    return [*_of_the_others(report), *_of_harm(report)]


def _of_the_others(report: Any) -> Iterator[Unanswered]:
    wrong = [name for name in report.authors if is_placeholder(name)]
    if wrong or not report.authors:
        yield Unanswered("authors", wrong[0] if wrong else "", _OTHERS["authors"])
    if is_placeholder(report.contact) or _EXAMPLE.search(report.contact) or len(report.contact.strip()) < 5:
        yield Unanswered("contact", report.contact, _OTHERS["contact"])
    if report.date is None:
        yield Unanswered("date", "", _OTHERS["date"])
    elif report.end and report.date < report.end:
        hint = f"The period ends on {report.end}: a report cannot be published before."
        yield Unanswered("date", str(report.date), hint)
    elif report.date <= dt.date(1970, 1, 1):
        yield Unanswered("date", str(report.date), _OTHERS["date"])
    if is_placeholder(report.retention, fewest=2):
        yield Unanswered("retention", report.retention, _OTHERS["retention"])


def _of_harm(report: Any) -> Iterator[Unanswered]:
    said: dict[str, str] = {}
    for key, hint in HARM.items():
        answers = report.harm.get(key) or {"": ""}
        for language, answer in answers.items():
            name = f"harm.{key}" + (f".{language}" if len(answers) > 1 else "")
            same = said.setdefault(_plain(answer), key)
            if is_placeholder(answer, fewest=_FEWEST_WORDS) or not_an_answer(answer, hint):
                yield Unanswered(name, answer, hint)
            elif same != key:
                yield Unanswered(name, answer, f"The same words stand under harm.{same}. {hint}")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def not_an_answer(text: str, question: str) -> bool:
    """Whether a text only repeats the question."""
    return _plain(text) in _plain(question) or _plain(question) in _plain(text)


def is_placeholder(text: str, *, fewest: int = 1) -> bool:
    """Whether a text is no answer: empty, a sign to fill it in later, or fewer than `fewest` words.

    >>> is_placeholder("TODO: ask the lawyer"), is_placeholder("à compléter"), is_placeholder("Newsroom, 12 May")
    (True, True, False)
    """
    text = unicodedata.normalize("NFKC", text).strip()
    signs = [sign for sign in text if sign.isalnum()]
    if not signs or len(set(map(str.casefold, signs))) == 1:
        return True
    if _ANYWHERE.search(text) or _CAPITALS.search(text):
        return True
    words = re.findall(r"\w+", text.casefold())
    if all(word in _EMPTY for word in words):
        return True
    han = sum(sign >= "\u2e80" for sign in signs)
    if fewest > 2:
        enough = (len(words) >= fewest and len(signs) >= _FEWEST_SIGNS) or han >= _FEWEST_HAN
        return not enough
    return len(words) < fewest and han < 4
