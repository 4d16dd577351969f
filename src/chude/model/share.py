"""Share: articles of any kind in chunks, and the chunks of a list among processes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chude.batches import weighed
from chude.compute.backend import LARGE_FILE, expect
from chude.corpus.article import Article
from chude.model.prediction import Prediction

CHUNK = 512  # articles scored at a time: larger arrays do not stay in the processor's cache
_SHARED = 256  # articles of a stream that a job is given at a time, for its end is not known
_LEAST = 64  # articles of a list that a job is given at last
_CHARACTERS = 4_000_000  # of scored ones: a few hundred megabytes, however long they are
LEARNT = 2_000_000  # characters that a process predicts itself before it shares a list

Articles = Article | str | Iterable[Article | str]
Predict = Callable[[list[Article]], list[Prediction]]


@dataclass(slots=True)
class Met:
    """Characters that this process has predicted `here`, and those of lists that were to be shared.

    What forks learn of words ends with them, and so does numba where they start it. So this process
    predicts the first articles itself, and some more as soon as numba pays.
    """

    here: int = 0
    in_lists: int = 0

    def begin(self, size: int) -> None:
        """A list of so many more is to be shared."""
        few = self.in_lists < LARGE_FILE
        self.in_lists += size
        if few and self.in_lists >= LARGE_FILE:
            expect(self.in_lists)
            self.here = 0


def as_article(item: Article | str) -> Article:
    """An article; a string is one without a title."""
    return item if isinstance(item, Article) else Article("", "", item)


def chunks(articles: Articles, size: int = CHUNK) -> Iterator[list[Article]]:
    """One article or many, so many at a time, or fewer where they are long."""
    items = [articles] if isinstance(articles, (str, Article)) else articles
    return weighed(map(as_article, items), size, _CHARACTERS * size // CHUNK, _length)


def share(predict: Predict, articles: Articles, jobs: int, met: Met) -> Iterator[list[Prediction]]:
    """Predictions by so many processes, in order.

    met: so far; `predict` adds what this process predicts.
    """
    from chude.workers import START, in_order  # loads what processes need

    if START != "fork" or not isinstance(articles, list):
        yield from in_order(predict, chunks(articles, _SHARED), jobs)
        return
    # Workers that are forks have it already, and need not be sent but where to cut it.
    items = articles.copy()
    spans, of_span = _spans(items, jobs), partial(_of_span, predict, items)
    met.begin(characters(items))
    while met.here < LEARNT and (span := next(spans, None)):
        yield of_span(span)
    yield from in_order(of_span, spans, jobs)


def _spans(items: Sequence[Article | str], jobs: int) -> Iterator[tuple[int, int]]:
    """Where chunks start and stop: smaller ones at last, so that all jobs end at one time."""
    start = 0
    while start < len(items):
        size = max(_LEAST, min(CHUNK, (len(items) - start) // jobs))
        chunk = next(weighed(items[start : start + size], size, _CHARACTERS, _length))
        stop = start + len(chunk)
        yield start, stop
        start = stop


def _of_span(
    predict: Predict, items: Sequence[Article | str], span: tuple[int, int]
) -> list[Prediction]:
    return predict([as_article(item) for item in items[slice(*span)]])


def characters(items: Iterable[Article | str]) -> int:
    """How many they have together."""
    return sum(map(_length, items))


def _length(item: Article | str) -> int:
    return len(item) if isinstance(item, str) else len(item.title) + len(item.body)
