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
    source: where it was read, `file` or `file:line`.
    """

    id: str
    title: str
    body: str
    date: datetime.date | None = None
    themes: tuple[str, ...] | None = None
    passages: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""

    @property
    def text(self) -> str:
        """Title, a blank line and the body: the string that all offsets refer to."""
        return (
            f"{self.title}\n\n{self.body}" if self.title and self.body else self.title or self.body
        )
