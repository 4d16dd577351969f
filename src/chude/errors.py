"""Errors that become one message: which place, what is wrong, what to do."""

from collections.abc import Callable
from dataclasses import dataclass


class ChudeError(Exception):
    """A failure whose message is written for the user: place, problem and cure."""


class UsageError(ChudeError):
    """What was asked for would harm something, or cannot be; found before anything was done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An input that was set aside while the rest of the run went on.

    place: file, or file:line; problem: what is wrong; cure: what the user can do.
    """

    place: str
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}. {self.cure}"


OnRefusal = Callable[[Refusal], None]


def raise_refusal(refusal: Refusal) -> None:
    """The default answer to a refused input: raise it as a `ChudeError`."""
    raise ChudeError(str(refusal))
