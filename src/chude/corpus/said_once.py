"""A fault of a whole column is said once a file, with a count, and not once a row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from chude.corpus.article import Article
from chude.errors import Refusal


def said_once(items: Iterable[Article | Refusal]) -> Iterator[Article | Refusal]:
    """The items of one file; refusals of a column come at its end, one for each kind of fault."""
    faults: dict[tuple[str, str], list[Refusal]] = {}
    for item in items:
        if isinstance(item, Refusal) and item.column:
            first, *_ = kind = faults.setdefault((item.problem, item.cure), [item])
            if first is not item:
                kind[0] = replace(first, count=first.count + item.count)
        else:
            yield item
    for [refusal] in faults.values():
        if refusal.count > 1:
            problem = f"{refusal.problem} ({refusal.count} articles, this is the first)"
            refusal = replace(refusal, problem=problem)
        yield refusal
