"""The systems for texts of several labels: each text has a tuple of labels, which may be empty.

Loaded in the peers' environment too, like `systems.py`. Nothing is tuned: every system has the
settings that its documentation gives for several labels, or its defaults.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.systems import (
    SYSTEMS,
    Chude,
    FastText,
    Sklearn,
    SklearnWords,
    Spec,
    System,
    TextClassifier,
)

Scores = tuple[list[str], list[list[float]]]  # the labels, and for each text the score of each


@dataclass
class ChudeThemes(Chude):
    """chude with passages, thresholds and probabilities."""

    exclusive: bool = False

    def classify(self, prepared: list[str]) -> list[Any]:
        return [prediction.themes for prediction in self._model.predict(prepared, jobs=None)]

    def scores(self, prepared: list[str]) -> Scores:
        return list(self._model.taxonomy.keys), self._model.probabilities(prepared).tolist()


class SklearnThemes(Sklearn):
    """One LinearSVC a label on TF-IDF of 1-2-grams; yes where its margin is above 0."""

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        from sklearn.preprocessing import MultiLabelBinarizer

        binarizer = MultiLabelBinarizer()
        super().fit(prepared, binarizer.fit_transform(labels), folder, cores)
        _write_names(folder, list(binarizer.classes_))

    def _machine(self) -> Any:
        from sklearn.multiclass import OneVsRestClassifier

        return OneVsRestClassifier(super()._machine())

    def load(self, folder: Path) -> None:
        super().load(folder)
        self._names = _read_names(folder)

    def classify(self, prepared: list[str]) -> list[Any]:
        yes = self._model.predict(prepared)
        return [tuple(self._names[k] for k in row.nonzero()[0]) for row in yes]

    def scores(self, prepared: list[str]) -> Scores:
        return self._names, self._model.decision_function(prepared).tolist()


class SklearnWordsThemes(SklearnThemes, SklearnWords):
    """The same on the words of `underthesea.word_tokenize`."""


@dataclass
class FastTextOva(FastText):
    """fastText with a loss for each label; yes from 0.5 on."""

    ngrams: int = 2
    dim: int = 50
    rate: float = 0.5
    bucket: int = 200_000
    loss: str = "ova"

    def _labels(self, label: Any) -> tuple[str, ...]:
        return tuple(label)

    def classify(self, prepared: list[str]) -> list[Any]:
        found, _ = self._model.predict(prepared, k=-1, threshold=0.5)
        return [tuple(sorted(self._names[one] for one in some)) for some in found]

    def scores(self, prepared: list[str]) -> Scores:
        names = sorted(self._names.values())
        rows = []
        for some, shares in zip(*self._model.predict(prepared, k=-1, threshold=-1.0), strict=True):
            found = dict(zip((self._names[one] for one in some), map(float, shares), strict=True))
            rows.append([found[name] for name in names])
        return names, rows


@dataclass
class TextClassifierEach(System):
    """A TextClassifier of yes and no for each label."""

    max_features: int

    def fit(self, prepared: list[str], labels: list[Any], folder: Path, cores: int) -> None:
        names = sorted({name for some in labels for name in some})
        for i, name in enumerate(names):
            (folder / str(i)).mkdir()
            answers = ["yes" if name in some else "no" for some in labels]
            TextClassifier(self.max_features).fit(prepared, answers, folder / str(i), cores)
        _write_names(folder, names)

    def load(self, folder: Path) -> None:
        self._names = _read_names(folder)
        self._models = [TextClassifier(self.max_features) for _ in self._names]
        for i, model in enumerate(self._models):
            model.load(folder / str(i))

    def n_features(self) -> int:
        return sum(model.n_features() for model in self._models)

    def classify(self, prepared: list[str]) -> list[Any]:
        answers = zip(*(model.classify(prepared) for model in self._models), strict=True)
        return [
            tuple(name for name, said in zip(self._names, row, strict=True) if said == "yes")
            for row in answers
        ]

    def scores(self, prepared: list[str]) -> Scores:
        columns = (model.shares(prepared) for model in self._models)
        return self._names, [list(row) for row in zip(*columns, strict=True)]


def _write_names(folder: Path, names: list[str]) -> None:
    (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def _read_names(folder: Path) -> list[str]:
    return list(json.loads((folder / "names.json").read_text(encoding="utf-8")))


OURS = "themes-chude"
SEVERAL = {
    OURS: Spec("**chude**", ChudeThemes, {"segmenter": "underthesea"}, ours=True),
    "themes-sklearn": Spec("scikit-learn one-versus-rest, syllables", SklearnThemes, {}),
    "themes-sklearn-words": Spec(
        "scikit-learn one-versus-rest, `word_tokenize`", SklearnWordsThemes, {}, slow=True
    ),
    "themes-fasttext": Spec("fastText, `-loss ova`", FastTextOva, {}),
    "themes-core": Spec(
        "TextClassifier, once a theme", TextClassifierEach, {"max_features": 20_000}
    ),
}
ALL = SYSTEMS | SEVERAL
