"""The model card in Markdown, with the front matter that Hugging Face's hub reads.

Sections as in skops.card: description, intended use, limits, training, evaluation.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chude.show.figures import overall_rows, with_interval
from chude.show.more_sections import command
from chude.show.texts import Number, say

_METRICS = ("accuracy", "macro_f1", "micro_f1", "exact_match")


def model_card(facts: Mapping[str, Any], lang: str) -> str:
    """The card of `chude.show.report_facts.report_facts`; titles of themes in `vi` or `en`."""
    return "\n".join([*_front_matter(facts), *_body(facts, lang)])


def _front_matter(facts: Mapping[str, Any]) -> Iterator[str]:
    """YAML, in which a JSON string is a string."""
    metrics = facts["metrics"]
    name = json.dumps(f"chude {facts['version']}")
    yield from ("---", "language: vi", "license: other", "library_name: chude")
    yield from ("pipeline_tag: text-classification", "tags:", "- chude", "- text-classification")
    yield from ("- vietnamese", "model-index:", f"- name: {name}", "  results:")
    yield from ("  - task:", "      type: text-classification", "    dataset:")
    yield from ("      name: training articles, out of fold", "      type: private", "    metrics:")
    for metric in _METRICS:
        if metrics.get(metric) is not None:
            yield f"    - type: {metric}"
            yield f"      value: {metrics[metric]:.4f}"
    yield "---"
    yield ""


def _body(facts: Mapping[str, Any], lang: str) -> Iterator[str]:
    data, metrics = facts["training_data"], facts["metrics"]
    kind = "exactly one" if facts["exclusive"] else "any number"
    yield f"# Theme model {facts['version']}"
    yield from ("", "## Description", "")
    yield f"A linear model of n-grams that gives Vietnamese articles {kind} of these themes:"
    yield ""
    titles = {
        key: theme["title_vi" if lang == "vi" else "title_en"]
        for key, theme in facts["themes"].items()
    }
    for key, title in titles.items():
        yield f"- `{_code(key)}`" + (f": {_text(title)}" if title else "")
    yield from ("", "## Intended use", "")
    yield "Labelling articles like those it was trained on, with a person for what is in doubt."
    if facts["doubtful"] is not None and metrics.get("exact_match") is not None:
        key = "in_hundred_one" if facts["exclusive"] else "in_hundred"
        right, doubt = Number(100 * metrics["exact_match"]), Number(100 * facts["doubtful"])
        yield say("en", key, right=right, doubt=doubt)
    yield from ("", "## Limits", "")
    yield "The figures are of articles like the training articles; on others it may be worse."
    yield "A report or errors.jsonl of the bundle may hold passages of training articles."
    yield from ("", "## Training", "")
    yield f"- articles: {data['articles']}"
    yield f"- words: {data['words']}"
    yield f"- segmenter: {_text(facts['segmenter'])}"
    yield f"- fingerprint of the data: `{data['fingerprint']}`"
    yield f"- again: `{command(facts)}`"
    yield from ("", "## Evaluation", "")
    judged = Number(metrics["articles"]).text("en")
    yield f"Out of fold: each of {judged} articles was judged by models that never saw it."
    yield "In brackets: 95 % intervals."
    yield from _figures(metrics, titles)
    for source, figures in (facts["metrics_by_source"] or {}).items():
        key = "written" if source == "written" else "counted"
        head = say("en", key, name=_text(source), n=Number(figures["articles"]))
        yield from ("", f"### {head}")
        if figures == metrics:
            yield from ("", say("en", "as_above"))
        else:
            yield from _figures(figures, titles)


def _figures(metrics: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "| figure | value |", "|---|---|")
    yield from (f"| {label} | {value} |" for label, value in overall_rows(metrics))
    yield from ("", "| theme | articles | precision | recall | F1 |", "|---|---|---|---|---|")
    for key, theme in metrics["themes"].items():
        values = " | ".join(with_interval(theme, name) for name in ("precision", "recall", "f1"))
        yield f"| {_text(titles[key] or key)} | {theme['support']} | {values} |"


def _text(text: str) -> str:
    """Text as it may stand in a paragraph or a cell of a table."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in line)


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())
