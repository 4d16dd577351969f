"""Texts of `phrases` with what is filled into them, in a language or in both."""

from collections.abc import Callable
from dataclasses import dataclass

from chude.model.prediction import format_probability
from chude.show.finding_texts import FINDING_TEXTS
from chude.show.html import esc
from chude.show.phrases import PHRASES

LANGUAGES = ("vi", "en")

TEXTS = {
    lang: {key: pair[i] for key, pair in (PHRASES | FINDING_TEXTS).items()}
    for i, lang in enumerate(LANGUAGES)
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is written as the language writes it, in prose."""

    value: float
    digits: int = 0
    percent: bool = False
    signed: bool = False

    def text(self, lang: str) -> str:
        """A decimal comma and points between thousands in Vietnamese; `–` for NaN."""
        if self.value != self.value:
            return "–"
        value = (100 if self.percent else 1) * self.value + 0.0
        shown = f"{value:{'+' if self.signed else ''},.{self.digits}f}"
        if lang == "vi":
            shown = shown.translate(str.maketrans(",.", ".,"))
        return f"{shown} %" if self.percent else shown


@dataclass(frozen=True, slots=True)
class Probability:
    """A probability in prose."""

    value: float

    def text(self, lang: str) -> str:
        """As `probability_text` writes it."""
        return probability_text(lang, self.value)


@dataclass(frozen=True, slots=True)
class Title:
    """A theme's name: Vietnamese, English, and the key where there is none."""

    key: str
    vi: str = ""
    en: str = ""

    def text(self, lang: str) -> str:
        """In that language, or else the key."""
        return (self.vi if lang == "vi" else self.en) or self.key


def say(lang: str, key: str, **values: object) -> str:
    """The text of that key in `vi` or `en`, with the values filled in, and an s unless n is 1.

    values: what differs between the languages is a `Number`, `Probability` or `Title`.
    """
    said = {name: _said(lang, one) for name, one in values.items()}
    return TEXTS[lang][key].format(**said, s="" if said.get("n") in (1, "1") else "s")


def _said(lang: str, value: object) -> object:
    return value.text(lang) if isinstance(value, Number | Probability | Title) else value


def probability_text(lang: str, probability: float) -> str:
    """A probability in prose, which has a decimal comma in Vietnamese."""
    shown = format_probability(probability)
    return shown.replace(".", ",") if lang == "vi" else shown


@dataclass(frozen=True, slots=True)
class Voice:
    """Texts as HTML, in one language, or in both for a page that can switch between them."""

    lang: str
    both: bool = False

    def plain(self, key: str, **values: object) -> str:
        """In the one language, escaped, for attributes."""
        return esc(say(self.lang, key, **values))

    def __call__(self, key: str, **values: object) -> str:
        """As HTML."""
        return self._each(lambda lang: say(lang, key, **values))

    def of(self, value: "Number | Probability | Title") -> str:
        """A number or title as HTML."""
        return self._each(value.text)

    def _each(self, text: Callable[[str], str]) -> str:
        texts = [esc(text(lang)) for lang in (LANGUAGES if self.both else (self.lang,))]
        if len(set(texts)) == 1:
            return texts[0]
        return "".join(
            f'<span lang="{lang}">{one}</span>' for lang, one in zip(LANGUAGES, texts, strict=True)
        )
