"""The article: what is read, labelled and predicted."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

_SHOWN = 40  # characters of a date or of labels that cannot be read


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a newspaper.

    themes: None when not labelled, an empty tuple when labelled with no theme.
    passages: themes of single passages where they are labelled one by one; passage 0 is the
        title, passage 1 the first paragraph of the body.
    spans: for each theme the offsets in `text` of what reports on it, [start, end), where
        annotators marked that; all else then does not.
    unsettled: themes of which it is not known whether the article carries them.
    by_chance: whether it was drawn by chance from its archive, so that it tells of all of it.
    source: where it was read, `file` or `file:line`.
    unread_date: what stands in the place of its date and is no day that can be read.
    unread_labels: what stands in the place of its labels and names no themes.
    """

    id: str
    title: str
    body: str
    date: datetime.date | None = None
    themes: tuple[str, ...] | None = None
    passages: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    spans: Mapping[str, tuple[tuple[int, int], ...]] | None = None
    unsettled: tuple[str, ...] = ()
    by_chance: bool = False
    source: str = ""
    unread_date: str = ""
    unread_labels: str = ""

    @property
    def text(self) -> str:
        """Title, a blank line and the body: the string that all offsets refer to."""
        return (
            f"{self.title}\n\n{self.body}" if self.title and self.body else self.title or self.body
        )

    def with_unread(self, written: str) -> Self:
        """The article, which keeps what is written as its date where it has none."""
        if self.date is not None or not written.strip():
            return self
        return replace(self, unread_date=" ".join(written.split())[:_SHOWN])

    def with_unread_labels(self, written: object) -> Self:
        """The article, which keeps what is written as its labels and cannot be read."""
        return replace(self, unread_labels=_shown(str(written)))

    def __reduce__(self) -> tuple[Any, ...]:
        """As another process gets it.

        The body is in UTF-16: to read UTF-8 would take a worker a tenth of its time.
        """
        others = (
            self.date, self.themes, self.passages, self.spans, self.unsettled, self.by_chance,
            self.source, self.unread_date, self.unread_labels,
        )  # fmt: skip
        body: str | bytes
        try:
            body = self.body.encode("utf-16-le")
        except UnicodeEncodeError:  # half a pair, which could become a whole one
            body = self.body
        return _unpacked, (self.id, self.title, body, *others)


def _shown(written: str) -> str:
    short = " ".join(written.split())
    return short if len(short) <= _SHOWN else f"{short[:_SHOWN]}…"


def _unpacked(id: str, title: str, body: str | bytes, *others: Any) -> Article:
    text = body if isinstance(body, str) else body.decode("utf-16-le")
    return Article(id, title, text, *others)
