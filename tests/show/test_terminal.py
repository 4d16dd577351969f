import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.show.terminal import COLUMNS, Tally, cut, plain, prediction_lines, themes_table, width


@given(st.text())
def test_a_line_obeys_nobody(text: str) -> None:
    shown = plain(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31mb", "a\\x1b[31mb"), ("a\u202eb\u200bc", "a\\u202eb\u200bc"), ("a\r\n\tb", "a b"),
     ("Hải đội", "Hải đội"), ("😀", "😀")],
)  # fmt: skip
def test_escapes_are_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(max_size=40), st.integers(1, 30))
def test_what_is_cut_fits(text: str, columns: int) -> None:
    assert width(cut(text, columns)) <= max(columns, width("…"))
    assert cut(text, 1000) == text


def record(keys: tuple[str, ...], themes: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": "a" * 50,
        "themes": list(themes),
        "probabilities": {key: 0.9999 if key in themes else 0.3 for key in keys},
        "decision": {key: "yes" if key in themes else "review" for key in keys},
    }


def test_themes_that_do_not_fit_beside_each_other_are_listed() -> None:
    keys = tuple(f"chủ đề thứ {i}" for i in range(10))
    head, given, none = prediction_lines(
        [record(keys, keys[:1]), {**record(keys, ()), "decision": dict.fromkeys(keys, "no")}], keys
    )
    assert head.split() == ["article", "themes"]
    assert "chủ đề thứ 0 >0.99*, chủ đề thứ 1 0.30 ?" in given
    assert max(map(len, (head, given, none))) <= COLUMNS
    assert none.endswith("–")
    wide = list(prediction_lines([record(keys[:3], keys[:1])], keys[:3]))
    assert wide[0].split("  ")[-1] == keys[2]
    assert max(map(len, wide)) <= COLUMNS
    assert list(prediction_lines([], keys)) == []


def test_figures_of_themes_with_long_names_fit() -> None:
    interval = [0.0, 1.0]
    names = ("precision", "recall", "f1", "average_precision")
    theme = {"support": 100_000, "brier": 0.1, **dict.fromkeys(names, 0.5)}
    theme |= {f"{name}_interval": interval for name in names}
    theme["precision"] = None
    table = themes_table({"themes": {"một chủ đề có tên rất dài": theme}})
    assert max(map(len, table.splitlines())) <= COLUMNS
    assert "một chủ đ" in table
    assert "–" in table


def test_a_tally_says_what_happened() -> None:
    tally = Tally()
    tally.add(record(("a", "b"), ("a",)))
    assert str(tally) == "1 article, 1 with a theme, 1 for review."
    tally.add({**record(("a",), ()), "decision": {"a": "no"}})
    assert str(tally) == "2 articles, 1 with a theme, 1 for review."
