import re
import unicodedata

import pytest

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from chude.model.model import Model
from chude.show.page import MOST_ARTICLES, explanations_page
from chude.show.view import MOST_PASSAGES
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, make_articles
from tests.show.pages import Element, parse

BODY = (
    "Bộ đội giúp bà con bản Huổi Só gặt lúa chạy mưa 🌾 suốt hai ngày.\n\n"
    "Quân y khám bệnh, cấp thuốc miễn phí cho 120 người già <b>trong</b> thôn & bản.\n\n"
    "Tổ tuần tra bắt giữ đối tượng vận chuyển ma túy qua biên giới."
)


def article(form: str = "NFC") -> Article:
    return Article("a1", "Giúp dân <gặt>", unicodedata.normalize(form, BODY))


def shown_points(ledger: Element) -> list[int]:
    rows = [row.all("th")[0].text for row in ledger.all("tr")]
    assert all(re.fullmatch(r"[+-]\d+\.\d", text) for text in rows)
    return [round(float(text) * 10) for text in rows]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_points_add_up_and_the_text_is_that_of_the_article(model: Model, form: str) -> None:
    explanation = model.explain(article(form), "all", without=True)
    root = parse(explanation.html("vi"))
    ledgers = root.all("table", "ledger")
    assert len(ledgers) == len(KEYS)
    for ledger in ledgers:
        *parts, total = shown_points(ledger)
        assert sum(parts) == total
        passages = [one.text for one in ledger.all("span", "said")]
        assert "\n\n".join(passages) == explanation.text
        assert len(ledger.all(cls="without")) == len(passages)


def test_painted_words_carry_points_and_a_sign_that_is_no_colour(model: Model) -> None:
    root = parse(model.explain(article(), "mass_mobilization").html("vi"))
    marks = root.all("mark")
    assert marks
    for mark in marks:
        kind = re.fullmatch(r"([fa])[1-4]", mark.attributes["class"] or "")
        assert kind
        assert (mark.attributes["title"] or "")[0] == {"f": "+", "a": "-"}[kind[1]]
    assert len(root.all("td", "best")) == 1
    assert "đoạn nói rõ nhất" in root.text
    assert "Vì sao mass_mobilization?" in root.text
    assert "Giúp dân <gặt>" in root.text
    assert root.all("b")[0].text in ("có", "không", "cần người xem")
    assert len(root.all("span", "tick")) == len(KEYS)  # of themes that are not explained too


def test_words_of_the_table_add_up(model: Model) -> None:
    for explanation in model.explain(make_articles(4, seed=8), "all"):
        for details in parse(explanation.html("en")).all("details"):
            points = [cell.text for cell in details.all("td", "tdn")][::2]
            hundredths = [round(float(text) * 100) for text in points]
            assert sum(hundredths[:-1]) == hundredths[-1]


def test_in_a_notebook_it_needs_no_style_script_or_trust(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    explanations = model.explain([article(), "Trời đẹp."])
    monkeypatch.setenv("CHUDE_LANG", "vi")
    drawn = explanations._repr_html_()
    for element in parse(drawn).all():
        assert element.tag not in ("script", "style", "input", "link")
        assert not {"class", "id"} & set(element.attributes)
    assert "điểm xuất phát" in drawn
    monkeypatch.setenv("CHUDE_LANG", "en")
    assert "start: an article without" in explanations[0]._repr_html_()


def test_a_text_without_a_known_word(model: Model) -> None:
    root = parse(model.explain("??? !!!").html("vi"))
    assert "không có từ nào mô hình biết" in root.text
    assert root.all("mark") == []


def test_a_text_that_is_not_understood_says_why_it_has_no_theme(model: Model) -> None:
    foreign = "The border guard caught three men with drugs near the river on Monday."
    explanation = model.explain(f"Bộ đội giúp bà con.\n\n{foreign}\n\n{foreign}")
    assert explanation.prediction.strange
    assert "không gán chủ đề nào: đây là tiếng khác" in parse(explanation.html("vi")).text
    assert "no theme is given" not in parse(model.explain(article()).html("en")).text


def test_of_a_long_text_the_passages_with_most_points_are_shown(model: Model) -> None:
    body = "\n\n".join(article.body * 3 for article in make_articles(60, seed=4))
    explanation = model.explain(Article("a", "Dài", body), "border_security")
    passages = explanation["border_security"].passages
    [ledger] = parse(explanation.html("en")).all("table", "ledger")
    shown = [one.text for one in ledger.all("span", "said")]
    assert len(passages) > len(shown) == MOST_PASSAGES
    assert f"{len(passages) - MOST_PASSAGES} other passage" in ledger.text
    strongest = max(passages, key=lambda passage: abs(passage.points))
    assert explanation.text[strongest.start : strongest.end] in shown
    *parts, total = shown_points(ledger)
    assert sum(parts) == total


def test_of_exclusive_themes_it_names_the_other_one() -> None:
    articles = [a for a in make_articles(84) if len(a.themes or ()) == 1]
    options = TrainOptions(segmenter="syllable")
    exclusive = train(articles, Taxonomy.of(KEYS, exclusive=True), options)
    explanation = exclusive.explain(article(), "all")
    texts = [one.text for one in parse(explanation.html("en")).all("section")]
    for theme, text in zip(explanation.explanations.values(), texts, strict=True):
        assert f"against {theme.against}" in text
        assert "yes from" not in text
        # The sum is what tells the two apart, and the probability takes account of all themes.
        assert f"points against {theme.against}; probability" in text
        assert "→" not in text
    assert sum(text.startswith("Why not") for text in texts) == len(KEYS) - 1


def test_a_page_holds_at_most_200_articles(model: Model) -> None:
    some = list(model.explain([article()] * MOST_ARTICLES))
    page = parse(explanations_page(iter(some), "vi", 3))
    assert len(page.all("article")) == MOST_ARTICLES
    with pytest.raises(ChudeError, match=r"more than 200 articles in a page\. Add --limit, or use"):
        explanations_page(iter([*some, some[0]]), "vi", 3)
