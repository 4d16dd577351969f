"""Measure the starter corpus beside real articles; prints a Markdown table.

    python benchmarks/corpus_quality.py data --archive unlabelled.parquet

The archive, a Parquet file with a column `text`, is measured too, in seeded random order: only
beside it do figures tell much. Syllables: runs of letters and digits, folded (`normalize.fold`).

Content words: folded words of underthesea's segmentation of a sample of the archive, nothing but
letters, at least two, without the 150 most frequent: these stand for function words (và, của), so
no list of those has to be chosen. Names stay in. A word occurs where it is a word of the
segmentation; the archive's own share is that of as many syllables of its other articles.

To tell shipped articles from the archive's, the classifier gets the first 150 syllables of articles
that are so long: neither length nor typography decides. In full text, whole articles as written.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline

import chude
from chude.corpus.labelled import read_corpus
from chude.text.fold import fold_all
from chude.text.segment import make_segmenter

Articles = Sequence[chude.Article]
Texts = Sequence[Sequence[str]]  # the syllables of each article
Row = tuple[str, str, str]  # measure, figure of the corpus, figure of the archive

RUNNING = (10_000, 50_000, 100_000, 200_000)
SHINGLE, NEAR, FIRST = 5, 0.5, 150
SAMPLE, FUNCTION_WORDS, CONTENT_WORDS = 1500, 150, 5000


def measure(shipped: Articles, real: Articles, seed: int) -> Iterator[Row]:
    """What needs no second annotator."""
    ours, theirs = syllables(shipped), syllables(real)
    size, n = sum(map(len, ours)), min(len(ours), len(theirs))
    yield "articles", f"{len(ours):,}", f"{len(theirs):,}"
    yield "syllables", f"{size:,}", f"{sum(map(len, theirs)):,}"
    yield "share without a theme", f"{np.mean([a.themes == () for a in shipped]):.1%}", "–"
    alike = [similarities(texts[:n]) for texts in (ours, theirs)]
    name = f"Jaccard similarity of {SHINGLE}-syllable shingles, {n:,} articles each"
    yield f"largest {name}", f"{alike[0].max():.3f}", f"{alike[1].max():.3f}"
    yield f"pairs above {NEAR} of it", f"{sum(alike[0] > NEAR)}", f"{sum(alike[1] > NEAR)}"
    for running in RUNNING:
        name = f"distinct syllable bigrams in {running:,} running syllables"
        yield name, distinct_bigrams(ours, running), distinct_bigrams(theirs, running)
    ranked = content_words(count_words(real[:SAMPLE]))
    last = SAMPLE + int(np.searchsorted(np.cumsum([len(t) for t in theirs[SAMPLE:]]), size))
    shares = [np.isin(ranked, list(count_words(a))).mean() for a in (shipped, real[SAMPLE:last])]
    name = f"share of the archive's {len(ranked):,} most frequent content words that occur"
    yield name, f"{shares[0]:.1%}", f"{shares[1]:.1%}"
    cut = [[" ".join(t[:FIRST]) for t in texts if len(t) >= FIRST] for texts in (ours, theirs)]
    full = [[article.text for article in articles] for articles in (shipped, real)]
    for what, sides in {f"first {FIRST} syllables": cut, "full text": full}.items():
        n = min(map(len, sides))
        area = told_apart(sides[0][:n], sides[1][:n], seed)
        yield f"ROC AUC of shipped or archive, {what}, {n:,} articles each", f"{area:.3f}", "–"


def syllables(articles: Articles) -> list[list[str]]:
    """The folded syllables of each article."""
    tokens = make_segmenter("syllable").segment([article.text for article in articles])
    return [fold_all(tokens.words(text)) for text in range(len(articles))]


def similarities(texts: Texts) -> np.ndarray:
    """The Jaccard similarity of each pair of texts that share a shingle, and a zero."""
    cut = CountVectorizer(token_pattern=r"\S+", ngram_range=(SHINGLE, SHINGLE), binary=True)
    shingles = cut.fit_transform(map(" ".join, texts))
    shared = sp.triu(shingles @ shingles.T, k=1).tocoo()
    sizes = np.diff(shingles.indptr)
    return np.append(shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data), 0.0)


def distinct_bigrams(texts: Texts, running: int) -> str:
    """How many the first `running` syllables hold; – when there are fewer syllables."""
    seen: set[tuple[str, str]] = set()
    for text in texts:
        seen.update(pairwise(text[:running]))
        running -= len(text[:running])
    return "–" if running else f"{len(seen):,}"


def count_words(articles: Articles) -> Counter[str]:
    """How often each folded word of underthesea's segmentation comes."""
    tokens = make_segmenter("underthesea").segment([article.text for article in articles])
    folded = fold_all(tokens.vocabulary)
    return Counter(folded[i] for i in tokens.ids)


def content_words(counts: Counter[str]) -> list[str]:
    """The most frequent ones, as the head of this file defines them."""
    letters = (word for word, _ in counts.most_common() if word.replace("_", "").isalpha())
    ranked = [word for word in letters if len(word) > 1]
    return ranked[FUNCTION_WORDS : FUNCTION_WORDS + CONTENT_WORDS]


def told_apart(ours: Sequence[str], theirs: Sequence[str], seed: int) -> float:
    """Cross-validated ROC AUC of logistic regression on 1- and 2-grams."""
    grams = TfidfVectorizer(token_pattern=r"\w+|[^\w\s]", lowercase=False, ngram_range=(1, 2))
    model = make_pipeline(grams, LogisticRegression(C=10, solver="liblinear", random_state=seed))
    truth = np.repeat([1, 0], [len(ours), len(theirs)])
    cv = StratifiedKFold(5, shuffle=True, random_state=seed)
    return float(cross_val_score(model, [*ours, *theirs], truth, cv=cv, scoring="roc_auc").mean())


def kappas(path: Path, articles: Articles, keys: Iterable[str]) -> Iterator[Row]:
    """Cohen's kappa of each theme between labels.csv and a second annotator, if there is one."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    first = {article.id: article.themes for article in articles if article.themes is not None}
    listed = {row["article"]: row["themes"].split(";") for row in csv.DictReader(lines)}
    both = [(first[name], themes) for name, themes in listed.items() if name in first]
    for key in keys if both else ():
        kappa = cohen_kappa_score(*([key in pair[side] for pair in both] for side in (0, 1)))
        yield f"Cohen's kappa of two annotators, {key}, {len(both)} articles", f"{kappa:.3f}", "–"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the starter corpus beside real articles.")
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("data"), metavar="CORPUS")
    parser.add_argument("--archive", type=Path, required=True, help="Parquet with a column `text`")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    try:
        shipped, taxonomy = read_corpus([given.corpus])
        real = list(chude.read(given.archive, on_refusal=lambda _: None))
    except chude.ChudeError as error:
        sys.exit(str(error))
    rng = np.random.default_rng(given.seed)
    ours, theirs = ([side[i] for i in rng.permutation(len(side))] for side in (shipped, real))
    second = kappas(given.corpus / "second_annotator.csv", shipped, taxonomy.keys)
    print("| measure | corpus | archive |\n|---|---:|---:|")
    for row in chain(measure(ours, theirs, given.seed), second):
        print(f"| {' | '.join(row)} |", flush=True)
