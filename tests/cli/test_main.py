import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import Run

COMMANDS = ("train", "predict", "evaluate", "inspect", "cache")


def test_help_lists_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['chude', '--help']\n"
        "from chude.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code\n"
        "heavy = {'sklearn', 'underthesea', 'polars', 'scipy', 'numba', 'joblib', 'numpy', 'rich',"
        " 'pydantic'}\n"
        "print('loaded', heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(command in done.stdout for command in COMMANDS)
    assert "loaded set()" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(chude: Run, command: str) -> None:
    result = chude(command, "--help")
    assert result.status == 0
    assert f"Example: chude {command}" in result.out


def test_the_module_is_the_console_script() -> None:
    command = [sys.executable, "-m", "chude", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"chude {version('chude')}\n"


def test_version(chude: Run) -> None:
    assert chude("--version").out == f"chude {version('chude')}\n"


@pytest.mark.parametrize("arguments", [["fly"], ["predict"], ["predict", "x", "--format", "xml"]])
def test_wrong_usage_is_status_2(chude: Run, arguments: list[str]) -> None:
    assert chude(*arguments).status == 2


def test_the_console_script_is_installed(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "chude"
    command = [script, "predict", "missing.txt"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("chude: models/themes: no model here")
    assert "Traceback" not in done.stderr


CTRL_C = """
import os, signal, sys
module = sys.argv.pop(1)

class User:  # presses Ctrl-C when the module is about to be loaded
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, User())
from chude.cli.main import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["chude.cli.app", "typer.main", "chude.cli.inspect", "numpy", "numpy._core._multiarray_umath",
     "numpy.linalg._umath_linalg", "chude.bundle.folder"],
)  # fmt: skip
def test_ctrl_c_while_modules_load_is_one_message(bundle: Path, module: str) -> None:
    command = [sys.executable, "-c", CTRL_C, module, "inspect", "--model", bundle]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == "chude: stopped by Ctrl-C, nothing half-written is left. Run it again.\n"
    assert (done.returncode, done.stdout) == (1, "")


def test_a_fault_of_ours_is_one_message_and_a_traceback_on_demand(
    chude: Run, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("chude.bundle.folder.load", fail)
    result = chude("inspect", "--model", bundle)
    assert result.status == 1
    assert result.err.startswith("chude: a fault in chude itself (ZeroDivisionError: by zero)")
    monkeypatch.setenv("CHUDE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        chude("inspect", "--model", bundle)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk_is_one_message(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Bộ đội giúp dân."}\n', encoding="utf-8")
    script = Path(sys.executable).parent / "chude"
    command = [script, "predict", tmp_path / "a.jsonl", "--model", bundle]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("chude: the output: No space left on device")
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_failure(bundle: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.jsonl"
    article.write_text('{"text": "Bộ đội giúp dân."}\n' * 20_000, encoding="utf-8")
    script = Path(sys.executable).parent / "chude"
    command = f"{script} predict {article} --model {bundle} --format jsonl | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
