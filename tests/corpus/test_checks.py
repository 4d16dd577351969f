import datetime
from dataclasses import replace

from chude.corpus.article import Article
from chude.corpus.checks import CorpusChecks, Finding
from chude.errors import Refusal
from tests.invented import SENTENCES, make_articles

STORY = " ".join(SENTENCES["border_security"] + SENTENCES["mass_mobilization"])


def find(articles: list[Article], issue: str) -> list[Finding]:
    checks = CorpusChecks(today=datetime.date(2025, 1, 1))
    assert list(checks.watch(articles)) == articles
    return [finding for finding in checks.findings() if finding.issue == issue]


def story(id: str, body: str = STORY, themes: tuple[str, ...] | None = None) -> Article:
    return Article(id, "Chuyện ở biên giới", body, datetime.date(2024, 5, 6), themes, source=id)


def test_copies_name_their_original() -> None:
    edited = story("c", STORY.replace("ba người", "bốn người") + " Hết.", themes=("emulation",))
    articles = [story("a", themes=()), story("b", STORY.replace(" ", "  "), themes=()), edited]
    [exact] = find(articles, "exact_duplicate")
    assert exact.record() == {
        "article": "b",
        "issue": "exact_duplicate",
        "score": 0.0,
        "flag": True,
        "evidence": "the text of a",
    }
    [near] = find(articles, "near_duplicate")
    assert (near.article, near.row) == ("c", 2)
    assert 0 < near.score <= 0.3
    [conflict] = find(articles, "same_text_other_themes")
    assert conflict.evidence == "emulation; nearly the text of a: no theme"


def test_unlabelled_copies_contradict_nothing() -> None:
    assert not find([story("a", themes=()), story("b")], "same_text_other_themes")


def test_texts_that_say_nothing() -> None:
    articles = [story("a"), story("b", "— * —"), story("c", "Tin đang cập nhật.")]
    assert [f.article for f in find(articles, "empty")] == ["b"]
    [short] = find(articles, "very_short")
    assert (short.article, short.flag, short.evidence) == ("c", False, "4 words")


def test_empty_articles_that_were_refused_are_findings() -> None:
    checks = CorpusChecks()
    assert checks.refused(Refusal("a.jsonl:3", "empty", "Add the text"))
    assert not checks.refused(Refusal("a.jsonl:4", "not a line of JSON", "Mend it"))
    assert [(f.article, f.issue) for f in checks.findings()] == [("a.jsonl:3", "empty")]


def test_one_article_is_far_longer_than_the_others() -> None:
    articles = [story("a"), story("b", STORY + " và"), story("c", f"{STORY} " * 80)]
    [long] = find(articles, "very_long")
    assert long.article == "c"
    assert long.score < 0.5


def test_dates() -> None:
    articles = [replace(a, id=str(n)) for n, a in enumerate(make_articles(6))]
    articles[1] = replace(articles[1], date=None)
    articles[2] = replace(articles[2], date=datetime.date(2031, 1, 1))
    assert [f.article for f in find(articles, "date_missing")] == ["1"]
    assert [f.evidence for f in find(articles, "date_in_future")] == ["2031-01-01"]
    articles[1] = replace(articles[1], unread_date="mai")
    assert [f.evidence for f in find(articles, "date_missing")] == [
        "'mai' cannot be read as a date"
    ]
    undated = [replace(a, date=None, unread_date="") for a in articles]
    assert [f.evidence for f in find(undated, "date_missing")] == ["6 of 6 articles have no date"]


def test_a_sentence_of_many_articles() -> None:
    footer = "Mời bạn đọc đón xem chương trình vào tối thứ bảy."
    articles = [
        replace(a, body=f"{a.body}\n{n} lượt xem\n{footer}")
        for n, a in enumerate(make_articles(40))
    ]
    found = find(articles, "boilerplate")
    assert [f.evidence for f in found if "tối thứ bảy" in f.evidence] == [
        f"in 40 articles: {footer}"
    ]


def test_themes_of_few_articles() -> None:
    labelled = [story(str(n), themes=("emulation",)) for n in range(9)]
    articles = [*labelled, story("x", themes=("border_security",))]
    assert [(f.article, f.flag) for f in find(articles, "few_articles")] == [
        ("theme border_security", True),
        ("theme emulation", False),
    ]


def test_texts_of_another_corpus() -> None:
    checks = CorpusChecks()
    list(checks.watch([story("a"), story("b", SENTENCES[""][0])]))
    checks.compare_with([story("t", STORY + " Hết."), story("u", STORY)])
    found = list(checks.findings())
    assert [(f.article, f.issue) for f in found if f.issue == "leakage"] == [("a", "leakage")]
    assert not [f for f in found if f.issue in ("near_duplicate", "exact_duplicate")]
    assert checks.articles == 2
