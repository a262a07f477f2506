"""The formats in words: for the terminal, for `docs/formats.md`, and as the table in the README.

All of it is made from what each loader says of its own formats, so that the documents
cannot name a format that is not there or keep silent on one that is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from kit.loaders import FORMATS, Format
from kit.schema import PLATFORMS, platform_name

_WIDTH = 100
#: begin and end of the part of the README that is made from here
MARKERS = ("<!-- formats: made by `make dictionary` -->", "<!-- formats: end -->")
_HEAD = """\
# Formats, and what to keep in mind of each

Made from the loaders by `make dictionary`; edit those, not this page.

A file is recognised by its content, never by its name. It may be packed (gz, bz2, xz, zst, zip) or lie in a folder
with others. `kit inspect FILE` says which of these it is, what it holds and what would be rejected; a table that no
format fits is read by a column map (`columns:` in the report file). *Carries* and *lacks* say what the tool writes,
*keep in mind* what misleads those who do not know it.
"""


def by_platform() -> dict[str, list[Format]]:
    """The formats of each platform in the order of the schema; those of several platforms last, under ''."""
    order = [*PLATFORMS, ""]
    found: dict[str, list[Format]] = {name: [] for name in order}
    for one in FORMATS.values():
        found[one.platform].append(one)
    return {name: formats for name, formats in found.items() if formats}


def heading(platform: str) -> str:
    """A platform's name, or what stands for several."""
    return platform_name(platform) if platform else "Several platforms"


def listing() -> Iterator[str]:
    """Lines for a terminal: each format with its tool, what it carries and what it lacks."""
    for platform, formats in by_platform().items():
        yield heading(platform)
        for one in formats:
            yield f"  {one.name}: {one.title} ({one.tool})"
            yield from _wrapped("carries", one.carries)
            yield from _wrapped("lacks", one.lacks)
            for caveat in one.caveats:
                yield from _wrapped("mind", caveat)


def _wrapped(label: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"    {label:<8}", subsequent_indent=" " * 12, break_on_hyphens=False
    )


def page() -> str:
    """`docs/formats.md`: this text and nothing else."""
    out = [_HEAD]
    for platform, formats in by_platform().items():
        out.append(f"## {heading(platform)}\n")
        for one in formats:
            out.append(f"### {one.title}\n")
            out.append(f"`{one.name}` · {one.table} · {_plain(one.tool)}\n")
            parts = [
                ("Carries", one.carries),
                ("Lacks", one.lacks),
                *(("Keep in mind", d) for d in one.caveats),
            ]
            out += [f"- **{label}:** {_plain(text)}." for label, text in parts if text]
            out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


def summary() -> str:
    """The README's table: a row a platform, with the exports that are read."""
    out = ["| platform | exports that are read |", "| --- | --- |"]
    for platform, formats in by_platform().items():
        tools = "; ".join(dict.fromkeys(_plain(one.title) for one in formats))
        out.append(f"| {heading(platform)} | {tools} |")
    return "\n".join(out)


def put_into(readme: str) -> str:
    """The README with today's table between its two markers."""
    begin, end = MARKERS
    before, _, rest = readme.partition(begin)
    _old, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the README has no place for the table: {begin} … {end}")
    return f"{before}{begin}\n\n{summary()}\n\n{end}{after}"


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, also inside a table."""
    return text.replace("|", "\\|").replace("<", "&lt;").rstrip(".")
