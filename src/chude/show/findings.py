"""What is wrong with the corpus, in the report: notes of its training, findings by their issue."""

from collections.abc import Iterable, Mapping
from typing import Any

from chude.corpus.checks import CorpusChecks, Finding
from chude.evaluation.crossed import CrossedTable
from chude.evaluation.label_errors import doubtful_labels
from chude.show.html import esc, table
from chude.show.sections import Sections
from chude.show.texts import Number

_NAMED = 5  # articles of an issue


def doubtful_in(crossed: CrossedTable, exclusive: bool) -> list[Finding]:
    """The labels that the models of cross-validation find doubtful, the likeliest errors first."""
    found = doubtful_labels(
        crossed.keys,
        crossed.ids,
        crossed.probabilities,
        crossed.labels,
        crossed.known,
        exclusive,
    )
    return list(found)


def findings_of(doubtful: Iterable[Finding], checks: CorpusChecks) -> dict[str, dict[str, Any]]:
    """By issue how many findings there are, how many of them to mend, and the first articles.

    checks: have seen the corpus, or nothing where it is not at hand.
    """
    issues: dict[str, dict[str, Any]] = {}
    for finding in checks.findings(doubtful):
        one = issues.setdefault(finding.issue, {"found": 0, "mend": 0, "first": []})
        one["found"] += 1
        one["mend"] += finding.flag
        if len(one["first"]) < _NAMED and finding.article:
            one["first"].append({"article": finding.article, "evidence": finding.evidence})
    return issues


def findings(sections: Sections) -> str:
    """The findings as a table, and the command that lists them all."""
    voice, look = sections.voice, sections.look
    issues: Mapping[str, Any] = sections.facts["findings"]
    rows = [
        [
            voice(f"issue_{issue}"),
            voice.of(Number(one["found"])),
            voice.of(Number(one["mend"])),
            "<br>".join(esc(f"{f['article']}: {f['evidence']}") for f in one["first"]),
        ]
        for issue, one in issues.items()
    ]
    head = [voice(name) for name in ("issue", "findings_found", "to_mend", "first_findings")]
    shown = table(look, head, rows, (1, 2), voice.plain("findings")) if rows else ""
    notes = "".join(
        f"<p{look('note')}>{esc(note)}</p>" for note in sections.facts["training_data"]["notes"]
    )
    return f"{notes}{shown}<p{look('note')}>{voice('findings_note')}</p>"
