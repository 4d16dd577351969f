from dataclasses import replace

import pytest

from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.evaluation.evaluate import evaluate
from chude.model.model import Model
from tests.invented import KEYS, make_articles

FOREIGN = "The border guard caught three men with drugs near the river on Monday."
BODY = f"Bộ đội giúp bà con gặt lúa.\n\n{FOREIGN}\n\n{FOREIGN}"
STRANGE = Article("strange", "", BODY, themes=())


def test_what_is_judged_is_what_is_predicted(model: Model) -> None:
    probabilities = model.probabilities([STRANGE])
    assert model.decision.chosen(probabilities).any()  # and yet
    assert model.predict(STRANGE)[0].themes == ()
    assert evaluate(model, [STRANGE])["exact_match"] == 1.0


def test_jobs_give_the_same_figures(model: Model) -> None:
    articles = make_articles(600, seed=5)
    assert evaluate(model, articles, jobs=2) == evaluate(model, articles)


def test_contested_labels_are_not_judged_by(model: Model) -> None:
    """Whatever they say: the figures are those of the other articles."""
    sound = make_articles(42, seed=2)
    wrong = [
        replace(a, id=f"w{a.id}", themes=KEYS if not a.themes else (), unsettled=KEYS[1:2])
        for a in make_articles(14, seed=3)
    ]
    notes: list[str] = []
    found = evaluate(model, [*sound, *wrong], on_note=notes.append)
    alone = evaluate(model, sound)
    assert found.pop("counts") == {**alone.pop("counts"), "found": 56, "contested": 14}
    assert found == alone
    assert "14 with a contested theme, not judged" in notes[0]


def test_themes_that_the_model_lacks_may_be_contested(model: Model) -> None:
    articles = [replace(a, unsettled=("sport",)) for a in make_articles(14)]
    assert evaluate(model, articles)["articles"] == 14


def test_where_every_article_is_contested_that_is_said(model: Model) -> None:
    articles = [replace(a, unsettled=KEYS[:1]) for a in make_articles(14)]
    with pytest.raises(ChudeError, match="all themes are settled"):
        evaluate(model, [*articles, Article("x", "", "Bộ đội giúp dân.")])
