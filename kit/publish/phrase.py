"""The results of a notebook in another language, or in other words: nothing is run again.

`phrase` makes the stage of one language from what the executed one kept (`kit.notebook.kept`):
a copy of the notebook in which every output that the kit made is said anew. What was said before
with the same code and the same texts of the catalogues is taken as it is, pictures too.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from kit import locale
from kit.case import digest
from kit.publish.parameters import read

if TYPE_CHECKING:
    from kit.notebook.speech import Bundle, Desk

SPOKEN = "spoken.json"
_MADE = {"notebook.ipynb", "key", "manifest.json", SPOKEN}  # files of a stage that each makes for itself


def phrase(job: dict[str, Any]) -> None:
    """Do a job of `kit.publish.execute`: executed, source, folder (the new one), old, language, languages, code."""
    from kit.notebook import kept
    from kit.notebook.speech import Desk
    from kit.publish.render.folder import check

    executed, new, old = (Path(job[name]) for name in ("executed", "folder", "old"))
    language, languages = job["language"], tuple(job["languages"])
    notebook = read(executed / "notebook.ipynb")
    before = [
        _Spoken(folder) for folder in (old, executed) if (folder / SPOKEN).exists() and not check(folder)
    ]
    desk, spoken, outputs = Desk(new, languages), {}, {}
    own = outputs_of(notebook)
    for number in kept.numbers(executed):
        key = key_of(executed, number, job["code"], language, languages)
        found = next((s for s in before if s.holds(number, key)), None)
        if found is not None:
            outputs[number], heard = found.outputs[number], found.about[number]["heard"]
            found.copy(number, executed, new)
        else:
            outputs[number], heard = _said(executed, number, own.get(number, []), language, desk)
        spoken[number] = {"key": key, "heard": heard}
    _put(notebook, outputs)
    notebook["cells"] = list(_with_prose(notebook["cells"], read(Path(job["source"]))["cells"]))
    nbformat.write(notebook, new / "notebook.ipynb")
    (new / SPOKEN).write_text(json.dumps(spoken, indent=1, ensure_ascii=True), encoding="utf-8")
    _copy_others(executed, new)


def key_of(executed: Path, number: int, code: str, language: str, languages: tuple[str, ...]) -> str:
    """What the bundles of a record depend on besides the texts of the catalogues."""
    from kit.notebook import kept

    return digest([kept.content(executed, number), code, language, languages])


def note_spoken(executed: Path, code: str, language: str, languages: tuple[str, ...]) -> list[str]:
    """Write down for an executed stage what its own outputs were said with, so that they can be taken as they are.

    Returns the parts of the report that its notebook read.
    """
    from kit.notebook import kept

    spoken = {
        number: {
            "key": key_of(executed, number, code, language, languages),
            "heard": kept.heard(executed, number),
        }
        for number in kept.numbers(executed)
    }
    (executed / SPOKEN).write_text(json.dumps(spoken, indent=1, ensure_ascii=True), encoding="utf-8")
    return next((r["reads"] for n in reversed(spoken) if "reads" in (r := kept.load(executed, n)[0])), [])


def still_right(folder: Path) -> bool:
    """Whether the catalogues give every text of a stage as they gave it when it was said."""
    try:
        spoken = json.loads((folder / SPOKEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    asked = {(a, b, tuple(c), d) for entry in spoken.values() for a, b, c, d in entry["heard"]}
    return all(locale.still(*one) for one in asked)


class _Spoken:
    """A stage whose outputs may be taken as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = json.loads((folder / SPOKEN).read_text(encoding="utf-8"))
        self.about = {int(number): entry for number, entry in said.items()}
        self.outputs = outputs_of(read(folder / "notebook.ipynb"))

    def holds(self, number: int, key: str) -> bool:
        """Whether the outputs of a record were made under this key, with texts that still hold."""
        entry = self.about.get(number)
        return (
            entry is not None
            and entry["key"] == key
            and number in self.outputs
            and all(locale.still(a, b, c, d) for a, b, c, d in entry["heard"])
        )

    def copy(self, number: int, executed: Path, new: Path) -> None:
        """Copy the files that belong to a record."""
        for name in files_of(executed, number):
            if (self.folder / name).exists():
                (new / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(self.folder / name, new / name)


def files_of(executed: Path, number: int) -> list[str]:
    """The files that a record's bundles come with."""
    from kit.notebook import kept

    record, _table = kept.load(executed, number)
    if record["kind"] != "show":
        return []
    return [f"tables/{record['name']}.csv", f"figures/{record['name']}.png"]


def _said(
    executed: Path, number: int, own: list[Any], language: str, desk: Desk
) -> tuple[list[Any], list[list[Any]]]:
    """The outputs of a record in a language, and the texts they were made of.

    A picture by a function of the researcher's own cannot be drawn again: it stays as it was drawn.
    """
    from kit.notebook import kept
    from kit.notebook.speech import speak

    record, table = kept.load(executed, number)
    with locale.within(language), locale.listening() as heard:
        outputs = [_output(bundle, number) for bundle in speak(record, table, desk)]
    if record.get("own"):
        outputs = [o for o in own if "image/png" in o["data"]] + outputs
        name = f"figures/{record['name']}.png"
        (desk.folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(executed / name, desk.folder / name)
    return outputs, kept.listed(heard)


def _output(bundle: Bundle, number: int) -> Any:
    """A bundle as the output of a cell."""
    data = {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in bundle.data.items()
    }
    metadata = bundle.metadata | {"daylight": {"said": number}}
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)


def _number_of(output: Any) -> int | None:
    return output.get("metadata", {}).get("daylight", {}).get("said")


def outputs_of(notebook: Any) -> dict[int, list[Any]]:
    """The outputs that the kit made, by the number of their record."""
    found: dict[int, list[Any]] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if (number := _number_of(output)) is not None:
                found.setdefault(number, []).append(output)
    return found


def _put(notebook: Any, outputs: dict[int, list[Any]]) -> None:
    """Put the outputs of each record in the place of those it had; others stay."""
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = list(_replaced(cell["outputs"], outputs))


def _replaced(old: list[Any], outputs: dict[int, list[Any]]) -> Iterator[Any]:
    done = set()
    for output in old:
        number = _number_of(output)
        if number is None:
            yield output
        elif number not in done:
            done.add(number)
            yield from outputs[number]


def _with_prose(executed: list[Any], source: list[Any]) -> Iterator[Any]:
    """The executed code cells among the prose that stands in the source now; cells that papermill put in stay."""
    ran = iter([cell for cell in executed if cell["cell_type"] == "code"])
    number = 0
    for cell in source:
        while cell["cell_type"] == "code":
            number, code = number + 1, next(ran)
            yield nbformat.from_dict(code | {"id": f"cell-{number:02d}"})
            if code["source"] == cell["source"]:
                break
        else:
            number += 1
            yield nbformat.from_dict(cell | {"id": f"cell-{number:02d}"})


def _copy_others(executed: Path, new: Path) -> None:
    """Copy whatever else the notebook left: networks, files of its own."""
    for path in sorted(executed.rglob("*")):
        inside = path.relative_to(executed)
        if path.is_file() and inside.parts[0] not in {"said", "tables", "figures", *_MADE}:
            (new / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, new / inside)
