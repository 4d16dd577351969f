"""Write articles in every encoding that chude knows, read them back and count what is right.

usage: legacy_encodings.py [--files 2000] [--corpus data/raw] [--sound FILE ...] [--seed 1]

Each file holds 30 to 400 syllables out of an article of the corpus, in one of the encodings by
turns; sound UTF-8, English, other languages and empty files are among them. Printed are, for each
encoding, the share of files that came back as something other than a refusal or the raw characters
(detected), the share of these files' syllables that came back letter for letter, and how many
sound files were altered. TCVN3 has no capitals with tone marks, so for it small letters and
capitals count as equal. ``--sound`` names Parquet files with a column ``text`` none of which may be
altered; the time that this takes is printed.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from chude.corpus.encodings import decode, heal_encoding, looks_sound
from chude.corpus.encodings.charts import charts, surface
from chude.corpus.encodings.viqr import encode_viqr
from chude.errors import Refusal

FOREIGN = (
    "The border guards of the two provinces met on Tuesday and agreed to patrol the river. "
    "What did they say? Nothing yet. Prices rose by 4.5% (the highest since 2011).",
    "Les gardes-frontières se sont réunis à Genève où l'été était déjà très chaud; le maïs a été "
    "récolté tôt, et les élèves ont fêté Noël chez eux.",
    "Die Grenzschützer trafen sich am Dienstag in München; für die Flüsse wären Boote nötig.",
    "Los guardias de la frontera celebraron la reunión del año en España, según señaló el niño.",
    "São Paulo não é a única região em que a população já está à espera das eleições.",
    "Пограничники двух областей встретились во вторник. 两省边防人员周二会面。",
)


@dataclass(slots=True)
class Tally:
    """Counts of one encoding."""

    files: int = 0
    detected: int = 0
    refused: int = 0
    syllables: int = 0
    exact: int = 0
    altered: int = 0


def twice(codec: str, errors: str = "strict") -> Callable[[str], bytes]:
    """UTF-8 read in a codec and saved as UTF-8; bytes that the codec lacks become U+0081 to 9D."""

    def encode(text: str) -> bytes:
        pieces = []
        for code in text.encode():
            try:
                pieces.append(bytes([code]).decode(codec))
            except UnicodeDecodeError:
                pieces.append(chr(code) if errors == "strict" else "\ufffd")
        return "".join(pieces).encode()

    return encode


def as_utf8(encode: Callable[[str], bytes], codec: str = "latin-1") -> Callable[[str], bytes]:
    """What another encoder makes, read in a codec and saved as UTF-8."""

    def again(text: str) -> bytes:
        shown = (bytes([code]) for code in encode(text))
        return "".join(c.decode(codec, "ignore") or chr(c[0]) for c in shown).encode()

    return again


def named_entities(text: str) -> bytes:
    """HTML entities by name where there is one."""
    names = html.entities.codepoint2name
    return "".join(
        c if c.isascii() else f"&{names[ord(c)]};" if ord(c) in names else f"&#x{ord(c):x};"
        for c in text
    ).encode()


def unescaped_viqr(text: str) -> bytes:
    """VIQR by a writer who does not know the backslash."""
    return encode_viqr(text).replace("\\", "").encode()


def encoders() -> dict[str, Callable[[str], bytes]]:
    """How a text is written, by the name of the way."""
    eight_bit = {name: chart.encode for name, chart in charts().items()}
    unicode = {
        name: lambda text, name=name: text.encode(name)
        for name in (
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-32-le",
        )
    }
    return {
        **unicode,
        **eight_bit,
        **{f"{name}, as UTF-8": as_utf8(encode) for name, encode in eight_bit.items()},
        **{f"{name}, 1252": as_utf8(encode, "cp1252") for name, encode in eight_bit.items()},
        "TCVN3, entities": lambda text: named_entities(surface(eight_bit["TCVN3"](text))),
        "TCVN3, twice": lambda text: twice("cp1252")(surface(eight_bit["TCVN3"](text))),
        "VIQR": lambda text: encode_viqr(text).encode(),
        "VIQR, no escapes": unescaped_viqr,
        "twice by cp1252": twice("cp1252"),
        "twice by latin-1": twice("latin-1"),
        "twice by cp1258": twice("cp1258"),
        "twice, bytes lost": twice("cp1252", "replace"),
        "thrice": lambda text: twice("cp1252")(twice("cp1252")(text).decode()),
        "entities, decimal": lambda text: text.encode("ascii", "xmlcharrefreplace"),
        "entities, named": named_entities,
        "NFD": lambda text: unicodedata.normalize("NFD", text).encode(),
        "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
        "CR": lambda text: text.replace("\n", "\r").encode(),
        "BOM inside": lambda text: text.replace(" ", " \ufeff").encode(),
        "NUL inside": lambda text: text.replace("\n", "\n\0").encode(),
    }  # fmt: skip


def excerpts(corpus: Path, rng: random.Random) -> Iterator[str]:
    """30 to 400 syllables out of articles of the corpus, for ever."""
    articles = [path.read_text("utf-8") for path in sorted(corpus.glob("**/*.txt"))]
    while True:
        article = unicodedata.normalize("NFC", rng.choice(articles))
        words = re.findall(r"\S+\s*", article)
        length = rng.randint(30, 400)
        start = rng.randrange(max(1, len(words) - length))
        excerpt = "".join(words[start : start + length]).strip()
        if len(words) >= 30 and not excerpt.isascii():
            yield re.sub(r"[^\x00-\x7f\u00c0-\u01b0\u1ea0-\u1ef9]", "", excerpt)


def round_trip(name: str, text: str, encode: Callable[[str], bytes], tally: Tally) -> None:
    """Write, read and count one file."""
    try:
        content = encode(text)
    except UnicodeEncodeError:  # a foreign letter that the encoding lacks
        content = encode(
            re.sub(r"[^\x00-\x7f]", lambda c: c[0] if is_vietnamese(c[0]) else "", text)
        )
        text = re.sub(r"[^\x00-\x7f]", lambda c: c[0] if is_vietnamese(c[0]) else "", text)
    tally.files += 1
    wanted = text.split()
    got = decode(content, name)
    if isinstance(got, Refusal):
        tally.refused += 1
        return
    tally.syllables += len(wanted)
    if name.startswith("TCVN3"):
        got, wanted = got.lower(), text.lower().split()
    found = got.split()
    right = sum(a == b for a, b in zip(found, wanted, strict=False))
    tally.exact += right
    tally.detected += right > 0.5 * len(wanted)


def is_vietnamese(letter: str) -> bool:
    """Whether VISCII, which has every letter, has this one."""
    try:
        charts()["VISCII"].encode(letter)
    except UnicodeEncodeError:
        return False
    return True


def unaltered(texts: list[str], tally: Tally) -> None:
    """Count texts that must come back as they are."""
    for text in texts:
        tally.files += 1
        got = decode(text.encode(), "sound")
        tally.detected += got == text
        tally.altered += got != text


def check_sound(file: str) -> None:
    """Print how many texts of a Parquet file are altered, and the time of the check."""
    texts: list[str] = pl.read_parquet(file)["text"].to_list()
    size = sum(len(text.encode()) for text in texts)
    start = time.perf_counter()
    odd = sum(not looks_sound(text) for text in texts)
    quick = time.perf_counter() - start
    healed = [heal_encoding(text) for text in texts]
    whole = time.perf_counter() - start - quick
    altered = sum(
        isinstance(one, Refusal) or one.text != text
        for one, text in zip(healed, texts, strict=True)
    )
    print(
        f"{file}: {altered} of {len(texts):,} altered, {odd} read closely;"
        f" {1e9 * quick / size:.1f} us a kB for the check, {1e9 * whole / size:.1f} in all"
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--corpus", type=Path, default=Path("data/raw"))
    parser.add_argument("--sound", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    ways = encoders()
    tallies = {name: Tally() for name in (*ways, "English and others", "empty")}
    texts = excerpts(arguments.corpus, rng)
    for i in range(arguments.files):
        name = list(tallies)[i % len(tallies)]
        if name == "empty":
            unaltered([rng.choice(["", " ", "\n\n"])], tallies[name])
        elif name == "English and others":
            text = rng.choice(FOREIGN)
            unaltered([" ".join([text] * rng.randint(1, 20))], tallies[name])
        else:
            round_trip(name, next(texts), ways[name], tallies[name])
    print(f"{'encoding':22}{'files':>6}{'detected':>10}{'refused':>9}{'exact':>10}{'altered':>9}")
    for name, tally in tallies.items():
        print_row(name, tally)
    print_row("all", sum_up(list(tallies.values())))
    for file in arguments.sound:
        check_sound(file)


def sum_up(tallies: list[Tally]) -> Tally:
    """All counts together."""
    names = Tally.__slots__
    return Tally(*(sum(getattr(tally, name) for tally in tallies) for name in names))


def print_row(name: str, tally: Tally) -> None:
    """One line of the table."""
    exact = f"{tally.exact / tally.syllables:.3%}" if tally.syllables else "-"
    detected = f"{tally.detected / max(tally.files, 1):.1%}"
    print(f"{name:22}{tally.files:6}{detected:>10}{tally.refused:9}{exact:>10}{tally.altered:9}")


if __name__ == "__main__":
    main()
