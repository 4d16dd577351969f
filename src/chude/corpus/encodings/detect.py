"""Which encoding a text is in: the one in which it reads as Vietnamese, if there is only one."""

from collections.abc import Iterable
from dataclasses import dataclass

from chude.corpus.encodings.charts import charts
from chude.corpus.encodings.reading import SAMPLE, read_words
from chude.corpus.encodings.viqr import decode_viqr, marks

LEAST = 0.7
"""Share of syllables among the words with marks below which a text does not read as Vietnamese."""

_LEAST_EXPECTED = 0.6  # one word of one will do
_APART = 0.12  # how much better than the next encoding the best must read
_VIQR = 0.03  # marks of VIQR that English lacks, a character of the text; Vietnamese has 0.1


@dataclass(frozen=True, slots=True)
class Guess:
    """encoding: a name of `charts()`, or VIQR; confidence: from 0 to 1, how Vietnamese it reads.

    rival: another encoding in which the text reads nearly as well, but differently.
    """

    encoding: str
    confidence: float
    rival: str | None = None


def guess(text: str, expected: str | None = None) -> Guess | None:
    """The 8-bit encoding whose bytes a text shows; None if it reads as Vietnamese in none.

    text: bytes as Latin-1 or Windows-1252 show them. expected: the encoding of the text's
    neighbours, which wins when several read as well.
    """
    sample = text[:SAMPLE]
    decoded = {name: chart.decode(sample) for name, chart in charts().items()}
    readings = {name: read_words(one) for name, one in decoded.items()}
    shares = {name: one.share for name, one in readings.items()}
    best = max(shares, key=lambda name: (shares[name], name == expected))
    if expected in shares and shares[expected] >= shares[best] - _APART:
        best = expected
    least = LEAST if best != expected else _LEAST_EXPECTED
    if shares[best] < least or not readings[best].is_vietnamese:
        return None
    others = (name for name in shares if decoded[name] != decoded[best])
    return Guess(best, shares[best], None if best == expected else _rival(others, shares, best))


def _rival(others: Iterable[str], shares: dict[str, float], best: str) -> str | None:
    near = [name for name in others if shares[name] > shares[best] - _APART]
    return max(near, key=shares.__getitem__, default=None)


def guess_viqr(text: str) -> Guess | None:
    """VIQR, if the text has its marks as often as Vietnamese does and reads well; else None."""
    sample = text[:SAMPLE]
    if marks(sample) < _VIQR * len(sample):
        return None
    reading = read_words(decode_viqr(sample))
    sure = reading.share >= LEAST and reading.is_vietnamese
    return Guess("VIQR", reading.share) if sure else None
