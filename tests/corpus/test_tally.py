from dataclasses import replace

import pytest

from chude.corpus.article import Article
from chude.corpus.tally import Tally, UnreadLabels, count_line


def tally(labels: list[tuple[str, ...] | None], source: str = "báo.jsonl:{}") -> Tally:
    counted = Tally()
    counted.add(
        Article(str(n), "", "Thân bài", themes=themes, source=source.format(n))
        for n, themes in enumerate(labels, 1)
    )
    return counted


def test_found_is_the_sum_of_its_parts() -> None:
    counts = tally([("a",), (), None, ("a", "b")]).counts(refused=3, left_out=2)
    assert counts == {
        "found": 9, "labelled": 2, "no_theme": 1, "contested": 0, "unlabelled": 1, "refused": 3,
        "left_out": 2,
    }  # fmt: skip
    assert count_line(counts) == (
        "9 found = 4 done + 3 refused + 2 left out (2 labelled with themes, 1 labelled with no "
        "theme, 1 unlabelled)"
    )


def test_contested_articles_are_told_where_there_are_some() -> None:
    counted = tally([("a",), ()])
    counted.contested = 3
    counts = counted.counts()
    assert counts["found"] == 5
    assert count_line(counts) == (
        "5 found = 5 done + 0 refused + 0 left out (1 labelled with themes, 1 labelled with no "
        "theme, 3 with a contested theme, not judged, 0 unlabelled)"
    )


@pytest.mark.parametrize(
    ("labels", "part"),
    [
        ([("a",)] * 30 + [()] * 20, "the last 20 of 50 labelled articles"),
        ([("a",), ()] * 20 + [()] * 60, "the last 61 of 100 labelled articles"),
        ([(), (), ("a",)] * 20, "40 of 60 labelled articles"),
    ],
)
@pytest.mark.parametrize("source", ["báo.jsonl:{}", "kho/2024/{}.txt"])
def test_a_file_annotated_in_part_is_pointed_out(
    labels: list[tuple[str, ...] | None], part: str, source: str
) -> None:
    [note] = tally(labels, source).notes()
    assert part in note
    assert note.startswith(("báo.jsonl: ", "kho/2024: "))


@pytest.mark.parametrize(
    "labels",
    [
        [("a",), ()] * 20,
        [("a",), ("b",), ()] * 20 + [()] * 5,
        [()] * 40,  # of a folder of counter-examples
        [("a",), (), (), ()],
        [None] * 40 + [("a",)],
    ],
)
def test_others_are_not(labels: list[tuple[str, ...] | None]) -> None:
    assert not list(tally(labels).notes())


def test_labels_that_cannot_be_read_are_one_note() -> None:
    unread = [
        Article(str(n), "", "Thân bài", source=f"a.jsonl:{n}").with_unread_labels({"a": n})
        for n in range(3)
    ]
    labelled = replace(unread[0], themes=("a",))  # by labels.csv
    counted, alone = Tally(), UnreadLabels()
    counted.add([labelled, *unread])
    alone.add(labelled)
    [note] = counted.notes()
    assert note.startswith("3 articles have labels that cannot be read, such as \"{'a': 0}\" (a.js")
    assert not [*alone.notes()]


def test_of_long_labels_that_cannot_be_read_the_beginning_is_shown() -> None:
    [short] = [Article("a", "", "Thân").with_unread_labels("thi đua " * 100).unread_labels]
    assert (len(short), short.endswith("…")) == (41, True)
