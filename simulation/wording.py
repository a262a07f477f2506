"""Which text stands in a post: templates with small edits, or free remarks."""

from __future__ import annotations

from collections.abc import Iterator

from simulation import scripts, talk
from simulation.campaign import Campaign

EMOJI = ("🙂", "👀", "🍁", "🌿", "🙏", "✨")
CALLS = {
    "en": ("Hello, ", "Friends, ", "Note: ", "Again: "),
    "fr": ("Bonjour, ", "Bref, ", "Encore : "),
    "zh": ("大家好，", "再说一次，"),
}
TAGS = ("#PortFiles", "#FernhollowWater", "#CountAgain", "#AskThemNow", "#OurFishingGrounds", "#TinHeronSays")
LINKS = tuple(f"https://quayside-papers.example/file/{n}" for n in (118, 204, 231, 377, 402))


def templates(campaign: Campaign) -> dict[str, list[str]]:
    """The network's templates by language."""
    return {
        language: [scripts.template(language, number) for number in range(count)]
        for language, count in campaign.templates
    }


def by_code(language: str, count: int) -> dict[str, list[int]]:
    """The first `count` texts of a language by their narrative."""
    out: dict[str, list[int]] = {}
    for number in range(count):
        out.setdefault(scripts.code(language, number), []).append(number)
    return out


def edited(language: str, number: int, numbers: Iterator[float]) -> str:
    """Text `number` with one or two small edits, as people make who were told not to copy word for word."""
    out = scripts.template(language, number)
    for _ in range(1 + (next(numbers) < 0.35)):
        kind = next(numbers)
        if kind < 0.35:
            pairs = [(old, new) for old, new in scripts.exchanges(language, number) if old in out]
            if pairs:
                old, new = pairs[int(next(numbers) * len(pairs))]
                out = out.replace(old, new, 1)
                continue
        if kind < 0.5:
            out = CALLS[language][int(next(numbers) * len(CALLS[language]))] + out[:1].lower() + out[1:]
        elif kind < 0.65:
            out = out.rstrip(".。") + ("！" if language == "zh" else "!" * (1 + int(next(numbers) * 3)))
        elif kind < 0.8:
            out = f"{out} {EMOJI[int(next(numbers) * len(EMOJI))]}"
        elif language == "zh" or kind < 0.88:
            out = out.rstrip(".。")
        else:  # two letters inside a word change places
            words = out.split(" ")
            long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
            if long:
                i = long[int(next(numbers) * len(long))]
                k = 1 + int(next(numbers) * (len(words[i]) - 3))
                words[i] = words[i][:k] + words[i][k + 1] + words[i][k] + words[i][k + 2 :]
                out = " ".join(words)
    return out


def artefact(text: str) -> str:
    """English text with the full-width punctuation of a Chinese keyboard."""
    return text.replace(", ", "，").replace("!", "！")


def free(language: str, numbers: Iterator[float]) -> str:
    """A remark of an ordinary person."""
    return talk.remark(language, numbers)
