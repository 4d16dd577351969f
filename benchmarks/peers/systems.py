"""What is compared: chude and its peers behind one interface.

This module is loaded in the peers' environment too, so everything else is imported where it is
needed; the import is part of the training time.
"""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Chosen by `make bench-tune TRAIN=… OPTIONS="--sample 16000"`, on training articles of VNTC alone.
FASTTEXT_EPOCHS, FASTTEXT_RATE = 25, 1.0

_MARKS = ".!?,'/()"  # that fastText's tutorial on text classification sets apart


class System:
    """Something that learns labels of texts; raw texts are prepared, then learnt or classified.

    A label is a string, or a tuple of strings for a text of several (see `several.py`).
    """

    def prepare(self, texts: list[str]) -> list[str]:
        """Raw texts in the form that `fit` and `classify` take; part of every measured time."""
        return texts

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        """Learn, and save the model into the folder."""
        raise NotImplementedError

    def load(self, folder: Path) -> None:
        """Load what `fit` saved."""
        raise NotImplementedError

    def n_features(self) -> int:
        """Words or n-grams of the loaded model."""
        raise NotImplementedError

    def classify(self, prepared: list[str]) -> list[Any]:
        """The label of each text."""
        raise NotImplementedError

    def classify_one(self, prepared: str) -> Any:
        """The label of a single text, by the call that is meant for it."""
        return self.classify([prepared])[0]

    def probabilities(self, prepared: list[str]) -> Any:
        """Bare probabilities, where they have a call of their own."""
        raise NotImplementedError

    def scores(self, prepared: list[str]) -> tuple[list[str], list[list[float]]]:
        """All labels, and for each text the score of each, where a text has several."""
        raise NotImplementedError


@dataclass
class Chude(System):
    """chude, by its public API; `Model.predict` gives labels, probabilities and decisions."""

    segmenter: str
    exclusive: bool = True

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        import chude

        articles = [
            chude.Article(str(i), "", text, themes=(label,) if self.exclusive else label)
            for i, (text, label) in enumerate(zip(prepared, labels, strict=True))
        ]
        model = chude.train(articles, exclusive=self.exclusive, segmenter=self.segmenter)
        chude.save(model, folder)

    def load(self, folder: Path) -> None:
        import chude

        self._model = chude.load(folder)

    def n_features(self) -> int:
        return len(self._model.scorer.features.grams)

    def classify(self, prepared: list[str]) -> list[str]:
        # None where too few words are known: that counts as wrong. In one process: a call of a
        # thousand articles is done before several would pay.
        return [next(iter(found.themes), "") for found in self._model.predict(prepared)]

    def probabilities(self, prepared: list[str]) -> Any:
        return self._model.probabilities(prepared)


@dataclass
class TextClassifier(System):
    """underthesea_core's TextClassifier: TF-IDF of 1-2-grams and a linear SVM, all in Rust."""

    max_features: int

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        from underthesea_core import TextClassifier as Classifier

        classifier = Classifier(max_features=self.max_features, ngram_range=(1, 2))
        classifier.fit(prepared, labels)
        classifier.save(str(folder / "model.bin"))

    def load(self, folder: Path) -> None:
        from underthesea_core import TextClassifier as Classifier

        self._model = Classifier.load(str(folder / "model.bin"))

    def n_features(self) -> int:
        return int(self._model.n_features)

    def classify(self, prepared: list[str]) -> list[str]:
        return list(self._model.predict_batch(prepared))

    def classify_one(self, prepared: str) -> str:
        return str(self._model.predict(prepared))

    def shares(self, prepared: list[str]) -> list[float]:
        """The share of a yes in each text, where the labels are yes and no."""
        found = self._model.predict_with_scores(prepared)
        return [score if label == "yes" else 1 - score for label, score in found]


@dataclass
class FastText(System):
    """fastText; lower case, and marks set apart, as its tutorial has it."""

    ngrams: int
    dim: int = 100
    epochs: int = FASTTEXT_EPOCHS
    rate: float = FASTTEXT_RATE
    bucket: int = 2_000_000
    loss: str = "softmax"

    def prepare(self, texts: list[str]) -> list[str]:
        return [_spaced(text) for text in texts]

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        import fasttext

        given = [self._labels(label) for label in labels]
        names = sorted({name for some in given for name in some})
        number = {name: f"__label__{i}" for i, name in enumerate(names)}  # one with a space is cut
        lines = folder / "train.txt"
        with lines.open("w", encoding="utf-8") as stream:
            for text, some in zip(prepared, given, strict=True):
                stream.write(f"{' '.join(number[name] for name in some)} {text}\n")
        model = fasttext.train_supervised(
            str(lines),
            wordNgrams=self.ngrams,
            dim=self.dim,
            epoch=self.epochs,
            lr=self.rate,
            bucket=self.bucket,
            loss=self.loss,
            thread=cores,
            seed=0,
            verbose=0,
        )
        lines.unlink()
        model.save_model(str(folder / "model.bin"))
        (folder / "labels.json").write_text(json.dumps(names, ensure_ascii=False))

    def _labels(self, label: Any) -> tuple[str, ...]:
        return (label,)

    def load(self, folder: Path) -> None:
        import fasttext

        self._model = fasttext.load_model(str(folder / "model.bin"))
        names = json.loads((folder / "labels.json").read_text())
        self._names = {f"__label__{i}": name for i, name in enumerate(names)}

    def n_features(self) -> int:
        return len(self._model.words)

    def classify(self, prepared: list[str]) -> list[str]:
        labels, _ = self._model.predict(prepared)
        return [self._names[first] for (first,) in labels]

    def classify_one(self, prepared: str) -> str:
        labels, _ = self._model.predict(prepared)
        return str(self._names[labels[0]])


@dataclass
class Sklearn(System):
    """scikit-learn's TfidfVectorizer on 1-2-grams of tokens and LinearSVC."""

    token_pattern: str = r"[^\W_]+"

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline

        pattern = self.token_pattern
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=pattern),
            self._machine(),
        )
        model.fit(prepared, labels)
        with (folder / "model.pickle").open("wb") as stream:
            pickle.dump(model, stream, protocol=5)

    def _machine(self) -> Any:
        from sklearn.svm import LinearSVC

        return LinearSVC(random_state=0)

    def load(self, folder: Path) -> None:
        with (folder / "model.pickle").open("rb") as stream:
            self._model = pickle.load(stream)

    def n_features(self) -> int:
        return len(self._model[0].vocabulary_)

    def classify(self, prepared: list[str]) -> list[str]:
        return list(self._model.predict(prepared))


class SklearnWords(Sklearn):
    """The same on the words of `underthesea.word_tokenize`."""

    def __init__(self) -> None:
        super().__init__(token_pattern=r"[^\W_]\w*")  # thành_phố is one

    def prepare(self, texts: list[str]) -> list[str]:
        import underthesea

        return [underthesea.word_tokenize(text, format="text") for text in texts]


def _spaced(text: str) -> str:
    text = text.lower().replace("\n", " ")
    for mark in _MARKS:
        text = text.replace(mark, f" {mark} ")
    return text


@dataclass(frozen=True)
class Spec:
    """How a system is shown and made.

    ours: runs in chude's environment. slow: segments in Python, tens of texts a second, so that it
    is timed on few and gets the words for all others from chude.
    """

    title: str
    make: Callable[..., System]
    settings: dict[str, Any]
    ours: bool = False
    slow: bool = False


SAME = "core-same"  # as many features as chude-syllable has; known when that one is trained
SYSTEMS = {
    "chude": Spec("**chude**", Chude, {"segmenter": "underthesea"}, ours=True),
    "chude-syllable": Spec(
        "**chude**, `--segmenter syllable`", Chude, {"segmenter": "syllable"}, ours=True
    ),
    "core-20k": Spec("TextClassifier, 20,000 features", TextClassifier, {"max_features": 20_000}),
    "core-200k": Spec(
        "TextClassifier, 200,000 features", TextClassifier, {"max_features": 200_000}
    ),
    SAME: Spec("TextClassifier, same number of features", TextClassifier, {}),
    "fasttext": Spec("fastText, word bigrams", FastText, {"ngrams": 2}),
    "fasttext-small": Spec(
        "fastText, word bigrams, 10 dimensions", FastText, {"ngrams": 2, "dim": 10}
    ),
    "sklearn": Spec("scikit-learn, syllables", Sklearn, {}),
    "sklearn-words": Spec("scikit-learn, `word_tokenize`", SklearnWords, {}, slow=True),
}
