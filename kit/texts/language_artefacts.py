"""Artefacts that keyboards, converters and language models leave in a text.

Each is weak alone and says nothing about an account: people who write in a second language, on a
borrowed phone, or for fun leave the same artefacts. Every pattern repeats one class of signs or has a
limit, so the work grows with the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from kit.texts.letters import SCRIPTS, chinese_table, counts, script_table
from kit.texts.normal import plain

#: artefacts of keyboards and editors, and of language models
INPUT = (
    "fullwidth_punctuation",
    "ideographic_space",
    "fullwidth_letters",
    "missing_space",
    "invisible_signs",
)
MODEL = ("model_refusal", "echoed_instruction")
_COLUMNS = ("post_key", "han", "simplified", "traditional", "residue", *INPUT, *MODEL)
_EAST_ASIAN = tuple(1 + SCRIPTS.index(name) for name in ("han", "kana", "hangul"))
_LATIN = 1 + SCRIPTS.index("latin")

_PUNCTUATION = re.compile("[，。！？：；（）、《》「」『』【】]")
_WIDE = re.compile("[Ａ-Ｚａ-ｚ０-９]")
_MISSING_SPACE = re.compile("[A-Za-z\u00c0-\u024f]{2}[,;!?][A-Za-z\u00c0-\u024f]{2}")
# a byte order mark, a zero-width space (which Thai and Khmer set between words), a word joiner; the joiners of
# emoji and of Persian are none of these
_INVISIBLE = re.compile("[\ufeff\u200b\u2060]")

# What no spelling has: one simplified sign stands for several traditional ones, and a converter without a
# dictionary of words (or a hurried writer) takes the wrong one. 后 is empress, 後 behind; 面 is face, 麵
# noodles; 干 is 乾, 幹 or 干. OpenCC's dictionaries write each of these words otherwise (a test holds it).
# Words that also arise where two right ones meet (頭發 in 從頭發展) are left out or fenced.
_RESIDUES = re.compile(
    "[0-9一二三四五六七八九十百千萬兩幾]公[裡裏](?!面)|英[裡裏](?!面)|[裡裏]程|理發[店師型廳]|頭發[很又太剪染]|皇後[娘陛殿]"
    "|[方表見]麵(?![包條食店粉館攤線糰])|麵[積臨]|乾[部涉預擾]|若乾|幹[淨燥]|餅幹(?![嘛什甚麼活])|鬆樹(?!立)"
    "|曆史|經曆(?!時)|農歷(?![經史])|[限控]製(?![作造品])|製度(?!假)|複興|恢複|[答回]複(?![雜數合習製印查])"
    "|批準|分鍾(?![愛情意])|鍾頭|方嚮(?!往)|小醜(?![陋惡態聞])|宿捨|骯臟|鹹豐|標准|准[備確]|憂郁|錶示"
    "|[國專]傢(?![具俱伙])|傢庭|誌願"
)  # fmt: skip

_APOSTROPHES = str.maketrans("’‘ʼ＇", "''''")
_AI = "ai|ai (?:language )?model|(?:large )?language model|ai assistant|artificial intelligence(?: language model)?"
_IA = "modèle (?:de langage|linguistique|d'ia)|ia|assistant ia|intelligence artificielle"
_REFUSALS = (
    rf"\bas an? (?:{_AI})(?:, | (?:i\b|trained by|developed by|created by))",
    r"\bi(?:'m| am) (?:just |only )?an ai (?:language model|assistant|model)\b",
    r"\bi(?:'m| am) sorry,? but i (?:can't|cannot|can not|am unable to|'m unable to) "
    r"(?:assist with|ful?fill?|comply with|generate|create|engage in)\b",
    r"\bi(?: cannot| can't| am unable to|'m unable to) (?:ful?fill?|comply with) (?:this|that|your|the) request\b",
    r"\b(?:my knowledge cutoff|as of my last (?:knowledge )?update)\b",
    r"\bagainst openai's (?:use case |content |usage )?polic(?:y|ies)\b",
    rf"\ben tant qu(?:e|'un|'une|') ?(?:grand )?(?:{_IA}),? je\b",
    r"\bje suis désolée?, mais je ne (?:peux|puis) pas (?:vous aider à )?(?:générer|créer|produire)\b",
    r"\bma date limite de connaissances\b",
    r"作[为為](?:一[个個名款种種])?(?:大型)?(?:ai|人工智能|人工智慧|[语語]言模型)(?:[语語]言模型|助手|模型)?[，, ]{0,2}我",
    r"我[只仅僅]?是(?:一[个個名款])?(?:ai|人工智能|人工智慧|大型)(?:[语語]言模型|助手|模型)",
    r"我[无無]法(?:[满滿]足|完成|[执執]行)(?:[您你]的|[这這][个個]|[该該])(?:[请請]求|要求)",
    r"(?:抱歉|[对對]不起)[，,] ?我(?:[无無]法|不能)(?:生成|[协協]助生成)",
)
_REFUSAL = re.compile("|".join(_REFUSALS))

_NOUN = (
    "(?:tweet|reply|replies|comment|post|caption|response|thread|version|draft|rewrite|paraphrase|variation)"
)
_NOUN_FR = "(?:tweet|réponse|commentaire|publication|message|légende|gazouillis|version|ébauche)"
_NOUN_ZH = "(?:推文|[评評][论論]|回[复復覆]|帖子|留言|[贴貼]文)"
_BLANK = "name|first_name|last_name|user|username|target|topic|city|country|hashtags?|keywords?|handle|link"
_BLANK += "|nom|prénom|ville|pays|sujet|lien|姓名|名字|城市|国家|國家|[话話][题題]"
_ECHOES = (
    r"^\W{0,5}(?:sure|certainly|absolutely|of course)(?: thing)?[!,.:]{1,3} ?here(?:'s| is| are) "
    rf"(?:an?|the|your|some|\d{{1,2}}) (?:[a-z-]{{1,20}} ){{0,4}}{_NOUN}s?\b",
    rf"\bhere(?:'s| is| are) (?:an?|your|some|\d{{1,2}}) (?:[a-z-]{{1,20}} ){{0,3}}{_NOUN}s?"
    r"(?: (?:that|based on|written|about|in response to|in the style|supporting|criticizing|criticising|for you)[^:\n]{0,80})?:",
    rf"\brewrite (?:the following|this) (?:{_NOUN}|text|sentence|paragraph)\b",
    rf"^\W{{0,5}}(?:bien sûr|certainement|avec plaisir)\s?[!,.:]{{1,3}}\s?voici (?:une?|votre|des|quelques|\d{{1,2}}) "
    rf"(?:[a-zà-ÿ-]{{1,20}} ){{0,4}}{_NOUN_FR}s?\b",
    rf"\bvoici (?:une?|votre|des|quelques|\d{{1,2}}) (?:[a-zà-ÿ-]{{1,20}} ){{0,3}}{_NOUN_FR}s?"
    r"(?: (?:qui|sur|basée?|rédigée?|en réponse|dans le style|critiquant|soutenant|pour vous)[^:\n]{0,80})?\s?:",
    rf"(?:以下|[这這])是(?:一|[为為](?:您|你)|[几幾]|\d{{1,2}})[^：:\n]{{0,15}}{_NOUN_ZH}[^：:\n]{{0,10}}[：:]",
    r"^\W{0,5}(?:当然|當然|好的)[！，,!。 ]{1,2}(?:可以[！，,!。 ]{1,2})?以下是",
    rf"[\[【](?:insert\b|insére[rz]\b|插入|填入|(?:your|votre|您的|你的) ?(?:{_BLANK}))[^\]】\n]{{0,60}}[\]】]",
    rf"\{{{{1,2}} ?(?:{_BLANK}) ?\}}{{1,2}}",
)
_ECHO = re.compile("|".join(_ECHOES), re.MULTILINE)


def produce(read: Callable[..., Iterator[pd.DataFrame]]) -> Any:
    """The table `language_artefacts`: one row for each post with text."""
    parts = []
    for part in read("SELECT post_key, text FROM all_posts WHERE trim(text) <> '' ORDER BY post_key"):
        parts.append(found(part["text"].tolist()).assign(post_key=part["post_key"].to_numpy()))
    return pd.concat(parts)[list(_COLUMNS)] if parts else pd.DataFrame(columns=list(_COLUMNS))


def found(texts: Sequence[str]) -> pd.DataFrame:
    """Artefacts of each text; links, mentions and tags are no part of it."""
    shown = [plain(text) for text in texts]
    chinese = counts(shown, chinese_table(), 4)
    han = chinese[:, 1:].sum(axis=1)
    scripts = counts(shown, script_table(), len(SCRIPTS) + 1)
    latin = (scripts[:, _LATIN] > 0) & (scripts[:, list(_EAST_ASIAN)].sum(axis=1) == 0)
    folded = [text.casefold().translate(_APOSTROPHES) for text in texts]
    return pd.DataFrame(
        {
            "han": han,
            "simplified": chinese[:, 2],
            "traditional": chinese[:, 3],
            "residue": [
                some > 0 and _RESIDUES.search(t) is not None for some, t in zip(han, shown, strict=True)
            ],
            "fullwidth_punctuation": [
                bool(only) and _PUNCTUATION.search(t) is not None
                for only, t in zip(latin, shown, strict=True)
            ],
            "ideographic_space": ["\u3000" in text for text in texts],
            "fullwidth_letters": [_WIDE.search(t) is not None for t in shown],
            "missing_space": [_MISSING_SPACE.search(t) is not None for t in shown],
            "invisible_signs": [_INVISIBLE.search(t) is not None for t in texts],
            "model_refusal": [_REFUSAL.search(t) is not None for t in folded],
            "echoed_instruction": [_ECHO.search(t) is not None for t in folded],
        }
    )
