import pytest

from chude.corpus.article import Article
from chude.errors import ChudeError
from chude.evaluation.evaluate import evaluate
from chude.model.model import Model
from chude.show.figures import with_interval
from tests.invented import make_articles


def test_labelled_articles_are_measured_and_others_left_out(model: Model) -> None:
    figures = evaluate(model, [*make_articles(42, seed=2), Article("x", "Tiêu đề", "Thân bài")])
    assert figures["articles"] == 42
    assert figures["macro_f1"] > 0.9


def test_without_labels_there_is_one_message(model: Model) -> None:
    with pytest.raises(ChudeError, match="no labelled articles"):
        evaluate(model, [Article("x", "Tiêu đề", "Thân bài")])


def test_figures_carry_their_intervals() -> None:
    assert with_interval({"f1": 0.5, "f1_interval": [0.4, 0.6]}, "f1") == "0.500 [0.400, 0.600]"
    assert with_interval({"f1": 0.5}, "f1") == "0.500"
    assert with_interval({"f1": None}, "f1") == "–"
