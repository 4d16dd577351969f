"""The trained model: articles in, predictions out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.batches import weighed
from chude.corpus.article import Article
from chude.corpus.encodings import looks_sound
from chude.corpus.encodings.damage import lost_marks
from chude.corpus.taxonomy import Taxonomy
from chude.features.restore import Restorer, is_bare
from chude.model.decide import Calibration, Decision
from chude.model.prediction import Prediction, Predictions
from chude.model.score import Scorer
from chude.text.segment import Segmenter, make_segmenter
from chude.text.tokens import Tokens, concatenate

_CHUNK = 1024  # articles scored at a time
_SURE = 0.85  # share of known words; a text of less is looked at for a wrong encoding
_CHARACTERS = 4_000_000  # of them: a few hundred megabytes, however long the articles are
_WORDS = np.array(["no", "yes", "review"], dtype=object)

Articles = Article | str | Iterable[Article | str]


@dataclass
class Model:
    """A trained model: taxonomy, plain arrays, and where they came from.

    provenance: what the manifest tells of the training (options, data, seed, metrics), and
        `out_of_fold`, the bytes of out_of_fold.csv.
    version: the first digits of the model file's SHA-256, empty before it is saved.
    """

    taxonomy: Taxonomy
    segmenter_name: str
    scorer: Scorer
    calibration: Calibration
    decision: Decision
    provenance: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    @cached_property
    def segmenter(self) -> Segmenter:
        """The segmenter the model was trained with, made when it is first needed."""
        return make_segmenter(self.segmenter_name)

    @cached_property
    def restorer(self) -> Restorer:
        """What gives words without marks their marks, made when it is first needed."""
        return Restorer(self.scorer.features)

    def predict(self, articles: Articles) -> Predictions:
        """Themes of one article or many, in their order; a string is an article without a title."""
        return Predictions(list(self.stream(articles)))

    def stream(self, articles: Articles) -> Iterator[Prediction]:
        """Predictions one after another; only a chunk of articles is held at a time."""
        items = [articles] if isinstance(articles, (str, Article)) else articles
        for chunk in weighed(map(_article, items), _CHUNK, _CHARACTERS, _length):
            yield from self._predict_chunk(chunk)

    def probabilities(self, articles: Sequence[Article | str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n_articles, n_themes)."""
        texts = [_article(item).text for item in articles]
        tokens = self.tokens(texts)
        margins = self.scorer.margins(tokens, texts)
        return self.calibration.probabilities(margins)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """The words of texts; those written without marks get them back (see `Restorer`)."""
        tokens = self.segmenter.segment(texts)
        bare = [i for i, text in enumerate(texts) if is_bare(text) and self._can_restore(text)]
        if not bare:
            return tokens
        restored = self.restorer.tokens([texts[i] for i in bare])
        order = np.arange(len(texts))
        order[bare] = len(texts) + np.arange(len(bare))
        return concatenate([tokens, restored]).take(order)

    def _can_restore(self, text: str) -> bool:
        return not lost_marks(text) and self.restorer.can_read(text)

    def _predict_chunk(self, articles: Sequence[Article]) -> Iterator[Prediction]:
        texts = [article.text for article in articles]
        tokens = self.tokens(texts)
        known = self.scorer.features.word_index.known_share(tokens)
        unknown = known < self.decision.least_known
        for i in np.flatnonzero(~unknown & (known < _SURE)).tolist():
            unknown[i] = not looks_sound(texts[i])
        probabilities = self.calibration.probabilities(self.scorer.margins(tokens, texts))
        chosen = self.decision.chosen(probabilities) & ~unknown[:, None]
        doubtful = self.decision.doubtful(probabilities)
        words = _WORDS[np.where(doubtful | unknown[:, None], 2, chosen)]
        columns = probabilities.tolist(), chosen.tolist(), doubtful.tolist(), words.tolist()
        keys = self.taxonomy.keys
        for article, row, yes, doubt, word, share, strange in zip(
            articles, *columns, known.tolist(), unknown.tolist(), strict=True
        ):
            yield Prediction(
                id=article.id,
                themes=tuple(compress(keys, yes)),
                probabilities=dict(zip(keys, row, strict=True)),
                decision=dict(zip(keys, word, strict=True)),
                reasons=_unknown_words(share) if strange else _reasons(keys, row, doubt),
                model=self.version,
            )


def _unknown_words(share: float) -> tuple[str, ...]:
    return (f"{share:.0%} of its words are known: another language or encoding, or no text at all",)


def _reasons(
    keys: Sequence[str], probabilities: list[float], doubtful: list[bool]
) -> tuple[str, ...]:
    return tuple(
        f"{key}: probability {p:.2f} is in doubt"
        for key, p, doubt in zip(keys, probabilities, doubtful, strict=True)
        if doubt
    )


def _article(item: Article | str) -> Article:
    return item if isinstance(item, Article) else Article("", "", item)


def _length(article: Article) -> int:
    return len(article.title) + len(article.body)
