"""chude cache"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from chude.cli import options as opt
from chude.escape import shown
from chude.records import write_json, write_records, write_text
from chude.show.terminal import text_table

if TYPE_CHECKING:
    from chude.text.cache.folder import Shelf, TokenCache


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove everything in it first.")] = False,
    form: opt.OutputFormat = opt.Format.table,
    output: opt.Output = "-",
    bom: opt.Bom = False,
) -> None:
    """Show or clear the segmented words that training keeps on disk.

    CHUDE_CACHE_DIR names another folder, CHUDE_CACHE_SIZE another bound in megabytes.

    Example: chude cache --clear
    """
    from chude.corpus.outputs import check_output
    from chude.text.cache.folder import TokenCache

    form = opt.form_to_write(form, output, bom)
    kept = TokenCache()
    check_output(output, [], [kept.folder])
    if clear:
        kept.clear()
    shelves = kept.shelves()
    rows = [asdict(shelf) for shelf in shelves]
    if form is opt.Format.json:
        facts = {"folder": str(kept.folder), "most_bytes": kept.most_bytes, "segmenters": rows}
        write_json(facts, output)
    elif form is opt.Format.table:
        write_text(_text(kept, shelves), output)
    else:
        write_records(rows, form, output, flat=dict, table=lambda _: iter(()), bom=bom)


def _text(cache: "TokenCache", shelves: "list[Shelf]") -> str:
    total = sum(shelf.bytes for shelf in shelves)
    head = f"{shown(cache.folder)}\n{_megabytes(total)} of at most {_megabytes(cache.most_bytes)}"
    if not shelves:
        return f"{head}\n\nempty: chude train fills it"
    rows = [[s.segmenter, f"{s.texts:,}", f"{s.files:,}", _megabytes(s.bytes)] for s in shelves]
    return f"{head}\n\n{text_table(['segmenter', 'texts', 'files', 'size'], rows)}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
