"""The French page from end to end: nothing of the English is left, and numbers, days and links are French."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest
from shell import walked
from worlds import account, desk, post, report, tiny_world

from kit.figures import fonts, style
from kit.locale import extract
from kit.locale.catalogues import read

NOTEBOOKS = sorted(p.stem for p in (Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


class _Nodes(HTMLParser):
    """Each text of a page by itself, with alt texts and labels; not what is marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self.language = ""
        self.links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.language = given.get("lang", "") if tag == "html" else self.language
        if tag == "style" or (tag != "html" and given.get("lang", self.language) != self.language):
            self.foreign.append(tag)
        if tag == "a":
            self.links.append((given.get("hreflang", ""), given.get("href", "")))
        self.texts += [given[name] for name in ("alt", "title", "aria-label") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self.foreign and self.foreign[-1] == tag:
            self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.foreign:
            self.texts.append(re.sub(r"[ \n\t]+", " ", data).strip(" \n\t"))


def english() -> dict[str, re.Pattern[str]]:
    """A pattern for every English text that has another French one."""
    found = {}
    for name, texts in extract.extract().items():
        for message in read(extract.place(name, "fr"), "fr"):
            sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            for source in sources:  # what differs by French spaces alone is the same text
                if (
                    source
                    and "".join(source.split()) not in {"".join(s.split()) for s in said if s}
                    and texts
                ):
                    parts = [escaped(part) for part in re.split(r"\{[^}]*\}", source)]
                    if any(re.search(r"[A-Za-z]{3}", part) for part in parts):
                        found[source] = re.compile(".*?".join(parts), re.DOTALL)
    return found


def escaped(part: str) -> str:
    """A pattern for `part`, with any white space where it has some: "group" alone does not begin "groupe"."""
    words = r"\s+".join(map(re.escape, part.split()))
    if not words:
        return r"\s*"
    return r"\s+" * part[0].isspace() + words + r"\s+" * part[-1].isspace()


def left_in(texts: list[str]) -> list[tuple[str, str]]:
    """English that stands in `texts`: a whole text, or a sentence of four words and more inside one."""
    wrong = []
    for source, pattern in english().items():
        long = len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", source))) >= 4
        wrong += [(source, t) for t in texts if (pattern.search(t) if long else pattern.fullmatch(t))]
    return wrong


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[_Nodes, list[str]]:
    """A small campaign in French with every notebook: its page, and what its charts say."""
    home, _world = tiny_world(tmp_path_factory)
    drawn: list[str] = []
    with desk(home):
        content = (home / "reports/tiny/report.yml").read_text("utf-8")
        folder = home / "reports/tiny-fr"
        folder.mkdir()
        for file in (home / "reports/tiny").glob("*.csv"):
            (folder / file.name).write_bytes(file.read_bytes())
        codes = (home / "reports/tiny/codebook.yml").read_text("utf-8")
        # names of codes are the researcher's: none may be a word that the kit translates
        (folder / "codebook.yml").write_text(codes.replace("id: petition", "id: salle"), encoding="utf-8")
        listed = "".join(f"- {name}\n" for name in NOTEBOOKS)
        content = re.sub(r"^notebooks:\n(?:- .*\n)+", f"notebooks:\n{listed}", content, flags=re.MULTILINE)
        content = re.sub(r"^languages:\n(?:- .*\n)+", "languages: [fr, en]\n", content, flags=re.MULTILINE)
        (folder / "report.yml").write_text(content, encoding="utf-8")
        page = walked("tiny-fr", tmp_path_factory.mktemp("fr"), language="fr", executed="en", drawn=drawn)
        html = page.read_text("utf-8")
    nodes = _Nodes()
    nodes.feed(html)
    nodes.close()
    return nodes, drawn


pytestmark = pytest.mark.slow


def test_no_english_is_left_on_the_page(page: tuple[_Nodes, list[str]]) -> None:
    nodes, _drawn = page
    assert len(nodes.texts) > 1000
    assert not left_in(nodes.texts)


def test_no_english_is_left_in_the_charts(page: tuple[_Nodes, list[str]]) -> None:
    _nodes, drawn = page
    assert len(set(drawn)) > 60
    assert left_in([*drawn]) == []
    assert {"Labour", "Sep", "Aug", "Mon", "Sun"} & set(re.findall(r"\w+", " ".join(drawn))) == set()


def test_what_is_english_would_be_found() -> None:
    assert left_in(["New accounts"])
    assert left_in(["posts in the period"])
    assert left_in(["Voir: It cannot be told how old the accounts were: no studied account has both dates."])
    assert not left_in(["Comptes récents", "publications dans la période"])


def test_the_page_says_its_language_and_links_the_other(page: tuple[_Nodes, list[str]]) -> None:
    nodes, _drawn = page
    assert nodes.language == "fr"
    assert ("en", "../en/index.html") in nodes.links


def test_numbers_days_and_stops_are_french(page: tuple[_Nodes, list[str]]) -> None:
    nodes, drawn = page
    hard = "\u00a0\u202f"
    exempt = re.compile(
        r"https?://\S+|[0-9a-f]{64}|\b[\w./-]+\.(?:csv|json|jsonl|gz|ipynb|md)\b|\d+:\d\d|\d+\.\d+\.\d+"
    )
    wrong = []
    for text in [*nodes.texts, *drawn]:
        seen = exempt.sub("x", text)
        if re.search(
            rf"\d\.\d|\b[1-9]\d*,\d{{3}}\b|[^{hard}\W]%|\d %|\w [;:!?»](?=\s|$)|\w[;!?](?=\s|$)", seen
        ):
            wrong.append(text)
    assert not sorted(set(wrong))


# --- Chinese


def chinese(home: Path) -> None:
    days = [f"2023-08-{day:02d}T10:00:00Z" for day in range(7, 27)]
    rows = [
        post(1000 + i, f"u{i % 12}", days[i % 20], f"香港的天氣 {i}", re_user=f"t{i % 3}", re_post="900")
        for i in range(60)
    ]
    people = [account(f"u{i}", "2020-01-01", handle=f"王小明{i}", name="王小明") for i in range(12)]
    roster = "name,category,platform,account_id,may_be_named\n" + "".join(
        f"王小明{i},{'民主派' if i else '議員'},x,t{i},yes\n" for i in range(3)
    )
    report(
        home,
        "zhong",
        posts={"studied": rows},
        accounts={"studied": people},
        lists={"events": "date,label\n2023-08-10,颱風\n", "roster": roster},
        languages=["fr"],
        title="天氣\u202f: un rapport",
        audience_zones="not known",
        synthetic=True,
        notebooks=["02_posting_time", "03_targets"],
    )


def test_chinese_is_shown_on_the_page_and_in_charts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a font for it as it is, without counted by name and with a remark; a missing glyph would warn, and fail here."""
    drawn: list[str] = []
    with desk(tmp_path / "home") as home:
        chinese(home)
        html = walked("zhong", tmp_path, edition="internal", language="fr", drawn=drawn).read_text("utf-8")
    for name in ("天氣", "颱風", "王小明0", "議員"):  # title, event, a member who may be named, a category
        assert name in html, name
    said, told = " ".join(drawn), html.partition("</style>")[2]  # the page's own style names the font, too
    if fonts.missing("颱風"):
        assert "[CJK ×2]" in said
        assert fonts.WANTED in told
    else:
        assert "颱風" in said
        assert "議員" in said
        assert fonts.WANTED not in told


def test_a_character_without_a_glyph_becomes_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", lambda: ("DejaVu Sans",))
    assert fonts.missing("café Łódź Ωμέγα") == ""
    assert fonts.missing("a王b小王") == "小王"
    assert fonts.drawable("a王b") == "a[U+738B]b"
    assert fonts.drawable("\U0001f9d1") == "[U+1F9D1]"
    for char in fonts.drawable("漢字かなไทย"):
        assert unicodedata.name(char).isascii()
        assert not fonts.missing(char)


def test_every_label_of_a_chart_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import pyplot as plt

    monkeypatch.setattr(fonts, "installed", lambda: ("DejaVu Sans",))
    figure, (left, right) = plt.subplots(1, 2)
    left.barh(["王", "b"], [1, 2], label="小")
    left.legend()
    left.set_title("題")
    right.plot([0, 1], [0, 1])
    right.set_xticks([0, 1], ["明", "e"])
    right.text(0, 0, "字")
    figure.suptitle("ok")
    lost = fonts.make_drawable(left)
    assert lost == "".join(sorted("王小題明字"))
    assert fonts.lacks(left, lost)
    assert not fonts.lacks(left, "\U0001f9d1"), "another font would be needed"
    figure.canvas.draw()  # a glyph that is missing warns, and a warning is an error here
    said = [t.get_text() for t in figure.findobj(plt.Text)]
    assert {"[U+738B]", "b", "[U+660E]", "e", "ok", "[U+5B57]"} <= set(said)
    assert fonts.make_drawable(left) == ""


def test_a_long_label_of_an_axis_is_broken_and_a_short_one_is_not() -> None:
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(7.2, 3.6), layout="constrained")
    ax.set_xlabel("publications")
    ax.set_ylabel("publications de l’heure de midi rapportées aux heures voisines, selon le décalage")
    style.fit_labels(ax)
    assert ax.get_xlabel() == "publications"
    assert ax.get_ylabel().count("\n") >= 1
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    for label in (ax.xaxis.label, ax.yaxis.label):
        box = label.get_window_extent()
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height
