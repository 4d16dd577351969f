"""A segmenter that takes words from a cache and keeps new ones there."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from chude.text.cache.blocks import PackedWords, digests, join, pack, unpack
from chude.text.cache.folder import TokenCache
from chude.text.segment import Segmenter
from chude.text.string_table import StringTable
from chude.text.tokens import Tokens, concatenate

# Goes up when healing, segmenting or the form of blocks changes and the segmenter's version stays.
REVISION = 1


class CachedSegmenter:
    """The words of `plain`, which is asked only for texts that are not in the cache.

    The blocks that it took are held in memory, about nine bytes a word, as long as it lives.
    """

    def __init__(self, plain: Segmenter, cache: TokenCache) -> None:
        self.version = plain.version
        self._plain = plain
        self._cache = cache
        # Which characters are letters, and what composes into one, depends on Python's tables.
        self._shelf = f"{plain.version}-r{REVISION}-unicode{unicodedata.unidata_version}"
        self._paths, keys = cache.blocks(self._shelf)
        counts = [len(one) for one in keys]
        joined = np.concatenate([digests([]), *keys])
        order = np.argsort(joined)
        self._keys = joined[order]
        self._blocks = np.repeat(np.arange(len(keys)), counts)[order]
        self._rows = np.concatenate([np.arange(0), *map(np.arange, counts)])[order]
        self._loaded: dict[int, PackedWords | None] = {}
        self._names = StringTable()

    def segment(self, texts: Sequence[str]) -> Tokens:
        """Words of each of the texts; new ones are kept as one block."""
        if not texts:
            return join([], self._names.names)
        keys = digests(texts)
        blocks, rows = self._find(keys)
        for block in np.unique(blocks[blocks >= 0]).tolist():
            if self._load(block) is None:
                blocks[blocks == block] = -1
        order = np.argsort(blocks, kind="stable")
        new = order[: np.count_nonzero(blocks < 0)]
        kept = order[len(new) :]
        self._cache.count(len(kept), len(new))
        parts = []
        if len(new):
            parts.append(self._plain.segment([texts[i] for i in new]))
            self._cache.write(self._shelf, pack(keys[new], parts[0]))
        if len(kept):
            parts.append(join(list(self._taken(blocks[kept], rows[kept])), self._names.names))
        tokens = parts[0] if len(parts) == 1 else concatenate(parts)
        return tokens if (order[1:] > order[:-1]).all() else tokens.take(np.argsort(order))

    def _find(self, keys: NDArray[np.bytes_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each text the block that holds it, -1 where none does, and its row there."""
        if not len(self._keys):
            return np.full(len(keys), -1), np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._blocks[place], -1), self._rows[place]

    def _taken(self, blocks: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[PackedWords]:
        """The words of the texts in these rows of these blocks, which are in ascending order."""
        numbers, firsts = np.unique(blocks, return_index=True)
        for number, inside in zip(numbers.tolist(), np.split(rows, firsts[1:]), strict=True):
            columns = self._loaded[number]
            assert columns is not None
            yield columns.take(inside)

    def _load(self, block: int) -> PackedWords | None:
        """The columns of a block, with ids in this segmenter's vocabulary; None if it is gone."""
        if block not in self._loaded:
            data = self._cache.read(self._paths[block])
            self._loaded[block] = None if data is None else self._renumbered(data)
        return self._loaded[block]

    def _renumbered(self, data: bytes) -> PackedWords:
        words, columns = unpack(data)
        places = np.array(self._names.of(words), np.int32)
        return replace(columns, ids=places[columns.ids])
