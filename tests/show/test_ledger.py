from dataclasses import replace

from chude.corpus.taxonomy import Taxonomy, Theme
from chude.model.model import Model
from chude.show.ledger import Ledger
from tests.invented import KEYS

FOREIGN = "The border guard caught three men with drugs near the river on Monday."


def lines(model: Model, text: str, words: int = 3) -> list[str]:
    return list(Ledger(model.taxonomy, words, "en").lines([model.explain(text, "all")]))


def test_a_long_name_of_a_theme_leaves_room_for_what_is_decided(model: Model) -> None:
    themes = [Theme(key, "Một cái tên dài hơn những gì còn chỗ trong một dòng") for key in KEYS]
    named = replace(model, taxonomy=Taxonomy(tuple(themes)))
    heads = [line for line in lines(named, "Bộ đội giúp bà con gặt lúa.") if "probability" in line]
    assert len(heads) == len(KEYS)
    for head in heads:
        assert head.endswith(")")
        assert "(yes from" in head
        assert len(head) <= 80


def test_a_text_that_is_not_understood_says_why_it_has_no_theme(model: Model) -> None:
    said = "  no theme is given: another language or encoding, or no text at all"
    assert lines(model, f"Bộ đội giúp bà con.\n\n{FOREIGN}\n\n{FOREIGN}")[1] == said
    assert said not in lines(model, "Bộ đội giúp bà con gặt lúa.")


def test_points_that_are_printed_as_nothing_have_no_bar(model: Model) -> None:
    calibration = replace(model.calibration, weights=model.calibration.weights * 1e-3)
    rows = lines(replace(model, calibration=calibration), "Bộ đội giúp bà con gặt lúa.")
    shown = [row for row in rows if "Bộ đội giúp" in row and "0.0 " in row]
    assert shown
    assert not any({"█", "░"} & set(row) for row in shown)
