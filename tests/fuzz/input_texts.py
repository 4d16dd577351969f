"""Texts that repeat and mix all that texts are made of."""

import random
import sys
import unicodedata

ONSETS = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh",
    "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
]  # fmt: skip
RIMES = [
    "a", "ai", "an", "ang", "anh", "ao", "ay", "ă", "ăn", "ăng", "â", "ân", "âng", "ây", "e", "em",
    "en", "eo", "ê", "ên", "êu", "i", "ia", "im", "in", "inh", "iêu", "iêng", "o", "oa", "oan",
    "oai", "oi", "on", "ong", "ô", "ôi", "ôn", "ông", "ơ", "ơi", "ơn", "u", "ua", "ui", "un", "ung",
    "uy", "uyên", "uôi", "uông", "ư", "ưa", "ưng", "ươi", "ương", "y", "yên", "yêu",
]  # fmt: skip
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
FRAGMENTS = [
    "http:", "https://", "ftp:///", "x.yz/(", "a.b-c.vn", ".com", "a@b.c", "@", "v.v", "T.Ư", "A.",
    "H&M", "Th.S", "Th s ", "Mr.", "e-mail", "NĐ-CP", "4K", "43H-0530", "1.5", "2/3", "10:20:50",
    "09-123-", "(", "(a(b)", "=>", "=))", ":D ", "<3", "°C", "...", "--", "http:a:", "[[", "{%",
    "UBND. ", "TP. ", "ngày 1/2 ", "<p>", "&amp;", "&#x200b;", "%20", "\\u0000", "#", "```", "|-|",
]  # fmt: skip
SPACES = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
INVISIBLE = [*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u061c\u202e\u2066\u180e\ufe0f\U000e0041"]
MOST = 40_000  # characters


def syllable(rng: random.Random) -> str:
    """A Vietnamese syllable, or nearly one, composed or not."""
    made = rng.choice(ONSETS) + rng.choice(RIMES) + rng.choice(TONES)
    form = rng.choice(["NFC", "NFC", "NFD"])
    return unicodedata.normalize(form, rng.choice([made, made.title(), made.upper()]))


def mark(rng: random.Random) -> str:
    """A character that combines with the one before it."""
    while True:
        made = chr(rng.choice([rng.randrange(0x300, 0x370), rng.randrange(sys.maxunicode)]))
        if unicodedata.combining(made):
            return made


def character(rng: random.Random) -> str:
    """Any character but half a pair, controls among them."""
    made = chr(rng.choice([rng.randrange(256), rng.randrange(0x3000), rng.randrange(0x110000)]))
    return "?" if "\ud800" <= made <= "\udfff" else made


def unit(rng: random.Random) -> str:
    """One thing to repeat."""
    kind = rng.randrange(8)
    if kind < 2:
        return syllable(rng) + rng.choice(["", " ", " ", "\n", ". "])
    if kind == 2:
        return rng.choice(["", "a", "b", "đ", "ᄀ", "."]) + mark(rng) + rng.choice(["", " "])
    if kind == 3:
        return rng.choice(FRAGMENTS)
    if kind == 4:
        return rng.choice(SPACES)
    if kind == 5:
        return rng.choice(INVISIBLE)
    if kind == 6:
        return chr(rng.randrange(0x20, 0x7F)) + rng.choice(["", " ", "a", "1"])
    return character(rng)


def text(rng: random.Random, most: int = MOST) -> str:
    """Units, each repeated, now and then all of it again."""
    count = rng.choice([1, 1, 2, 3, 8])
    parts = [unit(rng) * rng.choice([1, 2, 7, 300, 5000, 20_000]) for _ in range(count)]
    if rng.random() < 0.2:
        rng.shuffle(parts)
        parts *= 3
    return "".join(parts)[:most]
