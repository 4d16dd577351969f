import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.labelled import read_labelled
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError
from tests.invented import make_articles, write_corpus


def articles(*labels: tuple[str, ...]) -> list[Article]:
    return [Article(str(n), "Tin", "Thân bài", themes=keys) for n, keys in enumerate(labels)]


def test_spellings_of_one_theme_are_one_theme() -> None:
    spelt = ["văn hóa", "văn hóa", "Văn hóa", "văn hoá", unicodedata.normalize("NFD", "văn hóa ")]
    corpus = read_labelled(articles(*[(label,) for label in spelt], ("thể thao",)))
    assert corpus.taxonomy.keys == ("thể thao", "văn hóa")
    assert {a.themes for a in corpus.articles} == {("văn hóa",), ("thể thao",)}


def test_a_label_is_split_where_its_parts_occur_alone() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa|thể thao",), ("du lịch, ẩm thực",))
    corpus = read_labelled(given)
    assert corpus.articles[2].themes == ("văn hóa", "thể thao")
    assert corpus.taxonomy.keys == ("du lịch, ẩm thực", "thể thao", "văn hóa")


def test_exclusive_labels_are_not_split() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa, thể thao",))
    assert read_labelled(given, exclusive=True).taxonomy.keys[-1] == "văn hóa, thể thao"


def test_articles_at_hand_take_the_taxonomys_spelling() -> None:
    [article] = read_labelled(articles(("Thể Thao\u00a0",)), Taxonomy.of(["thể thao"])).articles
    assert article.themes == ("thể thao",)


def test_spans_and_unsettled_themes_are_spelt_as_the_taxonomy_does() -> None:
    [article] = articles(("Thể Thao",))
    article = replace(article, spans={"Thể Thao": ((0, 3),)}, unsettled=("THỂ THAO",))
    [found] = read_labelled([article], Taxonomy.of(["thể thao"])).articles
    assert found.spans == {"thể thao": ((0, 3),)}
    assert found.unsettled == ("thể thao",)


def test_articles_beside_a_path_take_its_taxonomys_spelling(tmp_path: Path) -> None:
    data = write_corpus(make_articles(4), tmp_path / "data")
    corpus = read_labelled([*articles(("Emulation",)), data])
    assert corpus.articles[0].themes == ("emulation",)
    assert len(corpus.articles) == 5


def test_no_labels_end_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Thân bài."}\n', encoding="utf-8")
    with pytest.raises(ChudeError, match="no labels found"):
        read_labelled(tmp_path / "a.jsonl")
