"""What can be wrong with one article's text: its length, its language, its encoding."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

VERY_SHORT = 20  # syllables
_ENOUGH = 4000  # characters that tell the language
_FEWEST_WORDS = 8  # fewer do not tell a language
_VIETNAMESE = 0.6  # share of syllables; sound articles have 0.8 and more, English ones 0.1 to 0.3
_TONELESS = 0.1  # share of syllables with a mark; sound articles have 0.6 and more

_WORD = re.compile(r"[^\W\d_]+")
_ONSET = "(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
_RHYME = (  # without tones; Đoàn Thiện Thuật, Ngữ âm tiếng Việt (1977)
    "(?:o?a(?:ch|nh|ng|[cimnoptuy])?|o?ă(?:ng|[cmnpt])|u?â(?:ng|[cmnptuy])|o?e(?:ng|[cmnopt])?"
    "|u?ê(?:ch|nh|[mnptu])?|i(?:ch|nh|[amnptu])?|(?:iê|u?yê)(?:ng|[cmnptu])|y(?:[nt]|ch|nh|êu)?"
    "|o(?:ong|ng|[cimnpt])?|ô(?:ng|[cimnpt])?|ơ(?:[imnpt])?|u(?:ng|[acimnptơ])?"
    "|uô(?:ng|[cimnpt])|ư(?:ng|[acimntuơ])?|ươ(?:ng|[cimnptu])|uy(?:ch|nh|[anptu])?)"
)
_SYLLABLE = re.compile(_ONSET + _RHYME)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")

# What UTF-8 looks like when it was read as Latin-1 or Windows-1252, or Vietnamese in an old
# encoding; letters that lost their bytes; and what no text holds.
_DAMAGE = (
    ("\ufffd", 1, "letters that were lost (U+FFFD)"),
    (r"[^\W\d_]\?+[^\W\d_]", 3, "question marks inside words"),
    ("Ã[\u0080-\u00bf]|á[º»][\u0080-\u00bf€-™]|Æ[°¡]|Ä[‘\u0091]|â€", 2, "UTF-8 read as Latin-1"),
    (r"[^\W\d_][¡-ª¬-±´-¶¸-º¼-¾]|®[^\W\d_]", 5, "an encoding of before Unicode"),
    ("[\u0080-\u009f\x00-\x08\x0e-\x1f]", 1, "control characters"),
)
_PATTERNS = tuple((re.compile(pattern), few, what) for pattern, few, what in _DAMAGE)


def very_short(text: str) -> str | None:
    """What to say of a text of fewer than 20 syllables."""
    words = len(_WORD.findall(text[:_ENOUGH]))
    return f"{words} words" if words < VERY_SHORT else None


def damaged(text: str) -> tuple[float, str] | None:
    """How sound the letters are, 0 to 1, and what is wrong with them."""
    found = [(len(pattern.findall(text)), few, what) for pattern, few, what in _PATTERNS]
    problems = [(count, what) for count, few, what in found if count >= few]
    if not problems:
        return _toneless(text)
    count = max(count for count, _ in problems)
    words = max(1, len(_WORD.findall(text)))
    return max(0.0, 1 - 10 * count / words), "; ".join(f"{what}: {n}" for n, what in problems)


def other_language(text: str) -> tuple[float, str] | None:
    """The share of Vietnamese syllables where it is low, and what to say."""
    words = _words(text)
    if len(words) < _FEWEST_WORDS:
        return None
    share = sum(map(_is_syllable, words)) / len(words)
    return (share, f"{share:.0%} Vietnamese syllables") if share < _VIETNAMESE else None


def sentences(text: str) -> Iterator[str]:
    """Sentences and lines of at least six words, for finding those that many articles share."""
    for sentence in re.split(r"(?<=[.!?…])\s+|\n+", text):
        sentence = sentence.strip()
        if sentence.count(" ") >= 5:
            yield sentence


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text[:_ENOUGH]).lower())


def _toneless(text: str) -> tuple[float, str] | None:
    """Vietnamese that was written without its marks."""
    words = _words(text)
    if len(words) < VERY_SHORT:
        return None
    share = sum(not word.isascii() for word in words) / len(words)
    # Of a foreign text, half the words at most might be Vietnamese ones without their marks.
    if share < _TONELESS and sum(map(_may_be_syllable, words)) >= 0.75 * len(words):
        return share, f"Vietnamese without diacritics: {share:.0%} of the words have one"
    return None


@lru_cache(1 << 17)
def _is_syllable(word: str) -> bool:
    plain = _TONES.sub("", unicodedata.normalize("NFD", word))
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None


_BARE = re.compile(
    unicodedata.normalize("NFD", (_ONSET + "?" + _RHYME).replace("đ", "d"))
    .replace("\u0302", "").replace("\u0306", "").replace("\u031b", "")
)  # fmt: skip


@lru_cache(1 << 17)
def _may_be_syllable(word: str) -> bool:
    return _BARE.fullmatch(word) is not None
