"""labels.csv: which themes an article, or one passage of it, carries."""

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.encodings import decode
from chude.corpus.formats.delimited import read_records
from chude.corpus.formats.limits import InputError
from chude.corpus.formats.lines import text_lines, told_separator
from chude.corpus.formats.source import Source, buffered
from chude.corpus.paths import LABELS
from chude.corpus.taxonomy import Taxonomy
from chude.corpus.themes_of import parse_themes
from chude.errors import ChudeError, OnRefusal, Refusal, raise_refusal
from chude.files import open_regular

_HEADER = ("article", "passage", "themes")
_LONGEST_NUMBER = 9  # digits of a passage's number
_NEAR = 0.85  # how alike a misspelt name is; `n_passages` is none
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # begin so, of today and before 2007


@dataclass(slots=True)
class _Row:
    themes: tuple[str, ...]
    line: int


@dataclass(slots=True)
class Labels:
    """Labels by article id; `apply` gives them to articles and notes which were used."""

    path: Path
    _rows: dict[str, dict[int | None, _Row]] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _used: dict[str, str] = field(default_factory=dict)  # where each id came first

    def apply(self, article: Article, on_refusal: OnRefusal = raise_refusal) -> Article | Refusal:
        """The article with its labels, or unlabelled when there are none (or refused ones).

        Refused is the first row that labels a passage which the article does not have.

        Without a row for the whole article its themes are those of its passages together. A second
        article of one id is refused, since nothing tells whose the labels are.
        """
        article_id = _same_id(article.id)
        rows = self._rows.get(article_id)
        first = self._used.setdefault(article_id, article.source)
        if not rows or article_id in self._refused:
            return article
        if first != article.source:
            problem = f"labels for {article.id!r}, which is the id of {first} too"
            return Refusal(article.source, problem, "Give each article an id of its own")
        if refusal := _lacking_passage(article, rows, self.path):
            on_refusal(refusal)
            return article
        passages = {key: row.themes for key, row in rows.items() if key is not None}
        if None in rows:
            themes = rows[None].themes
        else:
            themes = tuple(dict.fromkeys(key for keys in passages.values() for key in keys))
        return replace(article, themes=themes, passages=passages)

    def refuse_unused(self, on_refusal: OnRefusal) -> None:
        """Refuse every label whose article never came; all of them at once if none came."""
        unused = {
            article_id: min(row.line for row in rows.values())
            for article_id, rows in self._rows.items()
            if rows and article_id not in self._used
        }
        count = 1
        if len(unused) > 1 and len(unused) == sum(map(bool, self._rows.values())):
            count, unused = len(unused), dict([next(iter(unused.items()))])
        others = f" (none of the {count} of this file is)" if count > 1 else ""
        for article_id, line in unused.items():
            on_refusal(
                Refusal(
                    f"{self.path}:{line}",
                    f"a label for article {article_id!r}, which is not there{others}",
                    "Correct the id (a file's name without its ending), add the article or delete "
                    "the row",
                    count,
                )
            )


def _lacking_passage(
    article: Article, rows: Mapping[int | None, _Row], path: Path
) -> Refusal | None:
    """The refusal of the first row that labels a passage which the article does not have."""
    numbers = [number for number in rows if number is not None]
    if not numbers:
        return None
    first = 0 if article.title else 1
    last = sum(bool(line.strip()) for line in article.body.split("\n"))
    number = next((number for number in numbers if not first <= number <= last), None)
    if number is None:
        return None
    lacks = f"has {last} paragraph{'' if last == 1 else 's'}" if number else "has no title"
    problem = f"a label for passage {number} of article {article.id!r}, which {lacks}"
    cure = "Correct the number: 0 is the title, 1 the first line of the body that is not blank"
    return Refusal(f"{path}:{rows[number].line}", problem, cure)


def load_labels(path: Path, taxonomy: Taxonomy | None, on_refusal: OnRefusal) -> Labels:
    """Read labels.csv (columns article, passage, themes; themes as `parse_themes` takes them).

    A row that names an unknown theme, has a bad passage number, more or fewer fields than the
    header, contradicts an earlier row or is not readable is refused, and its article stays
    unlabelled. An id matches in composed and decomposed letters. Raises ChudeError when the file or
    its header cannot be read.
    """
    content = _content(path)
    lines = _lines(content, str(path))
    mark = _delimiter(lines)
    rows = read_records(lines, mark, str(path))
    names = _header(rows, mark, path)
    labels = Labels(path)
    # Many rows name the same few themes.
    keys = None if taxonomy is None else taxonomy.keys
    parse = cache(lambda value: _parse(value, keys))
    for line, fields in rows:
        if isinstance(fields, Refusal):
            written = lines[line - 1]
            if isinstance(written, Refusal):
                written = content.split(b"\n")[line - 1].decode("utf-8", "replace")
            labels._refused.add(_id_in(written, mark, names))
            on_refusal(fields)
            continue
        if not any(map(str.strip, fields)):
            continue
        row = dict(zip(names, fields, strict=False))
        if problem := _shape(fields, names) or _add(labels, row, line, parse):
            labels._refused.add(_same_id(row.get("article", "")))
            on_refusal(Refusal(f"{path}:{line}", problem, _cure(problem, mark)))
    return labels


def but_other_labels(
    leave_out: Callable[[object], None], own: Labels | None, refuse: OnRefusal
) -> Callable[[object], None]:
    """Leaves files out, and refuses each labels.csv but the one that is read, `own`."""

    def leave_out_or_refuse(file: object) -> None:
        is_own = own is not None and str(file) == str(own.path)
        if Path(str(file)).name.lower() != LABELS or is_own:
            leave_out(file)
        else:
            problem = "labels that are not read, since they are not in a folder that was named"
            refuse(Refusal(str(file), problem, "Name their folder; unpack an archive first"))

    return leave_out_or_refuse


def _content(path: Path) -> bytes:
    try:
        with open_regular(path, follow=True) as stream:
            content = stream.read()
    except OSError as error:
        raise ChudeError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    if content.startswith(_WORKBOOKS):
        raise ChudeError(f"{path}: a workbook, as Excel saves it. Save the table as CSV (UTF-8).")
    return content


def _lines(content: bytes, place: str) -> list[str | Refusal]:
    """The lines with their ends; where they are not all in one encoding, each by itself."""
    text = decode(content, place)
    if isinstance(text, str):
        return list(io.StringIO(text))
    try:
        return list(text_lines(Source(place, place, buffered(io.BytesIO(content)))))
    except (UnicodeDecodeError, InputError):
        raise ChudeError(str(text)) from None


def _delimiter(lines: Sequence[str | Refusal]) -> str:
    """What stands between the names of the columns; Excel writes `;` or tabs in many countries."""
    header = str(lines[0]) if lines else ""
    return next((mark for mark in ",;\t" if mark in header), ",")


def _header(rows: Iterator[tuple[int, list[str] | Refusal]], mark: str, path: Path) -> list[str]:
    line, fields = next(rows, (1, []))
    if isinstance(fields, list) and told_separator(mark.join(fields)):
        line, fields = next(rows, (2, []))
    if isinstance(fields, Refusal):
        raise ChudeError(str(fields))
    names = [name.strip().lower() for name in fields]
    missing = [name for name in ("article", "themes") if name not in names]
    if missing:
        raise ChudeError(
            f"{path}:{line}: no column {missing[0]!r}. "
            f"The first line must read: {','.join(_HEADER)}"
        )
    import difflib

    # Any other column may be there; a passage's label must not become that of its whole article.
    if "passage" not in names and (near := difflib.get_close_matches("passage", names, 1, _NEAR)):
        raise ChudeError(
            f"{path}:{line}: no column 'passage', but {near[0]!r}. "
            "Write passage, or delete the column."
        )
    if twice := [name for name in _HEADER if names.count(name) > 1]:
        raise ChudeError(f"{path}:{line}: two columns {twice[0]!r}. Keep one of them.")
    return names


def _id_in(line: str, mark: str, names: Sequence[str]) -> str:
    """The id of the article that a row is about, as far as a row that cannot be read tells it."""
    fields = line.split(mark, len(names))
    at = names.index("article")
    return _same_id(fields[at].replace('"', "")) if at < len(fields) else ""


def _same_id(article_id: str) -> str:
    """An id as it is compared: macOS writes the names of files in decomposed letters."""
    return unicodedata.normalize("NFC", article_id.strip())


def _shape(fields: Sequence[str], names: Sequence[str]) -> str | None:
    """What is wrong with the number of a row's fields."""
    if len(fields) > len(names):
        return f"{len(fields)} fields where the header has {len(names)}"
    if len(fields) < len(names):
        return f"fewer fields than the {len(names)} of the header"
    return None


def _cure(problem: str, mark: str) -> str:
    if "contradicts" in problem:
        return "Keep one row of the two"
    if "fields where" in problem and mark == ";":  # which stands between themes too
        return 'Put quotes around several themes ("a;b"), and around an id that holds a semicolon'
    if "fields" in problem:
        return "Write `;` between themes, and quotes around an id that holds a comma"
    return "Correct the row"


def _parse(value: str, keys: tuple[str, ...] | None) -> tuple[str, ...] | str | None:
    """As `parse_themes`; what is wrong with the value also where a theme is not in the taxonomy."""
    themes = parse_themes(value, keys)
    if keys is None or themes is None or isinstance(themes, str):
        return themes
    unknown = [key for key in themes if key not in keys]
    return f"theme {unknown[0]!r} is not in the taxonomy ({', '.join(keys)})" if unknown else themes


def _add(
    labels: Labels,
    row: dict[str, str],
    line: int,
    parse: Callable[[str], tuple[str, ...] | str | None],
) -> str | None:
    themes = parse(row["themes"])
    if isinstance(themes, str):
        return themes
    number = (row.get("passage") or "").strip()
    if number and not (number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return f"passage {number!r} is not a number (0 is the title, 1 the first paragraph)"
    passage = int(number) if number else None
    rows = labels._rows.setdefault(_same_id(row["article"]), {})
    if themes is None:
        return None
    earlier = rows.setdefault(passage, _Row(themes, line))
    if set(earlier.themes) != set(themes):
        return f"article {row['article']!r} contradicts line {earlier.line}"
    return None
