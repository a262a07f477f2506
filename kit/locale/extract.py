"""Catalogues kept up to date: collect what is to be translated, merge it in, say what is unfinished.

Texts of the kit are the constants given to `_`, `N_`, `later`, `ngettext` and `later_n`. They are read
from the syntax tree: a reader of tokens also takes the keys in `_(item["title"])`
for texts. So are the labels of `kit/words/*.csv`. Page templates hold no texts of their own. Of a notebook every Markdown
cell is one message.

Reasons, such as why a record was rejected, are kept in English and translated when
they are shown (`kit.locale.reason`), so they carry no mark: they are what stands where
`REASONS` says, and what is assigned to a name `reason`. Their f-strings are templates.
"""

from __future__ import annotations

import ast
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from kit.locale import _FOLDER, JOINT, LANGUAGES, NOTEBOOKS, SOURCE
from kit.locale.catalogues import read, write

KIT = Path(__file__).resolve().parents[1]
MARKS = {"_": 1, "N_": 1, "later": 1, "ngettext": 2, "later_n": 2}  # how many of the arguments are texts

#: which arguments of a call are reasons, or kinds of files
REASONS = {
    "BadValue": (1,),
    "Undeclared": (1,),
    "Fault": (3,),
    "Rejection": (4,),
    "NotAnExport": (0,),
    "foreign": (0, 3),
    "_Bad": (0,),
    "_Unread": (0,),
}

#: one message: a text, or its singular and plural
Text = str | tuple[str, str]


def extract() -> dict[str, dict[Text, list[str]]]:
    """For each catalogue ("kit" and the notebooks' names) its texts in order, each with its files."""
    found: dict[str, dict[Text, list[str]]] = {"kit": {}}
    for path in sorted([*KIT.rglob("*.py"), *(KIT / "words").glob("*.csv")]):
        for text in _labels(path) if path.suffix == ".csv" else _texts(path):
            files = found["kit"].setdefault(text, [])
            if (name := path.relative_to(KIT.parent).as_posix()) not in files:
                files.append(name)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        found[path.stem] = {text: [] for text in cells(path)}
    return found


def _texts(path: Path) -> Iterator[Text]:
    """What a module marks, and its reasons."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    yield from (*_marked(tree), *_reasons(tree))


def _labels(path: Path) -> Iterator[Text]:
    """The labels of a table of words; an empty one is the name itself, written with spaces."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["label"] or row["name"].rpartition(".")[2].replace("_", " ")


def _marked(tree: ast.Module) -> Iterator[Text]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = _called(node)
        if MARKS.get(name) == 2 and len(node.args) == 3:
            one, many = (next(_constants(a), "") for a in node.args[:2])
            if one and many:
                yield one, many
        elif name in MARKS and len(node.args) == 1:
            yield from _constants(node.args[0])


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _told(tree: ast.Module) -> list[ast.expr]:
    """Whatever is a reason in a module, in its order: arguments of calls, and values of names `reason`."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [node.args[i] for i in REASONS.get(_called(node), ()) if i < len(node.args)]
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [node.value for target in targets if getattr(target, "id", "") == "reason"]
    return sorted(found, key=lambda value: (value.lineno, value.col_offset))


def _reasons(tree: ast.Module) -> Iterator[str]:
    for value in _told(tree):
        for text in _constants(value):
            yield text.removeprefix(JOINT)  # a clause that is appended is a text of its own


def _constants(node: ast.expr) -> Iterator[str]:
    """The text of a constant, both of `a if … else b`, or an f-string with `{}` for each part filled in."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def cells(notebook: Path) -> list[str]:
    """The Markdown cells of a notebook file that hold words."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    sources = ["".join(c["source"]) for c in content["cells"] if c["cell_type"] == "markdown"]
    return [source for source in sources if source.strip()]


def place(name: str, language: str) -> Path:
    """The file of a catalogue."""
    if name == "kit":
        return _FOLDER / language / "LC_MESSAGES" / "kit.po"
    return NOTEBOOKS / "locale" / language / f"{name}.po"


def update() -> list[Path]:
    """Merge today's texts into every catalogue file and return the files; translations stay.

    A new text comes in empty, or with the nearest old translation marked fuzzy; a text
    that is gone is kept at the end of the file as obsolete. Nothing in the files
    depends on the day or on line numbers.
    """
    written = []
    for name, texts in extract().items():
        template = Catalog()
        for text, files in texts.items():
            template.add(text, locations=[(file, 0) for file in files])
        for language in LANGUAGES:
            if language != SOURCE:
                messages = read(place(name, language), language)
                messages.update(template)
                write(place(name, language), messages, language)
                written.append(place(name, language))
    return written


def unfinished() -> list[str]:
    """What keeps the catalogues from being whole, one line each: missing, fuzzy, stale, obsolete."""
    lines = []
    texts = extract()
    for language in (code for code in LANGUAGES if code != SOURCE):
        for name, wanted in texts.items():
            po = place(name, language)
            if not po.exists():
                lines.append(f"{po.name} ({language}): there is no such file")
                continue
            messages = read(po, language)
            known = {_key(m): m for m in messages if m.id}
            lines += [_line(po, language, "missing", text) for text in wanted if text not in known]
            lines += [_line(po, language, "stale", text) for text in known if text not in wanted]
            lines += [_line(po, language, "obsolete", _key(m)) for m in messages.obsolete.values()]
            for text, message in known.items():
                said = message.string if isinstance(message.string, tuple | list) else (message.string,)
                if message.fuzzy:
                    lines.append(_line(po, language, "fuzzy", text))
                elif not all(part and part.strip() for part in said):
                    lines.append(_line(po, language, "not translated", text))
        folders = {place(name, language).parent for name in texts}
        known_files = {place(name, language) for name in texts}
        strays = sorted(p for folder in folders for p in folder.glob("*.po") if p not in known_files)
        lines += [f"{p.name} ({language}): belongs to no notebook" for p in strays]
    return lines


def _key(message: Message) -> Text:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _line(po: Path, language: str, what: str, text: Text) -> str:
    first = text if isinstance(text, str) else text[0]
    return f"{po.name} ({language}): {what}: {' '.join(first.split())[:60]}"


def main() -> int:
    """Bring the catalogues up to date and say what is left to translate: `make catalogues`."""
    update()
    left = unfinished()
    sys.stdout.write("".join(f"{line}\n" for line in left or ["nothing is left to translate"]))
    return min(len(left), 1)


if __name__ == "__main__":
    sys.exit(main())
