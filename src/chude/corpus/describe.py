"""What a corpus looks like: years and lengths of its articles."""

from collections import Counter
from collections.abc import Iterable

from chude.corpus.article import Article

LENGTHS = (500, 1000, 2000, 4000, 8000)  # characters; the last range is open


def describe(articles: Iterable[Article]) -> dict[str, dict[str, int]]:
    """How many articles there are of each year, and of each length in characters.

    years: in their order, `""` for articles without a date. lengths: by their lower end.
    """
    years: Counter[str] = Counter()
    lengths = dict.fromkeys(map(str, (0, *LENGTHS)), 0)
    for article in articles:
        years[str(article.date.year) if article.date else ""] += 1
        length = len(article.text)
        lengths[str(max([0, *(low for low in LENGTHS if low <= length)]))] += 1
    return {"years": dict(sorted(years.items())), "lengths": lengths}
