import re

import pytest

from chude.show.texts import LANGUAGES, TEXTS, Number, Probability, Title, Voice, say
from tests.show.pages import parse


def test_both_languages_say_the_same_things() -> None:
    assert list(TEXTS["vi"]) == list(TEXTS["en"])
    for key, text in TEXTS["vi"].items():
        fields = [sorted(re.findall(r"\{\w+\}", one)) for one in (text, TEXTS["en"][key])]
        assert fields[0] == [field for field in fields[1] if field != "{s}"], key
        assert text != TEXTS["en"][key], key


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [(Number(1234.5, 1), "1.234,5", "1,234.5"), (Number(-0.04, 1, signed=True), "-0,0", "-0.0"),
     (Number(0.5, 0, percent=True), "50 %", "50 %"), (Number(float("nan")), "–", "–"),
     (Probability(0.9999), ">0,99", ">0.99"), (Probability(0.3), "0,30", "0.30"),
     (Title("khoa", "", "Science"), "khoa", "Science")],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(number, vi: str, en: str) -> None:
    assert [number.text(lang) for lang in LANGUAGES] == [vi, en]
    assert say("en", "errors_to_read", n=number).startswith(en)


@pytest.mark.parametrize("one", [1, Number(1)])
def test_one_thing_has_no_plural(one: object) -> None:
    assert say("en", "errors_to_read", n=one) == "1 error to read"
    assert say("en", "other_passages", n=Number(1001)) == "1,001 other passages"


def test_a_voice_of_both_languages_names_each() -> None:
    root = parse(Voice("vi", both=True)("why", theme=Title("x", "<Biển>", "<Sea>")))
    assert [(one.attributes["lang"], one.text) for one in root.all("span")] == [
        ("vi", "Vì sao <Biển>?"), ("en", "Why <Sea>?"),
    ]  # fmt: skip
    assert Voice("en")("yes") == "yes"
