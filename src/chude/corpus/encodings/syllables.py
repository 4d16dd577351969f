"""The closed set of Vietnamese syllables, by the rules of the orthography: no corpus was read.

A syllable is an onset, a rime and one of six tones. The rules here are the school grammar's: k, gh
and ngh before i, e, ê, y and c, g, ng elsewhere; qu with its rimes; after a rime that ends in a
stop (c, ch, p, t) only acute and dot below. Both fashions of placing the mark count (hòa, hoà).
"""

from functools import cache

from chude.corpus.encodings.charts import VOWELS

_ONSETS = ("", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng",
           "ngh", "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x")  # fmt: skip
# The letter that carries the tone mark in capitals; two forms where fashions differ.
_RIMES = """
    A Ac Ach Ai Am An Ang Anh Ao Ap At Au Ay  Ăc Ăm Ăn Ăng Ăp Ăt  Âc Âm Ân Âng Âp Ât Âu Ây
    E Ec Em En Eng Eo Ep Et  Ê Êch Êm Ên Ênh Êp Êt Êu  I Ia Ich Im In Inh Ip It Iu
    iÊc iÊm iÊn iÊng iÊp iÊt iÊu  O Oc Oi Om On Ong Op Ot  oOng oOc
    Oa oA oAc oAch oAi oAm oAn oAng oAnh oAo oAp oAt oAy oĂc oĂm oĂn oĂng oĂt Oe oE oEo oEn oEt
    Ô Ôc Ôi Ôm Ôn Ông Ôp Ôt  Ơ Ơi Ơm Ơn Ơp Ơt  U Ua Uc Ui Um Un Ung Up Ut
    uÂn uÂng uÂt uÂy uÊ uÊch uÊn uÊnh uƠ uƠn uÔc uÔi uÔm uÔn uÔng uÔt
    Uy uY uYa uYch uYn uYnh uYt uYu uyÊn uyÊt uyÊnh
    Ư Ưa Ưc Ưi Ưm Ưng Ưt Ưu ưƠi ưƠm ưƠn ưƠng ưƠp ưƠt ưƠu ưƠc  Y Yt Ynh Ych yÊm yÊn yÊng yÊt yÊu
"""
_QU_RIMES = """
    A Ac Ach Ai An Ang Anh Ao Ap At Au Ay  Ăc Ăm Ăn Ăng Ăp Ăt Âc Ân Âng Ât Âu Ây
    E En Eng Eo Et Ê Êch Ên Ênh Êt Ơ Ơn Y Ych Yn Ynh Yp Yt Yu yÊn yÊt I It Inh Ôc
"""
_FRONT = "ieêy"
_SOFT, _HARD = {"k", "gh", "ngh"}, {"c", "g", "ng"}
_TONES = {row[0]: row for row in VOWELS}


@cache
def syllables() -> frozenset[str]:
    """All syllables in small letters, with and without marks, NFC; about 20,000."""
    found = {
        onset + toned
        for onset in _ONSETS
        for rime in (_QU_RIMES if onset == "qu" else _RIMES).split()
        if _fits(onset, rime.lower())
        for toned in _toned(rime)
    }
    # gi and its rime share the i: gì, gỉ, giếng, gìn; the mark of qu- may stand on the u (qúy).
    shared = {
        "g" + toned for rime in ("I", "In", "iÊng", "iÊc", "iÊt", "iÊm") for toned in _toned(rime)
    }
    return frozenset(found | shared | _marks_on_qu())


def _marks_on_qu() -> set[str]:
    return {"q" + mark + rime.lower() for mark in _TONES["u"][1:] for rime in ("A", "Y", "E")}


def _fits(onset: str, rime: str) -> bool:
    if onset in _SOFT:
        return rime[0] in _FRONT
    if onset in _HARD:
        return rime[0] not in _FRONT
    if onset == "gi":
        return rime[0] not in "iy"
    return True


def _toned(rime: str) -> list[str]:
    """The rime with each tone that it can carry."""
    place = next(i for i, letter in enumerate(rime) if letter != letter.lower())
    before, vowel, after = rime[:place], rime[place].lower(), rime[place + 1 :].lower()
    stopped = after.endswith(("c", "ch", "p", "t"))
    tones = _TONES.get(vowel, vowel)
    return [before + tones[i] + after for i in ((2, 5) if stopped else range(6)) if i < len(tones)]
