"""A block: the words of some texts as bytes, small and read without a loop over the words.

A block holds, one after another: a header of counts and widths, the 16-byte digest of each text,
the number of its words, then for each word its place in the block's own vocabulary, its gap (from
the end of the word before it, or from the start of the text) and its length, and at last the
vocabulary. Gaps and lengths are small numbers where offsets are not, and so are places in a
vocabulary of one block: most blocks need four bytes a word.
"""

import hashlib
import json
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from chude.text.tokens import Tokens

_KEY = 16  # bytes of a text's digest
_HEADER = struct.Struct("<II3sx")  # texts, words, kinds of the columns
_KINDS = "BbHhIi"  # of the numbers in a column, the narrowest first


@dataclass(frozen=True, slots=True)
class PackedWords:
    """The words of some texts as a block holds them.

    sizes: integers (n_texts,), words of each text.
    ids: integers (n_words,), places in a vocabulary that is kept elsewhere.
    gaps, lengths: integers (n_words,), in characters.
    """

    sizes: NDArray[np.integer]
    ids: NDArray[np.integer]
    gaps: NDArray[np.integer]
    lengths: NDArray[np.integer]

    def take(self, texts: NDArray[np.integer]) -> "PackedWords":
        """The words of the texts at these places, in this order."""
        if np.array_equal(texts, np.arange(len(self.sizes))):
            return self
        sizes = self.sizes[texts].astype(np.int64)
        firsts = (np.cumsum(self.sizes, dtype=np.int64) - self.sizes)[texts]
        rows = np.repeat(firsts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        return PackedWords(sizes, self.ids[rows], self.gaps[rows], self.lengths[rows])


def digests(texts: Sequence[str]) -> NDArray[np.bytes_]:
    """16 bytes of BLAKE2b for each text, (n_texts,)."""
    encoded = (text.encode("utf-8", "surrogatepass") for text in texts)
    return np.array([hashlib.blake2b(t, digest_size=_KEY).digest() for t in encoded], f"S{_KEY}")


def pack(keys: NDArray[np.bytes_], tokens: Tokens) -> bytes:
    """The block of a batch; the same texts give the same bytes, whatever was segmented before.

    keys: `digests` of the batch's texts.
    """
    vocabulary, ids = _number(tokens)
    words = json.dumps(vocabulary, ensure_ascii=False).encode("utf-8", "surrogatepass")
    sizes = np.diff(tokens.indptr)
    before = np.concatenate([[0], tokens.ends])[:-1]
    before[tokens.indptr[:-1][sizes > 0]] = 0
    columns = [_narrow(c) for c in (ids, tokens.starts - before, tokens.ends - tokens.starts)]
    kinds = "".join(column.dtype.char for column in columns).encode()
    header = _HEADER.pack(len(keys), len(ids), kinds)
    arrays: list[NDArray[Any]] = [keys, sizes.astype("<u4"), *columns]
    return b"".join([header, *(array.tobytes() for array in arrays), words])


def read_keys(stream: BinaryIO) -> NDArray[np.bytes_]:
    """The digests of a block's texts, from its file; those of a damaged block may be wrong."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return np.empty(0, f"S{_KEY}")
    size = os.fstat(stream.fileno()).st_size  # a damaged header may tell of more than there is
    found = stream.read(min(_KEY * _HEADER.unpack(header)[0], size))
    return np.frombuffer(found, f"S{_KEY}", len(found) // _KEY)


def unpack(data: bytes) -> tuple[list[str], PackedWords]:
    """The vocabulary and the columns of a block; `data` must be what `pack` made."""
    n_texts, n_words, kinds = _HEADER.unpack_from(data)
    place = _HEADER.size + _KEY * n_texts
    columns = []
    for kind, count in [("I", n_texts), *((kind, n_words) for kind in kinds.decode())]:
        columns.append(np.frombuffer(data, f"<{kind}", count, place))
        place += columns[-1].nbytes
    return json.loads(data[place:].decode("utf-8", "surrogatepass")), PackedWords(*columns)


def join(parts: Sequence[PackedWords], vocabulary: list[str]) -> Tokens:
    """The words of several blocks, whose ids are places in one vocabulary, as a batch."""
    nothing = PackedWords(*(np.empty(0, np.int32) for _ in range(4)))
    sizes, ids, gaps, lengths = (
        np.concatenate([getattr(part, name) for part in (nothing, *parts)])
        for name in ("sizes", "ids", "gaps", "lengths")
    )
    indptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    # Sums over all texts may wrap around; the differences inside a text are right all the same.
    ends = np.cumsum(np.add(gaps, lengths, dtype=np.int32), dtype=np.int32)
    bases = np.concatenate([[0], ends])[indptr[:-1]]
    ends -= np.repeat(bases, sizes).astype(np.int32)
    return Tokens(vocabulary, ids.astype(np.int32), ends - lengths.astype(np.int32), ends, indptr)


def _number(tokens: Tokens) -> tuple[list[str], NDArray[np.int32]]:
    """The words of a batch in the order in which they first come, and the new ids."""
    count = len(tokens.ids)
    first = np.full(len(tokens.vocabulary), count)
    first[tokens.ids[::-1]] = np.arange(count - 1, -1, -1)  # the last one to be written stays
    used = np.flatnonzero(first < count)
    used = used[np.argsort(first[used])]
    place = np.empty(len(tokens.vocabulary), np.int32)
    place[used] = np.arange(len(used))
    return [tokens.vocabulary[i] for i in used.tolist()], place[tokens.ids]


def _narrow(column: NDArray[np.integer]) -> NDArray[np.integer]:
    """The column in the narrowest kind of integers that holds it."""
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    kinds = (np.iinfo(kind) for kind in _KINDS)
    narrowest = next(info for info in kinds if info.min <= low and high <= info.max)
    return column.astype(narrowest.dtype.newbyteorder("<"))
