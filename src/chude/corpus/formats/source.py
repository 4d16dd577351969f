"""A source: one file as a stream of bytes, with what is to be known of it besides."""

import contextlib
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast


@dataclass(slots=True)
class Source:
    """What a format reads from.

    place: what messages call it. id: of an article that is a file of its own: the path below the
    folder that was named, without endings. stream: unpacked. path: the file itself, None for
    standard input. read_to: how many bytes of the file have been read, after so many articles.
    """

    place: str
    id: str
    stream: io.BufferedReader
    path: Path | None = None
    read_to: Callable[[int], int] = lambda count: 0


@contextlib.contextmanager
def open_source(file: Path, root: Path) -> Iterator[Source]:
    """A file, unpacked if its name ends in `.gz`; root: the folder its name is told from.

    Raises OSError when it cannot be read; reading on may raise EOFError, zlib.error or
    gzip.BadGzipFile where it is damaged.
    """
    with file.open("rb") as raw, contextlib.ExitStack() as stack:
        stream = raw
        if file.suffix == ".gz":
            stream = cast(io.BufferedReader, stack.enter_context(gzip.open(raw)))
        name = file.relative_to(root).as_posix().removesuffix(".gz")
        article_id = name.removesuffix(Path(name).suffix)
        yield Source(str(file), article_id, stream, file, lambda count: raw.tell())
