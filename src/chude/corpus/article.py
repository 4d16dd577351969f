"""The article: what is read, labelled and predicted."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


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

    @property
    def text(self) -> str:
        """Title, a blank line and the body: the string that all offsets refer to."""
        return (
            f"{self.title}\n\n{self.body}" if self.title and self.body else self.title or self.body
        )
