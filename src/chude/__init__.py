"""chude (chủ đề, theme): labels Vietnamese articles by theme, says how sure it is and shows why.

import chude
model = chude.train("data")
chude.save(model, "models/themes")
model = chude.load("models/themes")
model.predict(chude.read("new_articles"))
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chude.corpus.article import Article
from chude.errors import ChudeError, OnRefusal, Refusal, raise_refusal

if TYPE_CHECKING:
    from chude.corpus.taxonomy import Taxonomy
    from chude.model.model import Model

__all__ = ["Article", "ChudeError", "Refusal", "evaluate", "load", "read", "save", "train"]
__version__ = "0.1.0"

Paths = str | Path | Iterable[str | Path]


def read(paths: Paths, **options: Any) -> Iterator[Article]:
    """Read articles in a stream; the options are those of `chude.corpus.readers.read`.

    Raises ChudeError at the first refused input, unless `on_refusal` takes it.
    """
    from chude.corpus.readers import read

    return read(paths, **options)


def train(
    articles: Paths | Iterable[Article],
    taxonomy: "Taxonomy | str | Path | None" = None,
    *,
    exclusive: bool = False,
    on_refusal: OnRefusal = raise_refusal,
    cache: bool = False,
    **options: Any,
) -> "Model":
    """Train a model on labelled articles, or on what `read` finds at the paths.

    taxonomy: the themes or a themes.toml; by default that of the corpus folder, or else the labels
        that occur, `exclusive` saying whether an article has exactly one.
    cache: keep the articles' words in the user's cache folder, as `chude train` does, so that the
        next training on the same articles does not segment them again.
    options: the fields of `chude.training.train.TrainOptions`, among them `segmenter` and `seed`.

    Raises ChudeError when nothing can be learnt from the articles.
    """
    from chude.corpus.corpus import read_corpus
    from chude.corpus.taxonomy import Taxonomy
    from chude.text.cache.folder import TokenCache
    from chude.training.train import TrainOptions
    from chude.training.train import train as train_on

    items = [articles] if isinstance(articles, (str, Path)) else list(articles)
    if all(isinstance(item, Article) for item in items):
        given = [item for item in items if isinstance(item, Article)]
        if isinstance(taxonomy, (str, Path)):
            taxonomy = Taxonomy.load(Path(taxonomy))
        themes = taxonomy or Taxonomy.of((k for a in given for k in a.themes or ()), exclusive)
    else:
        paths = [item for item in items if isinstance(item, (str, Path))]
        given, themes = read_corpus(paths, taxonomy, exclusive=exclusive, on_refusal=on_refusal)
    kept = TokenCache() if cache else None
    return train_on(given, themes, TrainOptions(**options), on_refusal=on_refusal, cache=kept)


def load(path: str | Path) -> "Model":
    """Load a bundle that `save` or `chude train` wrote.

    Raises ChudeError when it is missing, damaged, foreign or of a newer format.
    """
    from chude.bundle.folder import load

    return load(path)


def save(model: "Model", path: str | Path) -> None:
    """Write a model as a bundle; `path` holds the old bundle or the whole new one.

    Raises ChudeError when the folder cannot be written to.
    """
    from chude.bundle.folder import save

    save(model, path)


def evaluate(model: "Model", articles: Iterable[Article], *, seed: int = 0) -> dict[str, Any]:
    """Figures of a model on labelled articles, with bootstrap intervals.

    Raises ChudeError when no article is labelled.
    """
    from chude.evaluation.evaluate import evaluate

    return evaluate(model, articles, seed=seed)
