"""How fast and in how much memory posts are read, against peers and a floor in the same run.

    .venv/bin/python benchmarks/ingest.py --posts 1e6 --folder /tmp/bench

writes an X information-operations archive of that many synthetic posts (31 columns, every
cell quoted, texts over several lines, doubled quotes, emoji, hashed accounts), reads it with
each method in a process of its own, and prints one table. Then it reads a copy in which 15
records are damaged. Only ratios of one run mean anything: machines differ, and drift.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# all of it here, so that no method is timed while it imports
import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kit import loaders
from kit.case.build import build, connect, identities, views
from kit.case.posts import post_keys
from kit.case.stage import stage
from kit.ids import CLOCKS
from kit.loaders.x_archive import POST, PROFILE
from kit.report import load

HEADER = [
    *("tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location"),
    *("user_profile_description", "user_profile_url", "follower_count", "following_count"),
    *("account_creation_date", "account_language", "tweet_language", "tweet_text", "tweet_time"),
    *("tweet_client_name", "in_reply_to_userid", "in_reply_to_tweetid", "quoted_tweet_tweetid", "is_retweet"),
    *("retweet_userid", "retweet_tweetid", "latitude", "longitude", "quote_count", "reply_count"),
    *("like_count", "retweet_count", "hashtags", "urls", "user_mentions", "poll_choices"),
]
CHUNK = 200_000
POSTS_OF_AN_ACCOUNT = 200
_IDENTIFIER = re.compile(r'"\d{15,19}"')


# --- the export -------------------------------------------------------------------------------


def generate(path: Path, posts: int, *, damaged: int = 0, seed: int = 3) -> None:
    """Write the export; every 4th to 7th of its `damaged` records in another way, spread evenly."""
    assert set(POST) | set(PROFILE) <= set(HEADER)
    random = np.random.default_rng(seed)
    people, texts = _people(random, max(10, posts // POSTS_OF_AN_ACCOUNT)), _texts(random)
    hurt = set((np.arange(damaged) * posts // max(damaged, 1) + posts // (2 * max(damaged, 1))).tolist())
    with path.open("wb") as file:
        file.write((",".join(f'"{name}"' for name in HEADER) + "\n").encode())
        for start in range(0, posts, CHUNK):
            lines = _lines(random, start, min(CHUNK, posts - start), people, texts)
            for number in hurt & set(range(start, start + len(lines))):
                lines[number - start] = _hurt(lines[number - start], sorted(hurt).index(number))
            file.write("".join(lines).encode())


def _words(random: np.random.Generator, count: int) -> np.ndarray:
    letters = np.array(list("etaoinshrdlucmfwypvbgkéàçñшдяприветالحكومة人民政府"))
    return np.array(["".join(random.choice(letters, random.integers(2, 10))) for _ in range(count)])


def _texts(random: np.random.Generator) -> list[str]:
    words, texts = _words(random, 5_000), []
    for _ in range(20_000):
        text, u = " ".join(random.choice(words, random.integers(5, 23))), random.random()
        if u < 0.12:
            text = text.replace(" ", "\n", 2)
        elif u < 0.24:
            text = f'{text} ""{words[0]}""'
        elif u < 0.34:
            text += " \U0001f525, &amp;"
        texts.append(text)
    return texts


def _people(random: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """For each account its identifier and the cells of its profile."""
    words, people = _words(random, 2_000), []
    for _ in range(count):
        account = random.bytes(32).hex()
        name, place, *bio = random.choice(words, 8)
        day = f"20{random.integers(8, 20):02d}-{random.integers(1, 13):02d}-{random.integers(1, 29):02d}"
        followers, following = random.integers(0, 100_000), random.integers(0, 10_000)
        language = random.choice(["en", "fr", "ru", "ar", "zh-cn"])
        cells = [account, name, account, place, " ".join(bio), "", followers, following, day, language]
        people.append((account, ",".join(f'"{cell}"' for cell in cells)))
    return people


def _lines(
    random: np.random.Generator, start: int, count: int, people: list[tuple[str, str]], texts: list[str]
) -> list[str]:
    clock = CLOCKS["x_post"]
    begin = np.datetime64("2019-01-01T00:00", "ms").astype(np.int64) - clock.epoch // 1000
    # a post every three seconds, in disorder by some minutes, as releases are; the number makes it unique
    moments = begin + (np.arange(start, start + count) * 3_000 + random.integers(0, 600_000, count))
    identifiers = moments << clock.shift | np.arange(start, start + count) % 4096
    stamps = (moments + clock.epoch // 1000).astype("datetime64[ms]").astype("datetime64[m]")
    times = [t.replace("T", " ") for t in np.datetime_as_string(stamps).tolist()]
    who = (len(people) * random.random(count) ** 2).astype(int).tolist()
    other = random.integers(0, len(people), count).tolist()
    text = random.integers(0, len(texts), count).tolist()
    kind = random.random(count).tolist()
    earlier = (identifiers - (random.integers(1, 1_000_000, count) << clock.shift)).tolist()
    likes, reposts = random.integers(0, 90, count).tolist(), random.integers(0, 40, count).tolist()
    tags, clients = (
        ["[]", "[one]", "[one, two]", "[deux, trois, 四]"],
        ["Twitter Web Client", "TweetDeck", "IFTTT"],
    )
    lines = []
    for i, identifier in enumerate(identifiers.tolist()):
        profile = people[who[i]][1]
        repost, reply = kind[i] < 0.4, kind[i] > 0.7
        target, parent = people[other[i]][0], earlier[i]
        lines.append(
            f'"{identifier}",{profile},"{profile[-3:-1]}","{"RT @x: " if repost else ""}{texts[text[i]]}","{times[i]}",'
            f'"{clients[i % 3]}","{target if reply else ""}","{parent if reply else ""}","",'
            f'"{"true" if repost else "false"}","{target if repost else ""}","{parent if repost else ""}","","",'
            f'"0","{i % 4}","{likes[i]}","{reposts[i]}","{tags[i % 4]}",'
            f'"{f"[https://example.org/{i % 5000}]" if i % 3 == 0 else "[]"}",'
            f'"{f"[{target}]" if reply else "[]"}",""\n'
        )
    return lines


def _hurt(line: str, number: int) -> str:
    """One record damaged: a NUL inside, four columns short, a quote nobody closes, a column too many."""
    cells = line.rstrip("\n").split('","')
    if number % 4 == 0:
        return line.replace(cells[14], cells[14][:2] + "\0" + cells[14][2:])
    if number % 4 == 1:
        return '","'.join(cells[:-4]) + '"\n'
    if number % 4 == 2:
        return line.replace('","', '"," "', 1)
    return line.rstrip("\n") + ',"one more"\n'


# --- the methods: each reads `source`, writes below `out`, returns the number of rows ----------


def newlines(source: Path, out: Path) -> int:
    """The floor: look once at every byte."""
    count = 0
    with source.open("rb") as file:
        while data := file.read(1 << 24):
            count += int(np.count_nonzero(np.frombuffer(data, np.uint8) == 10))
    return count


def pandas_chunks(source: Path, out: Path) -> int:
    """pandas in chunks of 200,000 rows of text, to one Parquet file."""
    writer, rows = None, 0
    for frame in pd.read_csv(source, dtype=str, chunksize=CHUNK, keep_default_na=False):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        writer = writer or pq.ParquetWriter(out / "pandas.parquet", table.schema, compression="zstd")
        writer.write_table(table)
        rows += len(frame)
    assert writer is not None
    writer.close()
    return rows


def duckdb_copy(source: Path, out: Path) -> int:
    """DuckDB's bare COPY to Parquet: its own guess of the types, nothing checked."""
    con = duckdb.connect()
    con.execute("SET threads=2")
    con.execute("SET enable_progress_bar=false")
    con.execute(
        f"COPY (FROM read_csv('{source}')) TO '{out / 'duckdb.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return con.execute(f"SELECT count(*) FROM '{out / 'duckdb.parquet'}'").fetchall()[0][0]


def kit_keyed(source: Path, out: Path) -> int:
    """Ours: every record proven and typed, to Parquet, with integer keys of accounts and posts."""
    given = load(_report(source))
    staged = stage(given.exports, out)
    con = connect(out, out)
    views(con, out)
    identities(con, given, bytes(32), out)
    post_keys(con)
    return _accounted(staged)


def kit_records(source: Path, out: Path) -> int:
    """Ours record by record, as a damaged or unusual file is read; neither proof nor keys are needed."""
    loaders.FORMATS.update({name: replace(one, bulk=None) for name, one in loaders.FORMATS.items()})
    return _accounted(stage(load(_report(source)).exports, out))


def kit_case(source: Path, out: Path) -> int:
    """Ours to the end: also duplicates, profiles, links, tags, mentions, both editions."""
    return _accounted(build(load(_report(source)), out / "case", bytes(32)))


def _accounted(staged: Any) -> int:
    """Records read; those named in a rejection are among them."""
    return sum(entry["read"] for entry in staged.inputs)


def _report(source: Path) -> Path:
    folder = source.with_suffix(".report")
    folder.mkdir(exist_ok=True)
    text = {
        "title": "Benchmark",
        "exports": [{"path": str(source), "group": "studied"}],
        "notebooks": ["00_intake"],
    }
    (folder / "report.yml").write_text(json.dumps(text), "utf-8")
    return folder


METHODS: dict[str, Callable[[Path, Path], int]] = {
    "floor: count newlines": newlines,
    "pandas chunks to Parquet": pandas_chunks,
    "DuckDB bare COPY": duckdb_copy,
    "kit: staged, proven, keyed": kit_keyed,
    "kit: a whole case": kit_case,
    "kit: record by record": kit_records,
}


# --- the run ----------------------------------------------------------------------------------


def measure(name: str, source: Path) -> dict[str, Any]:
    """Run one method in a process of its own: seconds, processor seconds, peak memory, rows."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=source.parent) as out:
        process = context.Process(target=_child, args=(name, source, Path(out), theirs))
        process.start()
        theirs.close()
        try:
            result = ours.recv()
        except EOFError:
            result = {
                "method": f"{name}: FAILED",
                "seconds": float("nan"),
                "cpu": 0,
                "peak_mib": 0,
                "rows": 0,
            }
        process.join()
    return result


def _child(name: str, source: Path, out: Path, answer: Connection) -> None:
    started, before = time.perf_counter(), time.process_time()
    rows = METHODS[name](source, out)
    seconds = time.perf_counter() - started
    cpu = time.process_time() - before
    answer.send(
        {
            "method": name,
            "seconds": seconds,
            "cpu": cpu,
            "peak_mib": _peak() / 1024,
            "rows": rows,
        }
    )


def _peak() -> int:
    """The most memory this process held, KiB; getrusage would also count the process that started it."""
    return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text()).group(1))  # type: ignore[union-attr]


def table(results: list[dict[str, Any]], posts: int) -> str:
    """The results as Markdown, each time beside those of pandas and DuckDB in the same run."""
    lines = ["| method | s | CPU s | posts/s | × pandas' rate | × DuckDB's time | peak MiB | rows |"]
    lines.append("|---|" + "--:|" * 7)
    at = {one["method"]: one["seconds"] for one in results}
    pandas, duckdb = at.get("pandas chunks to Parquet"), at.get("DuckDB bare COPY")
    for one in results:
        seconds = one["seconds"]
        cells = [
            one["method"],
            f"{seconds:.1f}",
            f"{one['cpu']:.1f}",
            f"{posts / seconds:,.0f}",
            f"{pandas / seconds:.2f}" if pandas else "",
            f"{seconds / duckdb:.2f}" if duckdb else "",
            f"{one['peak_mib']:,.0f}",
            f"{one['rows']:,}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def damaged(source: Path, out: Path) -> dict[str, int]:
    """What becomes of an export with damaged records: kept, named in a rejection, or lost."""
    written = [
        line.split('"', 2)[1] for line in source.read_text("utf-8").splitlines() if _IDENTIFIER.match(line)
    ]
    staged = stage(load(_report(source)).exports, out)
    kept = set(pq.read_table(out / "posts.parquet", columns=["post_id"])["post_id"].to_pylist())
    raw = b"".join(pq.read_table(out / "rejected.parquet", columns=["raw"])["raw"].to_pylist()).decode()
    lost = [one for one in written if one not in kept and one not in raw]
    rejected = sum(entry["rejected"] for entry in staged.inputs)
    return {"records": len(written), "kept": len(kept), "rejections": rejected, "lost": len(lost)}


def main() -> None:
    """Write the exports, run every method, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, default=None, help="where to write; default: a temporary folder"
    )
    parser.add_argument("--only", action="append", choices=list(METHODS), help="one method; can be repeated")
    parser.add_argument("--hurt", type=int, default=15, help="damaged records in the copy")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"posts-{given.posts}.csv"
        if not source.exists():
            generate(source, given.posts)
        print(
            f"{given.posts:,} posts, {source.stat().st_size / 1e9:.2f} GB, Python {sys.version.split()[0]}\n"
        )
        newlines(source, folder)  # every method finds the file in memory
        chosen = given.only or [
            name for name in METHODS if given.posts <= 1_000_000 or METHODS[name] is not kit_records
        ]
        results = []
        for name in chosen:
            results.append(measure(name, source))
            print(".", end="", file=sys.stderr, flush=True)
        print(table(results, given.posts))
        if given.hurt:
            copy, some = folder / "damaged.csv", min(given.posts, 300_000)
            generate(copy, some, damaged=given.hurt)
            with tempfile.TemporaryDirectory(dir=folder) as out:
                print(f"\n{given.hurt} damaged records in {some:,}: {damaged(copy, Path(out))}")
            copy.unlink()


if __name__ == "__main__":
    main()
