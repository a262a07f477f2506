"""Artefacts of keyboards, converters and language models: invented texts, traps, hostile ones, and known worlds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import pandas as pd
import pytest
from worlds import desk, post, report, simulated

import kit
from kit.claims import CLAIMS
from kit.errors import MetricError
from kit.metrics import texts
from kit.notebook.findings import finding_object
from kit.texts import language_artefacts, letters
from simulation import honest, simulate, tiny, write_exports, write_report

SIMPLIFIED, TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
FLAGS = ("residue", *language_artefacts.INPUT, *language_artefacts.MODEL)


def flags(text: str) -> set[str]:
    row = language_artefacts.found([text]).iloc[0]
    return {name for name in FLAGS if row[name]}


# --- the two scripts of Chinese


@pytest.mark.parametrize(
    "text,counted",
    [
        ("渡轮中午出发", (6, 3, 0)),  # 轮 发 are not enough: 轮, 渡 is shared, 发
        ("鄰居種了番茄", (6, 0, 2)),
        ("皇后面前的里程", (7, 0, 0)),  # signs that both scripts write count for neither
        ("the ferry", (0, 0, 0)),
        ("学校的屋頂", (5, 1, 1)),
    ],
)
def test_signs_of_one_script_are_counted(text: str, counted: tuple[int, int, int]) -> None:
    row = language_artefacts.found([text]).iloc[0]
    simplified = sum(letters.chinese_table()[ord(c)] == 2 for c in text)
    assert (row.han, row.traditional) == (counted[0], counted[2])
    assert row.simplified == simplified
    assert bool(simplified) == bool(counted[1])


def test_the_tables_of_signs_are_sound() -> None:
    """Each text of one script, converted by OpenCC, has signs of that script only."""
    table = letters.chinese_table()
    line = "鄰居們在單車棚後面種了番茄和蘿蔔，市政府應該在冬天以前修好那座橋，這裡的圖書館幾點開門"
    simplified = SIMPLIFIED.convert(line)
    kinds = [{int(table[ord(c)]) for c in text} for text in (line, simplified)]
    assert 2 not in kinds[0]
    assert 3 not in kinds[1]
    assert {2, 3} == (kinds[0] | kinds[1]) - {0, 1}
    assert 2000 < (table == 2).sum() < 4000
    assert 2000 < (table == 3).sum() < 5000
    for sign in "后里干面云斗只台谷系":
        assert table[ord(sign)] == 1, sign


RESIDUES = (
    "三公裡 英裡 里裡程 理發店 頭發很 皇後娘 方麵 表麵 見麵 麵積 麵臨 乾部 乾涉 乾預 乾擾 若乾 幹淨 幹燥 餅幹 鬆樹 曆史 經曆 農歷"
    " 限製 控製 製度 複興 恢複 答複 回複 批準 分鍾 鍾頭 方嚮 小醜 宿捨 骯臟 鹹豐 標准 准備 准確 憂郁 錶示 國傢 專傢 傢庭 誌願"
).split()


@pytest.mark.parametrize("word", RESIDUES)
def test_residues_are_words_that_opencc_writes_otherwise(word: str) -> None:
    assert "residue" in flags(f"我們今天看{word}的樹")
    assert TRADITIONAL.convert(SIMPLIFIED.convert(word)) != word


@pytest.mark.parametrize(
    "text",
    [
        "從頭發展我們的社區", "街頭發傳單", "我明白發生了什麼", "羽毛發亮", "天皇後來退位", "太後悔了", "那隻有斑點的貓", "這隻是我的",
        "在辦公裡面", "一對麵包", "地方麵包店", "看見麵攤", "有限製造公司", "遙控製作", "定製度假行程", "十分鍾愛這座城", "對方嚮往自由", "大傢具店",
        "中國傢具", "回答複雜的問題", "吃餅幹嘛", "輕鬆樹立榜樣", "膽小醜陋", "皇后的頭髮很長，後面有乾淨的麵包", "皇后的头发很长，后面有干净的面包",
    ],
)  # fmt: skip
def test_right_words_are_no_residues_also_where_two_meet(text: str) -> None:
    assert "residue" not in flags(text)


# --- keyboards


@pytest.mark.parametrize(
    "text,wanted",
    [
        ("The bridge is closed，please walk", {"fullwidth_punctuation"}),
        ("Le pont est fermé ！", {"fullwidth_punctuation"}),
        ("The bridge is closed, please walk!", set()),
        ("今天，桥关了！", set()),
        ("今天 bridge，please", set()),
        ("“Quoted” – it’s fine… 100 % « bien »", set()),
        ("wait\u3000here", {"ideographic_space"}),
        ("ＷＯＷ so wide", {"fullwidth_letters"}),
        ("I came,saw it and left", {"missing_space"}),
        ("Really!they said so", {"missing_space"}),
        ("It cost 1,000 dollars; see a,b", set()),
        ("你好,世界", set()),
        ("hello,@someone #tag,#other https://x.example/a,bc", set()),
        ("\ufeffhello there", {"invisible_signs"}),
        ("zero\u200bwidth", {"invisible_signs"}),
        ("family 👨\u200d👩\u200d👧 here", set()),
        ("", set()),
    ],
)
def test_traces_of_keyboards(text: str, wanted: set[str]) -> None:
    assert flags(text) == wanted


# --- language models


@pytest.mark.parametrize(
    "text",
    [
        "As an AI language model, I cannot share opinions on the bridge.",
        "I’m sorry, but I can’t assist with that.",
        "I cannot fulfill this request.",
        "I'm unable to comply with your request",
        "This goes against OpenAI's use case policy",
        "En tant que modèle de langage, je ne peux pas donner d'avis.",
        "En tant qu’IA, je n'ai pas d'avis sur le pont.",
        "Je suis désolé, mais je ne peux pas générer ce contenu.",
        "作为一个人工智能语言模型，我无法评论。",
        "作為AI語言模型，我沒有個人意見",
        "抱歉，我无法生成这类内容。",
        "我无法满足您的请求",
    ],
)
def test_words_with_which_models_refuse(text: str) -> None:
    assert "model_refusal" in flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sure! Here's a tweet about the new bridge",
        "Here is a short reply that supports the bridge: build it now",
        "Rewrite the following tweet in a friendly tone",
        "Great to meet you, [insert name here]!",
        "Dear [Your Name], thanks",
        "Hello {name}, please look at {{topic}}",
        "Voici un tweet : le pont est beau",
        "Bien sûr ! Voici une réponse courte",
        "Bonjour [votre nom], merci",
        "以下是一条推文：桥很美",
        "好的，以下是几个版本",
        "你好【插入姓名】",
    ],
)
def test_echoed_instructions_and_blanks(text: str) -> None:
    assert "echoed_instruction" in flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "As a member of the library I cannot agree.", "I'm sorry but I can't come to the park",
        "GPT works as a language model for toys", "Here is a tweet from 2019 showing the bridge", "Sure, here's the link",
        "Voici un pont de mon village", "Bien sûr ! Voici la photo", "En tant que voisin, je ne peux pas venir",
        "作为一个邻居，我不同意", "人工智能很有意思", "以下是我的看法", "Look at [this] and {that}", "Je ne peux pas venir, désolé",
        "I use an AI assistant at work", "as an aid to memory, I wrote it down",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_traces_of_models(text: str) -> None:
    assert not flags(text) & set(language_artefacts.MODEL)


@pytest.mark.parametrize(
    "text",
    ["a" * 10**6, "here is a " * 10**5, "here is a tweet that " * 50_000, "[insert " * 125_000, "{" * 10**6,
     "以下是一" * 250_000, "sure! here's a " * 65_000, "\ud800" * 10**6, " " * 10**6, "as an ai " * 110_000,
     "<img src=x onerror=alert(1)>" * 35_000],
    ids=lambda t: repr(t[:8]),
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    """Ten times the text takes about ten times as long: a quadratic pattern would take a hundred."""

    def seconds(part: str) -> float:
        start = time.process_time()
        language_artefacts.found([part])
        return time.process_time() - start

    seconds(text[:1000])  # tables are made once
    short, long = min(seconds(text[: len(text) // 80]) for _ in range(2)), seconds(text[: len(text) // 8])
    assert long < 40 * short + 0.2


# --- metrics and findings


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kit.Case]:
    english = "The old bridge is closed{} please take the ferry today"
    rows = [post(i, "a", "2023-08-11T10:00:00Z", english.format("，")) for i in (1, 2)]
    rows += [post(3, "a", "2023-08-11T10:00:00Z", english.format(","))]
    rows += [post(10 + i, f"b{i}", "2023-08-11T10:00:00Z", english.format(",")) for i in range(3)]
    rows += [
        post(20, "c", "2023-08-11T10:00:00Z", "As an AI language model, I cannot share opinions on bridges")
    ]
    rows += [post(21, "d", "2023-08-11T10:00:00Z", english.format("，"), rt_post="1", rt_user="a")]
    rows += [
        post(30, "e", "2023-08-11T10:00:00Z", "今天早上我们在桥边数到九只白鹭"),
        post(31, "e", "2023-08-11T10:00:00Z", "鄰居在單車棚後面種了番茄"),
        post(32, "e", "2023-08-11T10:00:00Z", "邻居在單車棚後面種了番茄"),
        post(33, "f", "2023-08-11T10:00:00Z", "天大地大"),
    ]
    others = [post(40 + i, f"o{i}", "2023-08-11T10:00:00Z", english.format(",")) for i in range(4)]
    with desk(tmp_path_factory.mktemp("artefacts")) as home:
        report(home, "artefacts", posts={"studied": rows, "control": others})
        yield kit.open("artefacts")


def test_rates_are_shares_of_posts_of_one_language(written: kit.Case) -> None:
    table = texts.language_artefacts(written).set_index(["group", "language", "artefact"])
    row = table.loc[("studied", "en", "fullwidth_punctuation")]
    assert (row.posts, row.artefact_posts, row.n, row.artefact_accounts) == (7, 2, 5, 1)
    assert row.estimate == pytest.approx(2 / 7)
    assert np.isnan([row.low, row.high]).all(), "five authors give no interval"
    control = table.loc[("control", "en", "fullwidth_punctuation")]
    assert control.estimate == 0
    assert np.isnan([control.low, control.high]).all()
    assert ("studied", "zh", "residue") in table.index
    assert ("studied", "zh", "fullwidth_punctuation") not in table.index
    assert ("studied", "en", "residue") not in table.index
    one = texts.language_artefact_rate(written).set_index("group")
    assert one.loc["studied", "estimate"] == row.estimate
    assert texts.language_artefact_rate(written, minimum=2).set_index("group").loc["studied", "n"] == 1
    assert texts.language_artefacts(written, language="zh").language.unique().tolist() == ["zh"]


def test_the_scripts_of_chinese_posts(written: kit.Case) -> None:
    table = texts.chinese_script(written).set_index("script")
    assert table.posts.to_dict() == {"simplified": 1, "traditional": 1, "mixed": 1, "neither": 1}
    assert table.estimate.tolist() == [0.25] * 4
    assert set(table.n) == {2}


def test_words_of_models_are_counted_by_account(written: kit.Case) -> None:
    row = texts.model_residues(written).set_index("group").loc["studied"]
    assert (row.n, row.estimate, row.artefacts_found) == (7, pytest.approx(1 / 7), 1)
    control = texts.model_residues(written).set_index("group").loc["control"]
    assert control.estimate == 0
    assert np.isnan(control.high), "four authors give no interval"
    assert texts.model_residues(written, artefact="echoed_instruction").estimate.max() == 0
    assert texts.model_residues(written, language="zh").set_index("group").n.to_dict() == {
        "studied": 2,
        "control": 0,
    }


@pytest.mark.parametrize(
    "metric,settings,found",
    [
        (texts.language_artefact_rate, {"artefact": "wide"}, "wide"),
        (texts.language_artefact_rate, {"language": "de"}, "de"),
        (texts.language_artefact_rate, {"minimum": 0}, "0"),
        (texts.language_artefacts, {"language": "de"}, "de"),
        (texts.model_residues, {"artefact": "fullwidth_punctuation"}, "fullwidth_punctuation"),
    ],
)
def test_settings_are_checked(written: kit.Case, metric: Any, settings: dict[str, Any], found: str) -> None:
    with pytest.raises(MetricError, match=f"found '{found}'"):
        metric(written, **settings)


def test_no_row_and_no_text_are_no_data(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        report(home, "none", posts={"studied": [post(1, "a", "2023-08-11T10:00:00Z", "")]})
        case = kit.open("none")
        assert texts.language_artefact_rate(case).n.isna().all(), "no text at all was exported"
        found = finding_object(
            "input_artefacts", texts.language_artefact_rate, case, {"minimum": [1, 2, 5, 10]}, {}
        )
        assert found["verdict"] == "inconclusive"
        assert "the text of posts" in found["text"]["en"]
        found = finding_object("model_residues", texts.model_residues, case, VARY, {})
        assert found["verdict"] == "inconclusive"


VARY: dict[str, list[Any]] = {
    "artefact": ["any", "model_refusal", "echoed_instruction"],
    "language": [None, "en"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("worlds")) as home:
        yield home


def test_the_share_planted_is_the_share_found(home: Path) -> None:
    campaign = tiny(studied_accounts=120, studied_posts=600, share_artefact=0.3)
    world = simulated(home, "planted", campaign, languages=["en", "fr"])
    sent = world["posts"].query("in_period and group == 'studied' and language == 'en'")
    case = kit.open("planted")
    row = texts.language_artefact_rate(case).set_index("group").loc["studied"]
    assert row.artefact_posts == sent["artefact"].sum() > 0
    assert row.estimate == pytest.approx(sent["artefact"].mean(), abs=0.003)
    assert row.low < sent["artefact"].mean() < row.high
    found = finding_object(
        "input_artefacts", texts.language_artefact_rate, case, {"minimum": [1, 2, 3, 5]}, {"language": "en"}
    )
    assert found["verdict"] == "not_comparable", "its control answers other people"
    assert found["value"] > 10 * (found["control"]["value"] or 0)
    assert "full-width punctuation" in found["text"]["en"]
    assert "second language" in " ".join(found["limits"])
    found = finding_object("model_residues", texts.model_residues, case, VARY, {})
    assert found["verdict"] != "higher"


def test_an_honest_world_has_no_positive_finding(home: Path) -> None:
    world = honest(simulate(tiny(context_accounts=200, context_posts=400)))
    entries = write_exports(world, home / "honest-exports", compress=False)
    write_report(world, home / "reports" / "honest", home / "honest-exports", entries)
    case = kit.open("honest")
    for artefact in ("fullwidth_punctuation", "missing_space"):
        found = finding_object(
            "input_artefacts",
            texts.language_artefact_rate,
            case,
            {"minimum": [1, 2, 3, 5]},
            {"artefact": artefact, "language": "en"},
        )
        assert found["verdict"] != "higher", artefact
    found = finding_object("model_residues", texts.model_residues, case, VARY, {})
    assert found["verdict"] != "higher"


def test_a_trace_that_both_groups_leave_alike_is_not_held_against_the_studied(home: Path) -> None:
    """Learners on both sides: the artefact is frequent, and the control says that it means nothing."""
    line = "The old bridge is closed{} please take the ferry on the other side today"

    def rows(name: str, start: int) -> list[dict[str, str]]:
        return [
            post(
                start + 2 * i + k,
                f"{name}{i}",
                "2023-08-11T10:00:00Z",
                line.format("，" if i % 3 == 0 else ","),
            )
            for i in range(60)
            for k in (0, 1)
        ]

    report(home, "learners", posts={"studied": rows("s", 1), "control": rows("o", 10_000)})
    found = finding_object(
        "input_artefacts", texts.language_artefact_rate, kit.open("learners"), {"minimum": [1, 2, 3, 5]}, {}
    )
    assert found["value"] == pytest.approx(1 / 3, abs=0.01), "two of 120 posts are one account's"
    assert found["verdict"] != "higher"


def test_the_claims_warn() -> None:
    for name in ("input_artefacts", "model_residues"):
        assert any("second language" in limit for limit in CLAIMS[name].limits), name
    assert any("Absence proves nothing" in limit for limit in CLAIMS["model_residues"].limits)


def test_hostile_texts_do_not_stop_the_tables(home: Path) -> None:
    texts_ = [
        "\u202eabc",
        "<script>x</script>",
        "a" * 50_000,
        "=1+1",
        "\u0000 b",
        "{name}",
        "👍" * 300,
        "\n\r\t",
        "%s %d {0}",
    ]
    rows = [
        post(i, f"u{i}", "2023-08-11T10:00:00Z", text.replace("\x00", "")) for i, text in enumerate(texts_)
    ]
    report(home, "hostile", posts={"studied": rows})
    case = kit.open("hostile")
    assert texts.language_artefacts(case).artefact_posts.sum() >= 1
    assert pd.notna(texts.language_mix(case).estimate).all()
