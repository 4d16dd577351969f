"""chude inspect"""

import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from chude.cli import options as opt
from chude.records import write_json, write_records, write_text
from chude.show.terminal import COLUMNS, counted, plain, text_table

_NO_BREAK = "\xa0"


def inspect(
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    words: Annotated[int, typer.Option("--words", min=1, help="Strongest words a theme.")] = 15,
    against: Annotated[
        bool, typer.Option("--against", help="Also the words that speak most against a theme.")
    ] = False,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
) -> None:
    """Show what a model knows: strongest words, thresholds, sizes and provenance.

    Example: chude inspect --model models/themes --words 30 --against
    """
    import chude
    from chude.corpus.outputs import check_output
    from chude.model.summary import summary

    form = opt.form_to_write(form, output, bom)
    check_output(output, [], [model])
    facts = summary(chude.load(model), words, against)
    if form is opt.Format.json:
        write_json(facts, output)
    elif form is opt.Format.table:
        write_text(_text(facts, model), output)
    else:
        rows = [{"theme": key, **theme} for key, theme in facts["themes"].items()]
        write_records(rows, form, output, flat=_flat, table=lambda _: iter(()), bom=bom)


def _text(facts: dict[str, Any], model: Path) -> str:
    data, options = facts["training_data"], facts["options"]
    strictness = facts["chosen"]["article_C"], facts["chosen"]["passage_C"]
    packages = ", ".join(f"{name} {v}" for name, v in facts["packages"].items())
    report = model / "report.html"
    sizes = [
        ("model", facts["version"]),
        ("themes", "exactly one an article" if facts["exclusive"] else "any number an article"),
        ("features", f"{facts['features']:,} n-grams of {facts['words']:,} words"),
        ("weights", f"{facts['weights_bytes'] / 1e6:.1f} MB"),
        ("trained on", f"{counted(data['articles'], 'article')}, {data['words']:,} words"),
        ("data fingerprint", data["fingerprint"][:16]),
        ("segmenter", facts["segmenter"]),
        ("seed", str(options["seed"])),
        ("how strictly it learnt (C)", "articles {}, passages {}".format(*strictness)),
        *[("packages" if not i else "", line) for i, line in enumerate(_wrapped(packages, 50))],
        ("report", str(report) if report.is_file() else "none in this bundle; save it again"),
    ]
    themes = [_theme(key, theme, facts["exclusive"]) for key, theme in facts["themes"].items()]
    return "\n\n".join([text_table(["", ""], sizes).split("\n", 2)[2], *themes])


def _theme(key: str, theme: dict[str, Any], exclusive: bool) -> str:
    title = f"  {plain(theme['title_vi'])}" if theme["title_vi"] not in ("", key) else ""
    # The likeliest of exclusive themes is given, whatever its probability.
    yes = "" if exclusive else f"  (yes from probability {theme['threshold']:.2f})"
    sides = {"for": "strongest", "against": "strongest_against"}
    lines = [f"{plain(key)}{title}{yes}"]
    for side, name in sides.items():
        words = theme.get(name, [])
        listed = ", ".join(
            f"{plain(word)} {weight:+.1f}".replace(" ", _NO_BREAK) for word, weight in words
        )
        wrapped = _wrapped(listed, COLUMNS - 11)
        lines += [f"  {'' if i else side:<9}{line}" for i, line in enumerate(wrapped)]
    return "\n".join(lines)


def _wrapped(text: str, columns: int) -> list[str]:
    lines = textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    lists = {name: row[name] for name in ("strongest", "strongest_against") if name in row}
    return {**row, **{name: ";".join(word for word, _ in some) for name, some in lists.items()}}
