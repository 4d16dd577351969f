"""Quality of keywords, plain TF-IDF and chude, out of fold and on a labelled file, side by side.

    python benchmarks/quality.py data --test held_out.jsonl

Out of fold, every article is judged by models, thresholds and calibration that never saw it; on the
file, by models trained on the whole corpus. Prints Markdown. `best F1` is what the best threshold
for that very file would give: how far it lies above F1 is what the thresholds lose.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from chude.corpus.labelled import read_corpus
from chude.corpus.read import read
from chude.corpus.splits import folds
from chude.evaluation.metrics import evaluate_predictions
from chude.model.decide import Calibration, Decision
from chude.show.figures import with_interval
from chude.text.segment import make_segmenter
from chude.training.calibrate import fit_calibration
from chude.training.cross_validate import OutOfFold, cross_validate
from chude.training.examples import Examples, make_examples, select_learnable
from chude.training.fit import LearningSettings, count_examples, fit_scorer
from chude.training.judge import judged_rows
from chude.training.solvers.registry import get_solver
from chude.training.thresholds import best_threshold, fit_thresholds
from chude.training.train import TrainOptions

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEYWORDS = {
    "border_security": r"biên giới|biên phòng|cửa khẩu|cột mốc|chủ quyền|vùng biển|buôn lậu"
    r"|xuất nhập cảnh|vượt biên|tuần tra",
    "emulation": r"thi đua|khen thưởng|bằng khen|giấy khen|huân chương|danh hiệu|tuyên dương"
    r"|điển hình tiên tiến",
    "mass_mobilization": r"dân vận|giúp dân|giúp đỡ nhân dân|bà con|vận động nhân dân|tuyên truyền"
    r"|hộ nghèo|già làng|người có uy tín|sơ tán|tặng quà",
}


@dataclass(frozen=True)
class Arm:
    """Scores and decisions of one way of labelling, (n_articles, n_themes)."""

    name: str
    scores: Floats
    chosen: Bools


def keyword_counts(texts: list[str], themes: tuple[str, ...]) -> Floats:
    """How often each theme's keywords occur, (n_texts, n_themes)."""
    patterns = [re.compile(KEYWORDS[theme]) for theme in themes]
    return np.array([[len(p.findall(text.lower())) for p in patterns] for text in texts], float)


def tfidf(texts: list[str], labels: Bools, new: list[str], seed: int) -> Floats:
    """Margins of TF-IDF of syllable 1-2-grams with LinearSVC(C=1), (n_new, n_themes)."""
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[^\W_]+"
    )
    matrix, other = vectorizer.fit_transform(texts), vectorizer.transform(new)
    machines = [LinearSVC(C=1, random_state=seed).fit(matrix, column) for column in labels.T]
    return np.column_stack([machine.decision_function(other) for machine in machines])


def least_counts(counts: Floats, labels: Bools) -> Floats:
    """The number of keywords from which on F1 is best, for each theme."""
    return np.array([best_threshold(y, c)[0] for y, c in zip(labels.T, counts.T, strict=True)])


def out_of_fold(
    examples: Examples, seed: int, options: TrainOptions
) -> tuple[list[Arm], OutOfFold]:
    """All arms by cross-validation on the corpus; also the margins that chude is fitted on."""
    labels, themes = examples.targets.labels, tuple(KEYWORDS)
    texts = [article.text for article in examples.articles]
    ngrams, n_folds = options.complete(len(labels))
    fold = folds(labels, n_folds, seed)
    counts, plain = keyword_counts(texts, themes), np.zeros(labels.shape)
    least = np.zeros(labels.shape)
    for f in range(n_folds):
        seen, own = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        least[own] = least_counts(counts[seen], labels[seen])
        plain[own] = tfidf([texts[i] for i in seen], labels[seen], [texts[i] for i in own], seed)
    settings = LearningSettings(False, ngrams, get_solver("liblinear"), seed)
    features, counted = count_examples(examples, examples.targets, fold, settings)
    found = cross_validate(
        examples.targets,
        features,
        counted,
        fold,
        options.C_values,
        settings,
        judged_rows(examples.targets),
    )
    arms = [
        Arm("keywords", counts, counts >= least),
        Arm("plain TF-IDF, linear SVM", plain, plain > 0),
    ]
    margins = found.margins()
    for name, parts in PARTS.items():
        probabilities, chosen = np.zeros(labels.shape), np.zeros(labels.shape, dtype=bool)
        for f in range(n_folds):
            others, own = fold != f, fold == f
            calibration, decision = fit(margins[others][:, :, parts], labels[others])
            probabilities[own] = calibration.probabilities(margins[own][:, :, parts])
            chosen[own] = decision.chosen(probabilities[own])
        arms.append(Arm(name, probabilities, chosen))
    return arms, found


PARTS = {
    "chude, whole text alone": [0],
    "chude, best passage alone": [1],
    "**chude**": [0, 1],
}


def fit(margins: Floats, labels: Bools) -> tuple[Calibration, Decision]:
    """Calibration and thresholds of these margins."""
    calibration = fit_calibration(margins, labels, exclusive=False)
    thresholds = fit_thresholds(calibration.probabilities(margins), labels)
    return calibration, Decision(thresholds, exclusive=False)


def on_file(
    examples: Examples, new: Examples, found: OutOfFold, seed: int, options: TrainOptions
) -> Iterator[Arm]:
    """All arms trained on the whole corpus and applied to the new articles."""
    labels, themes = examples.targets.labels, tuple(KEYWORDS)
    texts = [article.text for article in examples.articles]
    others = [article.text for article in new.articles]
    counts = keyword_counts(others, themes)
    yield Arm("keywords", counts, counts >= least_counts(keyword_counts(texts, themes), labels))
    plain = tfidf(texts, labels, others, seed)
    yield Arm("plain TF-IDF, linear SVM", plain, plain > 0)
    ngrams, _ = options.complete(len(labels))
    settings = LearningSettings(False, ngrams, get_solver("liblinear"), seed)
    features, counted = count_examples(
        examples, examples.targets, np.zeros(len(labels), dtype=np.int64), settings
    )
    scorer = fit_scorer(examples.targets, features, counted, found.C_values, settings)
    margins = scorer.margins(new.tokens, others)
    for name, parts in PARTS.items():
        calibration, decision = fit(found.margins()[:, :, parts], labels)
        probabilities = calibration.probabilities(margins[:, :, parts])
        yield Arm(name, probabilities, decision.chosen(probabilities))


def print_tables(title: str, arms: list[Arm], labels: Bools, seed: int) -> None:
    """Two Markdown tables: over all themes, and theme by theme."""
    themes = tuple(KEYWORDS)
    figures = [evaluate_predictions(labels, a.chosen, a.scores, themes, seed=seed) for a in arms]
    print(f"\n### {title} ({len(labels)} articles)\n")
    print("| | macro F1 | best macro F1 | macro average precision | exact match |")
    print("|---|---|---|---|---|")
    for arm, figure in zip(arms, figures, strict=True):
        pairs = zip(labels.T, arm.scores.T, strict=True)
        best = np.mean([best_threshold(y, s)[1] for y, s in pairs])
        values = [
            with_interval(figure, "macro_f1"),
            f"{best:.3f}",
            with_interval(figure, "macro_average_precision"),
            with_interval(figure, "exact_match"),
        ]
        print(f"| {arm.name} | {' | '.join(values)} |")
    print("\n| theme | | precision | recall | F1 | average precision |")
    print("|---|---|---|---|---|---|")
    for theme in themes:
        for arm, figure in zip(arms, figures, strict=True):
            row = figure["themes"][theme]
            names = ("precision", "recall", "f1", "average_precision")
            cells = " | ".join(with_interval(row, name) for name in names)
            print(f"| {theme} | {arm.name} | {cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?", default="data")
    parser.add_argument("--test", help="labelled articles that no model was trained on")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    options, seed = TrainOptions(seed=arguments.seed), arguments.seed
    articles, taxonomy = read_corpus([arguments.corpus])
    kept, taxonomy, _ = select_learnable(articles, taxonomy, print)
    segmenter = make_segmenter(options.segmenter)
    examples = make_examples(kept, taxonomy, [segmenter])
    arms, found = out_of_fold(examples, seed, options)
    print_tables("Out of fold on the shipped corpus", arms, examples.targets.labels, seed)
    if arguments.test:
        new = make_examples(list(read(arguments.test, taxonomy=taxonomy)), taxonomy, [segmenter])
        arms = list(on_file(examples, new, found, seed, options))
        print_tables(f"On {arguments.test.rsplit('/', 1)[-1]}", arms, new.targets.labels, seed)


if __name__ == "__main__":
    main()
