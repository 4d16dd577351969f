from dataclasses import replace

import numpy as np
import pytest

from chude.corpus.article import Article
from chude.errors import Refusal
from chude.training.count_corpus import count_corpus
from chude.training.examples import select_learnable
from chude.training.train import TrainOptions, train
from tests.invented import TAXONOMY, make_articles

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
    learnable, themes, groups = select_learnable(copies, TAXONOMY, pytest.fail, [counts, counts])
    assert (len(learnable), themes) == (len(copies), TAXONOMY)
    assert len(groups) == len(copies) + 2 * len(counts)
    assert groups[[84, 85, 86, 87]].tolist() == groups[[0, 1, 0, 1]].tolist()
    assert len(np.unique(groups[88:])) == 2 * len(counts)
    assert not set(groups[88:].tolist()) & set(groups[:88].tolist())


def test_articles_of_counts_are_articles_of_a_theme() -> None:
    counts = count_corpus(make_articles(84, seed=1), TAXONOMY, segmenter="syllable")
    articles = [replace(a, themes=()) for a in make_articles(10)]
    assert select_learnable(articles, TAXONOMY, pytest.fail, [counts])[1] == TAXONOMY
    assert not select_learnable([], TAXONOMY, pytest.fail, [counts])[0]
