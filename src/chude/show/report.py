"""The report: what a model is good for, where it errs and why, in one page that needs no network.

Its sections are lettered as the specification has them: A what it is good for, B theme by theme,
C errors to read, D thresholds, E calibration, F the errors, G words, H data and what to mend in
it, I how it was made.
"""

from collections.abc import Mapping
from typing import Any

from chude.show import more_sections as more
from chude.show.findings import findings
from chude.show.html import PAGE, esc
from chude.show.page import page
from chude.show.sections import Sections
from chude.show.texts import LANGUAGES, Number, Voice


def report_page(facts: Mapping[str, Any], lang: str) -> str:
    """The page of `chude.show.report_facts.report_facts`; lang: that it opens in, `vi` or `en`."""
    voice = Voice(lang, both=True)
    sections = Sections(facts, voice, PAGE)
    n_readable = sections.n_readable()
    to_read = voice("errors_to_read", n="–" if n_readable is None else Number(n_readable))
    body = [
        f"<header>{_top(facts, voice)}{sections.lead()}</header>",
        f'<div class="first"><section><h2>{voice("by_theme")}</h2>{sections.by_theme()}</section>'
        f"<section><h2>{to_read}</h2>{sections.counts_of_errors(linked=True)}</section></div>",
        _section("thresholds", voice, sections.thresholds()),
        _section("calibration", voice, sections.calibration()),
        _section("curves", voice, sections.curves()),
        _section("errors", voice, more.errors(sections)),
        _section("strongest", voice, more.words(sections)),
        _section("data", voice, more.data(sections)),
        _section("findings", voice, findings(sections)),
        _section("facts", voice, more.facts(sections)),
    ]
    return page(_title(facts, lang), "\n".join(body), lang)


def _title(facts: Mapping[str, Any], lang: str) -> str:
    return Voice(lang).plain("report", version=facts["version"])


def _top(facts: Mapping[str, Any], voice: Voice) -> str:
    other = {lang: Voice(lang).plain("language") for lang in LANGUAGES}
    data = "".join(f' data-{lang}="{text}"' for lang, text in other.items())
    return (
        f'<div class="top"><h1>{voice("report", version=esc(facts["version"]))}</h1>'
        f'<button type="button" class="switch"{data}>{other[voice.lang]}</button></div>'
    )


def _section(name: str, voice: Voice, content: str) -> str:
    return f'<section id="{name}"><h2>{voice(name)}</h2>{content}</section>'
