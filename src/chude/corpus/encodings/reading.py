"""How Vietnamese a text reads: which of its words with marks are Vietnamese syllables."""

import re
from dataclasses import dataclass

from chude.corpus.encodings.syllables import syllables

SAMPLE = 20_000
"""Characters of a text that are read; more do not change the answer."""

_TOKEN = re.compile(r"[^\s!-/:-@\[-`{-~\u00a0\u2010-\u2027\u2030-\u205e]+")
_TAG = re.compile(r"<[^<>]{0,300}>")
_ETH = str.maketrans("ðÐ", "đĐ")  # the Icelandic letters, a habit of old fonts and keyboards


@dataclass(frozen=True, slots=True)
class Reading:
    """words: those with a character outside ASCII; vietnamese: how many of them are syllables.

    around: all words of the lines that such words stand in; fitting: how many are syllables.
    """

    words: int
    vietnamese: int
    around: int
    fitting: int

    @property
    def share(self) -> float:
        """Syllables among the words with marks, drawn towards 0 when there are few words."""
        return self.vietnamese / (self.words + 0.5)

    @property
    def is_vietnamese(self) -> bool:
        """Whether half of all words are syllables, which they are in no other language."""
        return 2 * self.fitting >= self.around


def read_words(text: str) -> Reading:
    """How Vietnamese the words of a text are, those of its first 20,000 characters.

    A word counts if it is written small, with a capital or in capitals: dấU is none. Tags of HTML
    and lines of ASCII only (scripts, tables of numbers) say nothing.
    """
    lines = [line for line in _TAG.sub(" ", text[:SAMPLE]).split("\n") if not line.isascii()]
    words = [word.translate(_ETH) for word in _TOKEN.findall("\n".join(lines))]
    known = syllables()
    fitting = [word for word in words if word.lower() in known and is_cased(word)]
    return Reading(
        sum(not word.isascii() for word in words),
        sum(not word.isascii() for word in fitting),
        sum(not word.isdigit() for word in words),
        len(fitting),
    )


def is_cased(word: str) -> bool:
    """Whether a word is written small, with a capital first or in capitals."""
    return word[1:].islower() or word.isupper() or len(word) == 1
