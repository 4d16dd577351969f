"""Read a bundle's manifest, and check every field that anything reads later."""

import json
import math
from pathlib import Path
from typing import Any, NoReturn

from chude.bundle.entries import read_regular
from chude.bundle.fields import Field
from chude.bundle.validate import FORMAT, check_options
from chude.errors import ChudeError
from chude.model.score import MOST_BEST
from chude.text.segment import SEGMENTERS

# bytes; 4,000 themes have 2 MB; what Python makes of it takes thirty times as much
MOST_MANIFEST = 4 << 20
_GOLDEN_ARTICLES = 16
_GOLDEN_CHARACTERS = 20_000  # of all golden articles; those that chude writes have 7,200
_ROUNDING = 1e-9  # by which a share that was summed may be above 1
MOST_NOTES = 50  # lines of what the training said of its corpus
_DIGITS = 20  # of an integer
_NEEDED = (
    "format", "sha256", "golden", "themes", "packages", "metrics", "training_data", "options",
    "segmenter", "chosen",
)  # fmt: skip


def parse_manifest(file: Path) -> dict[str, Any]:
    """What a manifest holds, checked.

    Raises ChudeError, with the file and the field, when it is not a regular file, too large, of a
    newer format or damaged: no JSON, a key twice, a number that is none or out of range, a field
    that is missing or of the wrong kind. Fields that chude does not know may be there.
    """
    content = read_regular(file, MOST_MANIFEST).tobytes()
    try:
        plain = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_table,
            parse_constant=_not_a_number,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except RecursionError:
        raise ChudeError(f"{file}: damaged (nested too deep). Copy the bundle again.") from None
    except ValueError as error:
        raise ChudeError(f"{file}: damaged ({error}). Copy the bundle again.") from None
    check_manifest(Field(file, "", plain))
    return dict(plain)


def check_manifest(manifest: Field) -> None:
    """Make sure that plain data is a manifest. Raises ChudeError as `parse_manifest` does."""
    found = manifest.table(("format",), others=True)["format"].integer(1)
    if found > FORMAT:
        raise ChudeError(
            f"{manifest.file}: format {found}, this chude reads up to {FORMAT}. Update chude."
        )
    fields = manifest.table(_NEEDED, others=True)
    digest = fields["sha256"].any_text()
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise fields["sha256"].wrong("is no SHA-256")
    themes = [theme.text() for theme in fields["themes"].entries(least=1)]
    for package in fields["packages"].table((), others=True).values():
        package.text()
    _check_golden(fields["golden"], len(themes))
    _check_metrics(fields["metrics"], themes)
    if "metrics_by_source" in fields:
        for source in fields["metrics_by_source"].table((), others=True).values():
            _check_metrics(source, themes)
    _check_training(fields)
    shown = {key: value for key, value in manifest.value.items() if key != "golden"}
    try:
        json.dumps(shown, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise manifest.wrong("has half a character") from None


def _check_golden(field: Field, n_themes: int) -> None:
    length = 0
    for entry in field.entries(most=_GOLDEN_ARTICLES):
        record = entry.table(("title", "body", "probabilities"))
        length += len(record["title"].any_text()) + len(record["body"].any_text())
        for probability in record["probabilities"].entries(n_themes, n_themes):
            probability.number(0, 1)
    if length > _GOLDEN_CHARACTERS:
        raise field.wrong(f"has more than {_GOLDEN_CHARACTERS:,} characters")


def _check_metrics(field: Field, themes: list[str]) -> None:
    fields = field.table(("articles", "themes"), others=True)
    tables = fields.pop("themes").table(themes)
    _check_figures(fields)
    for table in tables.values():
        figures = table.table(("support", "brier"), others=True)
        figures["support"].integer(0)
        figures["brier"].number(0, 1 + _ROUNDING)
        _check_figures(figures)


def _check_figures(figures: dict[str, Field]) -> None:
    """Counts and shares, None where undefined, and the two ends of intervals."""
    for name, figure in figures.items():
        if name.endswith("_interval"):
            for end in figure.entries(2, 2):
                end.number(-_ROUNDING, 1 + _ROUNDING)
        elif name in ("articles", "support"):
            figure.integer(0)
        elif figure.value is not None:
            figure.number(-_ROUNDING, 1 + _ROUNDING)


def _check_training(fields: dict[str, Field]) -> None:
    data = fields["training_data"].table(("articles", "words", "fingerprint"), others=True)
    data["articles"].integer(0)
    data["words"].integer(0)
    data["fingerprint"].text()
    for name in ("years", "lengths"):
        if name in data:
            for count in data[name].table((), others=True).values():
                count.integer(0)
    if "notes" in data:
        for note in data["notes"].entries(most=MOST_NOTES):
            note.text()
    fields["segmenter"].text()
    if "python" in fields:
        fields["python"].text()
    options = fields["options"].table(("seed",), others=True)
    options["seed"].integer(-(1 << 63))
    if "segmenter" in options:
        options["segmenter"].one_of(SEGMENTERS)
    if "features" in options and options["features"].value is not None:
        check_options(options["features"])
    if "texts" in options:
        options["texts"].flag()
    _check_chosen(fields["chosen"])


def _check_chosen(field: Field) -> None:
    fields = field.table(("article_C", "passage_C"), others=True)
    fields["article_C"].number(0, math.inf)
    if fields["passage_C"].value is not None:
        fields["passage_C"].number(0, math.inf)
    if "solver" in fields:
        fields["solver"].text()
    if "n_best" in fields:
        fields["n_best"].integer(1, MOST_BEST)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands there twice")
    return table


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _decimal(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError("a number is too large")
    return value


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError("a number is too large")
    return int(text)
