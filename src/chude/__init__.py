"""chude (chủ đề, theme): labels Vietnamese articles by theme, says how sure it is and shows why.

The functions here are the whole program; the command line parses, calls them and prints. What
they need is imported when they are called, and the classes when they are first asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chude.corpus.article import Article
from chude.errors import ChudeError, OnRefusal, Refusal, raise_refusal

if TYPE_CHECKING:
    from chude.corpus.formats.columns import ColumnNames
    from chude.corpus.taxonomy import Taxonomy
    from chude.features.vocabulary import FeatureOptions
    from chude.model.explanation import Explanation, Explanations
    from chude.model.model import Model
    from chude.model.prediction import Prediction, Predictions
    from chude.text.cache.folder import TokenCache
    from chude.training.train import TrainOptions

__all__ = [
    "Article", "ChudeError", "ColumnNames", "Explanation", "Explanations", "Model", "Prediction",
    "Predictions", "Refusal", "Taxonomy", "TrainOptions", "count", "evaluate", "load",
    "predict_archive", "read", "save", "train",
]  # fmt: skip

Paths = str | Path | Iterable[str | Path]
OnNote = Callable[[str], None]

_LAZY = {
    "ColumnNames": "chude.corpus.formats.columns",
    "Explanation": "chude.model.explanation",
    "Explanations": "chude.model.explanation",
    "Model": "chude.model.model",
    "Prediction": "chude.model.prediction",
    "Predictions": "chude.model.prediction",
    "Taxonomy": "chude.corpus.taxonomy",
    "TrainOptions": "chude.training.train",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("chude")
    if name not in _LAZY:
        raise AttributeError(f"module 'chude' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def _silent(*_: object) -> None:
    """Tells nobody."""


def read(
    paths: Paths,
    *,
    taxonomy: "Taxonomy | None" = None,
    labels: str | Path | None = None,
    columns: "ColumnNames | None" = None,
    folders_are_themes: bool = False,
    on_refusal: OnRefusal = raise_refusal,
) -> Iterator[Article]:
    """Read articles in a stream, in the order of the paths and, inside a folder, of names.

    paths: files of any format, folders, globs, or `-` for standard input. A folder that holds
        `raw/` is a corpus: articles in `raw/`, labels in `labels.csv`.
    taxonomy: the themes that labels may name; None accepts any.
    labels: a labels.csv for all paths. columns: names of the columns in tables.
    folders_are_themes: every folder's name is a theme.

    Raises ChudeError when a path is missing, and at the first refused input unless `on_refusal`
    takes it.

    >>> import chude
    >>> articles = list(chude.read("data/examples"))
    >>> articles[1].title
    'Hai mươi bốn tay liềm trên ruộng lúa Huổi Lếnh'
    """
    from chude.corpus.read import read

    return read(
        paths,
        taxonomy=taxonomy,
        labels=labels,
        columns=columns,
        folders_are_themes=folders_are_themes,
        on_refusal=on_refusal,
    )


def train(
    articles: Paths | Iterable[Article],
    taxonomy: "Taxonomy | str | Path | None" = None,
    *,
    exclusive: bool = False,
    labels: str | Path | None = None,
    columns: "ColumnNames | None" = None,
    segmenter: str = "underthesea",
    features: "FeatureOptions | None" = None,
    C_values: Sequence[float] = (0.3, 1.0, 3.0),
    n_folds: int | None = None,
    seed: int = 0,
    texts: bool = True,
    cache: "TokenCache | bool" = False,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = _silent,
    on_progress: Callable[[str, int, int], None] = _silent,
) -> "Model":
    """Train a model on labelled articles, or on what `read` finds at the paths.

    Files of counts (`*.counts.parquet`), named or in a corpus folder, are learnt from too.

    taxonomy: the themes or a themes.toml; by default that of the corpus folder, or else the labels
        that occur, `exclusive` saying whether an article has exactly one.
    labels, columns: as in `read`.
    segmenter, features, C_values, n_folds, seed, texts: see `TrainOptions`.
    cache: keep the articles' words in the user's cache folder (or in this one), so that the next
        training on the same articles does not segment them again.
    on_note: takes lines about what was found. on_progress: takes a step's name, what is done of it
        and how much there is.

    Raises ChudeError when nothing can be learnt from the articles.

    >>> import chude
    >>> model = chude.train("data", segmenter="syllable")
    >>> model.taxonomy.keys
    ('border_security', 'emulation', 'mass_mobilization')
    """
    from chude.corpus.labelled import read_labelled
    from chude.text.cache.folder import open_cache
    from chude.training.train import TrainOptions
    from chude.training.train import train as train_on

    found = read_labelled(
        articles,
        taxonomy,
        exclusive=exclusive,
        labels=labels,
        columns=columns,
        on_refusal=on_refusal,
    )
    on_note(f"{len(found.articles)} articles, {len(found.taxonomy.themes)} themes")
    for name, counts in found.counts.items():
        on_note(f"{name}: counts of {len(counts)} articles")
    options = TrainOptions(segmenter, features, tuple(C_values), n_folds, seed, texts)
    kept = open_cache(on_note) if cache is True else cache or None
    return train_on(
        found.articles,
        found.taxonomy,
        options,
        corpora=found.counts,
        on_refusal=on_refusal,
        on_progress=on_progress,
        cache=kept,
    )


def count(
    articles: Paths | Iterable[Article],
    output: str | Path,
    taxonomy: "Taxonomy | str | Path | None" = None,
    *,
    labels: str | Path | None = None,
    columns: "ColumnNames | None" = None,
    segmenter: str = "underthesea",
    least: int = 5,
    seed: int = 0,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = _silent,
    on_progress: Callable[[str, int, int], None] = _silent,
) -> None:
    """Write the counts of labelled articles: what a model can learn from, without their texts.

    articles, taxonomy, labels, columns: as in `train`. least: articles an n-gram must stand in.
    seed: of the order in which articles and passages are written.

    Raises ChudeError when nothing is labelled, or `output` cannot be written or is in an input.

    >>> import chude
    >>> chude.count("data", "mine.counts.parquet", segmenter="syllable")
    >>> model = chude.train("mine.counts.parquet", segmenter="syllable")
    """
    from chude.corpus.counts import write_counts
    from chude.corpus.labelled import read_labelled
    from chude.corpus.outputs import check_output
    from chude.training.count_corpus import count_corpus

    items = [articles] if isinstance(articles, (str, Path)) else list(articles)
    check_output(Path(output), items, [taxonomy, labels])
    found = read_labelled(items, taxonomy, labels=labels, columns=columns, on_refusal=on_refusal)
    counts = count_corpus(
        found.articles,
        found.taxonomy,
        segmenter=segmenter,
        least=least,
        seed=seed,
        on_progress=on_progress,
    )
    write_counts(counts, Path(output))
    n_articles, n_passages = len(counts), counts.lengths.sum()
    on_note(f"{n_articles} articles, {n_passages} passages, {len(counts.vocabulary)} n-grams")


def save(model: "Model", path: str | Path) -> None:
    """Write a model as a bundle; `path` holds the old bundle or the whole new one.

    Sets `model.version`. Raises ChudeError when it cannot be written, or is no bundle's place.

    >>> import chude
    >>> chude.save(chude.load("models/themes"), "models/copy")
    """
    from chude.bundle.folder import save

    save(model, path)


def load(path: str | Path) -> "Model":
    """Load a bundle that `save` or `chude train` wrote.

    Raises ChudeError when it is missing, damaged, foreign or of a newer format.

    >>> import chude
    >>> model = chude.load("models/themes")
    >>> model.predict("Bộ đội giúp bà con bản Huổi Só gặt lúa.")[0].themes
    ('mass_mobilization',)
    """
    from chude.bundle.folder import load

    return load(path)


def evaluate(model: "Model", articles: Iterable[Article], *, seed: int = 0) -> dict[str, Any]:
    """Figures of a model on labelled articles, with 95 % bootstrap intervals.

    Articles without labels are left out. Raises ChudeError when no article is labelled.

    >>> import chude
    >>> figures = chude.evaluate(chude.load("models/themes"), chude.read("data"))
    >>> 0 <= figures["macro_f1"] <= 1
    True
    """
    from chude.evaluation.evaluate import evaluate

    return evaluate(model, articles, seed=seed)


def predict_archive(
    model: str | Path,
    inputs: Paths,
    output: str | Path,
    *,
    form: str = "jsonl",
    columns: "ColumnNames | None" = None,
    jobs: int = 1,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = _silent,
    on_progress: "Callable[[int, int, int | None], None] | None" = None,
    on_record: Callable[[dict[str, Any]], None] = _silent,
    evidence: int = 0,
    titles: bool = False,
) -> int:
    """Label articles of any number into a file, in bounded memory, in the order of the input.

    A run that was stopped goes on where it was when it is started again.

    model: the bundle's folder. inputs: as in `read`. form: "jsonl", "json", "csv", "parquet" or
        "table". jobs: processes that predict.
    on_note: takes a line about an earlier start. on_progress: takes the number of articles done,
        the bytes of the input that held them and all its bytes, None for standard input. on_record:
        takes each record that is written.
    evidence: words that each record tells for each of its themes. titles: whether it tells the
        article's title.

    Returns the number of articles. Raises ChudeError when an input or the output cannot be used.

    >>> import chude
    >>> chude.predict_archive("models/themes", "data/examples", "themes.jsonl")
    4
    """
    from chude.archive.local import predict_archive
    from chude.model.prediction import Extras

    items = [inputs] if isinstance(inputs, (str, Path)) else inputs
    return predict_archive(
        Path(model),
        [str(item) for item in items],
        Path(output),
        form=form,
        columns=columns,
        jobs=jobs,
        on_refusal=on_refusal,
        on_note=on_note,
        on_progress=on_progress,
        on_record=on_record,
        extras=Extras(evidence, titles),
    )
