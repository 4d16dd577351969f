import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.corpus.themes_of import MULTI_HOT, NO_NAME, ThemeNames, alike, clean_label, parse_themes

KEYS = ("thể thao", "sức khỏe", "kinh doanh")


@pytest.mark.parametrize(
    ("value", "themes"),
    [
        (None, None),
        (float("nan"), None),
        ("NULL", None),
        ("nan", None),
        ("None", None),
        ("<NA>", None),
        ("", ()),
        ("none", ()),
        ("[]", ()),
        ('""', ()),
        ("''", ()),
        ('"thể thao"', ("thể thao",)),
        ([], ()),
        ([None, ""], ()),
        ("thể thao; sức khỏe;", ("thể thao", "sức khỏe")),
        ("['thể thao', 'sức khỏe']", ("thể thao", "sức khỏe")),
        ("['thể thao' 'sức khỏe']", ("thể thao", "sức khỏe")),
        ('["thể thao", "sức khỏe"]', ("thể thao", "sức khỏe")),
        ("[thể thao, sức khỏe]", ("thể thao", "sức khỏe")),
        ('{"choices": ["thể thao", "sức khỏe"]}', ("thể thao", "sức khỏe")),
        (["thể thao", " thể thao", ""], ("thể thao",)),
        (1, ("1",)),
        (1.0, ("1",)),
        ("2.0", ("2",)),
        ([0, 2], ("0", "2")),
        ("[0, 2]", ("0", "2")),
        (True, ("True",)),
        ("['thể thao', None]", ("thể thao",)),
        ("['thể thao', nan]", ("thể thao",)),
        ("[None]", None),
        ("['Tin \\'nóng\\'', 'thể thao']", ("Tin 'nóng'", "thể thao")),
        ("{'thể thao', 'sức khỏe'}", ("thể thao", "sức khỏe")),
        ("{'thể thao': True, 'sức khỏe': False}", ("thể thao",)),
        ("{'thể thao': 1.0, 'sức khỏe': 0.0}", ("thể thao",)),
        ("thể thao; None", ("thể thao",)),
        ({"thể thao": 1, "sức khỏe": 0.0}, ("thể thao",)),
        ({"thể thao": "1", "sức khỏe": "0"}, ("thể thao",)),
        ({"thể thao": None, "sức khỏe": None}, None),
        ("thể\u00a0thao\u200b ", ("thể thao",)),
    ],
)
def test_what_other_programs_write(value: object, themes: tuple[str, ...] | None) -> None:
    assert parse_themes(value) == themes


@pytest.mark.parametrize(
    "value",
    [[0, 0, 1], [1.0, 0.0], [True, False], "[0. 1. 0.]", "[0, 0, 1]", "[True, False, False]"],
)
def test_rows_of_0_and_1_have_no_names(value: object) -> None:
    assert parse_themes(value) == MULTI_HOT


@pytest.mark.parametrize("value", [{"x": 1}, [["thể thao"]], [{"label": "thể thao"}], 1.5, b"x"])
def test_other_forms_are_named(value: object) -> None:
    assert "unknown form" in str(parse_themes(value))


@pytest.mark.parametrize("value", ["-", "—", "?", "...", " - ", ["-"], "thể thao; -", "_"])
def test_a_sign_is_no_name_of_a_theme(value: object) -> None:
    assert parse_themes(value) == parse_themes(value, KEYS) == NO_NAME
    assert parse_themes("-", ("-", "x")) == ("-",)


@pytest.mark.parametrize("value", ["[" * 300, "['a\\d', 1, None", "{" * 9000, "(1)(2)", "[1if 2]"])
def test_what_python_cannot_read_ends_in_no_warning(value: str) -> None:
    parse_themes(value)


UNREADABLE = ["{{}}", "{['a', 'b']}", "{[1]: 2}", "{{1, 2}, {3, 4}}", f"[0x{'f' * 5000}]"]


@pytest.mark.parametrize("value", [*UNREADABLE, f"{{0x{'f' * 5000}}}", "{(): []}"])
def test_what_python_itself_refuses_ends_in_no_error(value: str) -> None:
    assert parse_themes(value, KEYS) is not None


@pytest.mark.parametrize("mark", ["&", "|", "#", ", ", "/", " | "])
def test_themes_are_told_apart_where_they_are_themes(mark: str) -> None:
    assert parse_themes(f"thể thao{mark}kinh doanh", KEYS) == ("thể thao", "kinh doanh")
    assert parse_themes(f"thể thao{mark}thời tiết", KEYS) == (f"thể thao{mark}thời tiết".strip(),)


def test_a_name_that_holds_a_mark_is_one_theme() -> None:
    keys = ("thi đua", "khen thưởng", "thi đua, khen thưởng", "a;b", "nan")
    assert parse_themes("Thi đua, khen thưởng", keys) == ("thi đua, khen thưởng",)
    assert parse_themes("a;b", keys) == ("a;b",)
    assert parse_themes("nan", keys) == ("nan",)


def test_themes_that_differ_in_case_alone_stay_two() -> None:
    names = ThemeNames(("AI", "ai"))
    assert (names.find("AI"), names.find("ai"), names.find("Ai")) == ("AI", "ai", None)


@given(
    st.sampled_from(KEYS),
    st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
    st.sampled_from(" \u00a0\u200b"),
)
def test_every_spelling_finds_its_theme(key: str, form: str, upper: bool, space: str) -> None:
    spelt = unicodedata.normalize(form, key.upper() if upper else key)  # type: ignore[arg-type]
    assert ThemeNames(KEYS).find(space + spelt.replace(" ", " \u00a0") + space) == key


@given(st.text(max_size=40))
def test_cleaning_and_folding_are_done_at_once(label: str) -> None:
    assert clean_label(clean_label(label)) == clean_label(label)
    assert parse_themes(label) is None or isinstance(parse_themes(label), tuple | str)


def test_the_place_of_a_tone_mark_makes_no_theme() -> None:
    assert alike("văn hoá") == alike("Văn Hóa")
    assert alike("thủy sản") == alike("thuỷ sản")
    assert alike("văn hoa") != alike("văn hóa")


def test_lists_of_nothing_but_missing_values_are_not_labelled() -> None:
    assert parse_themes([None]) is None
    assert parse_themes([None, float("nan")]) is None
    assert parse_themes(["a", None]) == ("a",)
    assert parse_themes([]) == ()


def test_items_of_lists_are_split_too() -> None:
    assert parse_themes(["a; b", "c"], ("a", "b", "c")) == ("a", "b", "c")
