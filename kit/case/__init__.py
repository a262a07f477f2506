"""A case: exports in, tables out, every record accounted for; the only door to the data.

`open("sample")` builds the case of a report, or takes the built one when nothing
changed, and gives a `Case`. All data comes out through `case.sql`, in the edition
it was opened with: the public edition has no column that names or quotes people.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from kit import edition as editions
from kit import locale
from kit.case import asking, coarse, derived, known, memo, pseudonyms, seal, write
from kit.case.build import build, connect
from kit.case.stage import digest, stamp, unchanged, write_json
from kit.errors import BusyError, MetricError, OutputError, nearest
from kit.report import CODE, READ, Report, home, load
from kit.schema import DERIVED, GROUPS, TABLES, group_order
from kit.schema.behind import set_aside
from kit.schema.times import LOCAL_DAY
from kit.version import __version__

VIEWS = ("all_posts", *TABLES)  # what a query can name
_CALLED = " UNION ".join(
    f"SELECT {column} FROM {view} SEMI JOIN asked ON asked.called = {column}"
    for view, column in (
        ("accounts", "pseudonym"),
        ("all_posts", "account_id"),
        ("all_posts", "target_account_id"),
        ("all_posts", "reposted_account_id"),
        ("mentions", "account_id"),
        ("roster", "account_id"),
    )
)
AGAINST = ("control", "repliers")  # who can stand as the control
_NO_COLUMN = re.compile(r'(?:Referenced column|a column named) "(\w+)"')  # as DuckDB says it
_TABLES = {f"{view}/{table}.parquet" for view in write.VIEWS for table in TABLES}
#: what the manifest of a case holds, and the kind of each
_MANIFEST: dict[str, type] = {
    "kit": str,
    "stamp": dict,
    "content": str,
    "inputs": list,
    "set_aside": list,
    "warnings": list,
    "tables": dict,
    "key": str,
}


@dataclass(frozen=True)
class Case:
    """A case opened in one edition and language: what `kit.open` returns, and what every metric asks.

    Attributes
    ----------
    report : Report
        The report file as it was read.
    edition : {"public", "internal"}
        What may be seen; the public one has no columns that name or quote people.
    language : str
        The language in which things are shown.
    groups : list of str
        The groups present, of studied, control and context.
    clock : str
        The time zone in which hours and days are counted.
    filters : dict
        What `where` narrowed it to.

    Examples
    --------
    >>> case.sql("SELECT platform, count(*) AS posts FROM posts GROUP BY 1 ORDER BY 1")
       platform  posts
    0  facebook    292
    1         x    963
    2   youtube     91
    >>> accounts.silent_accounts(case.where(platform="facebook"))[["group", "n"]]
         group   n
    0  studied  24
    1  control  12
    2  context  23
    """

    report: Report
    folder: Path
    edition: str
    language: str
    manifest: dict[str, Any]
    filters: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    left_out: tuple[known.Cell, ...] = ()  # posts of exports that could not tell what is asked (`telling`)
    against: str = (
        "control"  # who stands as the control: those labelled so, or the other `repliers` (`beside`)
    )

    def __post_init__(self) -> None:
        editions.check(self.edition)  # by whatever way a case is made
        editions.opened.add(self.edition)

    def __getattribute__(self, name: str) -> Any:
        if name == "language":  # a notebook that asks is run for each language
            READ.add(name)
        return object.__getattribute__(self, name)

    @property
    def view(self) -> str:
        """Which tables are seen: `internal`, `public` (coarse), or `exact`, with which the kit's metrics count in public."""
        return self.edition

    def _exact(self) -> Case:
        """This case as the kit's own metrics see it: in public without names and texts, with exact numbers and times.

        What they answer passes the disclosure step; a query of anybody else's sees the coarse tables (`kit.case.coarse`).
        """
        return self._as(_Exact) if self.edition == "public" else self

    def _as(self, kind: type[Case], **changed: Any) -> Case:
        """This case once more, as `kind`, with some of its fields changed; its language is handed on, not asked for."""
        held = {f.name: object.__getattribute__(self, f.name) for f in fields(Case)}
        return kind(**held | changed)

    @property
    def name(self) -> str:
        """Name of the report."""
        return self.report.name

    @property
    def clock(self) -> str:
        """The named time zone in which hours and days are counted."""
        return self.report.clock

    @property
    def seed(self) -> int:
        """Seed of everything random: the same for the same exports."""
        return int(self.manifest["content"][:8], 16)

    @property
    def parts_read(self) -> list[str]:
        """The parts of the report file that were read beside the case (see `kit.report.PARTS`), and `language`."""
        return sorted(READ | ({"language"} if locale.said_aloud() else set()))

    @property
    def groups(self) -> list[str]:
        """Groups present, in the order studied, control, context."""
        present = set(
            self._exact().sql("""SELECT "group" FROM accounts
                        UNION SELECT "group" FROM all_posts WHERE account_key IS NULL""")["group"]
        )
        return [g for g in GROUPS if g in present]

    def sql(
        self, query: str, *, tables: dict[str, pd.DataFrame] | None = None, **parameters: Any
    ) -> pd.DataFrame:
        """Answer `query` (DuckDB's SQL) over the tables of `kit.schema` as a DataFrame.

        `posts` holds the posts inside the report's period, `all_posts` every post.
        `tables` are further ones by name, such as those of `derived`. Values go in as
        `$name` parameters. Columns a public edition does not have are errors there, not blanks.
        """
        key = memo.question(self._scope(), query, parameters)
        return memo.once(None if tables else key, lambda: self._asked(query, tables or {}, parameters))

    def _asked(self, query: str, tables: dict[str, pd.DataFrame], parameters: dict[str, Any]) -> pd.DataFrame:
        connection = _connection(*self._scope()).cursor()
        try:
            for name, table in tables.items():
                connection.register(name, table)
            asking.check(connection, query, {*VIEWS, *tables})
            used = {k: v for k, v in parameters.items() if re.search(rf"\${re.escape(k)}\b", query)}
            return connection.execute(query, used or None).df()
        except duckdb.Error as error:
            what = str(error).splitlines()[0].rstrip("!.")
            raise MetricError(what, hint=_sql_hint(what, query, self.edition)) from None
        finally:
            connection.close()

    def _scope(self) -> tuple[Any, ...]:
        """What a connection sees, and so whatever an answer depends on besides the question."""
        editions.check(self.edition)  # again: it may have been changed by force
        narrowed = (coarse.in_period(self.report), tuple(self.filters.items()), self.left_out)
        return self.folder, self.view, *narrowed, self.against, self._content()

    def _content(self) -> tuple[str, str]:
        return self.manifest["content"], str(self.manifest["stamp"])

    def derived(self, name: str, **settings: Any) -> pd.DataFrame:
        """The table `name` of `kit.schema.DERIVED`, made with `settings`: of the whole case, whatever its filters.

        It is made at the first call and kept beside the case. `sql(…, tables={name: …})` joins it.
        """
        derived.check(name)
        path = self._place(name, settings)

        def made() -> pd.DataFrame:
            editions.check(self.edition)
            with lock(path.parent, path.stem, wait=True):
                # the one reader of names and texts in a public run: what it makes holds neither (kit.schema.DERIVED)
                whole = _connection(
                    self.folder, "internal", coarse.in_period(self.report), (), (), "control", self._content()
                )
                read = derived.reader(whole.cursor(), derived.before(name, self._exact().derived))
                return derived.produced(path, name, read, derived.settings_of(name, self.report, settings))

        table = memo.once(path, made)
        unseen = {c.name for c in DERIVED[name] if c.coarse == "unseen"} if self.view == "public" else set()
        return table[[c for c in table if c not in unseen]] if unseen else table

    def _place(self, name: str, settings: dict[str, Any]) -> Path:
        content = [self.manifest["content"], self.manifest["stamp"]]
        return derived.path_of(self.folder, content, name, self.report, settings)

    def accounts_called(self, names: Iterable[str]) -> list[str]:
        """Which of these are what the edition calls an account of the whole case, whatever its filters."""
        asked = pd.DataFrame({"called": pd.array(sorted(set(names)), "string")})
        connection = _connection(*self._scope()[:3], (), (), "control", self._content()).cursor()
        try:
            connection.register("asked", asked)
            return [name for (name,) in connection.execute(_CALLED).fetchall()]
        finally:
            connection.close()

    def lacking(self, *names: str) -> list[str]:
        """Which of these derived tables, and of those worked out before them, are still to be made, in order.

        With the settings that they have by default; what takes a setting that only a metric knows is left out.
        """
        able = [name for name in derived.in_order(names) if not derived.unsettled(name, self.report)]
        return [name for name in able if not seal.kept(self._place(name, {}))]

    def prepare(self, *names: str) -> None:
        """Make the derived tables that are `lacking`, before a notebook asks for them."""
        for name in self.lacking(*names):
            self.derived(name)

    def where(self, **filters: Any) -> Case:
        """The same case narrowed to rows whose columns hold these values.

        `case.where(platform="x", group=["studied", "control"])`. A filter applies to accounts
        and to posts where they have that column; what stands in a post follows its post. In public a
        column that is told in classes filters nothing.
        `None` stands for rows where nothing is known.
        """
        known = {
            c.name
            for t in ("accounts", "posts")
            for c in TABLES[t]
            if self.edition == "internal" or not (c.private or c.coarse in ("moment", "class", "unseen"))
        }
        new = dict(self.filters)
        for name, value in filters.items():
            if name not in known:
                raise MetricError(f"cannot filter on '{name}'", hint=nearest(name, known))
            values = tuple(value) if isinstance(value, (list, tuple, set, frozenset)) else (value,)
            new[name] = tuple(v for v in values if name not in self.filters or v in self.filters[name])
        return self._as(type(self), filters=new)

    def beside(self, against: str) -> Case:
        """The same case with other accounts as its group `control`: those labelled so, or the other `repliers`.

        Repliers are the accounts of the context, outside the roster, that answer in the period a post which studied
        accounts answer too: they speak in the same place at the same time. The labelled control is then context.
        """
        if against not in AGAINST:
            raise MetricError("unknown group to compare with", found=against, hint=nearest(against, AGAINST))
        return self._as(type(self), against=against)

    def whole(self) -> Case:
        """The same case without the filters of `where`, and with every export."""
        language = object.__getattribute__(self, "language")
        return type(self)(self.report, self.folder, self.edition, language, self.manifest)

    def knows(self, name: str, *, group: str | None = None, platform: str | None = None) -> bool:
        """Whether the exports could tell what `name` says, of a group or a platform; else nothing found is no answer.

        `name` is a column of posts or accounts (`posts.reply_to_id`, also one that the case works out, such as
        `posts.target_key`), a table (`posts`, `links`, `accounts`), `accounts.listed` (accounts that need not have
        posted), or what the report gives (`report.roster`). Filters on group, platform and file hold here too.

        >>> case.knows("posts.reply_to_id", group="studied"), case.knows("mentions")
        (True, False)
        """
        if name.startswith("report."):
            return known.given(self.report, name)
        if name == "placements" and any(
            self.report.media.indexes
        ):  # the researcher says which post shows a file
            return True
        told = self._told(name)
        for column, value in (("group", group), ("platform", platform)):
            told = told if value is None else told[told[column] == value]
        if name == "placements" and not told["tells"].any():
            return self._places(group, platform)
        return bool(told["tells"].any())

    def _places(self, group: str | None, platform: str | None) -> bool:
        """Whether items were found on the posts of a group, be it that their links lead to videos."""
        found = self.sql(
            """SELECT count(*) AS n FROM media_placements JOIN all_posts USING (post_key)
               WHERE "group" = coalesce($group, "group") AND platform = coalesce($platform, platform)""",
            tables={"media_placements": self.derived("media_placements")},
            group=group,
            platform=platform,
        )
        return bool(found["n"].iloc[0])

    def telling(self, *names: str) -> Case:
        """The same case without the posts of exports that could not tell one of `names`, where others of the group could.

        What is a share of all posts speaks then of those of which it could be known. A group of which
        no export could tell keeps its posts: its numbers are not recorded, whatever they are.
        """
        parts = [self._told(name) for name in names]
        told = set.intersection(
            *({str(group) for group in part.loc[part["tells"], "group"]} for part in parts)
        )
        left_out = tuple(cell for cell in known.lacking(parts) if cell.group in told)
        if not left_out:
            return self
        return self._as(type(self), left_out=left_out)

    def _told(self, name: str) -> pd.DataFrame:
        """What `known.told` says of a column, for the rows that the filters leave."""
        key = memo.question((*self._scope(), "known"), name, {})  # asked anew for every setting of a finding
        told = memo.once(key, lambda: known.told(self.sql("SELECT * FROM known"), name))
        for column in {"source_file", "group", "platform"} & set(self.filters):
            told = told[told[column].isin(self.filters[column])]
        return told

    def summary(self) -> pd.DataFrame:
        """What the case holds: accounts, posts and time span by group and platform."""
        table = self._exact().sql(
            f"""
            WITH dated AS (SELECT *, {LOCAL_DAY} AS day FROM posts)
            SELECT "group", platform, count(DISTINCT account_key) AS accounts,
                   count(DISTINCT account_key) FILTER (post_key IS NOT NULL) AS posting_accounts,
                   count(post_key) AS posts, min(day) AS first_day, max(day) AS last_day,
                   any_value(doers) AS posts__people, any_value(largest) AS posts__largest,
                   count(DISTINCT account_key) FILTER (day = first) AS first_day__people,
                   count(DISTINCT account_key) FILTER (day = last) AS last_day__people
            FROM (SELECT *, min(day) OVER w AS first, max(day) OVER w AS last, max(each) OVER w AS largest,
                         count(DISTINCT account_key) FILTER (post_key IS NOT NULL) OVER w AS doers
                  FROM (SELECT *, count(post_key) OVER (PARTITION BY "group", platform, account_key) AS each
            FROM (SELECT a."group", a.platform, account_key, p.post_key, p.day
                  FROM accounts a LEFT JOIN dated p USING (account_key)
                  UNION ALL SELECT "group", platform, NULL, post_key, day FROM dated WHERE account_key IS NULL))
                  WINDOW w AS (PARTITION BY "group", platform))
            GROUP BY 1, 2 ORDER BY {group_order()}, 2""",
            clock=self.clock,
        )
        table = set_aside(table, ["group", "platform"])
        table.attrs |= {
            "name": "summary",
            "metric": "case.summary",
            "title": locale.N_("The data in this case"),
            # all but few of one platform and of another: together more silent ones than the group's own words allow
            "wordless": ("posting_accounts",),
            "filters": dict(self.filters),
            "adds_up": [
                {"column": column, "by": ["group"], "whole": whole, "rows": len(table)}
                for column, whole in (
                    ("accounts", "accounts|{group}"),
                    ("posting_accounts", "accounts|{group}|posting"),
                )
            ],
        }
        return table


class _Exact(Case):
    """A public case inside the kit's own metrics: see `Case._exact`."""

    @property
    def view(self) -> str:
        """The tables without names and texts, with exact numbers and times."""
        return "exact"


def _sql_hint(what: str, query: str, edition: str) -> str:
    """What to do about an error of SQL: a column that the public edition lacks, or the nearest one that it has."""
    if not (found := _NO_COLUMN.search(what)):
        return ""
    unseen = {
        c.name: c.private
        for table in TABLES.values()
        for c in table
        if edition == "public" and (c.private or c.coarse == "unseen")
    }
    if found[1] in unseen:
        what = "name or quote people" if unseen[found[1]] else "single an account out"
        return f"Columns that {what} need the internal edition."
    asked = [name for name in TABLES if re.search(rf"\b(?:all_)?{name}\b", query)]
    return nearest(found[1], {c.name for name in asked for c in TABLES[name]} - unseen.keys())


def open(report: str | Path | Report, *, edition: str | None = None, language: str | None = None) -> Case:
    """Open the case of `report`, building or refreshing it when its exports changed.

    `edition` is public (default) or internal; `language` one of the report's. `kit run` says both in
    $DAYLIGHT_EDITION and $DAYLIGHT_LANGUAGE. A process that was started for the public edition cannot open
    the internal one (`kit.edition`).
    """
    edition = editions.of(edition)
    report = report if isinstance(report, Report) else load(report)
    language = language or os.environ.get("DAYLIGHT_LANGUAGE") or report.languages[0]
    if language not in locale.LANGUAGES:
        raise MetricError("unknown language", found=language, hint=nearest(language, locale.LANGUAGES))
    locale.use(language)
    folder = case_folder(report)
    read = set(READ)  # what the case itself is made of stands in its own stamp
    with lock(folder.parent, folder.name, wait=True):
        manifest = _built(report, folder) or _rebuild(report, folder)
    READ.intersection_update(read)
    return Case(report, folder, edition, language, manifest)


def case_folder(report: Report) -> Path:
    """Where the case of `report` is built; reports outside the project keep it beside their pages."""
    inside = report.folder.parent == (home() / "reports").resolve()
    return home() / "data" / "cases" / report.name if inside else report.out / "case"


@contextmanager
def lock(folder: Path, name: str, *, wait: bool, what: str = "") -> Iterator[None]:
    """Hold `folder/name.lock`; a second holder waits, or is told who works on `what`."""
    path = folder / f".{name}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise OutputError(
            f"cannot write here ({error.strerror})",
            where=str(folder),
            hint="Choose a folder you can write to.",
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise BusyError(
                f"'{what or name}' is being worked on by {holder}", hint="Wait until it has finished."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def _sources() -> str:
    """SHA-256 of the code that decides what a case holds."""
    package = CODE / "kit"
    files = [
        package / "schema" / "model.py",
        package / "schema" / "tables.py",
        package / "schema" / "vocabulary.py",
        package / "ids.py",
        *sorted(package.glob("case/*.py")),
        *sorted(package.glob("loaders/**/*.py")),
        *sorted(package.glob("loaders/**/*.csv")),
    ]
    whole = hashlib.sha256()
    for path in files:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def _stamp(report: Report) -> dict[str, Any]:
    beside = report.folder / pseudonyms.BESIDE
    named = {"names": digest(beside.read_bytes())} if beside.is_file() else {}
    return {"code": _sources(), "report": digest(_case_part(report)), "inputs": stamp(report.exports)} | named


def _case_part(report: Report) -> list[Any]:
    """The parts of a report file that decide what the case holds."""
    return [
        [[e.name, sorted(e.options.items(), key=str)] for e in report.exports],
        [report.labels, report.roster, report.events, report.start, report.end, report.clock],
    ]


def _built(report: Report, folder: Path) -> dict[str, Any] | None:
    """The manifest of a case that is whole and still fits the report; else None."""
    manifest = _manifest(folder)
    if manifest is None or manifest["stamp"] != json.loads(json.dumps(_stamp(report), default=str)):
        return None
    if manifest["tables"].keys() != _TABLES or not seal.all_hold(folder, manifest["tables"]):
        return None
    pseudonyms.key_of(report, expected=manifest["key"])
    return manifest


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of the case in `folder` as it was written; None where there is none or a sign of it is another."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        sealed = manifest.pop("sha256")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    whole = sealed == _hash_of(manifest) and manifest.keys() == _MANIFEST.keys()
    return manifest if whole and all(isinstance(manifest[k], kind) for k, kind in _MANIFEST.items()) else None


def _hash_of(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _rebuild(report: Report, folder: Path) -> dict[str, Any]:
    """Build into a new folder, commit it by its manifest, then put it in place."""
    expected = _old_key(folder)
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    stamped = json.loads(json.dumps(_stamp(report), default=str))  # of what is about to be read
    key = pseudonyms.key_of(report, expected=expected)
    try:
        new.mkdir(parents=True)
        staged = build(report, new, key)
        unchanged(stamped["inputs"], report.exports)
        tables = {p.relative_to(new).as_posix(): seal.of(p) for p in sorted(new.rglob("*.parquet"))}
        manifest = {
            "kit": __version__,
            "stamp": stamped,
            "content": digest([[e["name"], e["sha256"]] for e in staged.inputs]),
            "inputs": staged.inputs,
            "set_aside": staged.set_aside,
            "warnings": staged.warnings,
            "tables": tables,
            "key": pseudonyms.fingerprint(key),
        }
        write_json(new / "manifest.json", manifest | {"sha256": _hash_of(manifest)})
        _put(new, folder)
    except (OSError, duckdb.IOException) as error:
        hint = "Free some space, or choose another folder with DAYLIGHT_HOME."
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise OutputError(f"cannot write the case ({reason})", where=str(folder), hint=hint) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return json.loads(json.dumps(manifest))


def _old_key(folder: Path) -> str | None:
    """The fingerprint of the key that the old case was built with: None without one, empty where it cannot be told."""
    if not (folder / "manifest.json").exists():
        return None
    manifest = _manifest(folder)
    return manifest["key"] if manifest else ""


def _put(new: Path, final: Path) -> None:
    """Replace `final` by `new`: readers see the old whole, nothing, or the new whole."""
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    derived.carry(final, new)
    if final.exists():
        os.rename(final, old)
    os.rename(new, final)
    shutil.rmtree(old, ignore_errors=True)


@functools.lru_cache(maxsize=8)
def _connection(
    folder: Path,
    view: str,
    period: str,
    filters: tuple[tuple[str, tuple[Any, ...]], ...],
    left_out: tuple[known.Cell, ...],
    against: str,
    content: tuple[str, ...],
) -> duckdb.DuckDBPyConnection:
    """A connection that sees only the tables of one view, narrowed by the filters; kept while in use."""
    spill, tables = folder / "spill", folder / view
    con = connect(spill, tables)
    for table in TABLES:
        name, source = "all_posts" if table == "posts" else table, _parquet(tables, table)
        if against == "repliers":
            source = _regrouped(con, table, source, tables, period)
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM {source} {_narrow(dict(filters), left_out, table)}")
    if view == "public":  # its times are cut, so that each post says whether it lies in the period
        con.execute("ALTER VIEW all_posts RENAME TO every_post")
        con.execute("CREATE VIEW all_posts AS SELECT * EXCLUDE (in_period) FROM every_post")
        con.execute("CREATE VIEW posts AS SELECT * EXCLUDE (in_period) FROM every_post WHERE in_period")
    else:
        con.execute(f"CREATE VIEW posts AS SELECT * FROM all_posts t WHERE {period}")
    con.execute("SET allowed_directories=$1", [[str(tables), str(spill)]])
    con.execute("SET enable_external_access=false")
    con.execute("SET lock_configuration=true")
    return con


def _parquet(folder: Path, table: str) -> str:
    """SQL that reads a table of a view."""
    path = str(folder / f"{table}.parquet").replace("'", "''")
    return f"read_parquet('{path}')"


def _regrouped(con: duckdb.DuckDBPyConnection, table: str, source: str, tables: Path, period: str) -> str:
    """SQL of a table with the other repliers as its control, and the labelled control as context."""
    if not any(c.name == "group" for c in TABLES[table]):
        return source
    con.execute(
        _REPLIERS.format(period=period, posts=_parquet(tables, "posts"), roster=_parquet(tables, "roster"))
    )
    own = "account_key IN (SELECT account_key FROM repliers)" if table != "known" else "\"group\" = 'context'"
    group = f"CASE WHEN \"group\" = 'studied' THEN 'studied' WHEN {own} THEN 'control' ELSE 'context' END"
    return f'(SELECT * REPLACE ({group} AS "group") FROM {source})'


_REPLIERS = """
    CREATE TABLE IF NOT EXISTS repliers AS
    WITH t AS (SELECT * FROM {posts}), answers AS (SELECT * FROM t WHERE is_reply AND reply_to_key IS NOT NULL AND {period})
    SELECT DISTINCT account_key FROM answers
    WHERE "group" = 'context' AND account_key IS NOT NULL AND reply_to_key IN (SELECT reply_to_key FROM answers WHERE "group" = 'studied')
      AND account_key NOT IN (SELECT account_key FROM {roster} WHERE account_key IS NOT NULL)"""


def _narrow(filters: dict[str, tuple[Any, ...]], left_out: tuple[known.Cell, ...], table: str) -> str:
    """SQL of the filters for one table; tables that hang on posts follow their posts."""
    if not filters and not left_out:
        return ""
    own = {c.name for c in TABLES[table]}
    if table in ("links", "hashtags", "mentions", "placements"):
        return "WHERE post_key IN (SELECT post_key FROM all_posts)"
    if table not in ("accounts", "posts"):
        return ""
    parts = [f"({_equals(name, values)})" for name, values in filters.items() if name in own]
    for cell in left_out if table == "posts" else ():
        held = zip(cell._fields, cell, strict=True)
        parts.append("NOT (" + " AND ".join(_equals(name, (value,)) for name, value in held) + ")")
    return "WHERE " + " AND ".join(parts) if parts else ""


def _equals(name: str, values: tuple[Any, ...]) -> str:
    """SQL that holds where column `name` has one of `values`."""
    known = [str(v).lower() if pd.api.types.is_bool(v) else str(v) for v in values if not pd.isna(v)]
    listed = ", ".join("'" + v.replace("'", "''") + "'" for v in known) or "NULL"
    missing = f' OR "{name}" IS NULL' if len(known) < len(values) else ""
    return f'CAST("{name}" AS VARCHAR) IN ({listed}){missing}'


def forget(report: Report) -> list[str]:
    """Remove the case of `report` and everything derived from it; returns what was removed.

    Exports and the report file stay: they are the researcher's.
    """
    removed = []
    folder = case_folder(report)
    with ExitStack() as held:
        held.enter_context(lock(folder.parent, folder.name, wait=False))
        if report.out.is_dir():  # a run would put back what is removed
            held.enter_context(lock(report.out, "run", wait=False, what=report.name))
        for path in (
            folder,
            folder.with_name(f".{folder.name}.new"),
            folder.with_name(f".{folder.name}.old"),
            report.out,
            report.folder / "release",
        ):
            if path.exists():
                shutil.rmtree(path)
                removed.append(str(path))
        if pseudonyms.forget(report):
            removed.append(str(pseudonyms.path_of(report)))
    (folder.parent / f".{folder.name}.lock").unlink(missing_ok=True)
    return removed
