"""What text of others may become on a terminal, in JSON, in CSV and in HTML: one function a medium.

Ids, names of files, columns and themes come from anywhere. A control character in one moves the
cursor or rewrites what was printed, a bidirectional override shows a name backwards, `=` begins a
formula in a spreadsheet, `<` a tag.
"""

import html
import json
import re
from typing import Any

# C0 and C1 controls, separators of lines, what changes the direction of writing, half a pair.
_MOVING = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff"
_UNSHOWN = re.compile(f"[\x00-\x1f{_MOVING}\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]")
_UNSHOWN_IN_CELL = re.compile(_UNSHOWN.pattern.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f"))
_UNSHOWN_IN_JSON = re.compile(f"[{_MOVING}\ud800-\udfff]")  # json itself escapes C0
_UNSHOWN_IN_CSV = re.compile(f"{_UNSHOWN_IN_CELL.pattern}|\r(?!\n)")
# The full-width forms are formulas too where a spreadsheet's language is Chinese or Japanese.
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def shown(text: object) -> str:
    r"""Text as it may stand in a line on a terminal: what would move the cursor as `\x1b`."""
    return _UNSHOWN.sub(_named, str(text))


def csv_cell(value: Any) -> Any:
    """A value as a cell of CSV: no string is a formula, or holds a control but for tab and line.

    A string that a spreadsheet would compute begins with an apostrophe; numbers stay as they are.
    """
    if not isinstance(value, str):
        return value
    text = _UNSHOWN_IN_CSV.sub(_named, value)
    return f"'{text}" if _FORMULA.match(text) else text


def html_text(text: object) -> str:
    """Text as it may stand in a page, in an attribute too."""
    return html.escape(_UNSHOWN_IN_CELL.sub(_named, str(text)))


def json_text(value: Any, indent: int | None = None, ascii_only: bool = False) -> str:
    """JSON of the very same strings, with an escape for each character that `shown` would name."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    return text if text.isascii() and "\x7f" not in text else _UNSHOWN_IN_JSON.sub(_as_json, text)


def _named(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _as_json(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
