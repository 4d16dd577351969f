import pytest
from hypothesis import given
from hypothesis import strategies as st

from chude.show.html import NOTEBOOK, PAGE, esc, table
from tests.show.pages import parse


@given(st.text())
def test_no_text_is_a_tag_or_ends_an_attribute(text: str) -> None:
    [element] = parse(f'<p title="{esc(text)}">{esc(text)}</p>').all("p")
    assert element.attributes["title"] == element.text
    assert element.all() == []


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"])))
def test_what_may_be_shown_stays_as_it_is(text: str) -> None:
    assert parse(esc(text)).text == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b", "a\\x00b"), ("\u202eabc", "\\u202eabc"), ("\ud800", "\\ud800"),
     ("a\r\nb", "a\r\nb"),
     ("👩\u200d🌾 ti\u1ebfng ti\u0065\u0302\u0301ng", "👩\u200d🌾 tiếng tie\u0302\u0301ng")],
)  # fmt: skip
def test_controls_are_named(text: str, shown: str) -> None:
    assert parse(esc(text)).text == shown


def test_a_table_is_headed_and_dressed() -> None:
    for look in (PAGE, NOTEBOOK):
        root = parse(table(look, ["a", "b"], [["x", "1"]], (1,), "tên"))
        assert [cell.attributes["scope"] for cell in root.all("th")] == ["col", "col", "row"]
        assert root.all("caption")[0].text == "tên"
        assert all("class" not in one.attributes for one in root.all()) == look.inline
