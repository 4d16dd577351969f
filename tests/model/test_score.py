import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chude.model.score import best_passages, mean_of_best

MARGINS = st.lists(  # articles of passages of two themes; whole numbers, so that some are equal
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=6),
    min_size=1,
    max_size=5,
)


@given(MARGINS, st.integers(1, 3))
def test_the_best_passages_are_those_of_a_stable_sort(
    articles: list[list[tuple[int, int]]], n_best: int
) -> None:
    margins = np.array([passage for article in articles for passage in article], dtype=float)
    lengths = [len(article) for article in articles]
    best = best_passages(margins, lengths, n_best)
    means = mean_of_best(margins, lengths, n_best)
    assert best.shape == (len(articles), 2, n_best)
    for i, article in enumerate(articles):
        for k in range(2):
            column = np.array([passage[k] for passage in article])
            expected = np.argsort(-column, kind="stable")[:n_best].tolist()
            assert best[i, k].tolist() == expected + [-1] * (n_best - len(expected))
            assert means[i, k] == column[expected].mean()


def test_no_articles_have_no_margins() -> None:
    assert best_passages(np.empty((0, 3)), [], 2).shape == (0, 3, 2)
    assert mean_of_best(np.empty((0, 3)), [], 2).shape == (0, 3)
