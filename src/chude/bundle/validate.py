"""Make a model of plain data, after every field was checked.

What is checked here is all that counting, scoring and deciding rely on, so that a model that was
loaded cannot fail on any text, nor give anything but finite probabilities.

The format version goes up when an older chude could not read a new bundle or would read it wrongly.
"""

from operator import lt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.bundle.fields import Field
from chude.compute.pair_table import EMPTY, crowded
from chude.corpus.passage_sizes import SIZES, Sizes
from chude.corpus.taxonomy import Taxonomy, Theme
from chude.features.packing import pack_grams
from chude.features.tfidf import Features
from chude.features.vocabulary import FeatureOptions
from chude.model.decide import LEAST_KNOWN, Calibration, Decision
from chude.model.model import Model
from chude.model.score import MOST_BEST, Linear, Scorer
from chude.text.segment import SEGMENTERS

FORMAT = 4  # 1: numbers are told apart; 2: the best passage counts alone; 3: passages of `SIZES`
_LARGE = 1e9  # far above any weight that is learnt, and its products with others stay finite
_LONGEST = 1_000_000  # syllables of a passage
_BITS = 63  # of an n-gram's key
_FIELDS = (
    "format", "exclusive", "themes", "segmenter", "features", "article", "passage", "calibration",
    "thresholds", "review_error",
)  # fmt: skip
# Where they are not what they were in older chude.
_OPTIONAL = ("least_known", "n_best", "passage_sizes")
_FEATURES = ("ngrams", "min_df", "max_df", "folded", "words", "grams", "idf")


def model_of(plain: Any, file: Path) -> Model:
    """The model that plain data is; its arrays are those of the data.

    file: where the data were read, for messages. Raises ChudeError, with the file and the field, at
    the first one that is missing, unknown, of the wrong kind or shape, out of range, or that does
    not fit the others.
    """
    told = [name for name in _OPTIONAL if type(plain) is dict and name in plain]
    fields = Field(file, "", plain).table((*_FIELDS, *told))
    fields["format"].integer(1, FORMAT)
    taxonomy = Taxonomy(_themes(fields["themes"]), fields["exclusive"].flag())
    features = _features(fields["features"])
    shape = len(features.grams), len(taxonomy.themes)
    with_passages = fields["passage"].value is not None
    scorer = Scorer(
        features,
        _linear(fields["article"], shape),
        _linear(fields["passage"], shape) if with_passages else None,
        fields["n_best"].integer(1, MOST_BEST) if "n_best" in told else 1,
        _sizes(fields["passage_sizes"]) if "passage_sizes" in told else SIZES,
    )
    decision = Decision(
        fields["thresholds"].array(np.float64, shape[1:], 0, 1),
        taxonomy.exclusive,
        fields["review_error"].number(0, 1),
        fields["least_known"].number(0, 1) if "least_known" in told else LEAST_KNOWN,
    )
    calibration = _calibration(fields["calibration"], (shape[1], 1 + with_passages), taxonomy)
    segmenter = fields["segmenter"].one_of(SEGMENTERS)
    return Model(taxonomy, segmenter, scorer, calibration, decision)


def _sizes(field: Field) -> Sizes:
    longest, window, shortest = (size.integer(1, _LONGEST) for size in field.entries(3, 3))
    return Sizes(longest, window, shortest)


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
        fields["numbers"].flag() if "numbers" in fields else True,
    )


def _themes(field: Field) -> tuple[Theme, ...]:
    themes: dict[str, Theme] = {}
    for entry in field.entries(least=1):
        key, *titles = entry.entries(4, 4)
        if key.text() in themes:
            raise key.wrong("stands there twice")
        themes[key.text()] = Theme(key.text(), *(title.text() for title in titles))
    return tuple(themes.values())


def _features(field: Field) -> Features:
    options = check_options(field)
    fields = field.table(_FEATURES if options.numbers else (*_FEATURES, "numbers"))
    shortest, longest = options.ngrams
    grams = fields["grams"].array(np.int32, (None, longest), -1, np.inf)
    if not len(grams):
        raise fields["grams"].wrong("is empty")
    words = _words(fields["words"], grams.size)
    if longest * len(words).bit_length() > _BITS:
        raise fields["ngrams"].wrong(f"is too long for {len(words):,} words")
    _check_grams(fields["grams"], len(words), shortest)
    features = Features(
        options, words, grams, fields["idf"].array(np.float64, (len(grams),), 0, _LARGE)
    )
    _check_keys(fields["grams"], pack_grams(grams, features.packing.bits))
    # The table is made here for whatever is predicted first.
    if np.count_nonzero(features.ngram_index.table.keys != EMPTY) != len(grams):
        raise fields["grams"].wrong("has an n-gram twice")
    return features


def _words(field: Field, most: int) -> list[str]:
    if field.any_text().count("\n") >= most:  # before room is made for them
        raise field.wrong("has more words than the n-grams can hold")
    words: list[str] = field.value.split("\n")
    in_order = all(map(lt, words, words[1:]))  # as chude writes them; quicker than a set
    if "" in words[:1] or not (in_order or len({"", *words}) == len(words) + 1):
        raise field.wrong("has an empty word or a word twice")
    return words


def _check_grams(field: Field, n_words: int, shortest: int) -> None:
    if field.value.max() >= n_words:
        raise field.wrong("has words that are not there")
    used = field.value >= 0
    if not used[:, :shortest].all() or (used[:, 1:] > used[:, :-1]).any():
        raise field.wrong("has n-grams of unknown form")


def _check_keys(field: Field, keys: NDArray[np.int64]) -> None:
    """Make sure that tables of the n-grams, of all and of the longer ones, are soon made."""
    longer = field.value[:, 1:2].max(axis=1, initial=-1) >= 0
    if crowded(keys) or crowded(keys[longer]):
        raise field.wrong("has n-grams that were chosen to make it slow")


def _linear(field: Field, shape: tuple[int, int]) -> Linear:
    weights, intercept = field.entries(2, 2)
    return Linear(
        weights.array(np.float32, shape, -_LARGE, _LARGE),
        intercept.array(np.float32, shape[1:], -_LARGE, _LARGE),
    )


def _calibration(field: Field, shape: tuple[int, int], taxonomy: Taxonomy) -> Calibration:
    weights, offset = field.entries(2, 2)
    return Calibration(
        weights.array(np.float64, shape, -_LARGE, _LARGE),
        offset.array(np.float64, shape[:1], -_LARGE, _LARGE),
        taxonomy.exclusive,
    )
