"""What is to mend in the corpus, in the report."""

from dataclasses import replace

import pytest

from chude.corpus.article import Article
from chude.model.model import Model
from chude.show.report import report_page
from chude.show.report_facts import report_facts
from chude.show.texts import TEXTS
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles
from tests.show.pages import parse


def corpus() -> list[Article]:
    """One label in twenty wrong, two copies, one of them with other themes."""
    articles = [replace(a, id=f"<{a.id}>") for a in make_articles(120)]
    articles[10:] = [
        replace(a, themes=() if a.themes else KEYS[:1]) if i % 20 == 0 else a
        for i, a in enumerate(articles[10:])
    ]
    first = articles[0]
    return [*articles, replace(first, id="again"), replace(first, id="other", themes=KEYS[:1])]


@pytest.fixture(scope="module")
def trained() -> Model:
    return train(corpus(), TAXONOMY, TrainOptions(segmenter="syllable"))


def test_doubtful_labels_and_notes_are_in_the_report(trained: Model) -> None:
    facts = report_facts(trained)
    doubtful = facts["findings"]["label_error"]
    assert doubtful["found"] == doubtful["mend"] >= len(doubtful["first"]) > 0
    root = parse(report_page(facts, "en"))
    [section] = [one for one in root.all("section") if one.attributes.get("id") == "findings"]
    for one in doubtful["first"]:
        assert f"{one['article']}: {one['evidence']}" in section.text
    assert "122 found" in section.text
    assert "near copies" in section.text
    assert "chude check CORPUS" in section.text


def test_a_corpus_at_hand_is_checked_too(trained: Model) -> None:
    facts = report_facts(trained, corpus=corpus())
    found = facts["findings"]
    assert found["exact_duplicate"]["found"] == 2
    assert [one["article"] for one in found["same_text_other_themes"]["first"]] == ["other"]
    assert "exact_duplicate" not in report_facts(trained)["findings"]
    assert facts["data"]["years"] == report_facts(trained)["data"]["years"]


def test_every_issue_has_a_name() -> None:
    from chude.corpus.checks import ISSUES

    assert {f"issue_{issue}" for issue in ISSUES} == {
        key for key in TEXTS["en"] if key.startswith("issue_")
    }
