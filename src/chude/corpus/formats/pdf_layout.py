"""What the layout of PDF pages tells: the title by its type, and what is printed on each page."""

import contextlib
import itertools
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_TOP = 8  # lines among which a title begins
_MOST_LINES = 40  # that are measured
_MOST_CHARACTERS = 4000
_LARGER = 1.15  # times the usual height of a line, from which on type is that of a title
_ALIKE = 0.95  # of the largest height, from which on a line is of the same type
_LONGEST_TITLE = 40  # words
_SHORTEST_TITLE = 2  # words; a single letter begins a text
_LONGEST_ABOVE = 40  # words between the top and a title
_EDGE = 3  # lines at the top and at the foot of a page that may be on every page
_NEARLY_ALL = 0.8  # of the pages but one, for a cover has none
_PAGE = re.compile(r"\W*(?:trang\s*|page\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", re.IGNORECASE)
_MOST_OBJECTS = 1000  # of a page that are looked at
_DRAWN = 100  # paths of a page that is drawn; a frame and some rules are none
_SHOWN = 8  # ranges of pages in a message


def title_lines(text: "PdfTextPage") -> list[str]:
    """The lines at the top of a page in its largest type, one behind the other; none if unsure."""
    from pypdfium2 import PdfiumError

    lines: list[tuple[str, float]] = []
    with contextlib.suppress(PdfiumError):  # the text is there, wherever it stands
        lines = _measured(text)
    if not lines:
        return []
    largest = max(height for _, height in lines[:_TOP])
    usual = median(height for line, height in lines for _ in line)
    if largest < _LARGER * usual:
        return []
    first = next(n for n, (_, height) in enumerate(lines) if height >= _ALIKE * largest)
    title = [
        line
        for line, _ in itertools.takewhile(lambda line: line[1] >= _ALIKE * largest, lines[first:])
    ]
    words = len(" ".join(title).split())
    above = sum(len(line.split()) for line, _ in lines[:first])
    sure = _SHORTEST_TITLE <= words <= _LONGEST_TITLE and above <= _LONGEST_ABOVE
    return title if sure else []


def _measured(text: "PdfTextPage") -> list[tuple[str, float]]:
    """The first lines of a page and the usual height of their letters, with room above and below.

    The size of a font says less: many programs set one point and enlarge it.
    """
    from pypdfium2 import raw

    lines: list[tuple[str, float]] = []
    letters: list[str] = []
    heights: list[float] = []
    count = min(text.count_chars(), _MOST_CHARACTERS)
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = chr(code) if code <= sys.maxunicode else "\ufffd"
        if letter not in "\r\n":
            letters.append(letter)
            if not letter.isspace():
                _, bottom, _, top = text.get_charbox(index, loose=True)
                heights.append(top - bottom)
        if (letter in "\r\n" or index == count - 1) and heights:
            lines.append(("".join(letters).strip(), median(heights)))
        if letter in "\r\n":
            letters, heights = [], []
        if len(lines) == _MOST_LINES:
            break
    return lines


def find_lines(lines: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Where lines stand among others, one behind the other; None where they do not."""
    stripped = [line.strip() for line in lines]
    places = range(len(lines) - len(wanted) + 1) if wanted else ()
    return next((n for n in places if stripped[n : n + len(wanted)] == list(wanted)), None)


def without_running(pages: list[list[str]], title: Sequence[str]) -> list[list[str]]:
    """Pages without the lines that stand at the top or at the foot of nearly all of them.

    On the first page they stay unless its title is known: such a line may be that title, which is
    printed above the other pages. title: lines that stay there in any case.
    """
    filled = [number for number, lines in enumerate(pages) if any(map(str.strip, lines))]
    if len(filled) < 2:
        return pages
    seen = Counter(
        key for n in filled for key in {k for line in _edges(pages[n]) for k in _keys(line, n + 1)}
    )
    least = max(2, _NEARLY_ALL * (len(filled) - 1))
    running = {key for key, count in seen.items() if count >= least}
    if not running:
        return pages
    return [
        lines
        if number == filled[0] and not title
        else _trimmed(lines, number + 1, running, title if number == filled[0] else ())
        for number, lines in enumerate(pages)
    ]


def _edges(lines: list[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    return [line for line in (*filled[:_EDGE], *filled[-_EDGE:]) if not _is_sentence(line)]


def _is_sentence(line: str) -> bool:
    """Whether a line ends a sentence, as those that are printed on each page do not."""
    return line.rstrip().endswith((".", "!", "?", "…")) and not _PAGE.fullmatch(line.strip())


def _keys(line: str, page: int) -> set[str]:
    """What a line has to share with those of other pages: all, or all but the page's number."""
    line = line.strip()
    if _PAGE.fullmatch(line):
        return {"#"}
    return {line, re.sub(rf"(?<!\d){page}(?!\d)", "#", line)}


def _trimmed(lines: list[str], page: int, running: set[str], kept: Sequence[str]) -> list[str]:
    def cut(lines: list[str]) -> list[str]:
        filled = [number for number, line in enumerate(lines) if line.strip()][:_EDGE]
        for number in filled:
            line = lines[number].strip()
            if line in kept or running.isdisjoint(_keys(line, page)):
                return lines[number:]
        return lines[filled[-1] + 1 :] if filled else lines

    return cut(cut(lines)[::-1])[::-1]


def is_picture(page: "PdfPage") -> bool:
    """Whether a page without text shows something: a scan, or letters that are drawn as lines."""
    from pypdfium2 import raw

    paths = 0
    for item in itertools.islice(page.get_objects(max_depth=4), _MOST_OBJECTS):
        paths += item.type == raw.FPDF_PAGEOBJ_PATH
        if item.type == raw.FPDF_PAGEOBJ_IMAGE or paths == _DRAWN:
            return True
    return False


def ranges(numbers: Iterable[int]) -> str:
    """Rising numbers in short, such as `2-4, 7`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    shown = [f"{first}" if first == last else f"{first}-{last}" for first, last in found[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(found) > _SHOWN else "")
