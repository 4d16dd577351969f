import json
from pathlib import Path

from tests.conftest import Run
from tests.invented import KEYS


def test_what_the_model_knows(chude: Run, bundle: Path) -> None:
    table = chude("inspect", "--model", bundle)
    assert table.status == 0
    for word in (*KEYS, "thi đua", "trained on", "84 articles", "seed"):
        assert word in table.out
    facts = json.loads(chude("inspect", "--model", bundle, "--words", 3, "-f", "json").out)
    assert list(facts["themes"]) == list(KEYS)
    assert all(len(theme["strongest"]) == 3 for theme in facts["themes"].values())
    assert facts["training_data"]["articles"] == 84
    assert facts["options"]["seed"] == 0
    rows = chude("inspect", "--model", bundle, "-f", "csv").out.splitlines()
    assert rows[0].startswith("theme,")
    assert len(rows) == 4
