"""Whether two states found the same: findings and tables of two pages, value by value, under the renames.

    .venv/bin/python -m benchmarks.equal BEFORE/out/public/en AFTER/out/public/en [--texts]

Each argument is the folder of a page. What `renames.json` names may be called otherwise; any other
difference is one line, and no line means that all is equal. Sentences and titles may be worded anew:
how many are is said at the end, `--texts` lists them.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RENAMES = Path(__file__).with_name("renames.json")
_WORDED = ("text", "title", "limits")
Renames = dict[str, Any]


def renames(path: Path = RENAMES) -> Renames:
    """What is called otherwise, old to new: findings, metrics (tables are named after them), columns, settings, values.

    `of` has what is renamed only in the table or finding that is called so now.
    """
    return dict(json.loads(path.read_text("utf-8")))


def _called(renamed: Renames, kind: str, name: str = "") -> dict[str, str]:
    return dict(renamed[kind] | renamed["of"].get(name, {}).get(kind, {}))


def differences(before: Path, after: Path, renamed: Renames) -> list[str]:
    """Everything in two folders of pages that is not equal, a line each; words apart."""
    return [*_of_findings(before, after, renamed), *_of_tables(before, after, renamed)]


def told(found: list[str]) -> str:
    """The differences as they are printed."""
    if not found:
        return "\nfindings and tables: equal to those before, value by value"
    return "\n".join([f"\nfindings and tables: {len(found)} differences", *found])


# --- findings ---------------------------------------------------------------------------------


def _of_findings(before: Path, after: Path, renamed: Renames) -> Iterator[str]:
    old = _by_name([_renamed_finding(item, renamed) for item in _findings(before)])
    new = _by_name(_findings(after))
    for name, item in old.items():
        if name not in new:
            yield f"{name}: is gone"
            continue
        for key in sorted((item.keys() | new[name].keys()) - set(_WORDED)):
            then, now = item.get(key), new[name].get(key)
            if then != now:
                yield f"{name}: {key}: {_short(then)} -> {_short(now)}"
    yield from (f"{name}: is new" for name in new if name not in old)


def _findings(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "findings.json").read_text("utf-8")))


def _by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each under notebook, kind, id and group; one that returns is numbered."""
    found, seen = {}, Counter[str]()
    for item in items:
        name = f"{item['notebook']}, {item['kind']} {item['id']} ({item['group']})"
        seen[name] += 1
        found[f"{name} {seen[name]}" if seen[name] > 1 else name] = item
    return found


def _renamed_finding(item: dict[str, Any], renamed: Renames) -> dict[str, Any]:
    kinds = {"id": "findings", "metric": "metrics", "table": "metrics", "unit": "values", "label": "values"}
    new = {
        key: renamed[kinds[key]].get(value, value) if key in kinds else value for key, value in item.items()
    }
    for key in ("settings", "sensitivity", "control"):
        if key in new:
            new[key] = _renamed_settings(new[key], renamed, new["id"], inside=key == "settings")
    return new


def _renamed_settings(value: Any, renamed: Renames, finding: str, *, inside: bool) -> Any:
    """A value of JSON in which names and values of settings, `inside` them, and units are called as now."""
    if isinstance(value, list):
        return [_renamed_settings(one, renamed, finding, inside=inside) for one in value]
    if isinstance(value, dict):
        called = _called(renamed, "settings", finding) if inside else {}
        return {
            called.get(key, key): _renamed_settings(one, renamed, finding, inside=inside or key == "settings")
            for key, one in value.items()
        }
    return renamed["values"].get(value, value) if isinstance(value, str) else value


# --- tables -----------------------------------------------------------------------------------


def _of_tables(before: Path, after: Path, renamed: Renames) -> Iterator[str]:
    there = {path.stem for path in (after / "tables").glob("*.csv")}
    wanted = set()
    for path in sorted((before / "tables").glob("*.csv")):
        name = renamed["metrics"].get(path.stem, path.stem)
        wanted.add(name)
        if name in there:
            yield from _of_table(name, path, after / "tables" / f"{name}.csv", renamed)
        else:
            yield f"table {name}: is gone"
    yield from (f"table {name}: is new" for name in sorted(there - wanted))


def _of_table(name: str, before: Path, after: Path, renamed: Renames) -> Iterator[str]:
    called = _called(renamed, "columns", name)
    values = renamed["findings"] | _called(renamed, "values", name)
    old = [
        {called.get(key, key): _renamed_cell(value, values, renamed, row) for key, value in row.items()}
        for row in _rows(before)
    ]
    new = _rows(after)
    columns, now = _columns(old), _columns(new)
    if old and new and columns != now:
        gone, come = set(columns) - set(now), set(now) - set(columns)
        moved = "" if gone or come else ", in another order"
        yield f"table {name}: columns: without {sorted(gone)}, with {sorted(come)}{moved}"
    if len(old) != len(new):
        yield f"table {name}: {len(old)} rows -> {len(new)}"
        return
    both = [column for column in columns if column in now and column not in _WORDED]
    wrong = [column for column in both if [r[column] for r in old] != [r[column] for r in new]]
    if not wrong:
        return
    if _sorted(old, both) == _sorted(new, both):
        yield f"table {name}: the same rows in another order"
        return
    for column in wrong:
        changed = [(a[column], b[column]) for a, b in zip(old, new, strict=True) if a[column] != b[column]]
        yield f"table {name}: {column}: {len(changed)} of {len(old)} cells, first {_short(changed[0][0])} -> {_short(changed[0][1])}"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def _columns(rows: list[dict[str, str]]) -> list[str]:
    return list(rows[0]) if rows else []


def _sorted(rows: list[dict[str, str]], columns: list[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(row[column] for column in columns) for row in rows)


def _renamed_cell(value: str, values: dict[str, str], renamed: Renames, row: dict[str, str]) -> str:
    """A cell as it is now: settings of a finding in JSON, or a value that is called otherwise."""
    if not value.startswith("{"):
        return values.get(value, value)
    try:
        settings = json.loads(value)
    except ValueError:
        return value
    finding = renamed["findings"].get(row.get("id", ""), row.get("id", ""))
    return json.dumps(_renamed_settings(settings, renamed, finding, inside=True), sort_keys=True)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "..."


# --- words ------------------------------------------------------------------------------------


def reworded(before: Path, after: Path, renamed: Renames) -> list[str]:
    """The sentences and titles of findings that are worded anew, both versions."""
    old = _by_name([_renamed_finding(item, renamed) for item in _findings(before)])
    new = _by_name(_findings(after))
    return [
        f"{name}: {key}:\n  {_short_text(old[name].get(key))}\n  {_short_text(new[name].get(key))}"
        for name in old
        for key in _WORDED
        if name in new and old[name].get(key) != new[name].get(key)
    ]


def _short_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Print what differs; ends with 1 where something does."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument(
        "--texts", action="store_true", help="also list sentences and titles that are worded anew"
    )
    given = parser.parse_args()
    renamed = renames()
    found = differences(given.before, given.after, renamed)
    words = reworded(given.before, given.after, renamed)
    print(told(found).lstrip("\n"))
    print(f"{len(words)} sentences, titles and lists of limits are worded anew")
    if given.texts:
        print("\n".join(words))
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
