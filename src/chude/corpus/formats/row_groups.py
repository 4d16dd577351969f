"""How many rows each row group of a Parquet file has, which polars does not tell.

The end of the file describes it, in Thrift's compact protocol (see "Metadata" in Apache Parquet's
documentation of the format, and "Thrift compact protocol encoding" in Apache Thrift's).
"""

import io
from pathlib import Path
from typing import Any

_ROW_GROUPS, _NUM_ROWS = 4, 3  # fields of FileMetaData and of RowGroup
_LONG = 15  # the size of a list is this, or follows it


def row_groups(path: Path) -> list[int]:
    """Rows of each row group, in their order.

    Raises ValueError when the file does not end as Parquet does, OSError when it cannot be read.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - 8))
        tail = stream.read()
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != b"PAR1" or length > size - 12:
            raise ValueError("no footer of Parquet")
        stream.seek(size - 8 - length)
        footer = io.BytesIO(stream.read(length))
    try:
        return [int(group[_NUM_ROWS]) for group in _struct(footer)[_ROW_GROUPS]]
    except (LookupError, TypeError, RecursionError) as error:
        raise ValueError("a damaged footer of Parquet") from error


def _struct(stream: io.BytesIO) -> dict[int, Any]:
    """Values by the numbers of their fields."""
    fields: dict[int, Any] = {}
    number = 0
    while head := _byte(stream):
        step, kind = divmod(head, 16)
        number = number + step if step else _integer(stream)
        fields[number] = kind == 1 if kind in (1, 2) else _value(stream, kind)
    return fields


def _value(stream: io.BytesIO, kind: int) -> Any:
    if kind in (1, 2, 3):  # a byte; in lists also a truth value
        return _byte(stream)
    if kind in (4, 5, 6):
        return _integer(stream)
    if kind == 7:
        return _bytes(stream, 8)
    if kind == 8:
        return _bytes(stream, _varint(stream))
    if kind in (9, 10):
        size, kind = divmod(_byte(stream), 16)
        return [_value(stream, kind) for _ in range(_varint(stream) if size == _LONG else size)]
    if kind == 12:
        return _struct(stream)
    raise LookupError(kind)


def _integer(stream: io.BytesIO) -> int:
    """A signed integer, in zigzag."""
    value = _varint(stream)
    return (value >> 1) ^ -(value & 1)


def _varint(stream: io.BytesIO) -> int:
    value = 0
    for shift in range(0, 64, 7):
        byte = _byte(stream)
        value |= (byte & 127) << shift
        if byte < 128:
            return value
    raise LookupError("an integer without end")


def _byte(stream: io.BytesIO) -> int:
    return _bytes(stream, 1)[0]


def _bytes(stream: io.BytesIO, count: int) -> bytes:
    if len(content := stream.read(count)) < count:
        raise LookupError("the footer ends too early")
    return content
