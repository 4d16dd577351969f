from chude.corpus.article import Article
from chude.evaluation.evaluate import evaluate
from chude.model.model import Model
from tests.invented import make_articles

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
