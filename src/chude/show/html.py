"""HTML as strings: one escape, and one way to dress an element for a page or for a notebook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chude.escape import html_text

_INLINE = {
    "card": "font:15px/1.5 system-ui,sans-serif;max-width:56em;text-align:left;white-space:normal",
    "head": "font-size:1.2em;margin:.4em 0 .2em",
    "meta": "font-size:.85em;opacity:.75",
    "chips": "margin:.4em 0",
    "chip": "display:inline-block;border:1px solid #888;border-radius:.6em;padding:.1em .6em;"
    "margin:0 .4em .3em 0;font-size:.9em",
    "meter": "display:inline-block;position:relative;width:4em;height:.6em;"
    "background:#8884;vertical-align:middle;margin:0 .3em",
    "fill": "display:block;height:100%;background:#1c8a62",
    "tick": "position:absolute;top:-.15em;bottom:-.15em;border-left:2px solid currentColor",
    "why": "font-size:1.05em;margin:.8em 0 .2em",
    "ledger": "border-collapse:collapse;width:100%;table-layout:auto;font-size:1em;margin:0",
    "points": "white-space:nowrap;text-align:right;vertical-align:top;width:3.5em;font-weight:700;"
    "padding:.25em .4em;background:none",
    "side": "vertical-align:top;padding:.55em .4em;width:4em;background:none",
    "bar": "display:block;width:4em;height:.6em;background:#8883",
    "pro": "display:block;height:100%;background-color:#1c8a62",
    "con": "display:block;height:100%;background:repeating-linear-gradient(45deg,#c4552f 0 3px,"
    "#e9b8a6 3px 6px)",
    "text": "text-align:left;padding:.25em .4em;white-space:pre-wrap;line-height:1.5;"
    "background:none",
    "best": "text-align:left;padding:.25em .4em .25em .7em;white-space:pre-wrap;line-height:1.5;"
    "background:none;"
    "border-left:4px solid #4a6fc4",
    "tag": "display:block;font-size:.8em;font-weight:700",
    "without": "display:block;font-size:.8em;opacity:.8",
    "start": "text-align:left;padding:.25em .4em;opacity:.75;background:none",
    "total": "text-align:left;padding:.25em .4em;font-weight:700;background:none",
    "sumrow": "border-top:2px solid currentColor;background:none",
    "hidden": "position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);margin:0",
    "table": "border-collapse:collapse;table-layout:auto;font-size:.95em;margin:.5em 0;"
    "font-variant-numeric:tabular-nums",
    "th": "text-align:left;padding:.25em .6em;border-bottom:2px solid #888;vertical-align:bottom",
    "thn": "text-align:right;padding:.25em .6em;border-bottom:2px solid #888;vertical-align:bottom",
    "td": "text-align:left;padding:.25em .6em;border-bottom:1px solid #8885;vertical-align:middle",
    "tdn": "text-align:right;padding:.25em .6em;border-bottom:1px solid #8885;"
    "vertical-align:middle;white-space:nowrap",
    "charts": "display:flex;flex-wrap:wrap;gap:1em;margin:.5em 0",
    "counted": "white-space:nowrap",
    "lead": "font-size:1.15em;font-weight:600;margin:.3em 0",
    "axis": "font-size:.88em;opacity:.75;margin:.2em 0",
    "figure": "margin:0",
    "caption": "font-weight:700;margin-bottom:.2em",
    "note": "max-width:45em;margin:.5em 0",
    "error": "border-top:1px solid #8888;padding:.4em 0 1em",
    "scroll": "overflow-x:auto",
}
_FOR = ("#eaf5f0", "#cfe9dd", "#a9d8c1", "#7fc5a3")
_AGAINST = ("#fbeee9", "#f5d6ca", "#eeb9a5", "#e59a7f")
_MARK = "color:#1b1b1b;background:{};border-bottom:2px {};padding:0 .05em"
for _level in range(4):
    _INLINE[f"f{_level + 1}"] = _MARK.format(_FOR[_level], "solid #0b6e4f")
    _INLINE[f"a{_level + 1}"] = _MARK.format(_AGAINST[_level], "dashed #a23b1e")


_BARE = {"th", "td"}  # page.css knows them by their tags


def esc(text: object) -> str:
    """`html_text`, of which a browser reads back every character."""
    return html_text(text).replace("\r", "&#13;")  # as it is, it would be read as a new line


@dataclass(frozen=True, slots=True)
class Look:
    """How elements are dressed: by classes of page.css, or inline, where no page is theirs."""

    inline: bool

    def __call__(self, name: str) -> str:
        """The attribute that dresses an element, with a space before it."""
        if self.inline:
            return f' style="{_INLINE[name]}"'
        return "" if name in _BARE else f' class="{name}"'


PAGE, NOTEBOOK = Look(False), Look(True)


def table(
    look: Look,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Iterable[int] = (),
    caption: str = "",
) -> str:
    """A table of cells that are HTML already; the first of each row is its heading.

    numbers: which columns keep to the right.
    """
    right = set(numbers)
    heads = "".join(
        f'<th scope="col"{look("thn" if i in right else "th")}>{cell}</th>'
        for i, cell in enumerate(head)
    )
    body = "".join(f"<tr>{_cells(look, row, right)}</tr>" for row in rows)
    title = f"<caption{look('hidden')}>{caption}</caption>" if caption else ""
    tabbed = "" if look.inline else ' tabindex="0" role="group"'
    label = f' aria-label="{caption}"' if caption and tabbed else ""
    return (
        f"<div{look('scroll')}{tabbed if label else ''}{label}><table{look('table')}>{title}"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(look: Look, row: Sequence[str], right: set[int]) -> str:
    def cell(i: int, content: str) -> str:
        tag, name = ("th", ' scope="row"') if i == 0 else ("td", "")
        return f"<{tag}{name}{look('tdn' if i in right else 'td')}>{content}</{tag}>"

    return "".join(cell(i, content) for i, content in enumerate(row))
