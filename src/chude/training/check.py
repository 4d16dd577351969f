"""Check a corpus: all that `corpus.checks` finds, and labels that a model finds doubtful."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chude.batches import batched
from chude.bundle.folder import load
from chude.corpus.article import Article
from chude.corpus.checks import CorpusChecks, Finding
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.labelled import find_taxonomy, read_labelled
from chude.corpus.read import Position, read
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError, OnRefusal, Refusal, raise_refusal
from chude.evaluation.crossed import read_crossed
from chude.evaluation.label_errors import doubtful_labels
from chude.model.model import Model
from chude.training.train import TrainOptions, train

_MOST = 50_000  # labelled articles that a model is trained on to find errors among them
_CHUNK = 256
_QUICK = TrainOptions(segmenter="syllable", C_values=(1.0,))

OnNote = Callable[[str], None]
Probabilities = dict[str, NDArray[np.float64]]


class _Told(NamedTuple):
    """What is said of an article; row: its place in the corpus."""

    id: str
    row: int
    themes: tuple[str, ...]
    unsettled: tuple[str, ...]


def _told(article: Article, row: int) -> _Told:
    return _Told(article.id, row, article.themes or (), article.unsettled)


def check(
    paths: str | Path | Iterable[str | Path],
    themes: str | Path | Taxonomy | None = None,
    *,
    exclusive: bool = False,
    labels: str | Path | None = None,
    columns: ColumnNames | None = None,
    model: Model | str | Path | None = None,
    against: str | Path | Iterable[str | Path] | None = None,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = lambda note: None,
    on_progress: Callable[[int], None] = lambda count: None,
    position: Position | None = None,
) -> list[Finding]:
    """What is wrong with a corpus, one record a finding; see `chude.corpus.checks.ISSUES`.

    paths, themes, exclusive, labels, columns: as in `chude.train`.
    model: a bundle whose probabilities find doubtful labels: out of fold where it was trained on
        the article, else its own. By default a small model is trained for it when the corpus can be
        learnt and has at most 50,000 labelled articles.
    against: another corpus, such as a test set, that must share no text with this one.
    on_note: called with a line when doubtful labels were not looked for. on_progress: called with
        the number of articles that were read. position: as in `chude.read`.

    Raises ChudeError when a path, the taxonomy or the model cannot be read.

    >>> import chude
    >>> chude.check("data/examples")
    []
    """
    given = load(model) if isinstance(model, (str, Path)) else model
    items = [paths] if isinstance(paths, (str, Path)) else list(paths)
    taxonomy = themes if isinstance(themes, Taxonomy) else find_taxonomy(items, themes)
    taxonomy = given.taxonomy if taxonomy is None and given is not None else taxonomy
    checks = CorpusChecks()

    def refuse(refusal: Refusal) -> None:
        if not checks.refused(refusal):
            on_refusal(refusal)

    articles = read(
        items,
        taxonomy=taxonomy,
        labels=labels,
        columns=columns,
        folders_are_themes=taxonomy is None,
        on_refusal=refuse,
        position=position,
    )
    watched = _counted(checks.watch(articles), on_progress)
    if given is not None:
        doubtful = list(_by_model(given, watched))
    else:
        doubtful = list(_by_training(watched, taxonomy, exclusive, on_note))
    if against is not None:
        checks.compare_with(read(against, columns=columns, on_refusal=on_refusal))
    return list(checks.findings(doubtful))


def _counted(articles: Iterable[Article], on_progress: Callable[[int], None]) -> Iterator[Article]:
    for count, article in enumerate(articles, 1):
        on_progress(count)
        yield article


def _by_model(model: Model, articles: Iterable[Article]) -> Iterator[Finding]:
    """Doubtful labels by a bundle, a chunk of texts at a time."""
    known = _out_of_fold(model)
    labelled: list[_Told] = []
    for start, chunk in enumerate(batched(articles, _CHUNK)):
        rows = [(a, start * _CHUNK + i) for i, a in enumerate(chunk) if a.themes is not None]
        labelled += [_told(a, row) for a, row in rows]
        new = [a for a, _ in rows if a.id not in known]
        if new:
            known.update(zip((a.id for a in new), model.probabilities(new), strict=True))
    yield from _doubtful(model.taxonomy, labelled, known)


def _by_training(
    articles: Iterable[Article], taxonomy: Taxonomy | None, exclusive: bool, on_note: OnNote
) -> Iterator[Finding]:
    """Doubtful labels by a small model trained for it."""
    kept: list[tuple[Article, int]] = []
    many = False
    for row, article in enumerate(articles):
        if article.themes is not None and not many:
            kept.append((article, row))
        if len(kept) > _MOST:
            kept, many = [], True
    if many:
        on_note(f"more than {_MOST} labelled articles: give --model to find doubtful labels")
    if not kept:
        return
    corpus = read_labelled([a for a, _ in kept], taxonomy, exclusive=exclusive)
    one = exclusive or (taxonomy.exclusive if taxonomy else False)
    given = [a for a in corpus.articles if not one or len(a.themes or ()) == 1]
    rows = {a.id: row for a, row in reversed(kept)}
    given = list({a.id: a for a in reversed(given)}.values())[::-1]  # of one id the first
    try:
        model = train(given, corpus.taxonomy, _QUICK, on_refusal=lambda refusal: None)
    except ChudeError as error:
        on_note(f"doubtful labels were not looked for: {error}")
        return
    labelled = [_told(a, rows[a.id]) for a in given]
    yield from _doubtful(model.taxonomy, labelled, _out_of_fold(model))


def _out_of_fold(model: Model) -> Probabilities:
    """The probabilities of each training article by models that never saw it, by its id."""
    if not (content := model.provenance.get("out_of_fold")):
        return {}
    table = read_crossed(bytes(content), model.taxonomy.keys)
    return dict(zip(table.ids, table.probabilities, strict=True))


def _doubtful(
    taxonomy: Taxonomy, labelled: list[_Told], probabilities: Probabilities
) -> Iterator[Finding]:
    """Findings, the likeliest errors first."""
    labelled = [one for one in labelled if one.id in probabilities]
    if taxonomy.exclusive:
        labelled = [one for one in labelled if len(set(one.themes) & set(taxonomy.keys)) == 1]
    if not labelled:
        return
    labels = np.array([[key in one.themes for key in taxonomy.keys] for one in labelled])
    known = np.array([[key not in one.unsettled for key in taxonomy.keys] for one in labelled])
    found = np.array([probabilities[one.id] for one in labelled])
    yield from doubtful_labels(
        taxonomy.keys,
        [one.id for one in labelled],
        found,
        labels,
        known,
        taxonomy.exclusive,
        [one.row for one in labelled],
    )
