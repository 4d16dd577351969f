"""Every field of a model file, with everything that it must not be."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from chude.bundle.folder import load, save
from chude.bundle.safe_load import load_plain
from chude.bundle.validate import model_of
from chude.errors import ChudeError
from tests.invented import make_articles

FILE = Path("model.joblib")
KINDS: list[Any] = [None, True, 7, 0.5, "chữ", [], {}, (), ["a"], np.zeros(5), np.zeros((5, 5))]


@pytest.fixture(scope="module")
def saved(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("validate") / "bundle"
    save(model, folder)
    return load_plain(folder / "model.joblib")


@pytest.fixture
def plain(saved: Any) -> Any:
    return copy.deepcopy(saved)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all parts of plain data."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in items:
        inner = isinstance(part, (dict, list))
        found += places(part, (*path, key)) if inner else [(*path, key)]
    return found


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


def get(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def test_what_was_saved_is_a_model(plain: Any, model: Any) -> None:
    found = model_of(plain, FILE)
    assert found.taxonomy == model.taxonomy
    assert found.scorer.features.words == model.scorer.features.words
    assert found.scorer.features.options == model.scorer.features.options


def test_every_field_is_refused_with_its_name_when_it_is_of_another_kind(saved: Any) -> None:
    refused = 0
    for path in places(saved):
        for kind in KINDS:
            was = get(saved, path)
            if {type(was), type(kind)} in ({int}, {float}, {int, float}, {str}, {bool}):
                continue
            if path == ("passage",) and kind is None:
                continue
            changed = copy.deepcopy(saved)
            put(changed, path, kind)
            with pytest.raises(ChudeError, match=r"^model\.joblib: damaged \(") as caught:
                model_of(changed, FILE)
            assert str(path[0]) in str(caught.value)
            refused += 1
    assert refused > 300


def test_every_field_is_needed_and_no_other_is_known(saved: Any) -> None:
    for where in ((), ("features",)):
        for key in get(saved, where):
            changed = copy.deepcopy(saved)
            del get(changed, where)[key]
            with pytest.raises(ChudeError, match=f"has no {key}"):
                model_of(changed, FILE)
        changed = copy.deepcopy(saved)
        get(changed, where)["hook"] = 1
        with pytest.raises(ChudeError, match="unknown field 'hook'"):
            model_of(changed, FILE)


def test_every_list_has_its_length(saved: Any) -> None:
    for path in places(saved):
        entry = get(saved, path)
        if isinstance(entry, list) and path != ("themes",):
            for other in ([*entry, entry[0]], entry[1:]):
                changed = copy.deepcopy(saved)
                put(changed, path, other)
                with pytest.raises(ChudeError, match=f"{path[0]}.*has {len(other)} entries"):
                    model_of(changed, FILE)


def test_every_array_has_its_shape_and_numbers_that_are_some(saved: Any) -> None:
    arrays = [path for path in places(saved) if isinstance(get(saved, path), np.ndarray)]
    assert len(arrays) == 9
    for path in arrays:
        array = get(saved, path)
        others = [array[..., None], array.ravel()[:1], array[:0], array.astype("f2")]
        for number in (-2, 1 << 30) if path[-1] == "grams" else (np.nan, np.inf, 1e30, -1e30):
            others.append(array.copy())
            others[-1].flat[-1] = number
        for other in others:
            changed = copy.deepcopy(saved)
            put(changed, path, other)
            with pytest.raises(ChudeError, match=rf"damaged \({path[0]}\b"):
                model_of(changed, FILE)


Change = Callable[[Any], None]


def first(key: str, value: Any) -> Change:
    return lambda plain: plain[key].__setitem__(0, value)


def features(**fields: Any) -> Change:
    return lambda plain: plain["features"].update(fields)


def words(change: Callable[[list[str]], list[str]]) -> Change:
    def apply(plain: Any) -> None:
        plain["features"]["words"] = "\n".join(change(plain["features"]["words"].split("\n")))

    return apply


def grams(change: Callable[[np.ndarray], Any]) -> Change:
    return lambda plain: change(plain["features"]["grams"])


def colliding(plain: Any) -> None:
    """N-grams that all belong in the same few places of a hash table."""
    n_words = 1 << 19
    rng = np.random.default_rng(0)
    pairs = rng.integers(0, n_words - 1, (3_000_000, 2), dtype=np.int64)
    keys = (pairs[:, 0] + 1) << 20 | (pairs[:, 1] + 1)
    homes = (keys.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(44)
    chosen = pairs[homes < 1 << 14]
    filling = np.arange(n_words, dtype=np.int64)
    single = np.stack([filling, np.full(n_words, -1)], axis=1)
    all_grams = np.concatenate([single, np.unique(chosen, axis=0)]).astype(np.int32)
    plain["features"]["words"] = "\n".join(f"{i:06}" for i in range(n_words))
    plain["features"]["grams"] = all_grams
    plain["features"]["idf"] = np.ones(len(all_grams))
    for name in ("article", "passage"):
        plain[name][0] = np.ones((len(all_grams), 3), np.float32)


WRONG: dict[str, tuple[Change, str]] = {
    "a newer format": (lambda p: p.update(format=5), "format is out of range"),
    "no themes": (lambda p: p.update(themes=[]), "themes has 0 entries"),
    "a theme twice": (lambda p: p["themes"].append(p["themes"][0]), "themes.3.0 stands there"),
    "half a character": (first("themes", ["\ud800", "", "", ""]), "themes.0.0 has half a"),
    "a segmenter": (lambda p: p.update(segmenter="os.system"), "segmenter is 'os.system'"),
    "three best passages": (lambda p: p.update(n_best=3), "n_best is out of range"),
    "passages of two numbers": (lambda p: p.update(passage_sizes=[75, 50]), "passage_sizes has 2"),
    "passages of none": (lambda p: p.update(passage_sizes=[75, 0, 25]), "passage_sizes.1 is"),
    "no best passage": (lambda p: p.update(n_best=0), "n_best is out of range"),
    "review of 2": (lambda p: p.update(review_error=2.0), "review_error is out of range"),
    "review of NaN": (lambda p: p.update(review_error=float("nan")), "review_error is out of"),
    "a large threshold": (
        lambda p: p.update(thresholds=np.array([0.5, 0.5, 1.5])), "thresholds has numbers out"
    ),
    "n-grams of none": (features(ngrams=[0, 2]), "features.ngrams.0 is out of range"),
    "n-grams backwards": (features(ngrams=[2, 1]), "features.ngrams.1 is out of range"),
    "n-grams of three": (features(ngrams=[1, 3]), "features.grams is of shape"),
    "n-grams of 2 alone": (features(ngrams=[2, 2]), "features.grams has n-grams of unknown"),
    "a huge n-gram": (features(ngrams=[1, 1 << 62]), "features.ngrams.1 is out of range"),
    "a negative min_df": (features(min_df=-1), "features.min_df is out of range"),
    "a max_df of NaN": (features(max_df=float("nan")), "features.max_df is out of range"),
    "an empty word": (words(lambda w: ["", *w[1:]]), "features.words has an empty word"),
    "an empty word inside": (words(lambda w: [*w[:5], "", *w[6:]]), "features.words has an empty"),
    "a word twice": (words(lambda w: [*w[:5], w[4], *w[6:]]), "features.words has an empty word"),
    "no words": (features(words=""), "features.words has an empty word"),
    "a million words": (features(words="\n" * 1_000_000), "features.words has more words than"),
    "words that are missing": (words(lambda w: w[:-1]), "features.grams has words that are not"),
    "an n-gram twice": (grams(lambda g: g.__setitem__(1, g[0])), "features.grams has an n-gram"),
    "a gap": (grams(lambda g: g.__setitem__(0, (-1, 0))), "features.grams has n-grams of unknown"),
    "an empty n-gram": (grams(lambda g: g.__setitem__(0, -1)), "features.grams has n-grams of unk"),
    "n-grams that collide": (colliding, "features.grams has n-grams that were chosen"),
    "passages without weights": (lambda p: p.update(passage=None), "calibration.0 is of shape"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_with_the_field(name: str, plain: Any) -> None:
    change, message = WRONG[name]
    change(plain)
    with pytest.raises(ChudeError) as caught:
        model_of(plain, FILE)
    assert f"model.joblib: damaged ({message}" in str(caught.value)


def test_words_in_another_order_are_a_model(plain: Any) -> None:
    words(lambda w: w[::-1])(plain)
    assert model_of(plain, FILE).scorer.features.words[0] > "a"


@pytest.mark.parametrize(
    "change",
    [lambda p: p["article"][0].fill(1e9), lambda p: p["article"][0].fill(-1e9),
     lambda p: p["calibration"][0].fill(1e9), lambda p: p["calibration"][1].fill(-1e9),
     lambda p: p["features"]["idf"].fill(0.0), lambda p: p["features"]["idf"].fill(1e9),
     lambda p: p["features"]["idf"].fill(1e-300)],
)  # fmt: skip
@pytest.mark.parametrize("exclusive", [True, False])
def test_whatever_is_a_model_gives_probabilities(
    change: Change, exclusive: bool, plain: Any
) -> None:
    plain["exclusive"] = exclusive
    change(plain)
    found = model_of(plain, FILE)
    texts = ["", " ", "Bộ đội Biên phòng bắt giữ đối tượng vận chuyển ma túy.", "\ud800 x\0"]
    predictions = found.predict(texts)
    for prediction in predictions:
        assert all(0 <= p <= 1 for p in prediction.probabilities.values())


def test_a_report_of_any_model_is_drawn(model: Any, tmp_path: Path) -> None:
    features = model.scorer.features
    large = replace(features, idf=np.full_like(features.idf, 1e9))
    one = replace(model, scorer=replace(model.scorer, features=large))
    one.provenance = {**model.provenance, "golden": []}  # they are decided otherwise now
    save(one, tmp_path / "bundle")
    assert (tmp_path / "bundle" / "report.html").exists()


def test_two_best_passages_are_saved_and_no_older_chude_reads_them(
    model: Any, tmp_path: Path
) -> None:
    two = replace(model, scorer=replace(model.scorer, n_best=2))
    two.provenance = {**model.provenance, "golden": []}  # they are decided otherwise now
    save(two, tmp_path / "bundle")
    assert json.loads((tmp_path / "bundle" / "manifest.json").read_bytes())["format"] == 3
    found = load(tmp_path / "bundle")
    assert found.scorer.n_best == 2
    texts = [article.text for article in make_articles(20)]
    assert (found.probabilities(texts) == two.probabilities(texts)).all()


def test_a_model_that_could_not_be_loaded_is_not_saved(model: Any, tmp_path: Path) -> None:
    decision = replace(model.decision, review_error=float("nan"))
    with pytest.raises(ChudeError, match="review_error"):
        save(replace(model, decision=decision), tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_numpy_are_saved_as_plain_ones(model: Any, tmp_path: Path) -> None:
    decision = replace(model.decision, review_error=np.float64(0.125))
    save(replace(model, decision=decision), tmp_path / "bundle")
    found = joblib.load(tmp_path / "bundle" / "model.joblib")["review_error"]
    assert type(found) is float
    assert found == 0.125
