import contextlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude.corpus.formats.row_groups import row_groups


@pytest.mark.parametrize(
    ("rows", "size", "expected"),
    [(0, 10, []), (1, 10, [1]), (40, 10, [10] * 4), (65, 30, [30, 30, 5]), (20_000, 700, None)],
)
def test_rows_of_what_polars_writes(
    tmp_path: Path, rows: int, size: int, expected: list[int] | None
) -> None:
    frame = pl.DataFrame(
        {
            "text": ["Bộ đội giúp dân."] * rows,
            "themes": [["emulation"]] * rows,
            "day": [1.5] * rows,
            "read": [True] * rows,
        }
    )
    frame.write_parquet(tmp_path / "a.parquet", row_group_size=size, metadata={"a": "ờ" * 300})
    found = row_groups(tmp_path / "a.parquet")
    assert sum(found) == rows
    if expected is None:
        assert len(found) == 29  # more than fit in the short form of a list
    else:
        assert [size for size in found if size] == expected


@pytest.mark.parametrize("content", [b"", b"PAR1", b"\xff" * 50, b"PAR1\xff\xff\xff\x7fPAR1"])
def test_what_is_no_parquet(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(ValueError, match="no footer"):
        row_groups(tmp_path / "a.parquet")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_a_damaged_footer_is_a_value_error(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"text": ["Tin."] * 9, "n": [1] * 9}).write_parquet(path, row_group_size=3)
    content = bytearray(path.read_bytes())
    length = int.from_bytes(content[-8:-4], "little")
    for _ in range(data.draw(st.integers(1, 4))):
        place = len(content) - 8 - data.draw(st.integers(1, length))
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(ValueError):
        assert all(isinstance(rows, int) for rows in row_groups(path))
