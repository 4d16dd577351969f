"""The weights of the word segmentation CRF, arranged for look-up by integers.

The model's attributes are strings such as `T[-1,0].lower=có thể`: a template, `=`, and the
template's value at a position. A template names the tokens it joins by their places relative to
the position (`T[-1,0]` the one before and the one at it, `T[0,2]` three from it on) and
possibly a function of them: the lower-case form, whether it is all digits, whether each token
starts with an upper-case (more precisely: not upper-casable) character, whether its lower-case form
is in a dictionary. Where a template reaches before the first or past the last token its value is
`BOS` or `EOS`.

Joined strings are never built here. A token has an *exact* identifier and a *lower* identifier,
which are dense over the strings that occur in the model; pairs of them and triples (a pair and a
third token) are numbered by hash tables. What a template contributes is then
`weights[index]`, where `index` is one of the identifiers (see `Kind`), shifted by the
template's first place. Identifier 0 stands for whatever the model does not know, and a fixed
identifier for what reaches over the boundary of the text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import PairTable, pack
from chude.text.crf.crfsuite import CrfModel

UNKNOWN, BOUNDARY, END = 0, 1, 2  # END: a triple whose first token is inside the text
FALSE, TRUE, OUTSIDE, OUTSIDE_END = 0, 1, 2, 3  # values of flags, the last for triples alone
LABELS = ["B-W", "I-W"]

_TEMPLATE = re.compile(r"T\[(-?\d)(?:,(-?\d))?\](?:\.(lower|isdigit|istitle|is_in_dict))?")


class Kind(IntEnum):
    """What a template's weight is looked up by: function × number of tokens."""

    EXACT_1 = 0
    EXACT_2 = 1
    EXACT_3 = 2
    LOWER_1 = 3
    LOWER_2 = 4
    DIGIT_1 = 5
    TITLE_1 = 6
    TITLE_2 = 7
    TITLE_3 = 8
    LISTED_1 = 9
    LISTED_2 = 10
    LISTED_3 = 11


class Row(IntEnum):
    """What has to be known of a token: five identifiers and flags, and the word that it is."""

    EXACT = 0
    LOWER = 1
    DIGIT = 2
    TITLE = 3
    LISTED = 4
    WORD = 5


_KINDS = {
    (None, 1): Kind.EXACT_1,
    (None, 2): Kind.EXACT_2,
    (None, 3): Kind.EXACT_3,
    ("lower", 1): Kind.LOWER_1,
    ("lower", 2): Kind.LOWER_2,
    ("isdigit", 1): Kind.DIGIT_1,
    ("istitle", 1): Kind.TITLE_1,
    ("istitle", 2): Kind.TITLE_2,
    ("istitle", 3): Kind.TITLE_3,
    ("is_in_dict", 1): Kind.LISTED_1,
    ("is_in_dict", 2): Kind.LISTED_2,
    ("is_in_dict", 3): Kind.LISTED_3,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A feature template; its tokens are those at `start` .. `start + length - 1`."""

    name: str
    start: int
    length: int
    kind: Kind

    @classmethod
    def parse(cls, name: str) -> "Template":
        """The template of that name; raises ValueError when it is not of a known form."""
        match = _TEMPLATE.fullmatch(name)
        if match is None:
            raise ValueError(f"unknown feature template {name!r}")
        start = int(match[1])
        length = int(match[2] or start) - start + 1
        kind = _KINDS.get((match[3], length))
        if kind is None or start < -2 or start + length - 1 > 2:
            raise ValueError(f"unknown feature template {name!r}")
        return cls(name, start, length, kind)


@dataclass(frozen=True, slots=True)
class NGrams:
    """Pairs and triples of tokens that the model or the dictionary knows.

    pairs: maps two token identifiers to a pair identifier. triples: maps a pair identifier and a
    token identifier to a triple identifier. opens: (n_pairs,), whether any triple starts with the
    pair.
    """

    pairs: PairTable
    triples: PairTable
    opens: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """A model with two labels, looked up by integers.

    `weights[t]` belongs to `templates[t]`. The two weights of an attribute (for `B-W` and
    `I-W`) are kept in one complex number, as its real and imaginary part: adding complex numbers
    adds the parts separately, and NumPy gathers and adds them as single elements. Identifiers
    past the end of `weights[t]` have no weight; its last entry, 0, stands for them.
    """

    templates: list[Template]
    weights: list[NDArray[np.complex128]]
    transition: NDArray[np.float64]
    exact_ids: dict[str, int]
    lower_ids: dict[str, int]
    exact: NGrams
    lower: NGrams
    listed_tokens: NDArray[np.uint8]  # whether in the dictionary, by lower token identifier
    listed_pairs: NDArray[np.uint8]  # by lower pair identifier
    listed_triples: NDArray[np.uint8]  # by lower triple identifier


def build_tables(model: CrfModel, templates: Sequence[str], words: Iterable[str]) -> Tables:
    """Arrange `model`, whose attributes come from `templates` (in this order), and `words`.

    Raises ValueError for a model with other labels or templates of another form.
    """
    if model.labels != LABELS:
        raise ValueError(f"expected the labels {LABELS}, the model has {model.labels}")
    parsed = [Template.parse(name) for name in templates]
    values = _values_by_template(model, parsed)
    listed = frozenset(words)
    exact = _Numbering(v for t in parsed if t.kind <= Kind.EXACT_3 for v in values[t.name])
    lower_values = (
        v for t in parsed if Kind.LOWER_1 <= t.kind <= Kind.LOWER_2 for v in values[t.name]
    )
    lower = _Numbering([*lower_values, *sorted(listed)])
    return Tables(
        templates=parsed,
        weights=[_weights(t, values[t.name], exact, lower) for t in parsed],
        transition=model.transition,
        exact_ids=exact.tokens,
        lower_ids=lower.tokens,
        exact=exact.ngrams(),
        lower=lower.ngrams(),
        listed_tokens=_listed(lower.tokens, listed, [OUTSIDE]),
        listed_pairs=_listed(lower.pairs, listed, [OUTSIDE]),
        listed_triples=_listed(lower.triples, listed, [OUTSIDE, OUTSIDE_END]),
    )


def _values_by_template(
    model: CrfModel, templates: list[Template]
) -> dict[str, dict[str, complex]]:
    """For each template: value → weights of the two labels."""
    values: dict[str, dict[str, complex]] = {t.name: {} for t in templates}
    pairs = np.ascontiguousarray(model.state).view(np.complex128)[:, 0].tolist()
    for attribute, weights in zip(model.attributes, pairs, strict=True):
        name, _, value = attribute.partition("=")
        if name in values:
            values[name][value] = weights
    return values


class _Numbering:
    """Identifiers for tokens, pairs and triples of the given joined strings.

    Strings of more than three tokens, and such as joining by single spaces cannot give, are passed
    over.
    """

    def __init__(self, joined: Iterable[str]) -> None:
        self.tokens: dict[str, int] = {}
        self.pairs: dict[str, int] = {}
        self.triples: dict[str, int] = {}
        for value in joined:
            parts = value.split(" ")
            if len(parts) > 3 or "" in parts:
                continue
            for part in parts:
                self.tokens.setdefault(part, len(self.tokens) + 2)
            if len(parts) == 2:
                self.pairs.setdefault(value, len(self.pairs) + 2)
            elif len(parts) == 3:
                self.pairs.setdefault(f"{parts[0]} {parts[1]}", len(self.pairs) + 2)
                self.triples.setdefault(value, len(self.triples) + 3)

    def of(self, length: int) -> dict[str, int]:
        """Identifiers of joined strings of `length` tokens."""
        return (self.tokens, self.pairs, self.triples)[length - 1]

    def ngrams(self) -> NGrams:
        """The same identifiers as hash tables."""
        opens = np.zeros(len(self.pairs) + 2, np.bool_)
        opens[[self.pairs[triple.rpartition(" ")[0]] for triple in self.triples]] = True
        return NGrams(
            _pair_table(self.pairs, self.tokens, self.tokens),
            _pair_table(self.triples, self.pairs, self.tokens),
            opens,
        )


def _pair_table(ids: dict[str, int], first: dict[str, int], last: dict[str, int]) -> PairTable:
    """Table from what each string starts with, and its last token, to its identifier."""
    parts = [value.rpartition(" ") for value in ids]
    keys = pack(
        np.array([first[start] for start, _, _ in parts], np.int32),
        np.array([last[end] for _, _, end in parts], np.int32),
    )
    return PairTable.of(keys, np.fromiter(ids.values(), np.int32, len(ids)))


def _listed(ids: dict[str, int], listed: frozenset[str], outside: list[int]) -> NDArray[np.uint8]:
    flags = [FALSE, *outside, *(int(value in listed) for value in ids)]
    return np.array(flags, np.uint8)


def _weights(
    template: Template, values: dict[str, complex], exact: _Numbering, lower: _Numbering
) -> NDArray[np.complex128]:
    """Weights of `template` by identifier or flag."""
    before = "BOS" if template.start < 0 else "EOS"
    after = "EOS" if template.start + template.length > 1 else "BOS"
    outside = [before] if template.length < 3 else [before, after]
    edges = [values.get(value, 0j) for value in outside]
    if template.kind > Kind.LOWER_2:
        flags = [values.get("False", 0j), values.get("True", 0j)]
        return np.array([*flags, *edges], np.complex128)
    ids = (exact if template.kind <= Kind.EXACT_3 else lower).of(template.length)
    known = {ids[value]: weights for value, weights in values.items() if value in ids}
    known |= enumerate([0j, *edges])
    column = np.zeros(max(known) + 2, np.complex128)
    column[list(known)] = list(known.values())
    return column
