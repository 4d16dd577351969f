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
from chude.model.drawing import DRAWERS

if TYPE_CHECKING:
    from chude.corpus.clean import clean
    from chude.corpus.formats.columns import ColumnNames
    from chude.corpus.read import Position
    from chude.corpus.taxonomy import Taxonomy
    from chude.features.vocabulary import FeatureOptions
    from chude.model.explanation import Explanation, Explanations
    from chude.model.model import Model
    from chude.model.prediction import Prediction, Predictions
    from chude.text.cache.folder import TokenCache
    from chude.training.check import check
    from chude.training.count_corpus import count
    from chude.training.train import TrainOptions

__all__ = [
    "Article", "ChudeError", "ColumnNames", "Explanation", "Explanations", "Model", "Prediction",
    "Predictions", "Refusal", "Taxonomy", "TrainOptions", "check", "clean", "count", "evaluate",
    "load", "predict_archive", "read", "save", "train",
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
    "check": "chude.training.check",
    "clean": "chude.corpus.clean",
    "count": "chude.training.count_corpus",
}


DRAWERS.update(
    {
        "card": "chude.show.card:card",
        "notebook card": "chude.show.card:notebook_card",
        "report": "chude.show.notebook:Report",
    }
)


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

    articles: files of counts (`*.counts.parquet`), named or in a corpus folder, are learnt from too
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
    >>> model = chude.train("data")
    >>> model.taxonomy.keys
    ('border_security', 'emulation', 'mass_mobilization')
    """
    from chude.corpus.labelled import read_labelled
    from chude.corpus.read import Position
    from chude.show.terminal import counted
    from chude.text.cache.folder import open_cache
    from chude.training.train import TrainOptions
    from chude.training.train import train as train_on

    position = Position()
    found = read_labelled(
        articles,
        taxonomy,
        exclusive=exclusive,
        labels=labels,
        columns=columns,
        on_refusal=on_refusal,
        position=position,
    )
    n_articles, n_themes = len(found.articles), len(found.taxonomy.themes)
    on_note(f"{counted(n_articles, 'article')}, {counted(n_themes, 'theme')}")
    for note in found.notes():
        on_note(note)
    options = TrainOptions(segmenter, features, tuple(C_values), n_folds, seed, texts)
    return train_on(
        found.articles,
        found.taxonomy,
        options,
        corpora=found.counts,
        on_refusal=on_refusal,
        on_note=on_note,
        on_progress=on_progress,
        cache=open_cache(on_note) if cache is True else cache or None,
        refused=position.refused,
        left_out=position.left_out,
    )


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


def evaluate(
    model: "Model",
    articles: Paths | Iterable[Article],
    *,
    labels: str | Path | None = None,
    columns: "ColumnNames | None" = None,
    seed: int = 0,
    jobs: int | None = 1,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = _silent,
) -> dict[str, Any]:
    """Figures of a model on labelled articles, or what `read` finds at the paths.

    labels, columns, on_refusal: as in `read`, for paths. on_note: takes lines about what was found.
    jobs: processes that predict, None for one a core.

    Figures come with 95 % bootstrap intervals, and `counts` says what became of the articles:
    `found` is the sum of `labelled`, `no_theme`, `contested` (a theme: not judged), `unlabelled`,
    `refused` and `left_out`. Raises ChudeError when none can be judged.

    >>> import chude
    >>> figures = chude.evaluate(chude.load("models/themes"), "data")
    >>> 0 <= figures["macro_f1"] <= 1
    True
    """
    from chude.corpus.labelled import stream
    from chude.corpus.read import Position
    from chude.evaluation.evaluate import evaluate

    position = Position()
    found = stream(articles, model.taxonomy, labels, columns, on_refusal, position)
    return evaluate(model, found, seed=seed, jobs=jobs, position=position, on_note=on_note)


def predict_archive(
    model: str | Path,
    inputs: Paths,
    output: str | Path,
    *,
    form: str = "jsonl",
    columns: "ColumnNames | None" = None,
    jobs: int | None = 1,
    on_refusal: OnRefusal = raise_refusal,
    on_note: OnNote = _silent,
    on_progress: "Callable[[int, int, int | None], None] | None" = None,
    on_record: Callable[[dict[str, Any]], None] = _silent,
    position: "Position | None" = None,
    evidence: int = 0,
    titles: bool = False,
    bom: bool = False,
) -> int:
    """Label articles of any number into a file, in bounded memory, in the order of the input.

    A run that was stopped goes on where it was when it is started again. Returns the number of
    articles. Raises ChudeError when an input or the output cannot be used.

    model: the bundle's folder. inputs: as in `read`. form: "jsonl", "json", "csv", "parquet" or
        "table". jobs: processes that predict, None for one a core.
    on_note: takes a line about an earlier start. on_progress: takes the number of articles done,
        the bytes of the input that held them and all its bytes, None for standard input. on_record:
        takes each record that is written. position: says how much was read.
    evidence: words that each record tells for each of its themes. titles: whether it tells the
        article's title. bom: begin CSV with a byte-order mark, by which Excel knows UTF-8.

    >>> import chude
    >>> chude.predict_archive("models/themes", "data/examples", "themes.jsonl")
    4
    """
    from chude.archive.local import predict_archive
    from chude.cores import usable_cores
    from chude.model.prediction import Extras

    items = [inputs] if isinstance(inputs, (str, Path)) else inputs
    return predict_archive(
        Path(model),
        [str(item) for item in items],
        Path(output),
        form=form,
        bom=bom,
        columns=columns,
        jobs=usable_cores() if jobs is None else jobs,
        on_refusal=on_refusal,
        on_note=on_note,
        on_progress=on_progress,
        on_record=on_record,
        position=position,
        extras=Extras(evidence, titles),
    )
