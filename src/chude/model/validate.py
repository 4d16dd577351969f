"""Check every field of a model file before anything of it is used.

What is checked here is all that counting, scoring and deciding rely on, so that a model that was
loaded cannot fail on any text, nor give anything but finite probabilities.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.model.features import FeatureOptions
from chude.model.fields import Field
from chude.text.segment import SEGMENTERS

FORMAT = 1
_LARGE = 1e9  # far above any weight that is learnt, and its products with others stay finite
_BITS = 63  # of an n-gram's key
_FIELDS = (
    "format", "exclusive", "themes", "segmenter", "features", "article", "passage", "calibration",
    "thresholds", "review_error",
)  # fmt: skip
_FEATURES = ("ngrams", "min_df", "max_df", "folded", "words", "grams", "idf")


def check_model(plain: Any, file: Path) -> None:
    """Make sure that plain data is a model; file: where it was read, for messages.

    Raises ChudeError, with the file and the field, at the first one that is missing, unknown, of
    the wrong kind or shape, out of range, or that does not fit the others.
    """
    fields = Field(file, "", plain).table(_FIELDS)
    fields["format"].integer(1, FORMAT)
    fields["exclusive"].flag()
    n_themes = _check_themes(fields["themes"])
    fields["segmenter"].one_of(SEGMENTERS)
    n_features = _check_features(fields["features"])
    _check_linear(fields["article"], n_features, n_themes)
    passages = fields["passage"].value is not None
    if passages:
        _check_linear(fields["passage"], n_features, n_themes)
    weights, offset = fields["calibration"].entries(2, 2)
    weights.array(np.float64, (n_themes, 2 if passages else 1), -_LARGE, _LARGE)
    offset.array(np.float64, (n_themes,), -_LARGE, _LARGE)
    fields["thresholds"].array(np.float64, (n_themes,), 0, 1)
    fields["review_error"].number(0, 1)


def check_options(field: Field) -> FeatureOptions:
    """The options of the n-grams, in a table that has others as well."""
    fields = field.table(("ngrams", "min_df", "max_df", "folded"), others=True)
    shortest, longest = fields["ngrams"].entries(2, 2)
    least = shortest.integer(1, _BITS)
    return FeatureOptions(
        (least, longest.integer(least, _BITS)),
        fields["min_df"].integer(0),
        fields["max_df"].number(0, _LARGE),
        fields["folded"].flag(),
    )


def _check_themes(field: Field) -> int:
    """How many there are."""
    keys = set()
    for theme in field.entries(least=1):
        key, *titles = theme.entries(4, 4)
        if key.text() in keys:
            raise key.wrong("stands there twice")
        keys.add(key.text())
        for title in titles:
            title.text()
    return len(keys)


def _check_features(field: Field) -> int:
    """How many there are."""
    fields = field.table(_FEATURES)
    shortest, longest = check_options(field).ngrams
    grams = fields["grams"].array(np.int32, (None, longest), -1, np.inf)
    if not len(grams):
        raise fields["grams"].wrong("is empty")
    n_words = _check_words(fields["words"], grams.size)
    if longest * n_words.bit_length() > _BITS:
        raise fields["ngrams"].wrong(f"is too long for {n_words:,} words")
    _check_grams(fields["grams"], grams, n_words, shortest)
    fields["idf"].array(np.float64, (len(grams),), 0, _LARGE)
    return len(grams)


def _check_words(field: Field, most: int) -> int:
    """How many there are."""
    count = field.any_text().count("\n") + 1
    if count > most:  # before room is made for them
        raise field.wrong("has more words than the n-grams can hold")
    words = set(field.value.split("\n"))
    if "" in words or len(words) != count:
        raise field.wrong("has an empty word or a word twice")
    return count


def _check_grams(field: Field, grams: NDArray[np.int32], n_words: int, shortest: int) -> None:
    if grams.max() >= n_words:
        raise field.wrong("has words that are not there")
    used = grams >= 0
    if not used[:, :shortest].all() or (used[:, 1:] > used[:, :-1]).any():
        raise field.wrong("has n-grams of unknown form")


def _check_linear(field: Field, n_features: int, n_themes: int) -> None:
    weights, intercept = field.entries(2, 2)
    weights.array(np.float32, (n_features, n_themes), -_LARGE, _LARGE)
    intercept.array(np.float32, (n_themes,), -_LARGE, _LARGE)
