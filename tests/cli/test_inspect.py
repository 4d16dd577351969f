import json
import re
from pathlib import Path

from tests.conftest import Run
from tests.invented import KEYS


def test_what_the_model_knows(chude: Run, bundle: Path) -> None:
    table = chude("inspect", "--model", bundle)
    assert table.status == 0
    for word in (*KEYS, "thi đua", "trained on", "84 articles", "seed"):
        assert word in table.out
    assert "how strictly it learnt (C)" in table.out
    assert str(bundle / "report.html") in table.out
    assert "against" not in table.out
    facts = json.loads(chude("inspect", "--model", bundle, "--words", 3, "-f", "json").out)
    assert list(facts["themes"]) == list(KEYS)
    assert all(len(theme["strongest"]) == 3 for theme in facts["themes"].values())
    assert facts["training_data"]["articles"] == 84
    assert facts["options"]["seed"] == 0
    rows = chude("inspect", "--model", bundle, "-f", "csv").out.splitlines()
    assert rows[0].startswith("theme,")
    assert len(rows) == 4


def test_words_against_a_theme(chude: Run, bundle: Path) -> None:
    arguments = ("inspect", "--model", bundle, "--words", 4, "--against")
    table = chude(*arguments).out
    for side, sign in (("for", "+"), ("against", "-")):
        assert len(re.findall(rf"^  {side} .* \{sign}\d\.\d", table, re.M)) == len(KEYS)
    facts = json.loads(chude(*arguments, "-f", "json").out)
    for theme in facts["themes"].values():
        weights = [weight for _, weight in theme["strongest_against"]]
        assert weights == sorted(weights)
        assert weights[0] < 0
    assert "strongest_against" in chude(*arguments, "-f", "csv").out.splitlines()[0]
