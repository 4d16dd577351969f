"""What is known of passages: from marked spans, from labels of paragraphs, from the article."""

from dataclasses import replace

import numpy as np
import pytest

from chude.corpus.article import Article
from chude.text.passages import split_passages
from chude.training.examples import make_targets
from chude.training.targets import Targets
from tests.invented import KEYS, SENTENCES

PARAGRAPHS = [" ".join(SENTENCES[key]) for key in (*KEYS, "")]
ARTICLE = Article("a", "Tin ở xã Mường Ló", "\n\n".join(PARAGRAPHS), themes=KEYS[:2])
PASSAGES = split_passages(ARTICLE.text)  # the title, then one a paragraph


def targets_of(article: Article) -> Targets:
    return make_targets([article], [PASSAGES], KEYS)


def rows(values: np.ndarray) -> list[list[int]]:
    """For each theme the passages that are marked."""
    return [np.flatnonzero(column).tolist() for column in values.T]


def span(number: int, start: float = 0, end: float = 1) -> tuple[int, int]:
    """A part of a passage."""
    begin, stop = PASSAGES[number]
    return int(begin + (stop - begin) * start), int(begin + (stop - begin) * end)


def test_marked_spans_label_the_passages_that_they_cover() -> None:
    assert len(PASSAGES) == 5
    spans = {KEYS[0]: (span(1),), KEYS[1]: (span(2, 0.1, 0.4), (span(3)[0], span(4)[1]))}
    targets = targets_of(replace(ARTICLE, spans=spans))
    assert rows(targets.passage_labels) == [[1], [2, 3, 4], []]
    assert targets.passage_known.all()


def test_a_span_that_touches_less_than_half_labels_nothing() -> None:
    across = (span(1, 0.3)[0], span(2, 0, 0.2)[1])
    targets = targets_of(replace(ARTICLE, spans={KEYS[0]: (across,), KEYS[1]: (span(2),)}))
    assert rows(targets.passage_labels) == [[1], [2], []]


def test_where_no_span_is_marked_the_passages_of_a_theme_are_not_known() -> None:
    targets = targets_of(replace(ARTICLE, spans={KEYS[0]: (span(1),), KEYS[1]: ()}))
    assert rows(targets.passage_known) == [[0, 1, 2, 3, 4], [], [0, 1, 2, 3, 4]]
    assert targets.unknown_positives.tolist() == [[False, True, False]]


def test_spans_of_a_theme_that_the_article_does_not_carry_label_nothing() -> None:
    targets = targets_of(replace(ARTICLE, spans={KEYS[2]: (span(3),)}))
    assert not targets.passage_labels.any()
    assert targets.passage_known[:, 2].all()


@pytest.mark.parametrize("marked", [True, False])
def test_of_an_unsettled_theme_nothing_is_known(marked: bool) -> None:
    spans = {KEYS[0]: (span(1),), KEYS[1]: (span(2),)}
    passages = {0: (), 1: KEYS[:1], 2: KEYS[1:2], 3: (), 4: ()}
    told = {"spans": spans} if marked else {"passages": passages}
    targets = targets_of(replace(ARTICLE, unsettled=(KEYS[0], KEYS[2]), **told))
    assert targets.known.tolist() == [[False, True, False]]
    assert targets.passage_known.any(axis=0).tolist() == [False, True, False]
    assert targets.passage_known[:, 1].all()
    assert targets.unknown_positives.tolist() == [[False, False, False]]


def test_an_article_stands_for_its_passages_where_none_is_labelled() -> None:
    """As where labels name a passage that is not there: then no passage tells of the theme."""
    passages = {0: (), 1: (), 2: KEYS[1:2], 3: (), 4: (), 9: KEYS[:1]}
    targets = targets_of(replace(ARTICLE, passages=passages))
    assert rows(targets.passage_labels) == [[], [2], []]
    assert targets.unknown_positives.tolist() == [[True, False, False]]


def test_targets_of_no_articles_have_as_many_themes() -> None:
    targets = make_targets([], [], KEYS)
    assert targets.labels.shape == targets.known.shape == (0, 3)
    assert targets.passage_labels.shape == (0, 3)
    assert len(targets.lengths) == 0


def test_some_articles_are_taken_with_their_passages() -> None:
    articles = [replace(ARTICLE, id=str(i), themes=KEYS[: i % 3]) for i in range(4)]
    targets = make_targets(articles, [PASSAGES[: i + 1] for i in range(4)], KEYS)
    some = targets.take(np.array([3, 1]))
    assert some.lengths.tolist() == [4, 2]
    assert some.labels.tolist() == targets.labels[[3, 1]].tolist()
    starts = [6, 7, 8, 9, 1, 2]
    assert some.passage_known.tolist() == targets.passage_known[starts].tolist()
