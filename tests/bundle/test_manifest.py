"""A manifest with everything that it must not be, and folders that hold no files."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chude.bundle.folder import load, read_manifest, save
from chude.bundle.golden import golden_records
from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.model.model import Model

KINDS: list[Any] = [None, True, 7, 0.5, "chữ", [], {}, [[]], {"a": []}]
MAY_BE_NOTHING = {"passage_C", "average_precision", "macro_average_precision", "features"}
FREE = {"C_values", "n_folds", "passages"}  # shown as they are, or not at all


@pytest.fixture
def manifest(bundle: Path) -> Any:
    return json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))


def write(bundle: Path, content: Any) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (bundle / "manifest.json").write_text(text, encoding="utf-8")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all parts of plain data."""
    if not isinstance(value, (dict, list)):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [*([path] if path else []), *(p for k, v in items for p in places(v, (*path, k)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


def get(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def test_every_field_is_refused_with_its_name_when_it_is_of_another_kind(
    bundle: Path, manifest: Any
) -> None:
    refused = 0
    for path in places(manifest):
        if FREE & set(path):
            continue
        for kind in KINDS:
            was = get(manifest, path)
            if {type(was), type(kind)} in ({int}, {float}, {int, float}, {str}, {bool}):
                continue
            if kind is None and path[-1] in MAY_BE_NOTHING | {"precision", "recall", "f1"}:
                continue
            if kind is None and path[0] == "metrics":
                continue
            if kind == [] and path in (("golden",), ("training_data", "notes")):
                continue
            if kind == {} and path[-1] in ("packages", "years", "lengths"):
                continue
            changed = copy.deepcopy(manifest)
            put(changed, path, kind)
            write(bundle, changed)
            with pytest.raises(ChudeError, match=r"manifest\.json: damaged \(") as caught:
                load(bundle)
            assert f"({path[0]}" in str(caught.value)
            refused += 1
    assert refused > 500


def test_fields_that_chude_reads_are_needed(bundle: Path, manifest: Any) -> None:
    optional = {"python"}
    for key in manifest.keys() - optional:
        write(bundle, {k: v for k, v in manifest.items() if k != key})
        with pytest.raises(ChudeError, match=rf"manifest\.json: damaged \(it has no {key}\)"):
            read_manifest(bundle)
    write(bundle, {k: v for k, v in manifest.items() if k not in optional} | {"note": [1]})
    assert load(bundle).provenance["note"] == [1]


def golden(**fields: Any) -> Callable[[Any], None]:
    return lambda manifest: manifest["golden"][0].update(fields)


CHANGES: dict[str, tuple[Callable[[Any], None], str]] = {
    "a probability of 2": (golden(probabilities=[2, 0, 0]), "golden.0.probabilities.0 is out"),
    "two probabilities": (golden(probabilities=[0, 0]), "golden.0.probabilities has 2 entries"),
    "a long text": (golden(body=" " * 40_000), "golden has more than 20,000 characters"),
    "many golden articles": (lambda m: m.update(golden=m["golden"] * 20), "golden has"),
    "another field": (golden(id="x"), "golden.0 has the unknown field 'id'"),
    "a digest in capitals": (lambda m: m.update(sha256="A" * 64), "sha256 is no SHA-256"),
    "a short digest": (lambda m: m.update(sha256="a" * 63), "sha256 is no SHA-256"),
    "format 0": (lambda m: m.update(format=0), "format is out of range"),
    "half a character": (lambda m: m.update(python="\ud800"), "python has half a character"),
    "half a character in a list": (
        lambda m: m["options"].update(strengths=["\udfff"]), "it has half a character"
    ),
    "half a character in a name": (lambda m: m.update({"\ud800": 1}), "it has half a character"),
    "a theme that cannot be shown": (
        lambda m: m["themes"].__setitem__(0, "\x1b[2J" + "x" * 999), "metrics.themes has no '\\x1b"
    ),
    "themes without figures": (lambda m: m["metrics"]["themes"].pop("emulation"), "metrics.themes"),
    "figures of no articles": (lambda m: m["metrics"].pop("articles"), "metrics has no articles"),
    "figures of other themes": (lambda m: m["metrics"]["themes"].update(x={}), "metrics.themes"),
    "a share of 7": (lambda m: m["metrics"].update(macro_f1=7), "metrics.macro_f1 is out of range"),
    "one end": (lambda m: m["metrics"].update(macro_f1_interval=[0]), "metrics.macro_f1_interval"),
    "a large seed": (lambda m: m["options"].update(seed=1 << 63), "options.seed is out of range"),
    "another segmenter": (lambda m: m["options"].update(segmenter="x"), "options.segmenter is 'x'"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_fit_is_refused_with_the_field(
    name: str, bundle: Path, manifest: Any
) -> None:
    change, message = CHANGES[name]
    change(manifest)
    write(bundle, manifest)
    with pytest.raises(ChudeError) as caught:
        read_manifest(bundle)
    assert f"manifest.json: damaged ({message}" in str(caught.value)


TEXTS = {
    "nested deep": '{"format": ' + "[" * 100_000,
    "nested deep and closed": '{"format": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a long integer": '{"format": ' + "1" * 5000 + "}",
    "an integer too large": '{"format": 1000000000000000000000}',
    "a large float": '{"format": 1e999}',
    "NaN": '{"format": NaN}',
    "infinity": '{"format": -Infinity}',
    "a key twice": '{"format": 1, "format": 1}',
    "a key twice inside": '{"a": {"b": 1, "b": 2}}',
    "a mark in front": "\ufeff{}",
    "two values": "{}{}",
    "a control character": '{"format": "\0"}',
    "a number": "1",
    "nothing at all": "null",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_are_no_manifest_end_in_one_message(name: str, bundle: Path) -> None:
    write(bundle, TEXTS[name])
    with pytest.raises(ChudeError, match=r"manifest\.json: damaged \([^\n]{4,120}$"):
        load(bundle)


def test_bytes_that_are_no_text_end_in_one_message(bundle: Path) -> None:
    (bundle / "manifest.json").write_bytes(b'{"format": "\xff"}')
    with pytest.raises(ChudeError, match=r"manifest\.json: damaged"):
        load(bundle)


def test_themes_of_another_model_are_refused(bundle: Path, manifest: Any) -> None:
    manifest["themes"][0] = "x"
    manifest["metrics"]["themes"]["x"] = manifest["metrics"]["themes"].pop("border_security")
    write(bundle, manifest)
    with pytest.raises(ChudeError, match="model and manifest have other themes"):
        load(bundle)


def test_packages_that_are_not_installed_do_no_harm(bundle: Path, manifest: Any) -> None:
    manifest["packages"] |= {"no such package": "1", "": "2", "../x": "3"}
    write(bundle, manifest)
    assert load(bundle).provenance["packages"]["no such package"] == "1"
    manifest["golden"][0]["probabilities"][0] = 0.123
    write(bundle, manifest)
    with pytest.raises(ChudeError, match="golden article"):
        load(bundle)


def test_a_golden_title_with_half_a_character_is_saved_and_loaded(
    model: Model, tmp_path: Path
) -> None:
    articles = [Article("a", "Lũ \ud800" + "x" * 5000, "Đồn Biên phòng giúp dân. \udfff")]
    records = golden_records(model, articles)
    one = replace(model, provenance={**model.provenance, "golden": records})
    save(one, tmp_path / "bundle")
    found = load(tmp_path / "bundle").provenance["golden"][0]
    assert found["title"].startswith("Lũ \ud800x")
    assert len(found["title"]) == 1200


def test_the_message_about_a_golden_article_is_short_and_printable(
    bundle: Path, manifest: Any
) -> None:
    manifest["golden"][0] |= {"title": "\x1b[2J" + "a." * 4000, "probabilities": [1, 1, 1]}
    manifest["packages"]["numpy"] = "\x9b" + "1" * 5000
    write(bundle, manifest)
    with pytest.raises(ChudeError, match=r"golden article '\\x1b\[2Ja") as caught:
        load(bundle)
    assert str(caught.value).isprintable()
    assert len(str(caught.value).removeprefix(str(bundle))) < 500


# What stands in the place of a file.
