"""A report's media from its keys to its tables: which file holds what, what reviewers said, what is told to whom."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import hostile_media
import pandas as pd
import pytest
import signing
import yaml
from needs import missing
from PIL import ImageOps
from worlds import desk, estimated, post, report

import kit
from kit import case as cases
from kit.errors import MetricError, ReportError
from kit.media import addresses, examine, matches
from kit.media.decoded import decoded
from kit.metrics import media
from kit.report import load
from simulation.media import again, bordered, picture, saved, scaled

AT = "https://media.invalid/"
LABELS = "item,label,reviewer_1,reviewer_2,date,source\n"
REVIEW = "a,b,reviewer_1,verdict_1,reviewer_2,verdict_2\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with desk(tmp_path) as folder:
        yield folder


def at(day: int) -> str:
    return f"2024-03-{day:02d} 12:00:00"


def placed(names: list[str], group: str = "s") -> list[dict[str, str]]:
    """One post for each name, by an account of its own, a day after the other."""
    return [post(f"{group}{n}", f"{group}{n}", at(n + 1), files=AT + name) for n, name in enumerate(names)]


def write(home: Path, name: str, files: dict[str, bytes], names: list[str], **keys: Any) -> Path:
    """A report whose studied accounts place `names` and whose researcher holds `files`."""
    folder = report(
        home, name, posts={"studied": placed(names)}, media=[{"path": "held"} | keys.pop("entry", {})], **keys
    )
    (folder / "held").mkdir(exist_ok=True)
    for file, data in files.items():
        (folder / "held" / file).write_bytes(data)
    return folder


def one(table: pd.DataFrame, group: str = "studied") -> Any:
    (row,) = table[table["group"] == group].itertuples()
    return row


# --- which file holds which item


def test_copies_merge_and_candidates_wait_for_two_reviewers(home: Path) -> None:
    first, second = picture(1), picture(2)
    files = {
        "a.jpg": saved(first),
        "b.jpg": saved(again(scaled(first, 0.6))),
        "c.png": saved(ImageOps.mirror(first), "PNG"),
        "d.jpg": saved(bordered(first)),
        "e.jpg": saved(second),
        "f.jpg": saved(second),
    }
    folder = write(home, "copies", files, [*files, "g.mp4"])
    found = one(media.unique_items(kit.open("copies")))
    assert found.placements == 7
    assert found.named_items == 6  # e and f are the same bytes
    assert (found.unique_low, found.unique_high) == (3, 4)
    assert (found.reviewed_low, found.reviewed_high) == (3, 4)
    yml, base = folder / "report.yml", (folder / "report.yml").read_text("utf-8")
    yml.write_text(base + "media_review: review.csv\n", "utf-8")
    for verdict, reviewed in (("same", (3, 3)), ("different", (4, 4))):
        rows = [f"{name},d.jpg,AB,{verdict},CD,{verdict}\n" for name in ("a.jpg", "b.jpg", "c.png")]
        (folder / "review.csv").write_text(REVIEW + "".join(rows), "utf-8")
        found = one(media.unique_items(kit.open("copies")))
        assert (found.unique_low, found.unique_high) == (3, 4), (
            "what reviewers say changes nothing before review"
        )
        assert (found.reviewed_low, found.reviewed_high) == reviewed
    (folder / "review.csv").write_text(REVIEW + "a.jpg,d.jpg,AB,same,CD,different\n", "utf-8")
    found = one(media.unique_items(kit.open("copies")))
    assert (found.reviewed_low, found.reviewed_high) == (3, 4), "two who disagree decide nothing"


def test_reviewers_can_part_a_copy_and_tie_what_no_hash_ties(home: Path) -> None:
    files = {"a.jpg": saved(picture(1)), "b.jpg": saved(again(picture(1))), "c.jpg": saved(picture(3))}
    write(
        home,
        "said",
        files,
        list(files),
        lists={"media_review": REVIEW + "a.jpg,b.jpg,A,different,B,different\nb.jpg,c.jpg,A,same,B,same\n"},
    )
    case = kit.open("said", edition="internal")
    found = one(media.unique_items(case))
    assert found.unique_high == 2
    assert found.reviewed_high == 2
    clusters = case.derived("media_clusters")
    assert clusters["copy_key"].nunique() == 2
    levels = media.candidates(case).set_index("level")["verdict"].to_dict()
    assert levels == {"copy": "different", "reviewed": "same"}


def test_a_file_is_found_by_id_address_or_index(home: Path) -> None:
    rows = [
        post("1", "u1", at(1), files=AT + "photo/abc.jpg?name=large"),
        post("2", "u2", at(2), files=AT + "photo/def"),
        post("3", "u3", at(3), files=AT + "photo/ghi.jpg"),
        post("4", "u4", at(4)),
        post("5", "u5", at(5), files=AT + "one/video.jpg"),
        post("6", "u6", at(6), files=AT + "two/video.jpg"),
    ]
    folder = report(
        home,
        "found",
        posts={"studied": rows},
        media=[{"path": "held", "index": "held.csv"}],
    )
    (folder / "held" / "inside").mkdir(parents=True)
    for n, name in enumerate(["abc.png", "DEF.jpg", "def.jpg", "x1.jpg", "x2.jpg", "video.jpg", "stray.jpg"]):
        (folder / "held" / name).write_bytes(saved(picture(10 + n)))
    (folder / "held.csv").write_text(
        f"file,media,post,platform\nx1.jpg,{AT}photo/ghi.jpg,,\nx2.jpg,,4,x\n", "utf-8"
    )
    case = kit.open("found")
    states = media.media_coverage(case).set_index("state")["items"]
    assert states["named"] == 6  # video.jpg fits two addresses, and so none
    assert states["held"] == 4
    assert states["unplaced"] == 3
    assert one(media.unique_items(case)).placements == 6


def test_a_post_with_one_item_gets_its_file_by_the_index(home: Path) -> None:
    folder = report(
        home, "index", posts={"studied": placed(["a.jpg"])}, media=[{"path": "held", "index": "held.csv"}]
    )
    (folder / "held").mkdir()
    (folder / "held" / "z.jpg").write_bytes(saved(picture(1)))
    (folder / "held.csv").write_text("file,post\nz.jpg,s0\n", "utf-8")
    case = kit.open("index")
    assert one(media.unique_items(case)).placements == 1
    assert case.derived("media_items")["status"].tolist() == ["kept"]


def test_one_bytes_under_two_names_is_one_item(home: Path) -> None:
    data = saved(picture(1))
    write(home, "twice", {"a.jpg": data, "b.jpg": data}, ["a.jpg", "b.jpg"])
    case = kit.open("twice")
    assert len(case.derived("media_items")) == 1
    assert one(media.unique_items(case)).placements == 2


def test_without_files_addresses_serve(home: Path) -> None:
    rows = [
        post("1", "u1", at(1), files="https://pbs.twimg.com/media/AB.jpg?name=large"),
        post("2", "u2", at(2), files="https://pbs.twimg.com/media/AB.jpg?name=small"),
        post("3", "u3", at(3), links="https://youtu.be/abcdefghijk"),
        post(
            "4",
            "u4",
            at(3),
            links="https://www.youtube.com/watch?v=abcdefghijk&t=7",
            re_post="9",
            re_user="mp",
        ),
        post("5", "u5", at(4), links="https://news.invalid/story"),
        post("6", "u6", at(4), files="44", rt_post="1"),
    ]
    lists = {"roster": "name,platform,account_id\nThe member,x,mp\n"}
    report(home, "bare", posts={"studied": rows}, lists=lists)
    case = kit.open("bare", edition="internal")
    found = one(media.unique_items(case))
    assert (found.placements, found.unique_low, found.unique_high) == (4, 2, 2)
    ways = media.hosts(case)[["host", "platform", "place", "placements"]].to_numpy().tolist()
    assert sorted(ways) == [
        ["x", "x", "own_post", 2],
        ["youtube", "x", "own_post", 1],
        ["youtube", "x", "roster_reply", 1],
    ]
    assert media.media_coverage(case)["state"].tolist() == ["named", "held", "kept"]


def test_a_video_and_a_link_to_it_elsewhere_are_one_item(home: Path) -> None:
    rows = {
        "studied@youtube": [post("abcdefghijk", "u1", at(1), files="abcdefghijk")],
        "studied": [post("2", "u2", at(2), links="https://youtu.be/abcdefghijk")],
    }
    report(home, "across", posts=rows)
    case = kit.open("across", edition="internal")
    assert one(media.unique_items(case)).unique_high == 1
    seen = media.first_seen(case)
    assert seen["platform"].tolist() == ["youtube", "x"]
    assert seen["seen"].tolist() == ["first", "later"]
    for end in ("low", "high"):
        assert seen[f"lag_hours_{end}"].tolist() == pytest.approx([0, 24], abs=0.001)


def test_who_was_first_is_said_only_where_times_do_not_overlap(home: Path) -> None:
    """A video known by its day does not beat a post of 10:00 of that day; a day of any clock lasts 50 hours."""
    names = ["aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc", "ddddddddddd"]
    times = ["2024-03-05 10:00:00", "2024-03-06 11:59:00", "2024-03-06 12:00:00", "2024-03-04 09:00:00"]
    links = [f"https://youtu.be/{name}" for name in names]
    rows = {
        "context@youtube": [post(name, "v", "2024-03-05", files=name) for name in names],
        "studied": [post(n, f"u{n}", time, links=links[n]) for n, time in enumerate(times)],
    }
    report(home, "overlap", posts=rows)
    seen = media.first_seen(kit.open("overlap", edition="internal"))
    told = (
        {"youtube first", "x later"},
        {"x first", "youtube later"},
        {"x cannot_tell", "youtube cannot_tell"},
    )
    assert [told.index(set(part["platform"] + " " + part["seen"])) for _i, part in seen.groupby("item")] == [
        2,
        2,
        0,
        1,
    ]
    later = seen[seen["seen"] == "later"].set_index("platform")
    assert later.loc["x", ["lag_hours_low", "lag_hours_high"]].tolist() == pytest.approx([0, 50], abs=0.001)
    assert later.loc["youtube", ["lag_hours_low", "lag_hours_high"]].tolist() == pytest.approx(
        [1, 51], abs=0.001
    )
    assert seen.loc[seen["seen"] == "cannot_tell", ["lag_hours_low", "lag_hours_high"]].isna().all(axis=None)


def test_estimated_times_decide_neither_who_was_first_nor_the_centre(home: Path) -> None:
    """A comment worked out to be a day older than a post is left out; the oldest item is one that a clock saw."""
    films = [f"https://youtu.be/{letter * 11}" for letter in "bc"]
    folder = report(home, "worked_out", posts={})
    entry = estimated(folder, [("ann", f"see {films[1]}", 1709100000.0)])
    rows = [post(n, f"u{n}", at(1 + n), links=film) for n, film in enumerate(films)]
    report(
        home,
        "worked_out",
        posts={"studied": rows, "studied@facebook": [post("9", "f", at(3), links=films[1])]},
    )
    content = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
    content["exports"].append(entry)
    (folder / "report.yml").write_text(yaml.safe_dump(content), "utf-8")
    case = kit.open("worked_out", edition="internal")
    assert media.first_seen(case)[["platform", "seen"]].values.tolist() == [
        ["x", "first"],
        ["facebook", "later"],
    ]


def test_the_centre_is_the_item_that_was_surely_placed_first() -> None:
    """Not the one whose time was worked out, nor one of the same day whose hour nobody knows; then the lowest key."""
    with duckdb.connect() as con:
        for name, columns, rows in (
            ("media_items", "item_key", "(1), (2), (3), (4), (5), (6)"),
            ("media_placements", "post_key, item_key", "(1, 1), (2, 2), (3, 3), (4, 4), (5, 6)"),
            (
                "all_posts",
                "post_key, created_at, time_source, time_precision",
                """(1, TIMESTAMP '2024-03-01', 'estimate', 'day'), (2, TIMESTAMP '2024-03-05', 'field', 'day'),
                (3, TIMESTAMP '2024-03-05 10:00', 'field', 'second'), (4, NULL, NULL, NULL),
                (5, TIMESTAMP '2024-03-05 10:00', 'field', 'second')""",
            ),
        ):
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM (VALUES {rows}) t({columns})")
        order = con.sql(matches._ORDER).df()["item_key"].tolist()
    assert order == [3, 6, 2, 1, 4, 5]


def test_the_same_id_on_two_platforms_is_not_the_same_item(home: Path) -> None:
    rows = {g: [post("1", "u1", at(1), files="12345")] for g in ("studied", "studied@facebook")}
    report(home, "ids", posts=rows)
    assert one(media.unique_items(kit.open("ids"))).unique_low == 2


@pytest.mark.parametrize(
    "address,name,host",
    [
        ("https://youtu.be/abcdefghijk?si=x", "youtube:abcdefghijk", "youtube"),
        ("https://m.youtube.com/shorts/abcdefghijk", "youtube:abcdefghijk", "youtube"),
        ("HTTPS://WWW.Media.invalid/a/", "media.invalid/a", "web"),
        ("https://scontent-a.xx.fbcdn.net/v/1_n.jpg?oh=1&oe=2", "fbcdn.net/v/1_n.jpg", "facebook"),
        ("https://x.invalid/get?id=7&utm_source=y", "x.invalid/get?id=7", "web"),
        ("https://www.tiktok.com/@someone/video/7123456789?lang=en", "tiktok:7123456789", "tiktok"),
        ("https://notyoutube.com/watch?v=abcdefghijk", "notyoutube.com/watch?v=abcdefghijk", "web"),
        ("javascript:alert(1)", None, None),
        ("file:///etc/hostname", None, None),
        ("https://[::1", None, None),
        ("", None, None),
    ],
)
def test_addresses(address: str, name: str | None, host: str | None) -> None:
    assert addresses.canonical(address) == name
    assert addresses.host(address) == host


# --- hostile folders, and nothing told


def test_a_hostile_folder_ends_in_rows_and_tells_nothing(home: Path, tmp_path: Path) -> None:
    folder = write(home, "hostile", {}, ["placed.jpg", "half.jpg"])
    hostile_media.write(folder / "held")
    for path in list((folder / "held").iterdir()):  # one of each way of ending is enough here
        if path.name not in (
            "picture.svg",
            "playlist.mp4",
            "placed.jpg",
            "half.jpg",
            "link.jpg",
            "flood.png",
            "-i.jpg",
        ):
            path.unlink()
    case = kit.open("hostile")
    assert not {"sha256", "views", "sound"} & set(case.derived("media_items"))
    items = case._exact().derived("media_items")
    rejected = items[items["status"] == "rejected"]
    assert set(rejected["refused_reason"]) == {"not_media", "link", "too_many_pixels"}
    assert items["had_gps"].fillna(False).sum() == 1
    states = media.media_coverage(case).set_index("state")["items"]
    assert states["gps"] == states["truncated"] == 1
    whole = items.drop(columns=["views", "sound"]).to_csv() + case.derived("media_placements").to_csv()
    for word in ("placed", "half", "playlist", "jpg", "44.0", str(home), "media.invalid"):
        assert word not in whole


def test_public_tables_hold_no_address_and_no_name(home: Path) -> None:
    write(home, "shown", {"a.jpg": saved(picture(1))}, ["a.jpg", "b.jpg"])
    case = kit.open("shown")
    for name in media.__all__:
        if name == "candidates":
            with pytest.raises(MetricError, match="internal edition"):
                media.candidates(case)
            continue
        text = getattr(media, name)(case).to_csv()
        assert "media.invalid" not in text
        assert ".jpg" not in text


def test_a_file_that_changes_is_looked_at_again(home: Path) -> None:
    folder = write(
        home, "changes", {"a.jpg": saved(picture(1)), "b.jpg": saved(picture(2))}, ["a.jpg", "b.jpg"]
    )
    assert one(media.unique_items(kit.open("changes"))).unique_high == 2
    (folder / "held" / "b.jpg").write_bytes(saved(again(picture(1), quality=70)))
    assert one(media.unique_items(kit.open("changes"))).unique_high == 1
    shutil.rmtree(folder / "held")
    (folder / "held").mkdir()
    assert one(media.unique_items(kit.open("changes"))).unique_high == 2


def test_what_was_seen_in_a_file_outlives_the_case(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuilt case decodes nothing again but what was cut short, what is new and what was kept wrongly."""
    files = {"a.jpg": saved(picture(1)), "b.jpg": saved(picture(2)), "cut.jpg": saved(picture(3))[:-200]}
    folder = write(home, "again", files, list(files))
    looked: list[str] = []
    really = examine.examine

    def counted(path: str, *given: Any, **more: Any) -> dict[str, Any]:
        looked.append(Path(path).name)
        return really(path, *given, **more)

    monkeypatch.setattr(examine, "examine", counted)

    def items(clock: str) -> tuple[str, list[str]]:
        looked.clear()
        yml = yaml.safe_load((folder / "report.yml").read_text())
        (folder / "report.yml").write_text(yaml.safe_dump(yml | {"clock": clock}))
        case = kit.open("again", edition="internal")
        return case.derived("media_items").to_csv(), sorted(looked)

    first, seen = items("UTC")
    assert seen == ["a.jpg", "b.jpg", "cut.jpg"]
    case = cases.case_folder(load("again"))
    (kept,) = (case / "decoded").iterdir()
    assert len(list(kept.iterdir())) == 2
    (folder / "labels.csv").write_text("account,platform,group,reason\ns0,x,studied,by hand\n")
    yml = yaml.safe_load((folder / "report.yml").read_text())
    (folder / "report.yml").write_text(yaml.safe_dump(yml | {"labels": "labels.csv"}))
    again, seen = items("Europe/Paris")
    assert (again, seen) == (first, ["cut.jpg"])
    for path in kept.iterdir():
        path.write_text('{"status": "ke')
    (case / "decoded/older").mkdir()
    again, seen = items("Asia/Tokyo")
    assert (again, seen) == (first, ["a.jpg", "b.jpg", "cut.jpg"])
    assert [path.name for path in (case / "decoded").iterdir()] == [kept.name]
    (folder / "held/a.jpg").write_bytes(saved(picture(4)))
    again, seen = items("Asia/Tokyo")
    assert again != first
    assert seen == ["a.jpg", "cut.jpg"]


def test_where_nothing_can_be_kept_files_are_looked_at_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(saved(picture(1)))
    (tmp_path / "no folder").write_bytes(b"")
    files = {"sha256:" + "0" * 64: (str(tmp_path / "a.jpg"), "a.jpg", 1, 1, ())}
    for kept in (None, tmp_path / "no folder/decoded"):
        (found,) = decoded(files, None, kept)
        assert found["status"] == "kept"


@pytest.mark.slow
def test_the_same_files_give_the_same_tables(home: Path) -> None:
    files = {"a.jpg": saved(picture(1)), "b.jpg": saved(bordered(picture(1)))}
    tables = []
    for name in ("first", "second"):
        write(home, name, files, list(files))
        case = kit.open(name)
        tables.append([case.derived(t).to_csv() for t in ("media_items", "media_pairs", "media_clusters")])
    assert tables[0] == tables[1]


def test_without_programs_the_rest_of_the_page_stands(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = b"\0\0\0\x20ftypisom" + b"\0" * 100
    write(home, "bare", {"a.jpg": saved(picture(1)), "b.mp4": film}, ["a.jpg", "b.mp4"])
    monkeypatch.setenv("PATH", "")
    found = media.media_coverage(kit.open("bare"))
    row = found[found["state"] == "not_computed"].iloc[0]
    assert (row["reason"], row["items"]) == ("ffmpeg is not installed", 1)
    assert found.set_index("state")["items"]["kept"] == 1


# --- labels


def test_labels_come_from_two_reviewers_and_pass_to_copies(home: Path) -> None:
    files = {"a.jpg": saved(picture(1)), "b.jpg": saved(again(picture(1))), "c.jpg": saved(picture(2))}
    names = [*files, "d.jpg"]
    rows = "a.jpg,confirmed,AB,CD,2024-04-01,a study\nc.jpg,none,AB,CD,2024-04-01,a study\n"
    write(home, "labelled", files, names, lists={"media_labels": LABELS + rows})
    case = kit.open("labelled", edition="internal")
    told = media.labels(case).set_index("label")["placements"].to_dict()
    assert told == {"confirmed": 2, "none": 1, "unlabelled": 1}
    assert media.labels(case, alike="identical").set_index("label")["placements"]["confirmed"] == 1
    found = one(media.synthetic_per_day(case))
    assert (found.verdict, found.placements, found.unique_low, found.unique_high, found.days) == (
        "described",
        2,
        1,
        1,
        4,
    )
    assert found.estimate == pytest.approx(0.5)
    assert found.covered_share == pytest.approx(0.75)


def test_addresses_can_be_labelled_too(home: Path) -> None:
    rows = f"{AT}a.jpg,suspected,AB,CD,2024-04-01,a study\n"
    report(
        home, "address", posts={"studied": placed(["a.jpg", "b.jpg"])}, lists={"media_labels": LABELS + rows}
    )
    case = kit.open("address", edition="internal")
    assert one(media.synthetic_per_day(case)).placements == 1
    confirmed = one(media.synthetic_per_day(case, lowest="confirmed"))
    assert (confirmed.placements, confirmed.verdict) == (0, "inconclusive")


@pytest.mark.slow
def test_none_is_an_answer_only_when_most_was_reviewed(home: Path) -> None:
    rows = [f"{AT}{n}.jpg,none,AB,CD,2024-04-01,a study\n" for n in range(4)]
    names = [f"{n}.jpg" for n in range(5)]
    for count, verdict, sentence in (
        (0, "inconclusive", "not_recorded"),
        (2, "inconclusive", "few_labelled"),
        (4, "described", "none"),
    ):
        name = f"some{count}"
        report(
            home,
            name,
            posts={"studied": placed(names)},
            lists={"media_labels": LABELS + "".join(rows[:count])},
        )
        found = one(media.synthetic_per_day(kit.open(name)))
        assert (found.verdict, found.sentence) == (verdict, sentence)


REFUSED = {
    "one reviewer": ("media_labels", "a.jpg,confirmed,AB,ab,2024-04-01,x", "both reviewers are the same"),
    "no reviewer": ("media_labels", "a.jpg,confirmed,AB,,2024-04-01,x", "field 'reviewer_2' is empty"),
    "no source": ("media_labels", "a.jpg,confirmed,AB,CD,2024-04-01,", "field 'source' is empty"),
    "no day": ("media_labels", "a.jpg,confirmed,AB,CD,soon,x", "key 'date' is not a day"),
    "unknown label": ("media_labels", "a.jpg,fake,AB,CD,2024-04-01,x", "unknown label.*found 'fake'"),
    "two labels": (
        "media_labels",
        "a.jpg,none,AB,CD,2024-04-01,x\na.jpg,confirmed,AB,CD,2024-04-01,x",
        "the item has two labels",
    ),
    "review by one": ("media_review", "a,b,AB,same,AB,same", "both reviewers are the same"),
    "unknown verdict": ("media_review", "a,b,AB,same,CD,maybe", "unknown verdict_2.*found 'maybe'"),
    "judged twice": (
        "media_review",
        "a,b,AB,same,CD,same\nb,a,AB,different,CD,different",
        "the pair was judged twice",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_reviewers_wrote_is_checked(home: Path, name: str) -> None:
    key, row, message = REFUSED[name]
    head = LABELS if key == "media_labels" else REVIEW
    report(home, "wrong", posts={"studied": placed(["a.jpg"])}, lists={key: head + row + "\n"})
    with pytest.raises(ReportError, match=message) as caught:
        load("wrong")
    assert "line" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "value,message",
    [
        ("held", "key 'media' must be a list"),
        (["held"], "a folder of media is a mapping"),
        ([{"folder": "held"}], "unknown key 'folder'"),
        ([{"index": "a.csv"}], "key 'path' is missing"),
        ([{"path": "nowhere"}], "'nowhere' is no folder"),
        ([{"path": ".", "index": "nowhere.csv"}], "'nowhere.csv' does not exist"),
        ([{"path": ".", "index": "short.csv"}], "the file belongs to nothing"),
    ],
)
def test_the_key_media_is_checked(home: Path, value: Any, message: str) -> None:
    folder = report(home, "wrong", posts={"studied": placed(["a.jpg"])}, media=value)
    (folder / "short.csv").write_text("file,media,post\na.jpg,,\n", "utf-8")
    with pytest.raises(ReportError, match=message):
        load("wrong")


# --- issuers of content credentials


def states(name: str) -> dict[str, int]:
    found = media.media_coverage(kit.open(name)).set_index("state")["items"]
    return {state: n for state, n in found.items() if str(state).startswith("c2pa_")}


def test_a_file_is_trusted_only_by_the_researchers_own_list(home: Path) -> None:
    """Signed under a listed root it is trusted, under a stranger's of the same name not; a change is noticed."""
    if lacking := missing("c2pa", "cryptography"):
        pytest.skip(lacking)
    (home / "made").mkdir()
    made = signing.write(home / "made", picture(5, (320, 240)), "http://127.0.0.1:9/m.c2pa")
    files = {"a.jpg": made["signed"].read_bytes(), "b.jpg": made["plain"].read_bytes()}
    folder = write(home, "vouched", files, list(files))
    assert states("vouched") == {"c2pa_none": 1, "c2pa_valid_untrusted": 1}
    write(home, "vouched", files, list(files), c2pa_trust="anchors.pem")
    both = made["other_root"].read_text("ascii") + "a note: señor\n" + made["root"].read_text("ascii")
    for anchors, wanted in (
        (made["other_root"].read_text("ascii"), "c2pa_valid_untrusted"),
        (both, "c2pa_trusted"),
        (made["other_root"].read_text("ascii"), "c2pa_valid_untrusted"),
    ):
        (folder / "anchors.pem").write_text(anchors, "latin-1")
        assert states("vouched") == {"c2pa_none": 1, wanted: 1}


@pytest.mark.parametrize(
    "text,message",
    [
        (None, "'anchors.pem' does not exist"),
        ("", "is no list of certificates"),
        ("<html>not found</html>", "is no list of certificates"),
        ("-----BEGIN CERTIFICATE-----\nAAAA", "is no list of certificates"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "certificate 1 of 'anchors.pem' cannot be read",
        ),
        ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", "holds a private key"),
    ],
)
def test_a_list_of_issuers_is_checked(home: Path, text: str | None, message: str) -> None:
    folder = report(home, "wrong", posts={"studied": placed(["a.jpg"])}, c2pa_trust="anchors.pem")
    if text is not None:
        (folder / "anchors.pem").write_text(text, "ascii")
    with pytest.raises(ReportError, match=message) as caught:
        load("wrong")
    assert "c2pa_trust" in str(caught.value)
    assert "\n" not in str(caught.value)
