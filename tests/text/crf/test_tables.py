"""Templates and the arrangement of weights."""

import numpy as np
import pytest

from chude.compute.pair_table import pack
from chude.text.crf.crfsuite import CrfModel
from chude.text.crf.tables import BOUNDARY, Kind, NGrams, Template, build_tables

ATTRIBUTES = {
    "T[-1]=BOS": 1.0,
    "T[0]=Hồ": 2.0,
    "T[-1,0]=Hồ Tây": 3.0,
    "T[-1,1]=một hai ba": 4.0,
    "T[0,1].lower=hồ tây": 5.0,
    "T[0,1].istitle=EOS": 6.0,
    "T[-1,0].is_in_dict=True": 7.0,
    "T[0]=hai chữ": 8.0,  # no token has a space
    "T[5]=x": 9.0,  # of no template
}
TEMPLATES = [
    "T[-1]", "T[0]", "T[-1,0]", "T[-1,1]", "T[0,1].lower", "T[0,1].istitle", "T[-1,0].is_in_dict",
]  # fmt: skip
DICTIONARY = ["hồ tây", "nước", "cả một đời người", "cách  viết ", "đến nỗi nào"]


@pytest.fixture(scope="module")
def model() -> CrfModel:
    weights = np.array(list(ATTRIBUTES.values()))
    state = np.stack([weights, -10 * weights], axis=1)
    return CrfModel(["B-W", "I-W"], list(ATTRIBUTES), state, np.eye(2))


@pytest.mark.parametrize(
    ("name", "start", "length", "kind"),
    [
        ("T[0]", 0, 1, Kind.EXACT_1),
        ("T[-2,-1]", -2, 2, Kind.EXACT_2),
        ("T[0,2]", 0, 3, Kind.EXACT_3),
        ("T[1].lower", 1, 1, Kind.LOWER_1),
        ("T[-1].isdigit", -1, 1, Kind.DIGIT_1),
        ("T[0,2].istitle", 0, 3, Kind.TITLE_3),
        ("T[-2,0].is_in_dict", -2, 3, Kind.LISTED_3),
    ],
)
def test_parses_templates(name: str, start: int, length: int, kind: Kind) -> None:
    assert Template.parse(name) == Template(name, start, length, kind)


@pytest.mark.parametrize(
    "name", ["", "T", "T[0].upper", "T[-2,1]", "T[3]", "T[0,2].lower", "T[1,0]", "T[2,3]", "x T[0]"]
)
def test_refuses_unknown_templates(name: str) -> None:
    with pytest.raises(ValueError, match="unknown feature template"):
        Template.parse(name)


def test_refuses_other_labels(model: CrfModel) -> None:
    other = CrfModel(["B", "I"], model.attributes, model.state, model.transition)
    with pytest.raises(ValueError, match="expected the labels"):
        build_tables(other, TEMPLATES, DICTIONARY)


def find(ngrams: NGrams, *tokens: int) -> int:
    found = tokens[0]
    for table, token in zip((ngrams.pairs, ngrams.triples), tokens[1:], strict=False):
        key = pack(np.array([found], np.int32), np.array([token], np.int32))
        found = int(table.find(key)[0])
    return found


def test_arranges_weights(model: CrfModel) -> None:
    tables = build_tables(model, TEMPLATES, DICTIONARY)
    weights = dict(zip(TEMPLATES, tables.weights, strict=True))
    exact, lower = tables.exact_ids, tables.lower_ids
    assert weights["T[-1]"][BOUNDARY] == 1 - 10j
    assert weights["T[0]"][exact["Hồ"]] == 2 - 20j
    assert weights["T[-1,0]"][find(tables.exact, exact["Hồ"], exact["Tây"])] == 3 - 30j
    triple = find(tables.exact, exact["một"], exact["hai"], exact["ba"])
    assert weights["T[-1,1]"][triple] == 4 - 40j
    assert weights["T[0,1].lower"][find(tables.lower, lower["hồ"], lower["tây"])] == 5 - 50j
    assert weights["T[0,1].istitle"].tolist() == [0, 0, 6 - 60j]
    assert weights["T[-1,0].is_in_dict"].tolist() == [0, 7 - 70j, 0]
    assert all(column[0] == 0 for column in tables.weights)
    assert "hai chữ" not in exact


def test_marks_what_the_dictionary_lists(model: CrfModel) -> None:
    tables = build_tables(model, TEMPLATES, DICTIONARY)
    lower = tables.lower_ids
    assert {word for word, i in lower.items() if tables.listed_tokens[i]} == {"nước"}
    assert tables.listed_pairs[find(tables.lower, lower["hồ"], lower["tây"])] == 1
    pair = find(tables.lower, lower["đến"], lower["nỗi"])
    assert tables.listed_pairs[pair] == 0
    assert tables.lower.opens[pair]
    triple = find(tables.lower, lower["đến"], lower["nỗi"], lower["nào"])
    assert tables.listed_triples[triple] == 1
    assert "người" not in lower  # longer than any template sees
    assert "cách" not in lower  # its spaces are not those of joined tokens
