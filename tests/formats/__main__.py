"""Write what reading golden exports gives, to be reviewed: `python -m tests.formats x_v1` or `x_v1/lines`.

A line of expectations is a promise: hold each value against the format's own documentation before it is
committed. What an export shows, its options and whether it is a sample stand in the first line, are written by
hand and are kept; the first good export of a folder becomes its sample.
"""

from __future__ import annotations

import sys

from kit.errors import InputError
from tests import golden


def main(names: list[str]) -> int:
    """Write the expectations of the named folders and exports; one line for each file that changed."""
    chosen = [one for one in golden.goldens() if {one.name, one.export.parent.name} & set(names)]
    if not chosen:
        folders = ", ".join(sorted({one.export.parent.name for one in golden.goldens()}))
        print(f"name a folder or an export; the folders are {folders}", file=sys.stderr)  # noqa: T201
        return 2
    sampled = {one.export.parent for one in golden.goldens() if one.head().get("sample")}
    for one in chosen:
        try:
            lines = golden.read(one)
        except InputError as error:
            hint = "a new format is listed in kit/loaders/__init__.py, or no loader recognises this file"
            print(f"{one.name}: {error} ({hint})", file=sys.stderr)  # noqa: T201
            return 2
        if one.export.parent not in sampled and not any("rejected" in line for line in lines):
            lines[0] = {"sample": True, **lines[0]}
            sampled.add(one.export.parent)
        found = golden.written(lines)
        if not one.expected.exists() or one.expected.read_text(encoding="utf-8") != found:
            one.expected.write_text(found, encoding="utf-8")
            print(f"{one.expected.relative_to(golden.FOLDER)}: written, review it")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
