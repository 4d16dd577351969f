"""What an explanation holds, for files, frames, cards and terminals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.model.drawing import draw
from chude.model.prediction import Prediction
from chude.model.theme_explanation import DIGITS, WORDS, ThemeExplanation

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why an article has the themes that it has.

    explanations: by theme, in the order of the taxonomy; of the themes that were asked for.
    taxonomy: what the themes are called. thresholds: of every theme; exclusive ones have none.
    """

    article: Article
    prediction: Prediction
    explanations: Mapping[str, ThemeExplanation]
    taxonomy: Taxonomy
    thresholds: Mapping[str, float]

    def __getitem__(self, theme: str) -> ThemeExplanation:
        return self.explanations[theme]

    def __repr__(self) -> str:
        return f"<Explanation of {self.article.id!r}: {', '.join(self.explanations)}>"

    @property
    def text(self) -> str:
        """What all offsets refer to."""
        return self.article.text

    def record(self, words: int = WORDS) -> dict[str, Any]:
        """One JSON object: the prediction, and an explanation by theme.

        words: listed for a theme; against it half as many, rounded up.
        """
        prediction = self.prediction.record()
        head = ("themes", "probabilities", "decision", "reasons")
        return {
            "id": self.article.id,
            "title": self.article.title,
            "model": self.prediction.model,
            **{name: prediction[name] for name in head},
            "explanations": {key: one.record(words) for key, one in self.explanations.items()},
        }

    def html(self, lang: str = "vi", words: int = WORDS) -> str:
        """The card as a fragment for a page that has the style of `chude.show.page`.

        lang: `vi` or `en`.
        """

        fragment: str = draw("card", self, lang, words)
        return fragment

    def _repr_html_(self) -> str:
        fragment: str = draw("notebook card", self)
        return fragment

    def rows(self, words: int = WORDS) -> Iterator[dict[str, Any]]:
        """A row of a table for each theme."""
        for key, theme in self.explanations.items():
            listed = [f"{word.text} {word.points:+.2f}" for word in theme.words(words)]
            yield {
                "id": self.article.id,
                "theme": key,
                "probability": round(theme.probability, DIGITS),
                "decision": theme.decision,
                "score": round(theme.score, DIGITS),
                "start": round(theme.start, DIGITS),
                "clearest_passage_start": theme.clearest.start,
                "clearest_passage_end": theme.clearest.end,
                "words": "; ".join(listed),
            }


class Explanations(Sequence[Explanation]):
    """Explanations in the order of the articles, with a polars frame."""

    def __init__(self, items: Iterable[Explanation]) -> None:
        self._items = list(items)

    @overload
    def __getitem__(self, index: int) -> Explanation: ...
    @overload
    def __getitem__(self, index: slice) -> "Explanations": ...
    def __getitem__(self, index: int | slice) -> "Explanation | Explanations":
        if isinstance(index, slice):
            return Explanations(self._items[index])
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<Explanations of {len(self)} articles>"

    def _repr_html_(self) -> str:
        return "".join(one._repr_html_() for one in self)

    def frame(self, words: int = WORDS) -> "pl.DataFrame":
        """A row an article and theme: decision, score, clearest passage and strongest words."""
        import polars as pl

        return pl.DataFrame([row for item in self._items for row in item.rows(words)])
