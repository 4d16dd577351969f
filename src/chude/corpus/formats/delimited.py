"""CSV in all the forms that programs save it in: commas, semicolons, tabs, `sep=;`, UTF-16."""

import csv
import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator

from chude.corpus.article import Article
from chude.corpus.formats import registry
from chude.corpus.formats.columns import ColumnNames, find_roles
from chude.corpus.formats.limits import MAX_RECORD, too_long
from chude.corpus.formats.lines import text_lines, told_separator
from chude.corpus.formats.rows import read_rows
from chude.corpus.formats.source import Source
from chude.errors import Refusal

_LINE = 50  # bytes that a line takes besides its characters
_LOOKED_AT = 50  # lines
_MARKS = ",;\t|"
_CURE = "Quote the fields that hold commas, quotes or line breaks"
_ARTICLE = ", or begin it with its title if it is an article"
_OPEN = "a quote that is not closed"
_LONGEST_HEADER = 100_000  # characters
_RETURN = re.compile(r"[^\r]*\r\n?|[^\r]+")  # a line up to its carriage return


def read(source: Source, columns: ColumnNames) -> Iterator[Article | Refusal]:
    """One article a record, the first line being the names of the columns.

    A record that cannot be parsed or decoded costs its first line alone: reading goes on with the
    next line.
    """
    lines = _Lines(_rows_of_macintoshes(text_lines(source)))
    mark = _delimiter(lines, columns, source.name.lower().endswith((".tsv", ".tab")))
    rows = _records(lines, mark, source.place, lines.spaced)
    named = registry.format_of_name(source.name) in (registry.CSV, registry.TSV)
    return read_rows(rows, source.place, columns, or_else="" if named else _ARTICLE)


def read_records(
    lines: Iterable[str | Refusal], mark: str, place: str
) -> Iterator[tuple[int, list[str] | Refusal]]:
    """The records of lines that have their ends: the number of the first line, and the fields.

    mark: what stands between the fields. A record that cannot be read costs its first line alone;
    so does one with a field that holds both marks and line ends, as no field but a text does: its
    quote was closed by that of another row.
    """
    return _records(_Lines(iter(lines)), mark, place, spaced=False, texts=False)


def _rows_of_macintoshes(lines: Iterator[str | Refusal]) -> Iterator[str | Refusal]:
    """The lines, cut at carriage returns where the first one shows that these end the rows.

    Quoted texts may have line feeds inside, of which the lines are those of the file.
    """
    first = next(lines, "")
    head, end, _ = str(first).rstrip("\r\n").partition("\r")
    if isinstance(first, Refusal) or not end or head.count('"') % 2:
        yield first
        yield from lines
        return
    for line in itertools.chain((first,), lines):
        yield from (line,) if isinstance(line, Refusal) else _RETURN.findall(line)


class _Refused(Exception):
    """A line that could not be read, met inside a record."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class _TooLong(Exception):
    """A record of more than `MAX_RECORD` characters, or a quote that is not closed."""


class _Lines(Iterator[str]):
    """Lines that can be given back, those of the record that is being read.

    number: of the last line that was read. spaced: whether a space follows each mark.
    """

    def __init__(self, lines: Iterator[str | Refusal]) -> None:
        self._lines = lines
        self._again: deque[str | Refusal] = deque()
        self.record: list[str | Refusal] = []
        self.number = self._size = 0
        self.spaced = False

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.number += 1
        self.record.append(line)
        if isinstance(line, Refusal):
            raise _Refused(line)
        if len(self.record) > 1:
            self._size += len(line) + _LINE
            if self._size > MAX_RECORD:
                raise _TooLong
        return line

    def begin(self) -> int:
        """Begin a record; returns the number of its first line."""
        self.record.clear()
        self._size = 0
        return self.number + 1

    def pass_over(self) -> None:
        """Leave out the rest of a record inside quotes: up to a line with an odd number of them."""
        self.record.clear()
        for line in self._lines:
            self.number += 1
            if isinstance(line, str) and line.count('"') % 2:
                return

    def give_back(self, lines: int) -> None:
        """Read the record's lines again but the first ones; lines: how many these are."""
        back = self.record[lines:]
        self.number -= len(back)
        self._again.extendleft(reversed(back))


def _delimiter(lines: _Lines, columns: ColumnNames, tabs: bool) -> str:
    """What stands between the fields, by the first line, which is read again.

    A line `sep=;`, by which Excel is told, is not.
    """
    lines.begin()
    try:
        first = next(lines).strip("\r\n")
    except (StopIteration, _Refused):
        lines.give_back(0)
        return "\t" if tabs else ","
    if told := told_separator(first):
        return told
    lines.give_back(0)
    if len(first) > _LONGEST_HEADER:
        return ","
    counts = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in _MARKS}
    for mark in _MARKS:
        names = next(csv.reader([first], delimiter=mark), [])
        if len(names) > 1 and find_roles(names, columns).text is not None:
            lines.spaced = all(name.startswith(" ") for name in names[1:])
            return mark
    return "\t" if tabs else max(counts, key=counts.__getitem__)


def _records(
    lines: _Lines, mark: str, place: str, spaced: bool, texts: bool = True
) -> Iterator[tuple[int, list[str] | Refusal]]:
    """The number of the first line and the fields of each record; texts: whether some are texts."""
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(lines, delimiter=mark, strict=True, skipinitialspace=spaced)
    width = 0
    while True:
        start = lines.begin()
        try:
            row = next(reader)
        except StopIteration:
            return
        except _Refused as error:
            if len(lines.record) == 1:
                yield start, error.refusal
                continue
            lines.give_back(1)
            yield start, _unreadable(place, start, _OPEN)
        except _TooLong:
            if _are_rows(lines.record[1:_LOOKED_AT], mark, width):
                lines.give_back(1)
                yield start, _unreadable(place, start, _OPEN)
            else:
                lines.pass_over()
                yield start, too_long(f"{place}:{start}", "a record", MAX_RECORD)
        except csv.Error as error:
            odd = str(lines.record[0]).count('"') % 2
            lines.give_back(1)
            yield start, _unreadable(place, start, _OPEN if odd else str(error))
        else:
            if not texts and any("\n" in field and mark in field for field in row):
                lines.give_back(1)
                yield start, _unreadable(place, start, _OPEN)
                continue
            width = width or len(row)
            yield start, row


def _are_rows(lines: list[str | Refusal], mark: str, width: int) -> bool:
    """Whether lines inside of quotes look like rows of their own."""
    texts = [line for line in lines if isinstance(line, str)]
    return 2 * sum(len(row) == width for row in csv.reader(texts, delimiter=mark)) > len(texts)


def _unreadable(place: str, line: int, problem: str) -> Refusal:
    return Refusal(f"{place}:{line}", f"not readable as CSV ({problem})", _CURE)
