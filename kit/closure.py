"""Which files a module's answers depend on: everything of the kit that its imports reach.

A stored result is right as long as the code that made it is the same. `files` names that code,
`digest` gives it one short name, and `imported_by` says what a notebook's cell asks for. Imports
inside functions count; so do the packages on the way, and the tables (CSV, JSON …) beside a module.
What is imported under a name worked out at run time is not seen: the caller names it.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
#: kinds of files that a module reads from its own folder
DATA = frozenset({".csv", ".json", ".tsv", ".txt", ".yml"})
# To parse every module takes a second; what looks like an import is found at once, and only that is parsed.
# A sentence of a docstring that looks like one makes a closure wider, never narrower.
_IMPORT = re.compile(r"^[ \t]*((?:from[ \t]+[.\w]+[ \t]+)?import[ \t]*(?:\([^)]*\)|[^\n]*))", re.MULTILINE)
_BARE = re.compile(r"^[ \t]*import[ \t]+kit\b(?!\.)", re.MULTILINE)


def files(*modules: str) -> tuple[Path, ...]:
    """Every file of the kit that `modules` (such as "kit.metrics.timing") depend on, themselves included.

    >>> [path.name for path in files("kit.errors")]
    ['__init__.py', 'errors.py', 'threads.py', 'version.py']
    """
    _tree.cache_clear()
    found: set[Path] = set()
    waiting = [module for name in modules for module in _with_packages(name)]
    while waiting:
        path = _path(waiting.pop())
        if path is not None and path not in found:
            found.add(path)
            waiting += _imports(path)
    beside = {data for path in found if path.parent != ROOT for data in path.parent.iterdir()}
    return tuple(sorted(found | {path for path in beside if path.suffix in DATA}))


def digest(*modules: str) -> str:
    """SHA-256 of all files that `modules` depend on: another one as soon as any of them changed."""
    return digest_of(files(*modules))


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 of files of the kit, with their places."""
    whole = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        whole.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def importers(module: str) -> tuple[str, ...]:
    """The modules of the kit that import `module` themselves."""
    _tree.cache_clear()
    word = module.rpartition(".")[2]
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if word in path.read_text(encoding="utf-8") and module in _imports(path) and _module(path) != module:
            found.append(_module(path))
    return tuple(found)


def imported_by(source: str) -> list[str]:
    """The kit's modules that a piece of code asks for, such as a cell of a notebook.

    >>> imported_by("from kit.metrics import accounts")
    ['kit.metrics.accounts']
    """
    _tree.cache_clear()
    try:
        tree = ast.parse("\n".join(map(_without_magic, source.splitlines())))
    except SyntaxError:  # nothing can be told of it, and it cannot run either
        return sorted(name for path in ROOT.rglob("*.py") for name in [_module(path)])
    nodes = list(ast.walk(tree))
    found = {name for node in nodes for name in _asked(node, "")}
    found |= {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _path(node.value)
    }
    return sorted(found | set(_used(nodes)))


def _without_magic(line: str) -> str:
    """A line of a cell as Python reads it: commands of IPython are none of ours."""
    return "" if line.lstrip().startswith(("%", "!", "?")) else line


def _used(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Modules that are reached as attributes of the package: `kit.show`, `kit.figures.style`."""
    nodes = list(nodes)
    aliases = [alias for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    called = {
        a.asname or "kit" for a in aliases if a.name == "kit" or (a.name[:4] == "kit." and not a.asname)
    }
    dotted = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and id(node) not in dotted:  # the longest: kit.figures.style
            first, *rest = _chain(node) or [""]
            if first in called:
                yield from _public(".".join(rest))
    if any(isinstance(node, ast.Name) and node.id in called and id(node) not in dotted for node in nodes):
        yield from _public("*")  # handed on whole: anything may be taken from it


def _chain(node: ast.expr) -> list[str]:
    """["kit", "figures", "style"] of `kit.figures.style`; nothing where it does not begin with a name."""
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return [*before, node.attr] if before else []
    return [node.id] if isinstance(node, ast.Name) else []


def _public(name: str) -> Iterator[str]:
    """The modules behind `name` of the package itself: a module, or one of its public names."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if _path(module := ".".join(["kit", *parts[:length]])):
            yield module
            return
    homes = _homes((ROOT / "__init__.py").read_text(encoding="utf-8"))
    for public in homes if name == "*" else parts[:1]:
        yield from homes.get(public, ())


@functools.lru_cache(maxsize=8)
def _homes(source: str) -> dict[str, tuple[str, ...]]:
    """Public name of the package -> the modules that it needs: where it lives, or what its function imports."""
    homes: dict[str, tuple[str, ...]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            homes[node.name] = tuple(name for inner in ast.walk(node) for name in _asked(inner, "kit"))
        for inner in ast.walk(node) if isinstance(node, ast.If) else ():  # TYPE_CHECKING
            if isinstance(inner, ast.ImportFrom):
                homes |= dict.fromkeys(
                    (a.name for a in inner.names), tuple(dict.fromkeys(_asked(inner, "kit")))
                )
    return homes


def _asked(node: ast.AST, package: str) -> Iterator[str]:
    """The kit's modules that an import names; `package` is where it stands, for relative ones."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name != "kit" and _path(alias.name))
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names if _path(base) else ():
            if _path(f"{base}.{alias.name}"):
                yield f"{base}.{alias.name}"
            elif base != "kit":
                yield base
            else:
                yield from _public(alias.name)


def _imports(path: Path) -> list[str]:
    """What a module of the kit imports, at any depth, with the packages that lie on the way."""
    if path == ROOT / "__init__.py":  # its public names are read on first use: `_public` follows them
        body = ast.parse(path.read_text(encoding="utf-8")).body
        return [name for node in body for name in _asked(node, "kit")]
    stat = path.stat()
    return [
        module for name in _found(path, stat.st_mtime_ns, stat.st_size) for module in _with_packages(name)
    ] + _with_packages(_module(path))


@functools.lru_cache(maxsize=2048)
def _found(path: Path, _changed: int, _size: int) -> tuple[str, ...]:
    text = path.read_text(encoding="utf-8")
    package = _module(path) if path.name == "__init__.py" else _module(path).rpartition(".")[0]
    if _BARE.search(text):
        nodes = list(ast.walk(ast.parse(text)))
        return tuple(dict.fromkeys([n for node in nodes for n in _asked(node, package)] + list(_used(nodes))))
    found: dict[str, None] = {}
    for statement in _IMPORT.findall(text):
        with contextlib.suppress(SyntaxError):
            found |= dict.fromkeys(n for node in ast.parse(statement).body for n in _asked(node, package))
    return tuple(found)


def _with_packages(module: str) -> list[str]:
    """["kit", "kit.metrics", "kit.metrics.timing"]: importing a module runs the packages it lies in."""
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _module(path: Path) -> str:
    parts = ["kit", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path:
    """The file of a module of the kit."""
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(f"the kit has no module '{module}'")
    return path


def _path(module: str) -> Path | None:
    """The file of a module of the kit; None where there is none of this name."""
    return _tree(ROOT).get(module)


@functools.lru_cache(maxsize=1)
def _tree(root: Path) -> dict[str, Path]:
    """Every module of the kit with its file; looked for again at each question from outside."""
    found: dict[str, Path] = {}
    for folder, _folders, names in os.walk(root):
        package = "kit" + folder[len(str(root)) :].replace(os.sep, ".")
        for name in names:
            if name.endswith(".py") and name != "__init__.py":
                found.setdefault(f"{package}.{name[:-3]}", Path(folder, name))
        if "__init__.py" in names:  # a package goes before a module of its name
            found[package] = Path(folder, "__init__.py")
    return found
