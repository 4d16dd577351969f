import collections
import hashlib
import json
import os
import pickle
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from chude.bundle.folder import load, read_manifest, save
from chude.bundle.golden import golden_records
from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.model.model import Model
from chude.model.score import Linear, Scorer
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import TAXONOMY


def write_model_file(bundle: Path, content: bytes) -> None:
    """Replace the model file and make the manifest agree, as an attacker would."""
    (bundle / "model.joblib").write_bytes(content)
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    manifest["sha256"] = hashlib.sha256(content).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def change_manifest(bundle: Path, **fields: Any) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    (bundle / "manifest.json").write_text(json.dumps({**manifest, **fields}), encoding="utf-8")


def test_a_loaded_model_predicts_the_same(
    model: Model, bundle: Path, articles: list[Article]
) -> None:
    loaded = load(bundle)
    assert np.allclose(loaded.probabilities(articles), model.probabilities(articles), atol=1e-9)
    assert loaded.version == hashlib.sha256((bundle / "model.joblib").read_bytes()).hexdigest()[:12]
    assert loaded.taxonomy == model.taxonomy


def test_large_arrays_come_back(tmp_path: Path) -> None:
    lines = [f"{theme} tin {i}\nmột hai ba bốn {i}" for i in range(30) for theme in ("cá", "gà")]
    articles = [Article(f"a{n}", "", line, themes=(line[:2],)) for n, line in enumerate(lines)]
    trained = train(articles, Taxonomy.of(["cá", "gà"], True), TrainOptions("syllable"))
    # As many n-grams as make the arrays large enough to stay in the file.
    words = [f"từ{i:06}" for i in range(150_000)]
    grams = np.stack([np.arange(150_000), np.full(150_000, -1)], axis=1).astype(np.int32)
    large = replace(trained.scorer.features, words=words, grams=grams, idf=np.ones(150_000))
    linear = Linear(np.ones((150_000, 2), np.float32), np.zeros(2, np.float32))
    one = replace(trained, scorer=Scorer(large, linear, None))
    one.provenance = {**one.provenance, "golden": golden_records(one, articles[:2])}
    save(one, tmp_path / "bundle")
    loaded = load(tmp_path / "bundle")
    assert loaded.scorer.features.names == one.scorer.features.names
    assert np.array_equal(loaded.probabilities(articles), one.probabilities(articles))


@pytest.mark.parametrize("name", ["bundle-1", "bundle-1-exclusive"])
def test_bundles_of_every_format_load(name: str, articles: list[Article], tmp_path: Path) -> None:
    loaded = load(ROOT / "tests" / "data" / name)
    right = [
        article.themes == prediction.themes
        for article, prediction in zip(articles, loaded.predict(articles), strict=True)
        if not loaded.taxonomy.exclusive or len(article.themes or ()) == 1
    ]
    assert sum(right) > 0.8 * len(right)
    save(loaded, tmp_path / "again")
    files = [folder / "model.joblib" for folder in (tmp_path / "again", ROOT / "tests/data" / name)]
    assert joblib.hash(joblib.load(files[0])) == joblib.hash(joblib.load(files[1]))


def test_the_manifest_says_what_the_model_is(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    assert manifest["format"] == 1
    assert manifest["themes"] == list(TAXONOMY.keys)
    assert {"scikit-learn", "underthesea", "numpy"} <= manifest["packages"].keys()
    assert manifest["options"]["seed"] == 0
    assert len(manifest["training_data"]["fingerprint"]) == 64
    assert 0 <= manifest["metrics"]["macro_f1"] <= 1
    assert manifest["golden"]
    title = f"<title>Mô hình chủ đề {manifest['sha256'][:12]}</title>"
    assert title in (bundle / "report.html").read_text(encoding="utf-8")
    assert (bundle / "out_of_fold.csv").read_text().startswith("article,fold,label_")


def test_the_file_is_plain_data(bundle: Path) -> None:
    plain = joblib.load(bundle / "model.joblib")
    seen: list[Any] = [plain]
    while seen:
        item = seen.pop()
        assert type(item) in (dict, list, str, int, float, bool, np.ndarray)
        if isinstance(item, dict):
            seen.extend([*item.keys(), *item.values()])
        elif isinstance(item, list):
            seen.extend(item)


def test_same_data_and_seed_same_bytes(
    articles: list[Article], bundle: Path, tmp_path: Path
) -> None:
    save(train(articles, TAXONOMY, TrainOptions(segmenter="syllable")), tmp_path / "again")
    for name in ("model.joblib", "manifest.json", "out_of_fold.csv", "errors.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (bundle / name).read_bytes()


def test_saving_replaces_the_old_bundle_whole(model: Model, bundle: Path) -> None:
    (bundle / "out_of_fold.csv").write_text("old")
    save(model, bundle)
    assert (bundle / "out_of_fold.csv").read_text().startswith("article,")
    assert [path.name for path in bundle.parent.iterdir()] == ["bundle"]


def test_a_failed_save_leaves_the_old_bundle(
    model: Model, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    before = (bundle / "model.joblib").read_bytes()
    monkeypatch.setattr("chude.show.report.report_page", fail)
    with pytest.raises(KeyboardInterrupt):
        save(model, bundle)
    assert (bundle / "model.joblib").read_bytes() == before
    assert [path.name for path in bundle.parent.iterdir()] == ["bundle"]


class Call:
    """Pickles as a call of a function."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call


FOREIGN = [
    b"",
    b"not a model",
    pickle.dumps(Call(os.system, "touch executed")),
    pickle.dumps({"features": Call(eval, "open('executed', 'w')")}),
    pickle.dumps(Call(exec, "open('executed', 'w')"), protocol=0),
    b"cos\nsystem\n(S'touch executed'\ntR.",
    b"(S'touch executed'\nios\nsystem\n.",
    b"(cos\nsystem\nS'touch executed'\no.",
    b"cnumpy\ndtype\n(S'O'\nI00\nI01\ntR.",
    b"cnumpy\nndarray\n(I1000000000000\ntR.",
    b"cnumpy\nload\n(S'model.joblib'\ntR.",
    b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n}S'read'\ncnumpy\ndtype\nsb.",
    pickle.dumps(collections.OrderedDict(a=1)),
    pickle.dumps(np.arange(5)),
    pickle.dumps([1, 2, 3]),
    pickle.dumps({"themes": []}),
]


@pytest.mark.parametrize("content", FOREIGN)
def test_foreign_files_are_refused_before_anything_runs(
    bundle: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundle)
    write_model_file(bundle, content)
    with pytest.raises(ChudeError, match=r"model\.joblib"):
        load(bundle)
    assert not (bundle / "executed").exists()


def test_the_message_names_what_a_file_asks_for(bundle: Path) -> None:
    write_model_file(bundle, pickle.dumps(Call(os.system, "touch executed")))
    with pytest.raises(ChudeError, match=r"refused, it asks for posix\.system"):
        load(bundle)


def test_200_mutated_files_end_in_a_message_or_load_as_plain_data(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundle)
    content = (bundle / "model.joblib").read_bytes()
    rng = random.Random(0)
    # The instructions stand between the arrays, most of them in the first and last bytes.
    places = [*range(min(3000, len(content))), *range(max(0, len(content) - 1000), len(content))]
    messages = []
    for i in range(200):
        changed = bytearray(content)
        if i % 4 == 0:
            changed = changed[: rng.randrange(len(content))]
        else:
            for _ in range(rng.choice([1, 2, 8])):
                changed[rng.choice(places)] ^= 1 << rng.randrange(8)
        write_model_file(bundle, bytes(changed))
        before = set(os.listdir(bundle))
        try:
            load(bundle)
        except ChudeError as error:
            messages.append(str(error))
        assert set(os.listdir(bundle)) == before
    assert len(messages) > 100
    assert all(str(bundle) in message for message in messages)


def test_a_changed_file_is_known_by_its_hash(bundle: Path) -> None:
    with (bundle / "model.joblib").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ChudeError, match="SHA-256"):
        load(bundle)


def test_a_newer_format_asks_for_an_update(bundle: Path) -> None:
    change_manifest(bundle, format=99)
    with pytest.raises(ChudeError, match="format 99, this chude reads up to 4"):
        load(bundle)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": "x"}', '{"format": 1, "sha256": 1}']
)
def test_a_damaged_manifest_ends_in_one_message(bundle: Path, content: str) -> None:
    (bundle / "manifest.json").write_text(content)
    with pytest.raises(ChudeError, match=r"manifest\.json: damaged"):
        load(bundle)


def test_missing_files_end_in_one_message(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ChudeError, match="no model here"):
        load(tmp_path / "nowhere")
    (bundle / "model.joblib").unlink()
    with pytest.raises(ChudeError, match="no such file"):
        load(bundle)


@pytest.mark.parametrize("golden", [[{}], ["x"], [{"title": 1, "body": "", "probabilities": []}]])
def test_damaged_golden_articles_end_in_one_message(bundle: Path, golden: list[Any]) -> None:
    change_manifest(bundle, golden=golden)
    with pytest.raises(ChudeError, match=r"manifest\.json: damaged \(golden"):
        load(bundle)


def test_a_loaded_model_can_be_saved_after_a_change(bundle: Path, tmp_path: Path) -> None:
    loaded = load(bundle)
    loaded.decision = replace(loaded.decision, review_error=0.1)
    save(loaded, tmp_path / "changed")
    assert load(tmp_path / "changed").decision.review_error == 0.1
    table = (bundle / "out_of_fold.csv").read_bytes()
    assert (tmp_path / "changed" / "out_of_fold.csv").read_bytes() == table
    save(loaded, bundle)  # in the place that it came from
    assert (bundle / "out_of_fold.csv").read_bytes() == table


def test_golden_articles_that_come_out_otherwise_say_what_changed(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    golden = manifest["golden"]
    golden[0]["probabilities"][0] = 0.123
    packages = {**manifest["packages"], "underthesea": "6.8.4"}
    change_manifest(bundle, golden=golden, packages=packages)
    with pytest.raises(ChudeError, match=r"golden article .* 0\.1230 .*underthesea 6\.8\.4 →"):
        load(bundle)


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs Linux")
def test_a_read_only_folder_ends_in_one_message(model: Model) -> None:
    # Not even root may make a folder there.
    with pytest.raises(ChudeError, match=r"/sys/kernel/bundle: cannot be written"):
        save(model, "/sys/kernel/bundle")


def test_a_file_in_the_way_ends_in_one_message(model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ChudeError, match="cannot be written"):
        save(model, tmp_path / "file" / "bundle")
