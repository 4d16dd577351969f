import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run


def test_one_file_is_labelled_without_what_is_slow_to_load(bundle: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("date 2024-05-06 Gặt lúa\n\nBộ đội giúp bà con gặt lúa.\n", encoding="utf-8")
    arguments = ["chude", "predict", str(article), "--model", str(bundle), "--format", "jsonl"]
    code = (
        f"import sys; sys.argv = {arguments!r}\n"
        "from chude.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        "slow = {'sklearn', 'underthesea', 'polars', 'scipy', 'numba', 'rich', 'pydantic',"
        " 'numpy.ma', 'importlib.metadata', 'chude.model.explain', 'chude.cli.train'}\n"
        "print('loaded', slow & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "loaded set()" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "xml"], "'xml' is not one of 'table', 'json', 'jsonl', 'csv', 'parquet'"),
        (["--jobs", "0"], "greater than or equal to 1"),
        (["--jobs", "two"], "valid integer"),
        (["--engine", "ray"], "'ray' is not one of 'local', 'dask'"),
    ],
)
def test_what_is_wrong_with_a_value_is_told(chude: Run, arguments: list[str], told: str) -> None:
    result = chude("predict", "x.txt", *arguments)
    assert result.status == 2
    assert told in " ".join(result.err.split())
