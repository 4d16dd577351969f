"""What a process runs while it is watched."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any


class Watch:
    """Events of Python that begin with one of these, and files opened to write, if `writing`."""

    def __init__(self, events: tuple[str, ...], writing: bool = False) -> None:
        self.on = False
        self.seen: list[str] = []
        self._events = events
        self._writing = writing
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: Any) -> None:
        if not self.on:
            return
        if event.startswith(self._events) or (self._writing and _writes(event, arguments)):
            self.seen.append(event)

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        self.on, self.seen = True, []
        try:
            yield
        finally:
            self.on = False


def _writes(event: str, arguments: Any) -> bool:
    flags = arguments[2] if event == "open" else None
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
