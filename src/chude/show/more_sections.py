"""The sections of a report that hold words: errors, strongest words, data and facts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chude.show.card import Card, signed
from chude.show.html import esc, table
from chude.show.sections import Sections, bars
from chude.show.texts import LANGUAGES, Number, Probability, Voice
from chude.show.view import view_of_error

WORDS = ("for_article", "against_article", "for_passage", "against_passage")
_KINDS = ("missed", "wrongly_given")
_SUREST = 10  # one in so many errors may be an error of its label
_ROOM = 205_000  # bytes of cards; where they need more, the last show the clearest passage alone
_WHOLE = 10_000  # bytes beyond, at least, for whole ones
_MOST = 245_000  # bytes of all cards: the page of the shipped corpus is to stay below 350 kB


def errors(sections: Sections, theme: str | None = None, most: int | None = None) -> str:
    """The cards of the errors, the surest first; of a theme, or of all.

    most: of them. Where they need more room than a page has, the surest are shown whole and the
    others by their clearest passage.
    """
    found, voice, look = sections.facts["errors"], sections.voice, sections.look
    if found is None:
        return f"<p{look('note')}>{voice('train_again')}</p>"
    if not found:
        said = [voice("no_errors")] if sections.facts["texts"] != 0 else []
        caveats = [caveat] if (caveat := sections.unreadable()) else []
        return f"<p{look('note')}>{' '.join([*said, *caveats])}</p>"
    cards, n_brief = _cards(sections, theme, most)
    total = sections.n_errors() or len(found)
    counts = []
    if theme is None and len(cards) < total:
        counts.append(voice("errors_shown", shown=Number(len(cards)), n=Number(total)))
    if n_brief:
        counts.append(voice("errors_brief", n=Number(n_brief)))
    count = f"<p{look('note')}>{' '.join(counts)}</p>" if counts else ""
    notes = f"{voice('errors_note')} {voice('legend')} {voice('point_note')}"
    note = f"<p{look('note')}>{notes}</p>{count}"
    return note + ("" if look.inline else _filters(sections, len(cards))) + "\n".join(cards)


def _cards(sections: Sections, theme: str | None, most: int | None) -> tuple[list[str], int]:
    """The cards, and of how many, the last, only the clearest passage is shown."""
    found = sections.facts["errors"]
    places = {key: i for i, key in enumerate(sections.titles)}
    of = [(rank, one) for rank, one in enumerate(found) if theme in (None, one["theme"])][:most]
    n_doubted = -(-len(found) // _SUREST)
    cards = [
        [_card(sections, one, places, rank < n_doubted, brief) for brief in (True, False)]
        for rank, one in of
    ]
    sizes = np.array([[len(card.encode()) for card in pair] for pair in cards]).reshape(-1, 2)
    briefly, whole = np.vstack([np.zeros(2), sizes.cumsum(axis=0)]).T
    # The first n whole and the others briefly.
    fits = whole + briefly[-1] - briefly <= max(_ROOM, briefly[-1] + _WHOLE)
    n_whole = int(np.flatnonzero(fits).max(initial=0))
    taken = np.append(sizes[:n_whole, 1], sizes[n_whole:, 0]).cumsum() <= _MOST
    shown = [pair[i < n_whole] for i, pair in enumerate(cards) if taken[i]]
    n_brief = sum(brief != full for brief, full in cards[n_whole : len(shown)])
    return shown, n_brief


def _card(
    sections: Sections,
    error: Mapping[str, Any],
    places: Mapping[str, int],
    maybe_label: bool,
    clearest_only: bool,
) -> str:
    voice, look = sections.voice, sections.look
    kind = _KINDS[not error["label"]]
    article = esc(error["article"])
    title = esc(error["title"])
    facts = [
        f"<b>{sections.name(error['theme'])}: {voice(kind)}</b>",
        voice("probability", p=Probability(error["probability"])),
        article if title else "",
        esc(error["date"] or ""),
        voice("fold", fold=error["fold"]),
    ]
    if against := error["explanation"]["against"]:
        facts.insert(2, voice("against_theme", theme=sections.titles[against]))
    view = view_of_error(error, sections.titles, clearest_only)
    doubt = f"<p>{voice('maybe_label')}</p>" if maybe_label else ""
    data = "" if look.inline else f' data-of="{places[error["theme"]]}" data-kind="{kind}"'
    body = Card(look, voice, 4, brief=True).theme(view)
    return (
        f"<article{look('error')}{data}><h3{look('why')}>{title or article}</h3>"
        f"<p{look('meta')}>{' · '.join(fact for fact in facts if fact)}</p>"
        f"{doubt}{body}</article>"
    )


def _filters(sections: Sections, count: int) -> str:
    voice = sections.voice
    themes = [
        _option(str(i), {lang: title.text(lang) for lang in LANGUAGES}, voice)
        for i, title in enumerate(sections.titles.values())
    ]
    kinds = [_option(kind, _both(kind), voice) for kind in _KINDS]
    every = _option("", _both("all"), voice)
    return (
        f'<div class="filters"><label>{voice("theme")} <select id="filter-theme">{every}'
        f'{"".join(themes)}</select></label><label>{voice("kind")} <select id="filter-kind">'
        f"{every}{''.join(kinds)}</select></label>"
        f'<span role="status">{voice("showing")}: <b id="filter-count">{count}</b></span></div>'
    )


def _both(key: str) -> dict[str, str]:
    return {lang: Voice(lang).plain(key) for lang in LANGUAGES}


def _option(value: str, texts: Mapping[str, str], voice: Voice) -> str:
    data = "".join(f' data-{lang}="{esc(text)}"' for lang, text in texts.items())
    return f'<option value="{value}"{data}>{esc(texts[voice.lang])}</option>'


def words(sections: Sections) -> str:
    """Strongest words for and against each theme, of both models, with numbers of articles."""
    voice, look = sections.voice, sections.look
    parts = []
    for key, theme in sections.facts["themes"].items():
        sides = [side for side in WORDS if theme["words"][side]]
        longest = max((len(theme["words"][side]) for side in sides), default=0)
        rows = [[_word(theme["words"][side], i) for side in sides] for i in range(longest)]
        title = esc(sections.titles[key].text(voice.lang))
        caption = f"{voice.plain('strongest')}: {title}"
        drawn = table(look, [voice(side) for side in sides], rows, (), caption)
        parts.append(f"<h3{look('why')}>{sections.name(key)}</h3>{drawn}")
    counted = any(
        word["articles"] is not None
        for theme in sections.facts["themes"].values()
        for side in WORDS
        for word in theme["words"][side]
    )
    note = f"{voice('strongest_note')} " if counted else ""
    if not (sections.facts["options"].get("features") or {}).get("numbers", True):
        note += voice("digits_note")
    return f"<p{look('note')}>{note}</p>{''.join(parts)}"


def _word(found: Sequence[Mapping[str, Any]], i: int) -> str:
    if i >= len(found):
        return ""
    word = found[i]
    articles = "" if word["articles"] is None else f" ({word['articles']})"
    return f"{esc(word['text'])} {signed(word['weight'], 2)}{articles}"


def data(sections: Sections) -> str:
    """Which themes come together, and years and lengths of the articles."""
    voice, look, found = sections.voice, sections.look, sections.facts["data"]
    parts, note = [], ""
    if (together := sections.facts["combinations"]) is not None:
        rows = [
            (" + ".join(map(sections.name, one["themes"])) or voice("none"), one["articles"])
            for one in together
        ]
        head = [voice("combination"), voice("articles")]
        parts.append(bars(look, head, rows, voice.plain("combination")))
    if found is not None:
        years = [(esc(year) or voice("no_date"), n) for year, n in found["years"].items()]
        lengths = list(found["lengths"].items())
        while lengths and not lengths[-1][1]:
            lengths.pop()
        ends = [low for low in found["lengths"] if low != "0"]
        ranges = [
            (esc(f"{low}–{end}" if end else f"{low}+"), n)
            for (low, n), end in zip(lengths, [*ends, ""], strict=False)
        ]
        for name, counted in (("year", years), ("length", ranges)):
            head = [voice(name), voice("articles")]
            parts.append(bars(look, head, counted, voice.plain(name)))
        if (n := sum(found["years"].values())) < sections.facts["training_data"]["articles"]:
            note = f"<p{look('note')}>{voice('data_note', n=Number(n))}</p>"
    return f"{note}<div{look('charts')}>{''.join(parts)}</div>"


def facts(sections: Sections) -> str:
    """Options, seed, packages, and the command that makes the model again."""
    known, voice, look = sections.facts, sections.voice, sections.look
    trained, options, chosen = known["training_data"], known["options"], known["chosen"]
    sizes = {
        name: Number(value if isinstance(value := trained.get(name), int) else float("nan"))
        for name in ("articles", "passages", "words")
    }
    packages = ", ".join(f"{name} {version}" for name, version in known.get("packages", {}).items())
    rows = [
        [voice("version"), esc(known["version"])],
        [voice("trained_on"), voice("trained_size", **sizes)],
        [voice("fingerprint"), f"<code>{esc(trained['fingerprint'])}</code>"],
        [voice("segmenter"), esc(known["segmenter"])],
        [voice("features"), voice.of(Number(known["features"]))],
        [voice("strictness"), esc(f"{chosen['article_C']}, {chosen['passage_C']}")],
        [voice("solver"), esc(chosen.get("solver", "–"))],
        [voice("folds"), esc(options.get("n_folds", "–"))],
        [voice("seed"), esc(options["seed"])],
        [voice("packages"), esc(packages)],
        [voice("again"), f"<code>{esc(command(known))}</code>"],
    ]
    return table(look, [voice("fact"), voice("value")], rows, (), voice.plain("facts"))


def command(known: Mapping[str, Any]) -> str:
    """The command that makes the model again from its corpus."""
    options = known["options"]
    parts = ["chude train CORPUS"]
    if known["exclusive"]:
        parts.append("--exclusive")
    if options.get("segmenter", "underthesea") != "underthesea":
        parts.append(f"--segmenter {options['segmenter']}")
    if ngrams := options.get("features"):
        parts.append(f"--min-df {ngrams['min_df']}")
    if options["seed"]:
        parts.append(f"--seed {options['seed']}")
    if not options.get("texts", True):
        parts.append("--no-texts")
    return " ".join(parts)
