"""JSON in all its forms; a bad item costs itself."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chude.corpus.article import Article
from chude.corpus.encodings.charts import charts
from chude.corpus.formats.columns import ColumnNames
from chude.corpus.read import read
from chude.corpus.taxonomy import Taxonomy
from chude.errors import Refusal
from tests.corpus.encodings.samples import ARTICLE

GOOD = [{"id": str(i), "text": f"Tin số {i} ở bến sông Lăng.", "n": [{"a": 1}]} for i in range(9)]
BAD = [
    '{"id": ' + "9" * 5000 + ', "text": "số dài"}',
    '{"id": "x", "text": ' + "[" * 100_000 + "]" * 100_000 + "}",
    '{"id": "x" "text": "thiếu dấu phẩy"}',
    '{"id": "x", "text": nul}',
    '{"id": "x", "text": "\\ud800"}',
    '{"id": "x", "text": 5}',
    "[1, 2]",
    "7",
]


def collect(
    content: str | bytes, path: Path, **options: object
) -> tuple[list[Article], list[Refusal]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused: list[Refusal] = []
    return list(read(path, on_refusal=refused.append, **options)), refused  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("form", ["lines", "array", "pretty", "around"])
def test_a_bad_item_costs_itself_alone(tmp_path: Path, bad: str, form: str) -> None:
    items = [
        json.dumps(row, ensure_ascii=False, indent=1 if form == "pretty" else None) for row in GOOD
    ]
    items.insert(4, bad)
    text = "\n".join(items) if form == "lines" else "[" + ",\n".join(items) + "]"
    text = '{"total": 10,\n "data": ' + text + "}" if form == "around" else text
    found, refused = collect(text, tmp_path / "a.json")
    assert [article.id for article in found] == [row["id"] for row in GOOD]
    assert [refusal.place for refusal in refused] == [f"{tmp_path / 'a.json'}:5"]


TWICE = [
    ('{"text": "Hai mươi tay liềm.", "text": "Mưa lớn ba ngày."}', "text"),
    ('{"text": "Mưa lớn ba ngày.", "themes": ["a"], "themes": ["b"]}', "themes"),
    ('{"text": "Mưa lớn ba ngày.", "date": "2025-01-02", "date": "2025-01-03"}', "date"),
    ('{"text": "Mưa lớn ba ngày.", "themes": {"a": 1, "b": 0, "a": 0}}', "a"),
    ('{"data": {"text": "Hai mươi tay liềm.", "text": "Mưa lớn ba ngày."}}', "text"),
    ('{"data": {"text": "Mưa lớn."}, "annotations": [], "annotations": [1]}', "annotations"),
]


@pytest.mark.parametrize(("bad", "key"), TWICE)
@pytest.mark.parametrize("form", ["lines", "array", "pretty"])
def test_a_key_with_two_values_costs_its_record(
    tmp_path: Path, bad: str, key: str, form: str
) -> None:
    good = '{"id": "sau", "text": "Tin ở bến sông Lăng."}'
    text = f"{bad}\n{good}\n"
    if form != "lines":
        text = f"[{bad},\n{good}]" if form == "array" else text.replace("{", "{\n", 1)
    found, refused = collect(text, tmp_path / "a.json")
    assert [article.id for article in found] == ["sau"]
    [refusal] = refused
    assert refusal.problem == f"its key {key!r} stands there twice, with different values"
    assert refusal.place == str(tmp_path / "a.json") + ("" if form == "pretty" else ":1")


def test_lists_of_one_name_in_a_line_are_not_lost(tmp_path: Path) -> None:
    twice = '{"train": [{"text": "Hai mươi tay liềm."}], "train": [{"text": "Mưa lớn."}]}\n'
    found, [refusal] = collect(twice + '{"text": "Tin ở bến sông Lăng."}\n', tmp_path / "a.jsonl")
    assert (len(found), "'train' stands there twice" in refusal.problem) == (1, True)


@pytest.mark.parametrize(
    "row",
    [
        '{"id": "a", "text": "Mưa lớn ba ngày.", "text": "Mưa lớn ba ngày."}',
        '{"id": "a", "text": "Mưa lớn ba ngày.", "view": 1, "view": 2}',
        '{"id": "a", "text": "Mưa lớn ba ngày.", "meta": {"x": 1, "x": 2}}',
    ],
)
def test_a_key_that_costs_nothing_may_stand_twice(tmp_path: Path, row: str) -> None:
    [article], refused = collect(row + "\n", tmp_path / "a.jsonl")
    assert (article.id, article.body, refused) == ("a", "Mưa lớn ba ngày.", [])


def test_labels_that_nobody_wants_may_stand_twice(tmp_path: Path) -> None:
    row = '{"text": "Mưa lớn ba ngày.", "themes": ["a"], "themes": ["b"]}\n'
    found, refused = collect(row, tmp_path / "a.jsonl", columns=ColumnNames(labelled=False))
    assert (len(found), refused) == (1, [])


def test_an_array_that_was_cut_off_is_named(tmp_path: Path) -> None:
    text = json.dumps(GOOD)
    for end in (len(text) - 1, len(text) - 20, text.index('"id": "5"')):
        found, refused = collect(text[:end], tmp_path / "a.json")
        assert 5 <= len(found) <= 9
        assert refused


def test_an_array_is_read_in_pieces(tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": "Giá cà phê giảm. " * (i % 300)} for i in range(1, 900)]
    found, refused = collect(json.dumps(rows, ensure_ascii=False), tmp_path / "a.json")
    assert (len(found), len(refused)) == (897, 2)  # a multiple of 300 is empty


def test_what_pandas_writes_by_default_is_named(tmp_path: Path) -> None:
    turned = {key: {str(i): row[key] for i, row in enumerate(GOOD)} for key in ("id", "text")}
    found, [refusal] = collect(json.dumps(turned), tmp_path / "a.json")
    assert not found
    assert "orient='records'" in refusal.cure


def test_a_wrong_column_is_said_once_with_its_count(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": i, "content": "x"}) + "\n" for i in range(500))
    found, [refusal] = collect(lines, tmp_path / "a.jsonl")
    assert not found
    assert (refusal.count, refusal.place) == (500, f"{tmp_path / 'a.jsonl'}:1")
    assert "500 articles, this is the first" in refusal.problem


@pytest.mark.parametrize(
    ("label", "themes"),
    [
        ([2, 0], ("2", "0")),
        (2.0, ("2",)),
        ([2.0], ("2",)),
        (True, ("True",)),
        (float("nan"), None),
        (None, None),
        ("NULL", None),
        ("", ()),
        ([], ()),
        ([" a", "", "a"], ("a",)),
        ({"choices": ["a", "b"]}, ("a", "b")),
    ],
)
def test_labels_of_many_forms(tmp_path: Path, label: object, themes: object) -> None:
    line = json.dumps({"text": "Tin hay.", "y": label})
    [article] = collect(line, tmp_path / "a.jsonl", columns=ColumnNames(label="y"))[0]
    assert article.themes == themes


@pytest.mark.parametrize("hot", [[0.0, 1.0, 0.0], [0, 1, 1], [1, 1], [True, False]])
def test_multi_hot_rows_are_refused_once(tmp_path: Path, hot: object) -> None:
    lines = json.dumps({"text": "Tin hay.", "y": hot}) + "\n"
    found, [refusal] = collect(lines * 7, tmp_path / "a.jsonl", columns=ColumnNames(label="y"))
    assert (found, refusal.count) == ([], 7)
    assert "0 and 1 without names" in refusal.problem


def test_annotators_who_disagree_are_named(tmp_path: Path) -> None:
    def task(*choices: str, **more: object) -> dict[str, object]:
        given = [{"result": [{"value": {"choices": [c]}}] if c else []} for c in choices]
        return {"id": 1, "data": {"text": "Tin hay."}, "annotations": given, **more}

    tasks = [task("a", "a"), task(), task(""), task("a", "b")]
    found, [refusal] = collect(json.dumps(tasks), tmp_path / "a.json")
    assert [article.themes for article in found] == [("a",), None, ()]
    assert "disagree" in refusal.problem


def answer(question: str, *choices: str) -> dict[str, object]:
    return {"from_name": question, "type": "choices", "value": {"choices": list(choices)}}


@pytest.mark.parametrize("older", [False, True])
def test_the_choices_of_the_named_question_are_the_themes(tmp_path: Path, older: bool) -> None:
    def task(*answers: dict[str, object]) -> dict[str, object]:
        given = list(answers) if older else [{"result": list(answers)}]
        return {"id": 1, "data": {"text": "Bản tin ở bến cá."}, "annotations": given}

    both = [task(answer("tone", "vui"), answer("topic", "biển", "đời sống")), task()]
    both.append(task(answer("tone", "buồn")))
    path = tmp_path / "a.json"
    found, [refusal] = collect(json.dumps(both[:1] * 3), path)
    assert found == []
    assert refusal.problem.startswith("choices for 2 questions: tone, topic")
    assert (refusal.count, "--label-column" in refusal.cure) == (3, True)
    found, refusals = collect(json.dumps(both), path, columns=ColumnNames(label="topic"))
    assert refusals == []
    assert found[0].themes == ("biển", "đời sống")
    assert not found[1].themes
    assert found[2].themes is None  # another question was answered, this one was not
    found, refusals = collect(json.dumps(both), path, columns=ColumnNames(labelled=False))
    assert (len(found), refusals) == (3, [])


@pytest.mark.parametrize("older", [False, True])
def test_answers_that_are_no_choices_label_nothing(tmp_path: Path, older: bool) -> None:
    words = {"type": "labels", "value": {"start": 0, "end": 3, "labels": ["người"]}}
    stars = {"type": "rating", "value": {"rating": 4}}
    tasks = []
    for answers in ([words], [stars, words], [words, answer("topic", "biển")]):
        given = answers if older else [{"result": answers}, {"result": [words]}]
        tasks.append({"id": 1, "data": {"text": "Bản tin ở bến cá."}, "annotations": given})
    single = {"type": "choices", "value": {"choices": "đời sống"}}
    tasks.append({"id": 2, "data": {"text": "Mưa."}, "annotations": [{"result": [single]}]})
    found, refused = collect(json.dumps(tasks), tmp_path / "a.json")
    assert [article.themes for article in found] == [None, None, ("biển",), ("đời sống",)]
    assert not refused


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=st.sampled_from(["", "[", "{", '[{"text": "a"},', '{"data": [']),
    content=st.text(st.sampled_from('{}[]",: \n\\ax1'), max_size=60),
)
def test_any_text_is_read_or_refused(tmp_path: Path, start: str, content: str) -> None:
    collect(start + content, tmp_path / "a.json")


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps([row]) for row in GOOD),
        "[" + json.dumps(GOOD[0]) + "]\n" + "\n".join(json.dumps(row) for row in GOOD[1:]),
        json.dumps({"n": 9, "train": GOOD[:5], "tags": ["a"], "test": GOOD[5:]}),
        json.dumps({"n": 9, "train": GOOD[:5], "tags": ["a"], "test": GOOD[5:]}, indent=1),
        json.dumps({"meta": {"n": 9}, "train": GOOD[:5], "test": GOOD[5:]}),
        ",\n".join(json.dumps(row) for row in GOOD),
        "\n".join(json.dumps(row) + "," for row in GOOD),
    ],
    ids=["array-a-line", "objects-behind", "lists", "lists-pretty", "inside", "commas", "ends"],
)
def test_what_stands_behind_an_array_is_read_too(tmp_path: Path, content: str) -> None:
    found, refused = collect(content, tmp_path / "a.json")
    assert ([a.id for a in found], refused) == ([row["id"] for row in GOOD], [])


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "Windows-1258"])
def test_an_array_in_an_old_encoding(tmp_path: Path, encoding: str, indent: int | None) -> None:
    rows = [{"id": str(i), "text": ARTICLE.replace("\n", " ")} for i in range(90)]
    content = charts()[encoding].encode(json.dumps(rows, ensure_ascii=False, indent=indent))
    found, refused = collect(content, tmp_path / "a.json")
    assert ([a.body for a in found], refused) == ([row["text"] for row in rows], [])


def test_wrong_bytes_in_an_array_are_called_so(tmp_path: Path) -> None:
    content = json.dumps(GOOD, ensure_ascii=False).encode().replace(b"s\xe1\xbb\x91 4", b"s\xff 4")
    found, [refusal] = collect(content, tmp_path / "a.json")
    assert (len(found), refusal.problem) == (8, "bytes in the text that are not UTF-8")


def test_columns_and_rows_apart_are_named(tmp_path: Path) -> None:
    split = {"columns": ["id", "text"], "index": [0], "data": [["1", "Giá giảm."]]}
    listed = {"id": ["1", "2"], "text": ["Giá giảm.", "Mưa to."]}
    for table in (split, listed):
        found, [refusal] = collect(json.dumps(table), tmp_path / "a.json")
        assert not found
        assert "orient='records'" in refusal.cure


def test_marks_of_joined_files_and_of_sequences(tmp_path: Path) -> None:
    rows = [json.dumps(row, ensure_ascii=False) for row in GOOD]
    for mark in ("\ufeff", "\x1e"):
        found, refused = collect("".join(f"{mark}{row}\n" for row in rows), tmp_path / "a.jsonl")
        assert ([a.id for a in found], refused) == ([row["id"] for row in GOOD], [])


PRODIGY = [
    {"text": "Đồn biên phòng tuần tra cột mốc 217.", "label": "border", "answer": "accept"},
    {"text": "Giá cà phê sáng nay giảm nhẹ.", "label": "border", "answer": "reject"},
    {"text": "Ca sĩ phát hành đĩa hát thứ năm.", "label": "border", "answer": "ignore"},
]


@pytest.mark.parametrize(
    ("keys", "rejected"), [((), None), (("border", "emulation"), None), (("Border",), ())]
)
def test_what_was_rejected_in_prodigy_is_not_learnt(
    tmp_path: Path, keys: tuple[str, ...], rejected: tuple[str, ...] | None
) -> None:
    lines = "\n".join(json.dumps(row) for row in PRODIGY)
    taxonomy = Taxonomy.of(keys) if keys else None
    found, refused = collect(lines, tmp_path / "a.jsonl", taxonomy=taxonomy)
    accepted = ("Border",) if keys == ("Border",) else ("border",)
    assert [article.themes for article in found] == [accepted, rejected, None]
    assert refused == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_was_rejected_is_known_in_tables_too(tmp_path: Path, form: str) -> None:
    import polars as pl

    frame = pl.DataFrame(PRODIGY)
    file = tmp_path / f"a.{form}"
    frame.write_csv(file) if form == "csv" else frame.write_parquet(file)
    assert [article.themes for article in read(file)] == [("border",), None, None]


def test_what_was_chosen_in_prodigy_is_the_themes(tmp_path: Path) -> None:
    options = [{"id": "border", "text": "Biên giới"}, {"id": "emulation", "text": "Thi đua"}]
    answers = [(["border", "emulation"], "accept"), ([], "accept"), (["border"], "ignore")]
    rows = [
        {"text": f"Tin số {i} ở bến sông Lăng.", "options": options, "accept": a, "answer": said}
        for i, (a, said) in enumerate(answers)
    ]
    found, refused = collect(json.dumps(rows), tmp_path / "a.json")
    assert [article.themes for article in found] == [("border", "emulation"), (), None]
    assert refused == []


def test_themes_are_not_replaced_by_answers_to_another_question(tmp_path: Path) -> None:
    row = {"text": "Bến sông Lăng mở lại chợ phiên.", "themes": ["border"], "answer": "accept"}
    row |= {"options": ["A", "B"], "accept": ["yes"]}
    found, refused = collect(
        json.dumps(row), tmp_path / "a.jsonl", taxonomy=Taxonomy.of(["border"])
    )
    assert ([article.themes for article in found], refused) == ([("border",)], [])
