"""chude inspect"""

from typing import Annotated, Any

import typer

from chude.cli import options as opt
from chude.escape import shown
from chude.records import write_json, write_records, write_text
from chude.show.terminal import text_table


def inspect(
    model: opt.ModelPath = opt.DEFAULT_MODEL,
    words: Annotated[int, typer.Option("--words", min=1, help="Strongest words a theme.")] = 15,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
) -> None:
    """Show what a model knows: strongest words, thresholds, sizes and provenance.

    Example: chude inspect --model models/themes --words 30
    """
    import chude
    from chude.corpus.outputs import check_output
    from chude.model.summary import summary

    opt.check_form(form, output)
    check_output(output, [], [model])
    facts = summary(chude.load(model), words)
    if form is opt.Format.json:
        write_json(facts, output)
    elif form is opt.Format.table:
        write_text(_text(facts), output)
    else:
        rows = [{"theme": key, **theme} for key, theme in facts["themes"].items()]
        write_records(rows, form, output, flat=_flat, table=lambda _: iter(()))


def _text(facts: dict[str, Any]) -> str:
    data, options = facts["training_data"], facts["options"]
    sizes = [
        ("model", facts["version"]),
        ("themes", "exactly one an article" if facts["exclusive"] else "any number an article"),
        ("features", f"{facts['features']:,} n-grams of {facts['words']:,} words"),
        ("weights", f"{facts['weights_bytes'] / 1e6:.1f} MB"),
        ("trained on", f"{data['articles']:,} articles, {data['words']:,} words"),
        ("data fingerprint", data["fingerprint"][:16]),
        ("segmenter", facts["segmenter"]),
        ("seed", str(options["seed"])),
        (
            "C of articles, passages",
            f"{facts['chosen']['article_C']}, {facts['chosen']['passage_C']}",
        ),
        ("packages", ", ".join(f"{name} {v}" for name, v in facts["packages"].items())),
    ]
    themes = [
        f"{shown(key)}  {shown(theme['title_vi'])}  "
        f"(yes from probability {theme['threshold']:.2f})\n  "
        + ", ".join(f"{shown(word)} {weight:.1f}" for word, weight in theme["strongest"])
        for key, theme in facts["themes"].items()
    ]
    return text_table(["", ""], sizes).split("\n", 2)[2] + "\n\n" + "\n\n".join(themes)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "strongest": ";".join(word for word, _ in row["strongest"])}
