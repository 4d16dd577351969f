"""Scores and best paths: NumPy, numba and underthesea_core against each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.text.crf import tag_numpy
from chude.text.crf.chunks import ChunkTable
from chude.text.crf.crfsuite import read_crfsuite
from chude.text.crf.encoder import Steps
from chude.text.crf.installed import verified_model
from chude.text.crf.lexicon import Lexicon, Vocabulary, is_certain
from chude.text.crf.reference import TokenRules
from chude.text.crf.steps_numpy import NumpySteps
from chude.text.crf.tables import Tables
from tests.text.crf.invented import ARTICLES, QUIRKS

WORDS = sorted({word for text in ARTICLES for word in text.split()})
TOKENS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([part for quirk in QUIRKS for part in quirk.split() if part.isprintable()]),
    st.sampled_from(["BOS", "EOS", "và", "của", "Việt", "Nam", "thành", "phố", "2147483648", "."]),
)
TOKENS = TOKENS.filter(lambda token: is_certain(token[0]))
SEQUENCES = st.lists(st.lists(TOKENS, max_size=12), max_size=6)


Words = tuple[list[str], set[str]]


class Model:
    """Everything that tagging takes, and underthesea_core's featurizer and tagger."""

    def __init__(self, tables: Tables, rules: TokenRules, words: Words) -> None:
        from underthesea_core import CRFFeaturizer, CRFTagger

        self.tables = tables
        self.lexicon = Lexicon(tables, Vocabulary())
        chunks = ChunkTable(self.lexicon, rules)
        self.steps: dict[str, Steps] = {"numpy": NumpySteps(tables, chunks, self.lexicon)}
        try:
            from chude.text.crf.steps_numba import NumbaSteps

            self.steps["numba"] = NumbaSteps(tables, chunks, self.lexicon)
        except ImportError:
            pass
        path = verified_model() / "models.bin"
        crf = read_crfsuite(path)
        self.state = dict(zip(crf.attributes, crf.state.tolist(), strict=True))
        self.featurizer = CRFFeaturizer(*words)
        self.tagger = CRFTagger()
        self.tagger.load(str(path))

    def features(self, tokens: list[str]) -> list[list[str]]:
        return self.featurizer.process([[[token] for token in tokens]])[0]

    def encode(self, sequences: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
        ids = self.lexicon.tokens([token for tokens in sequences for token in tokens])
        sizes = [len(tokens) for tokens in sequences]
        return np.array(ids, np.int32), np.array(sizes, np.int64)


@pytest.fixture(scope="module")
def model(
    tables: Tables, rules: TokenRules, templates_and_words: tuple[list[str], set[str]]
) -> Model:
    return Model(tables, rules, templates_and_words)


@given(SEQUENCES)
def test_scores_are_sums_of_attribute_weights(model: Model, sequences: list[list[str]]) -> None:
    tokens, sizes = model.encode(sequences)
    flat, inner = tag_numpy.with_boundaries(tokens, sizes)
    scores = tag_numpy.state_scores(model.tables, model.lexicon.rows, flat)[
        inner - tag_numpy.WINDOW
    ]
    expected = []
    for sequence in sequences:
        for attributes in model.features(sequence):
            first = second = 0.0
            for attribute in attributes:
                weights = model.state.get(attribute, (0.0, 0.0))
                first, second = first + weights[0], second + weights[1]
            expected.append(complex(first, second))
    assert scores.tolist() == expected  # to the last bit


@given(SEQUENCES)
def test_tags_are_those_of_underthesea(model: Model, sequences: list[list[str]]) -> None:
    tokens, sizes = model.encode(sequences)
    expected = []
    for sequence in sequences:
        tags = model.tagger.tag(model.features(sequence))
        expected += [i == 0 or tag == "B-W" for i, tag in enumerate(tags)]
    for steps in model.steps.values():
        assert steps.find_begins(tokens, sizes).tolist() == expected


def textbook(scores: list[complex], transition: list[list[float]]) -> list[bool]:
    """Viterbi's algorithm, the first label winning ties."""
    best, back = [scores[0].real, scores[0].imag], []
    for score in scores[1:]:
        sums = [[best[i] + transition[i][j] for i in (0, 1)] for j in (0, 1)]
        back.append([one[1] > one[0] for one in sums])
        best = [max(sums[0]) + score.real, max(sums[1]) + score.imag]
    path = [best[1] > best[0]]
    for choice in reversed(back):
        path.append(choice[path[-1]])
    return path[::-1]


HALVES = st.integers(-3, 3).map(lambda i: i / 2)
SCORES = st.one_of(
    st.builds(complex, HALVES, HALVES),  # with many ties
    st.complex_numbers(max_magnitude=50, allow_nan=False),
)
TRANSITIONS = st.one_of(
    st.lists(HALVES, min_size=4, max_size=4),
    st.lists(st.floats(-2, 2), min_size=4, max_size=4),
)


@pytest.mark.parametrize("alone", [0, 2, 32])
@given(batch=st.lists(st.lists(SCORES, max_size=9), max_size=8), transition=TRANSITIONS)
def test_viterbi(alone: int, batch: list[list[complex]], transition: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tag_numpy, "_ALONE", alone)
        patch.setattr(tag_numpy, "_STEPS", 3)
        matrix = np.array(transition).reshape(2, 2)
        scores = np.array([score for text in batch for score in text], np.complex128)
        sizes = np.array([len(text) for text in batch], np.int64)
        expected = [x for text in batch if text for x in textbook(text, matrix.tolist())]
        assert tag_numpy.viterbi(scores, matrix, sizes).tolist() == expected


@given(text=st.lists(SCORES, min_size=1, max_size=20), transition=TRANSITIONS)
def test_compiled_viterbi(text: list[complex], transition: list[float]) -> None:
    compiled = pytest.importorskip("chude.text.crf.kernels_numba")
    matrix = np.array(transition).reshape(2, 2)
    begins, back = np.empty(len(text), np.bool_), np.empty(len(text), np.uint8)
    compiled.best_path(matrix, np.array(text, np.complex128), len(text), back, begins)
    expected = [not inside for inside in textbook(text, matrix.tolist())]
    assert begins.tolist() == [True, *expected[1:]]


def test_a_long_batch_of_unequal_texts() -> None:
    generator = np.random.default_rng(3)
    sizes = np.concatenate([generator.integers(0, 60, 300), [4000, 0, 900]])
    scores = generator.normal(size=(sizes.sum(), 2)).round(1).view(np.complex128)[:, 0]
    matrix = np.array([[-0.4, 0.4], [0.4, -0.6]])
    expected, start = [], 0
    for size in sizes.tolist():
        if size:
            expected += textbook(scores[start : start + size].tolist(), matrix.tolist())
        start += size
    assert tag_numpy.viterbi(scores, matrix, sizes).tolist() == expected


def test_blocks_of_scores(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, sizes = model.encode([text.split() for text in ARTICLES])
    flat, _ = tag_numpy.with_boundaries(tokens, sizes)
    whole = tag_numpy.state_scores(model.tables, model.lexicon.rows, flat)
    monkeypatch.setattr(tag_numpy, "_BLOCK", 7)
    parts = tag_numpy.state_scores(model.tables, model.lexicon.rows, flat)
    assert np.array_equal(whole, parts)
