"""The fingerprint of what was learnt from: another corpus has another one."""

import hashlib
from collections.abc import Iterable
from dataclasses import fields

import numpy as np

from chude.corpus.article import Article
from chude.corpus.counts import Counts


def fingerprint(articles: Iterable[Article], corpora: Iterable[Counts]) -> str:
    """A SHA-256 of ids, texts and labels, and of counts."""
    found = hashlib.sha256()
    for article in articles:
        record = f"{article.id}\0{article.text}\0{';'.join(article.themes or ())}\0"
        found.update(f"{record}{_further(article)}".encode())
    for counts in corpora:
        for field in fields(counts):
            if isinstance(array := getattr(counts, field.name), np.ndarray):
                found.update(array.tobytes())
        found.update("\n".join(counts.vocabulary).encode("utf-8"))
    return found.hexdigest()


def _further(article: Article) -> str:
    """Labels beyond themes, by name and in order; nothing where there are none, as it ever was."""
    further = {
        "passages": sorted(article.passages.items()),
        "spans": sorted((article.spans or {}).items()),
        "contested": article.unsettled,
        "drawn": article.by_chance,
    }
    there = {name: value for name, value in further.items() if value}
    return f"{there}\0" if there else ""
