"""What else could be counted for exclusive themes, judged by cross-validation on training articles.

    python benchmarks/variants.py train.parquet

Accuracy of the linear machines that chude learns, on words, on syllables, folded or as they stand,
and on several of these side by side; with and without the weights by theme; for several C. Three
folds, once random ones and once of neighbours in the file, which are more like new articles: the
next article of a series is in the same fold. Nothing but the given articles is looked at.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

import chude
from chude.cores import usable_cores
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.splits import folds
from chude.features.sparse import csr, sparse_rows
from chude.features.tfidf import Features, fit_counts, fit_idf, fit_spread, texts_by_group
from chude.model.score import Linear
from chude.text.segment import make_segmenter
from chude.text.tokens import concatenate
from chude.training.solvers import dual_descent
from chude.training.train import TrainOptions

if TYPE_CHECKING:
    from chude.features.sparse import Counts

N_FOLDS = 3
STRENGTHS = (1.0, 3.0, 10.0)
VIEWS = {
    "words": ("underthesea", True),
    "cased words": ("underthesea", False),
    "syllables": ("syllable", True),
    "cased syllables": ("syllable", False),
}
VARIANTS = [
    *[(name,) for name in VIEWS],
    ("words", "cased words"),
    ("syllables", "cased syllables"),
    ("words", "syllables"),
    ("cased words", "syllables"),
]
CHUNK = 1024  # texts segmented at a time


@dataclass(frozen=True)
class View:
    """The n-grams of all articles, counted in one way; themes: (n_articles,)."""

    features: Features
    counts: "Counts"
    themes: NDArray[np.int64]

    def weigh(self, seen: NDArray[np.int64], spread: bool) -> sp.csr_matrix:
        """The matrix of all articles, weights being those of the articles that are seen."""
        n_themes, n_features = int(self.themes.max()) + 1, len(self.features.idf)
        group = np.full(len(self.themes), n_themes)
        group[seen] = self.themes[seen]
        found = texts_by_group(self.counts, group, n_themes + 1, n_features)[:-1]
        idf = fit_idf(found.sum(axis=0), len(seen), self.features.options)
        if spread:
            idf *= fit_spread(found, np.bincount(self.themes[seen]))
        rows = replace(self.features, idf=idf).weigh(self.counts, np.float32)
        return csr(rows, n_features)


def main() -> None:
    """Print a table, a row a variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", help="labelled articles of one theme each")
    parser.add_argument("--label-column", default="theme")
    arguments = parser.parse_args()
    articles = list(
        chude.read(arguments.articles, columns=ColumnNames(label=arguments.label_column))
    )
    _, themes = np.unique([(a.themes or ("",))[0] for a in articles], return_inverse=True)
    texts = [article.text for article in articles]
    views = make_views(texts, themes)
    columns = [f"{kind}, C = {c:g}" for kind in ("random", "neighbours") for c in STRENGTHS]
    print(f"{len(texts):,} articles\n\n| counted | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 1) + "|")
    protocols = (random_folds(themes), neighbour_folds(themes))
    for names, spread in [(("syllables",), False), *((names, True) for names in VARIANTS)]:
        some = [views[name] for name in names]
        accuracies = [a for fold in protocols for a in judge(some, fold, spread)]
        title = " and ".join(names) + ("" if spread else ", idf alone")
        print(f"| {title} | {' | '.join(f'{a:.4f}' for a in accuracies)} |", flush=True)


def make_views(texts: list[str], themes: NDArray[np.int64]) -> dict[str, View]:
    """The articles counted in each way."""
    options, _ = TrainOptions().complete(len(texts))
    tokens = {}
    for name in {segmenter for segmenter, _ in VIEWS.values()}:
        segmenter = make_segmenter(name, "numba")
        starts = range(0, len(texts), CHUNK)
        tokens[name] = concatenate([segmenter.segment(texts[i : i + CHUNK]) for i in starts])
    views = {}
    for name, (segmenter_name, folded) in VIEWS.items():
        counted = fit_counts(tokens[segmenter_name], replace(options, folded=folded), True)
        views[name] = View(*counted, themes)
    return views


def random_folds(themes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of `chude train`."""
    return folds(np.arange(themes.max() + 1) == themes[:, None], N_FOLDS, seed=0)


def neighbour_folds(themes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each theme's articles cut into runs as they stand in the file."""
    fold = np.empty(len(themes), dtype=np.int64)
    for theme in range(int(themes.max()) + 1):
        rows = np.flatnonzero(themes == theme)
        fold[rows] = np.arange(len(rows)) * N_FOLDS // len(rows)
    return fold


def judge(views: list[View], fold: NDArray[np.int64], spread: bool) -> list[float]:
    """Accuracy at each C; several views side by side share a row's length evenly."""
    themes = views[0].themes
    labels = np.arange(themes.max() + 1) == themes[:, None]
    right = np.zeros(len(STRENGTHS))

    def learn(C: float) -> int:
        machines = dual_descent.fit(rows, matrix.shape[1], labels, C, 0, seen)
        margins = Linear(machines.weights, machines.intercept).margins(rows, own)
        return int((margins.argmax(axis=1) == themes[own]).sum())

    for f in range(N_FOLDS):
        seen, own = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        matrix = sp.hstack([view.weigh(seen, spread) for view in views], format="csr")
        matrix.data *= np.float32(len(views) ** -0.5)
        rows = sparse_rows(matrix)
        with ThreadPoolExecutor(usable_cores()) as pool:
            right += list(pool.map(learn, STRENGTHS))
    return list(right / len(themes))


if __name__ == "__main__":
    main()
