"""What is known of passages, and which articles are learnt from."""

from dataclasses import replace

import numpy as np
import pytest

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy
from chude.errors import Refusal
from chude.text.passages import split_passages
from chude.training.count_corpus import count_corpus
from chude.training.examples import make_targets, select_learnable
from chude.training.targets import Targets
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, SENTENCES, TAXONOMY, make_articles, make_plain_articles

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


def test_passages_are_learnt_from_in_rows_above_those_of_articles() -> None:
    """Article 1 and 2 carry themes, and no passage says where: they stand for theirs."""
    articles = [replace(ARTICLE, id=str(i), themes=KEYS[: i % 3], passages={}) for i in range(4)]
    targets = make_targets(articles, [PASSAGES[: i + 1] for i in range(4)], KEYS)
    stacked = targets.stacked
    assert stacked.rows(np.array([0, 1, 0, 1], dtype=bool)).tolist() == [1, 2, 6, 7, 8, 9, 11]
    assert stacked.labels[10:].tolist() == stacked.known[10:].tolist()
    assert stacked.labels[10:].tolist() == targets.labels.tolist()
    assert stacked.known[:10].tolist() == targets.passage_known.tolist()


def test_articles_of_one_passage_each_say_nothing_else_of_it() -> None:
    article = replace(ARTICLE, themes=KEYS[:1], passages={})
    assert make_targets([article], [PASSAGES[:1]], KEYS).one_each
    assert not make_targets([article], [PASSAGES[:2]], KEYS).one_each
    elsewhere = replace(article, spans={KEYS[0]: (), KEYS[1]: ()}, themes=())
    assert make_targets([elsewhere], [PASSAGES[:1]], KEYS).one_each
    targets = make_targets([article], [PASSAGES[:1]], KEYS)
    said = replace(targets, passage_known=np.ones((1, 3), dtype=bool))
    assert not said.one_each  # that the passage does not report on the article's theme


OPTIONS = TrainOptions(segmenter="syllable")


def reprinted(articles: list[Article], copies: int) -> list[Article]:
    """Every article `copies` times, each with an id of its own and a word more."""
    return [
        replace(a, id=f"{a.id}-{n}", body=f"{a.body} {n}") for n in range(copies) for a in articles
    ]


def test_reprints_do_not_make_random_labels_learnable() -> None:
    rng = np.random.default_rng(5)
    stories = [
        Article(str(n), "", " ".join(rng.choice(list("aăâbcdđeêghiklmnoôơpqrstuưvxy"), 60)))
        for n in range(60)
    ]
    drawn = [replace(a, themes=("emulation",) if rng.random() < 0.5 else ()) for a in stories]
    notes: list[str] = []
    refused: list[Refusal] = []
    model = train(
        reprinted(drawn, 3), TAXONOMY, OPTIONS, on_note=notes.append, on_refusal=refused.append
    )
    assert model.provenance["metrics"]["exact_match"] < 0.7
    assert "60 groups of near copies (180 articles) are kept in one fold each" in notes
    assert {refusal.place for refusal in refused} == {
        "theme border_security",
        "theme mass_mobilization",
    }


def test_reprints_of_one_article_are_no_theme() -> None:
    articles = [replace(a, themes=()) for a in make_articles(84)]
    once = replace(articles[0], themes=("emulation",))
    refused: list[Refusal] = []
    with pytest.raises(Exception, match="no theme can be learnt"):
        select_learnable([*articles[1:], *reprinted([once], 9)], TAXONOMY, refused.append)
    assert any("only 1 different articles carry it" in refusal.problem for refusal in refused)


def test_copies_with_different_themes_are_named() -> None:
    articles = make_articles(84)
    other = replace(articles[3], id="khác", themes=("emulation", "border_security"), source="b:7")
    notes: list[str] = []
    train([*articles, other], TAXONOMY, OPTIONS, on_note=notes.append)
    assert any("b:7 [emulation; border_security]" in note for note in notes)


def test_near_copies_keep_together_beside_counts() -> None:
    articles = make_articles(84)
    counts = count_corpus(make_articles(84, seed=1), TAXONOMY, segmenter="syllable")
    copies = [*articles, *reprinted(articles[:2], 2)]
    learnable, themes, groups = select_learnable(copies, TAXONOMY, pytest.fail, [counts])
    assert (len(learnable), themes) == (len(copies), TAXONOMY)
    assert len(groups) == len(copies) + len(counts)
    assert groups[[84, 85, 86, 87]].tolist() == groups[[0, 1, 0, 1]].tolist()
    assert not set(groups[88:].tolist()) & set(groups[:88].tolist())


def test_near_copies_in_counts_and_articles_of_two_files_keep_together() -> None:
    articles = make_plain_articles(40)
    counts = count_corpus(articles, TAXONOMY, segmenter="syllable")
    assert counts.copies is None
    groups = select_learnable([], TAXONOMY, pytest.fail, [counts, counts])[2]
    assert groups.tolist() == [*range(40), *range(40)]
    counts = count_corpus([*articles, *reprinted(articles[:3], 2)], TAXONOMY, segmenter="syllable")
    assert counts.copies is not None
    assert np.bincount(counts.copies).tolist() == [37, 3, 3, 3]
    groups = select_learnable([], TAXONOMY, pytest.fail, [counts, counts])[2]
    assert groups[:46].tolist() == groups[46:].tolist()
    assert sorted(np.unique(groups, return_counts=True)[1].tolist()) == [*[2] * 37, 6, 6, 6]


def test_reprints_do_not_make_random_labels_learnable_from_counts() -> None:
    rng = np.random.default_rng(5)
    stories = [replace(a, themes=KEYS[: rng.integers(2)]) for a in make_plain_articles(60)]
    taxonomy = Taxonomy.of(KEYS[:1])
    counts = count_corpus(reprinted(stories, 3), taxonomy, segmenter="syllable")
    for given in (counts, replace(counts, copies=None)):  # older files do not name the copies
        trained = train([], taxonomy, OPTIONS, corpora={"press": given})
        assert trained.provenance["metrics"]["macro_average_precision"] < 0.7


def test_articles_of_counts_are_articles_of_a_theme() -> None:
    counts = count_corpus(make_articles(84, seed=1), TAXONOMY, segmenter="syllable")
    articles = [replace(a, themes=()) for a in make_articles(10)]
    assert select_learnable(articles, TAXONOMY, pytest.fail, [counts])[1] == TAXONOMY
    assert not select_learnable([], TAXONOMY, pytest.fail, [counts])[0]
