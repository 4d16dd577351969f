"""What a mutated input is, and what has to come of it."""

from dataclasses import dataclass, field
from pathlib import Path

GOOD_TEXT = "Bộ đội Biên phòng giúp bà con bản Huổi Só gặt lúa chạy mưa suốt hai ngày."


@dataclass(frozen=True)
class Case:
    """An input in a folder.

    inputs: what the command is given. good: ids that have to be done. rows: how many articles are
    done or refused at least; fewer, if it is said that a rest is left out. output: the file of an
    earlier run, with what it has to hold again. untouched: files that have to keep their content.
    """

    kind: str
    inputs: list[str]
    good: set[str]
    rows: int
    output: tuple[Path, bytes] | None = None
    untouched: dict[Path, bytes] = field(default_factory=dict)
