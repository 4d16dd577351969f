"""The articles of the comparison: read, sampled, segmented, and which of them leaked."""

import pickle
import random
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chude
from chude.corpus.formats.columns import ColumnNames
from chude.text.segment import make_segmenter

_WORD = re.compile(r"\w+")
_CHUNK = 512  # texts segmented at a time


@dataclass(frozen=True)
class Corpus:
    """Texts, and the label of each: a string, or a tuple of strings where it may have several."""

    texts: list[str]
    labels: list[Any]

    def take(self, rows: list[int]) -> "Corpus":
        """The articles at these places, in this order."""
        return Corpus([self.texts[i] for i in rows], [self.labels[i] for i in rows])

    def shuffled(self, seed: int, count: int | None = None) -> "Corpus":
        """All articles, or so many, in random order."""
        rows = list(range(len(self.texts)))
        random.Random(seed).shuffle(rows)
        return self.take(rows[:count])

    def write(self, path: Path) -> Path:
        """Write what a worker reads."""
        with path.open("wb") as stream:
            pickle.dump((self.texts, self.labels), stream, protocol=5)
        return path

    def segmented(self) -> "Corpus":
        """The same with words as `underthesea.word_tokenize(text, format="text")` joins them.

        chude's segmenter finds them, the same words in less time: see verify_segmentation.py.
        """
        segmenter = make_segmenter("underthesea")
        words = []
        for start in range(0, len(self.texts), _CHUNK):
            tokens = segmenter.segment(self.texts[start : start + _CHUNK])
            words += [" ".join(tokens.words(i)) for i in range(len(tokens))]
        return Corpus(words, self.labels)


def read(path: str, label_column: str) -> Corpus:
    """Read labelled articles of one label each.

    Raises ChudeError for anything that cannot be read, or has no label or several.
    """
    articles = list(chude.read(path, columns=ColumnNames(label=label_column)))
    for article in articles:
        if len(article.themes or ()) != 1:
            raise chude.ChudeError(
                f"{article.source}: {len(article.themes or ())} labels. Give articles of one label."
            )
    return Corpus([a.text for a in articles], [(a.themes or ("",))[0] for a in articles])


def read_texts(path: str) -> list[str]:
    """The texts of an archive, without what is refused.

    Raises ChudeError when it cannot be read or holds none.
    """
    texts = [article.text for article in chude.read(path, on_refusal=lambda _: None)]
    if not texts:
        raise chude.ChudeError(f"{path}: no article. Give articles to predict.")
    return texts


def leaked(train: Corpus, test: Corpus) -> list[bool]:
    """For each test article whether its words, one after the other, are those of a training one.

    Words are runs of letters, digits and underscores in NFC: spaces and marks may differ.
    """
    seen = {_words(text) for text in train.texts}
    return [_words(text) in seen for text in test.texts]


def _words(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", text)))
