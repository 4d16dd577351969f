import unicodedata
from pathlib import Path

import pytest

from chude.corpus.article import Article
from chude.corpus.labelled import labelled_articles
from chude.corpus.taxonomy import Taxonomy
from chude.errors import ChudeError


def articles(*labels: tuple[str, ...]) -> list[Article]:
    return [Article(str(n), "Tin", "Thân bài", themes=keys) for n, keys in enumerate(labels)]


def test_spellings_of_one_theme_are_one_theme() -> None:
    spelt = ["văn hóa", "văn hóa", "Văn hóa", "văn hoá", unicodedata.normalize("NFD", "văn hóa ")]
    found, taxonomy = labelled_articles(articles(*[(label,) for label in spelt], ("thể thao",)))
    assert taxonomy.keys == ("thể thao", "văn hóa")
    assert {a.themes for a in found} == {("văn hóa",), ("thể thao",)}


def test_a_label_is_split_where_its_parts_occur_alone() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa|thể thao",), ("du lịch, ẩm thực",))
    found, taxonomy = labelled_articles(given)
    assert found[2].themes == ("văn hóa", "thể thao")
    assert taxonomy.keys == ("du lịch, ẩm thực", "thể thao", "văn hóa")


def test_exclusive_labels_are_not_split() -> None:
    given = articles(("văn hóa",), ("thể thao",), ("văn hóa, thể thao",))
    assert labelled_articles(given, exclusive=True)[1].keys[-1] == "văn hóa, thể thao"


def test_articles_at_hand_take_the_taxonomys_spelling() -> None:
    [article], _ = labelled_articles(articles(("Thể Thao\u00a0",)), Taxonomy.of(["thể thao"]))
    assert article.themes == ("thể thao",)


def test_no_labels_end_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Thân bài."}\n', encoding="utf-8")
    with pytest.raises(ChudeError, match="no labels found"):
        labelled_articles(tmp_path / "a.jsonl")
