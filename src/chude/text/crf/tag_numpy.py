"""Score and tag token sequences with NumPy alone.

A batch is one array of token identifiers in which two boundary tokens (identifier 0) stand before,
between and after the texts, so that the window of a token never reaches into another text.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chude.compute.pair_table import pack
from chude.text.crf.tables import BOUNDARY, END, OUTSIDE, OUTSIDE_END, Kind, NGrams, Tables

_BLOCK = 1 << 13  # positions; their scores fit the processor's cache
_BLOCK_OF_LONG = 1 << 15  # positions of a text that is done in blocks
_ALONE = 32  # texts; fewer are cheaper one by one
_STEPS = 64  # places of texts that advance together, for which arrays are made at once
WINDOW = 2  # tokens that templates see on either side


def inside_words(
    tables: Tables, rows: NDArray[np.int32], tokens: NDArray[np.int32], sizes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """For each token of a batch, whether it continues the word of the token before it.

    tokens: (n,), those of all texts, one after the other. sizes: (n_texts,), tokens of each text.
    rows: (n_distinct, len(Row)), what is known of each distinct token, with the boundary as 0.
    """
    flat, inner = with_boundaries(tokens, sizes)
    scores = state_scores(tables, rows, flat)
    return viterbi(scores[inner - WINDOW], tables.transition, sizes)


def inside_words_of_long(
    tables: Tables, rows: NDArray[np.int32], tokens: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """The same for one text of any length, in blocks, with little memory beyond the result.

    A score depends on the tokens in its window alone, and what Viterbi's recursion knows of all
    that came before is two numbers; so the sums, and their order, are those of the whole.
    """
    back = np.zeros(len(tokens), np.uint8)
    best = np.zeros(2)
    for start in range(0, len(tokens), _BLOCK_OF_LONG):
        stop = min(start + _BLOCK_OF_LONG, len(tokens))
        window = tokens[max(start - WINDOW, 0) : stop + WINDOW]
        flat, inner = with_boundaries(window, np.array([len(window)]))
        scores = state_scores(tables, rows, flat)[inner - WINDOW]
        scores = scores[min(start, WINDOW) :][: stop - start]
        done = 0
        if start == 0:
            best, done = np.array([scores[0].real, scores[0].imag]), 1
        best = np.array(
            _advance_alone(scores[done:], tables.transition, best, back[start + done : stop])
        )
    inside = np.empty(len(tokens), np.bool_)
    final = best[1] > best[0]
    for stop in range(len(tokens), 0, -_BLOCK_OF_LONG):
        start = max(stop - _BLOCK_OF_LONG, 0)
        last = np.array([stop - start - 1])
        inside[start:stop] = _trace(back[start:stop], last, np.array([final]))
        final = bool(back[start] >> int(inside[start]) & 1)
    return inside


def with_boundaries(
    tokens: NDArray[np.int32], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Insert boundary tokens; also where the tokens are now."""
    text = np.repeat(np.arange(len(sizes)), sizes)
    inner = np.arange(len(tokens)) + WINDOW * (text + 1)
    flat = np.zeros(len(tokens) + WINDOW * (max(len(sizes), 1) + 1), np.int32)
    flat[inner] = tokens
    return flat, inner


def state_scores(
    tables: Tables, rows: NDArray[np.int32], flat: NDArray[np.int32]
) -> NDArray[np.complex128]:
    """Sums of the weights at all positions but the first and last two of `flat`.

    The sums are made in the order of the templates: in another order they would differ in the last
    bits, which decides between labellings of equal score.
    """
    indices = _indices(tables, rows, flat)
    scores = np.zeros(len(flat) - 2 * WINDOW, np.complex128)
    for block in range(0, len(scores), _BLOCK):
        _add_weights(tables, indices, block, scores[block : block + _BLOCK])
    return scores


def _add_weights(
    tables: Tables, indices: dict[Kind, NDArray[Any]], first: int, scores: NDArray[np.complex128]
) -> None:
    """Add all templates' weights to the scores from place `first` on."""
    term = np.empty_like(scores)
    seen = slice(first, first + len(scores) + 2 * WINDOW)
    # As what NumPy looks up by: each would be converted for several templates.
    places = {kind: of_kind[seen].astype(np.intp) for kind, of_kind in indices.items()}
    for template, weights in zip(tables.templates, tables.weights, strict=True):
        at = WINDOW + template.start
        index = places[template.kind][at : at + len(scores)]
        weights.take(index, out=term, mode="clip")  # past the end: no weight
        scores += term


def _indices(
    tables: Tables, rows: NDArray[np.int32], flat: NDArray[np.int32]
) -> dict[Kind, NDArray[Any]]:
    """For each kind of template, what to look the weights up by, at each place of `flat`."""
    exact, lower, digit, title, listed, _ = rows.T.take(flat, axis=1)
    edge = np.flatnonzero(flat == 0)
    exact_pairs, exact_triples = _ngrams(tables.exact, exact, edge)
    lower_pairs, lower_triples = _ngrams(tables.lower, lower, edge)
    title_pairs = title[:-1] & title[1:]
    title_triples = title_pairs[:-1] & title[2:]
    _mark_pairs(title_pairs, edge, OUTSIDE)
    _mark_triples(title_triples, edge, OUTSIDE, OUTSIDE_END)
    return {
        Kind.EXACT_1: exact,
        Kind.EXACT_2: exact_pairs,
        Kind.EXACT_3: exact_triples,
        Kind.LOWER_1: lower,
        Kind.LOWER_2: lower_pairs,
        Kind.DIGIT_1: digit,
        Kind.TITLE_1: title,
        Kind.TITLE_2: title_pairs,
        Kind.TITLE_3: title_triples,
        Kind.LISTED_1: listed,
        Kind.LISTED_2: tables.listed_pairs[lower_pairs],
        Kind.LISTED_3: tables.listed_triples[lower_triples],
    }


def _ngrams(
    ngrams: NGrams, ids: NDArray[np.int32], edge: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Identifiers of the pairs and the triples that start at each place."""
    pairs = ngrams.pairs.find(pack(ids[:-1], ids[1:]))
    triples = np.zeros(len(ids) - 2, np.int32)
    starts = np.flatnonzero(ngrams.opens[pairs[:-1]])
    triples[starts] = ngrams.triples.find(pack(pairs[starts], ids[starts + 2]))
    _mark_pairs(pairs, edge, BOUNDARY)
    _mark_triples(triples, edge, BOUNDARY, END)
    return pairs, triples


def _mark_pairs(pairs: NDArray[Any], edge: NDArray[np.int64], value: int) -> None:
    """Set the pairs that hold a boundary token; `edge` are the places of those."""
    pairs[edge[:-1]] = value  # the last boundary token starts no pair,
    pairs[edge[1:] - 1] = value  # the first one ends none


def _mark_triples(triples: NDArray[Any], edge: NDArray[np.int64], first: int, later: int) -> None:
    """Set the triples that start with a boundary token, and those that hold one further on."""
    for back in (2, 1):
        places = edge - back
        triples[places[(places >= 0) & (places < len(triples))]] = later
    triples[edge[edge < len(triples)]] = first


def viterbi(
    scores: NDArray[np.complex128], transition: NDArray[np.float64], sizes: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Where the second label is in the best labelling of each text (Viterbi 1967).

    scores: (n,), those of all texts, one after the other. The first label wins ties. All sums are
    those of the textbook recursion, in its order.
    """
    if not len(scores):
        return np.zeros(0, np.bool_)
    order = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    starts, lengths = (np.cumsum(sizes) - sizes)[order], sizes[order]
    # All texts advance together, the longest first, until few are left, which go on alone.
    together = int(lengths[_ALONE]) if len(lengths) > _ALONE else 1
    back = np.zeros(len(scores) + 1, np.uint8)
    best = _advance_together(scores, transition, starts, lengths, together, back)
    for text in range(min(_ALONE, len(lengths))):
        rest = slice(starts[text] + together, starts[text] + lengths[text])
        best[:, text] = _advance_alone(scores[rest], transition, best[:, text], back[rest])
    return _trace(back[:-1], starts + lengths - 1, best[1] > best[0])


def _advance_together(
    scores: NDArray[np.complex128],
    transition: NDArray[np.float64],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    steps: int,
    back: NDArray[np.uint8],
) -> NDArray[np.float64]:
    """Scores (2, texts) of the best labellings, by their last label, of `steps` places at most.

    back: receives which label the best labelling has at the place before, in bit 0 if this
    place has label 0, in bit 1 if it has label 1; of the places behind texts, anything.
    """
    of_first = scores[starts]
    best = np.stack([of_first.real, of_first.imag])
    start, ends = 1, starts + lengths
    while start < steps:
        texts = np.searchsorted(-lengths, -start)  # that are longer
        stop = min(start + _STEPS, steps, lengths[texts // 2])  # at least half of them go on
        at = np.minimum(starts[:texts] + np.arange(start, stop)[:, None], ends[:texts])
        added = scores.take(at, mode="clip")
        bests = np.stack([added.real, added.imag], axis=1)  # before what they are added to
        choices = np.empty(bests.shape, np.bool_)
        candidates = np.empty((2, *bests.shape[1:]))  # by the label before and this one
        before = best[:, :texts]
        for sums, choice in zip(bests, choices, strict=True):
            np.add(before[:, None], transition[:, :, None], out=candidates)
            np.greater(candidates[1], candidates[0], out=choice)
            sums += np.maximum(candidates[0], candidates[1], out=candidates[0])
            before = sums
        last = np.minimum(lengths[:texts], stop) - start - 1
        best[:, :texts] = bests[last, :, np.arange(texts)].T
        back[at] = choices[:, 0] | choices[:, 1].view(np.uint8) << 1
        start = stop
    return best


def _advance_alone(
    scores: NDArray[np.complex128],
    transition: NDArray[np.float64],
    best: NDArray[np.float64],
    back: NDArray[np.uint8],
) -> tuple[float, float]:
    """The same for the places of one text that are left."""
    (stay0, go1), (go0, stay1) = transition.tolist()
    best0, best1 = best.tolist()
    choices = bytearray()
    for add0, add1 in zip(scores.real.tolist(), scores.imag.tolist(), strict=True):
        from0, from1 = best0 + stay0, best1 + go0
        to0, to1 = best0 + go1, best1 + stay1
        if from1 > from0:
            from0, choice = from1, 1
        else:
            choice = 0
        if to1 > to0:
            to0 = to1
            choice |= 2
        choices.append(choice)
        best0, best1 = from0 + add0, to0 + add1
    back[:] = np.frombuffer(choices, np.uint8)
    return best0, best1


def _trace(
    back: NDArray[np.uint8], last: NDArray[np.int64], final: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Follow `back` from the labels `final` at the places `last` of all texts at once.

    What stands in `back` of the next place either gives a label whatever comes after (0 or 3), or
    keeps (2) or exchanges (1) the label of the next place. So a label is the nearest given one
    from there on, exchanged if an odd number of exchanges lie between.
    """
    after = np.append(back[1:], 0)
    after[last] = final * 3
    exchanged = after == 1
    odd = np.logical_xor.accumulate(exchanged)  # exchanges up to here
    given = np.flatnonzero((after == 0) | (after == 3))
    labels = np.repeat((after[given] == 3) ^ odd[given], np.diff(given, prepend=-1))
    labels ^= odd ^ exchanged
    return labels
