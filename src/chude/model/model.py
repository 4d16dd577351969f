"""The trained model: articles in, predictions out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from chude.batches import batched
from chude.cores import usable_cores
from chude.corpus.article import Article
from chude.corpus.encodings.damage import lost_marks
from chude.corpus.taxonomy import Taxonomy
from chude.features.restore import Restorer, is_bare
from chude.model.decide import Calibration, Decision
from chude.model.drawing import draw
from chude.model.prediction import NO_EXTRAS, Extras, Prediction, Predictions
from chude.model.score import Scored, Scorer
from chude.model.share import Articles, Met, as_article, characters, chunks, share
from chude.text.segment import Segmenter, make_segmenter
from chude.text.tokens import Tokens, concatenate

if TYPE_CHECKING:
    from chude.model.explain import Explainer, Themes
    from chude.model.explanation import Explanation, Explanations

_EXPLAINED = 256  # articles explained at a time


@dataclass
class Model:
    """A trained model: taxonomy, plain arrays, and where they came from.

    provenance: what the manifest tells of the training (options, data, seed, metrics), and
        `out_of_fold` and `errors`, the bytes of out_of_fold.csv and errors.jsonl.
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

    def predict(self, articles: Articles, jobs: int | None = 1) -> Predictions:
        """Themes of one article or many, in their order; a string is an article without a title.

        jobs: processes that share many articles, None for one a core (see `chude.workers`).
        """
        return Predictions(list(self.stream(articles, jobs=jobs)))

    def stream(
        self, articles: Articles, extras: Extras = NO_EXTRAS, jobs: int | None = 1
    ) -> Iterator[Prediction]:
        """Predictions one after another; only a chunk of articles a job is held at a time.

        extras: what they tell beside the decisions. jobs: as in `predict`.
        """
        jobs = usable_cores() if jobs is None else jobs
        predict = partial(self._of_chunk, extras)
        if jobs == 1:
            done: Iterator[list[Prediction]] = map(predict, chunks(articles))
        else:
            done = share(predict, articles, jobs, self._met)
        yield from chain.from_iterable(done)

    def _of_chunk(self, extras: Extras, articles: Sequence[Article]) -> list[Prediction]:
        self._met.here += characters(articles)
        predict = self._predict_with_evidence if extras.evidence else self._predict
        predictions = predict(articles, extras)
        if not extras.titles:
            return predictions
        return [replace(p, title=a.title) for a, p in zip(articles, predictions, strict=True)]

    @cached_property
    def _met(self) -> Met:
        return Met()

    def __getstate__(self) -> dict[str, Any]:
        """For a worker that is no fork: without what it makes itself when it needs it."""
        made = ("segmenter", "restorer", "_met")
        return {name: value for name, value in self.__dict__.items() if name not in made}

    def probabilities(self, articles: Sequence[Article | str]) -> NDArray[np.float64]:
        """Calibrated probabilities (n_articles, n_themes)."""
        _, scored = self._score([as_article(item) for item in articles])
        return self.calibration.probabilities(scored.margins)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """The words of texts; those written without marks get them back (see `Restorer`)."""
        bare = [is_bare(text) and self._can_restore(text) for text in texts]
        if not any(bare):
            return self.segmenter.segment(texts)
        restored = self.restorer.tokens(list(compress(texts, bare)))
        others = [text for text, one in zip(texts, bare, strict=True) if not one]
        order = np.argsort(bare, kind="stable")  # of the texts in what follows
        return concatenate([self.segmenter.segment(others), restored]).take(np.argsort(order))

    def _can_restore(self, text: str) -> bool:
        return not lost_marks(text) and self.restorer.can_read(text)

    @overload  # a string is also an iterable of strings, but one article here
    def explain(  # type: ignore[overload-overlap]
        self, articles: Article | str, themes: "Themes | None" = None, without: bool = False
    ) -> "Explanation": ...
    @overload
    def explain(
        self,
        articles: Iterable[Article | str],
        themes: "Themes | None" = None,
        without: bool = False,
    ) -> "Explanations": ...
    def explain(
        self, articles: Articles, themes: "Themes | None" = None, without: bool = False
    ) -> "Explanation | Explanations":
        """Why an article has its themes, or each of many; a string is one without a title.

        themes, without: see `explain_stream`.
        """
        from chude.model.explanation import Explanations

        explanations = Explanations(self.explain_stream(articles, themes, without))
        return explanations[0] if isinstance(articles, (str, Article)) else explanations

    def explain_stream(
        self, articles: Articles, themes: "Themes | None" = None, without: bool = False
    ) -> "Iterator[Explanation]":
        """Explanations one after another; only a chunk of articles is held at a time.

        themes: their keys, or "all"; None for those given or for review, and the likeliest where
        there are none. without: whether to score each article again without each of its passages.
        Raises KeyError for an unknown theme.
        """
        for chunk in chunks(articles, _EXPLAINED):
            tokens = self.tokens([article.text for article in chunk])
            yield from self.explain_tokens(chunk, tokens, themes, without)

    def explain_tokens(
        self,
        articles: Sequence[Article],
        tokens: Tokens,
        themes: "Themes | None" = None,
        without: bool = False,
    ) -> "Iterator[Explanation]":
        """Explanations of a batch of articles whose words are known.

        themes, without: see `explain_stream`.
        """
        scored = self._score_tokens(articles, tokens)
        predictions = self._predictions(articles, tokens, scored)
        yield from self._explainer.explain(articles, predictions, tokens, scored, themes, without)

    def report(self, lang: str | None = None, corpus: Iterable[Article] | None = None) -> Any:
        """What the model is good for, where it errs and why, to look at in a notebook.

        lang: `vi` or `en`; None for the language of CHUDE_LANG, or English. corpus: describes the
        training data anew. Returns a `chude.show.notebook.Report`.
        """
        return draw("report", self, lang, corpus)

    @property
    def _explainer(self) -> "Explainer":
        from chude.model.explain import Explainer  # more than predictions need

        return Explainer(self.taxonomy, self.scorer, self.calibration, self.decision)

    def _predict(self, articles: Sequence[Article], extras: Extras) -> list[Prediction]:
        return self._predictions(articles, *self._score(articles))

    def _predict_with_evidence(
        self, articles: Sequence[Article], extras: Extras
    ) -> list[Prediction]:
        from chude.model.explain import evidence

        tokens, scored = self._score(articles)
        predictions = self._predictions(articles, tokens, scored)
        some = [i for i, one in enumerate(predictions) if set(one.decision.values()) - {"no"}]
        found = {}
        for chunk in batched(some, _EXPLAINED):
            places = np.array(chunk, dtype=np.int64)
            explained = self._explainer.explain(
                [articles[i] for i in chunk],
                [predictions[i] for i in chunk],
                tokens.take(places),
                scored.take(places),
                likeliest=False,
            )
            for i, explanation in zip(chunk, explained, strict=True):
                found[i] = evidence(explanation, extras.evidence)
        return [replace(one, evidence=found.get(i, {})) for i, one in enumerate(predictions)]

    def _score(self, articles: Sequence[Article]) -> tuple[Tokens, Scored]:
        tokens = self.tokens([article.text for article in articles])
        return tokens, self._score_tokens(articles, tokens)

    def _score_tokens(self, articles: Sequence[Article], tokens: Tokens) -> Scored:
        return self.scorer.score(tokens, [article.text for article in articles])

    def _predictions(
        self, articles: Sequence[Article], tokens: Tokens, scored: Scored
    ) -> list[Prediction]:
        probabilities = self.calibration.probabilities(scored.margins)
        known = self.scorer.features.word_index.known_share(tokens)
        unknown = self.decision.unknown(known, lambda i: articles[i].text)
        chosen = self.decision.chosen(probabilities) & ~unknown[:, None]
        doubtful = self.decision.doubtful(probabilities)
        words = self.decision.words(probabilities, unknown)
        columns = probabilities.tolist(), chosen.tolist(), doubtful.tolist(), words.tolist()
        keys = self.taxonomy.keys
        return [
            Prediction(
                id=article.id,
                themes=tuple(compress(keys, yes)),
                probabilities=dict(zip(keys, row, strict=True)),
                decision=dict(zip(keys, word, strict=True)),
                reasons=_unknown_words(share) if strange else _reasons(keys, row, doubt),
                model=self.version,
                strange=strange,
            )
            for article, row, yes, doubt, word, share, strange in zip(
                articles, *columns, known.tolist(), unknown.tolist(), strict=True
            )
        ]


def _unknown_words(share: float) -> tuple[str, ...]:
    known = f"{share:.0%} of its words are known"
    return (f"{known}: another language or encoding, or no text at all",)


def _reasons(
    keys: Sequence[str], probabilities: list[float], doubtful: list[bool]
) -> tuple[str, ...]:
    if True not in doubtful:
        return ()
    return tuple(
        f"{key}: probability {p:.2f} is in doubt"
        for key, p, doubt in zip(keys, probabilities, doubtful, strict=True)
        if doubt
    )
