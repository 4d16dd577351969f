"""What is wrong with a corpus: one record a finding, article by article, in bounded memory.

Of an article its id, its themes and four bytes a syllable are kept, not its text.
"""

import datetime
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np

from chude.corpus.article import Article
from chude.corpus.copies import Fingerprints, compared_text
from chude.corpus.text_checks import damaged, other_language, sentences, very_short
from chude.errors import Refusal

ISSUES = (
    "exact_duplicate", "near_duplicate", "same_text_other_themes", "leakage", "label_error",
    "empty", "very_short", "very_long", "other_language", "damaged_encoding", "boilerplate",
    "date_missing", "date_in_future", "few_articles",
)  # fmt: skip

_REFUSED = {  # what reading says of articles that are findings
    "empty": re.compile("empty|only a title"),
    "damaged_encoding": re.compile(
        r"reads as |not \S+ \(byte |half a UTF-16|.*letters (lost|are question marks)"
    ),
}
_TIMES_LONGER = 10  # than half of the articles, and
_LONG = 5_000  # syllables; shorter is not very long
_FEWEST = 5  # articles of a theme that can be learnt
_FEW = 20  # articles of a theme that can hardly be learnt
_SHARED, _SHARED_PART = 10, 0.01  # articles with one sentence, and of all
_SENTENCES = 200_000  # counted at a time


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    article: its id, or `theme KEY`, or empty for the corpus. issue: one of `ISSUES`. score: how
    sound it is, 0 to 1, 0 being worst (as in cleanlab). flag: whether it should be mended before
    training; the others are for a person to look at. row: the article's place in the corpus, -1
    where none.
    """

    article: str
    issue: str
    score: float
    flag: bool
    evidence: str
    row: int = -1

    def record(self) -> dict[str, Any]:
        """The finding for JSON: article, issue, score, flag, evidence."""
        names = ("article", "issue", "score", "flag", "evidence")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class _Kept:
    """What is remembered of an article."""

    id: str
    source: str
    themes: tuple[str, ...] | None
    text: bytes
    words: int

    @property
    def place(self) -> str:
        return f"{self.id} ({self.source})" if self.source not in ("", self.id) else self.id


@dataclass
class CorpusChecks:
    """Takes articles, then tells what is wrong with them."""

    today: datetime.date = field(default_factory=datetime.date.today)
    _articles: list[_Kept] = field(default_factory=list)
    _found: list[Finding] = field(default_factory=list)
    _undated: dict[int, str] = field(default_factory=dict)  # what stands there instead
    _fingerprints: Fingerprints = field(default_factory=Fingerprints)
    _sentences: "_SharedSentences" = field(default_factory=lambda: _SharedSentences())
    _others: int | None = None  # place of the first article of the other corpus

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles, each checked as it passes."""
        for article in articles:
            self._check(article)
            yield article

    def refused(self, refusal: Refusal) -> bool:
        """Take a refused article as a finding if it is one: without a text, or with a lost one."""
        for issue, problem in _REFUSED.items():
            if problem.match(refusal.problem):
                self._found.append(Finding(refusal.place, issue, 0.0, True, refusal.problem))
                return True
        return False

    def compare_with(self, articles: Iterable[Article]) -> None:
        """Look for texts of another corpus, such as a test set; called after all were watched."""
        self._others = len(self._articles)
        for article in articles:
            self._keep(article)

    def findings(self, doubtful: Iterable[Finding] = ()) -> Iterator[Finding]:
        """What was found, in the order of `ISSUES`, and of the articles within.

        doubtful: findings of a model, the likeliest errors first.
        """
        own = self._articles[: self._others]
        found = [*self._found, *self._long(own), *self._dates(len(own)), *_few_articles(own)]
        found += [*self._copies(), *self._sentences.findings(own), *doubtful]
        order = {issue: place for place, issue in enumerate(ISSUES)}
        yield from sorted(
            found, key=lambda f: (order[f.issue], -1 if f.issue == "label_error" else f.row)
        )

    @property
    def articles(self) -> int:
        """How many were watched."""
        return len(self._articles) if self._others is None else self._others

    def _check(self, article: Article) -> None:
        row = len(self._articles)
        self._keep(article)
        text = compared_text(article)

        def find(issue: str, score: float, evidence: str, flag: bool = True) -> None:
            self._found.append(Finding(article.id, issue, round(score, 4), flag, evidence, row))

        if not any(map(str.isalnum, text)):
            find("empty", 0.0, "no letter or digit in its text")
            return
        if short := very_short(text):
            find("very_short", 0.2, short, flag=False)
        if damage := damaged(text):
            find("damaged_encoding", *damage)
        elif language := other_language(text):
            find("other_language", *language)
        if article.date is None:
            self._undated[row] = article.unread_date
        elif article.date > self.today:
            find("date_in_future", 0.0, article.date.isoformat())
        self._sentences.add(row, text)

    def _keep(self, article: Article) -> None:
        text = compared_text(article)
        normal = " ".join(unicodedata.normalize("NFC", text).split())
        digest = hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        words = normal.count(" ") + 1
        self._articles.append(_Kept(article.id, article.source, article.themes, digest, words))
        self._fingerprints.add([text])

    def _long(self, own: list[_Kept]) -> Iterator[Finding]:
        usual = float(np.median([article.words for article in own])) if own else 0.0
        most = max(_LONG, _TIMES_LONGER * usual)
        for row, article in enumerate(own):
            if article.words > most:
                evidence = f"{article.words} words where half of the articles have {usual:.0f}"
                score = round(most / article.words / 2, 4)
                yield Finding(article.id, "very_long", score, False, evidence, row)

    def _dates(self, count: int) -> Iterator[Finding]:
        if len(self._undated) > count / 2:
            evidence = f"{len(self._undated)} of {count} articles have no date"
            if unread := [written for written in self._undated.values() if written]:
                evidence += f", {len(unread)} of them one that cannot be read: {unread[0]!r}"
            yield Finding("", "date_missing", 0.5, False, evidence)
            return
        for row, written in self._undated.items():
            evidence = f"{written!r} cannot be read as a date" if written else "no date"
            yield Finding(self._articles[row].id, "date_missing", 0.5, False, evidence, row)

    def _copies(self) -> Iterator[Finding]:
        members: dict[int, list[int]] = {}
        for row, group in enumerate(self._fingerprints.groups().tolist()):
            members.setdefault(group, []).append(row)
        split = len(self._articles) if self._others is None else self._others
        for rows in members.values():
            own = [row for row in rows if row < split]
            if len(own) < len(rows):
                yield from (self._leak(row, rows[len(own)]) for row in own)
            for place, row in enumerate(own[1:], 1):
                yield from self._copy(own[:place], row)

    def _leak(self, row: int, other: int) -> Finding:
        evidence = f"nearly the text of {self._articles[other].place} in the other corpus"
        score = round(1 - self._fingerprints.similarity(row, other), 4)
        return Finding(self._articles[row].id, "leakage", score, True, evidence, row)

    def _copy(self, earlier: list[int], row: int) -> Iterator[Finding]:
        article = self._articles[row]
        equal = [r for r in earlier if self._articles[r].text == article.text]
        first = equal[0] if equal else earlier[0]
        original = self._articles[first]
        score = 0.0 if equal else round(1 - self._fingerprints.similarity(first, row), 4)
        issue, text = ("exact_duplicate", "the") if equal else ("near_duplicate", "nearly the")
        yield Finding(article.id, issue, score, True, f"{text} text of {original.place}", row)
        themes = article.themes, original.themes
        if None not in themes and set(themes[0] or ()) != set(themes[1] or ()):
            mine, other = ("; ".join(keys or ()) or "no theme" for keys in themes)
            evidence = f"{mine}; nearly the text of {original.place}: {other}"
            yield Finding(article.id, "same_text_other_themes", score, True, evidence, row)


def _few_articles(own: list[_Kept]) -> Iterator[Finding]:
    counts = Counter(key for article in own for key in article.themes or ())
    for key, count in sorted(counts.items()):
        if count < _FEW:
            evidence = f"{count} articles carry it, {_FEWEST} are needed and {_FEW} wanted"
            few = count < _FEWEST
            yield Finding(f"theme {key}", "few_articles", round(count / _FEW, 4), few, evidence)


class _SharedSentences:
    """Sentences that many articles share, by lossy counting (Manku and Motwani, 2002)."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}  # how many articles, and the first
        self._articles = 0

    def add(self, row: int, text: str) -> None:
        """Count the sentences of one article."""
        self._articles += 1
        for sentence in set(sentences(text)):
            entry = self._counts.setdefault(sentence[:200], [0, row])
            entry[0] += 1
        if len(self._counts) > _SENTENCES:
            self._counts = {key: entry for key, entry in self._counts.items() if entry[0] > 1}
            if len(self._counts) > _SENTENCES / 2:
                most = self._counts.items()
                self._counts = {key: entry for key, entry in most if entry[0] > _SHARED}

    def findings(self, own: list[_Kept]) -> Iterator[Finding]:
        """One a sentence, named by the first article that has it."""
        many = max(_SHARED, ceil(_SHARED_PART * self._articles))
        for sentence, (count, row) in self._counts.items():
            if count >= many:
                evidence = f"in {count} articles: {sentence}"
                score = round(1 - count / self._articles, 4)
                yield Finding(own[row].id, "boilerplate", score, False, evidence, row)
