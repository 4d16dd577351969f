"""What a model says of text that it cannot understand, and of text that has lost its marks.

usage: python benchmarks/strange_texts.py MODEL --sound FILE... [--labelled FILE] [--count 1000]

Broken and foreign texts are made of the sound ones: read in a wrong encoding, letters drawn by
chance, digits, dashes, and passages in other languages. Printed are the shares that get a theme
(false yes), and of broken Vietnamese those that are told no theme without a word (silent no); of
the sound articles, how many go to a person for their words; and, of labelled articles, the recall
of each theme with marks and without.
"""

import argparse
import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

import chude
from chude.corpus.encodings.charts import charts, surface
from chude.features.restore import strip_marks
from chude.model.model import Model

FOREIGN = (
    "The border guards of the two provinces met on Tuesday and agreed to patrol the river.",
    "Prices rose by four per cent, and the government promised help to the poorest families.",
    "Les gardes de la frontière se sont réunis mardi; les élèves ont reçu des cahiers neufs.",
    "Die Grenzschützer trafen sich am Dienstag und brachten den Dörfern Mehl, Salz und Bücher.",
    "Los guardias de la frontera entregaron medallas a los soldados que ayudaron al pueblo.",
    "Os guardas da fronteira reuniram-se na terça-feira e prometeram ajudar as aldeias.",
    "Le guardie di frontiera si sono incontrate martedì e hanno aiutato i contadini del villaggio.",
    "Pasukan perbatasan bertemu pada hari Selasa dan membantu warga desa memanen padi.",
    "Пограничники двух областей встретились во вторник и помогли жителям собрать урожай.",
    "两省边防人员周二会面, 帮助村民收割水稻, 并授予奖章。",
    "국경 수비대는 화요일에 만나 마을 주민들의 벼 수확을 도왔다.",
    "ทหารชายแดนพบกันในวันอังคารและช่วยชาวบ้านเก็บเกี่ยวข้าว",
)


def foreign(text: str, rng: random.Random) -> str:
    """Sentences in one or several languages."""
    return " ".join(rng.choices(FOREIGN, k=rng.randint(3, 12)))


def gibberish(text: str, rng: random.Random) -> str:
    """Words of letters drawn by chance."""
    letters = "abcdefghijklmnopqrstuvwxyzăâêôơưđ"
    return " ".join("".join(rng.choices(letters, k=rng.randint(1, 8))) for _ in text.split()[:200])


def digits(text: str, rng: random.Random) -> str:
    """Numbers and dashes, as tables have them."""
    return " ".join(rng.choice(["-", "--", f"{rng.random() * 1000:.1f}"]) for _ in range(80))


def in_encoding(name: str) -> Callable[[str, random.Random], str]:
    """The text in a legacy encoding, taken for Western characters."""
    encode = charts()[name].encode

    def change(text: str, rng: random.Random) -> str:
        text = unicodedata.normalize("NFC", text)
        lacking = {c for c in set(text) if not encodable(c, encode)}
        return surface(encode("".join(" " if c in lacking else c for c in text)))

    return change


def encodable(character: str, encode: Callable[[str], bytes]) -> bool:
    """Whether an encoding has a character."""
    try:
        encode(character)
    except UnicodeEncodeError:
        return False
    return True


def read_as(codec: str) -> Callable[[str, random.Random], str]:
    """UTF-8 read in another codec."""
    return lambda text, rng: text.encode("utf-8").decode(codec, "replace")


def question_marks(text: str, rng: random.Random) -> str:
    """Letters with marks lost to question marks."""
    return "".join(c if c.isascii() else "?" for c in text)


FOREIGN_KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "other languages": foreign,
    "letters by chance": gibberish,
    "numbers and dashes": digits,
}


def broken_kinds() -> Iterator[tuple[str, Callable[[str, random.Random], str]]]:
    """The ways in which Vietnamese text breaks."""
    yield from ((name, in_encoding(name)) for name in charts())
    yield from ((f"UTF-8 read as {codec}", read_as(codec)) for codec in ("cp1252", "latin-1"))
    yield "question marks", question_marks


def judge(model: Model, texts: list[str]) -> tuple[float, float]:
    """Shares of texts that get a theme, and that get none though nobody is to look."""
    found = model.predict(texts)
    yes = sum(bool(prediction.themes) for prediction in found)
    silent = sum(set(prediction.decision.values()) == {"no"} for prediction in found)
    return yes / len(texts), silent / len(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--sound", nargs="+", required=True)
    parser.add_argument("--labelled")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    model, rng = chude.load(arguments.model), random.Random(arguments.seed)
    articles = list(chude.read(arguments.sound, on_refusal=lambda refusal: None))
    texts = [article.text for article in rng.sample(articles, min(arguments.count, len(articles)))]
    for kinds in (FOREIGN_KINDS.items(), broken_kinds()):
        for name, change in kinds:
            yes, silent = judge(model, [change(text, rng) for text in texts])
            print(f"{name:24} false yes {yes:7.2%}   silent no {silent:7.2%}", flush=True)
    strange = sum("words are known" in " ".join(p.reasons) for p in model.stream(articles))
    print(
        f"\n{len(articles)} sound articles: {strange / len(articles):.2%} sent to a person for it"
    )
    if arguments.labelled:
        print_recall(model, list(chude.read(arguments.labelled, taxonomy=model.taxonomy)))


def print_recall(model: Model, articles: list[chude.Article]) -> None:
    """Recall of each theme, with marks and without."""
    bare = [replace(a, title=strip_marks(a.title), body=strip_marks(a.body)) for a in articles]
    with_marks, without = model.predict(articles), model.predict(bare)
    for key in model.taxonomy.keys:
        carried = [key in (article.themes or ()) for article in articles]
        hits = [
            sum(key in p.themes for p, yes in zip(found, carried, strict=True) if yes)
            for found in (with_marks, without)
        ]
        extra = [
            sum(key in p.themes for p, yes in zip(found, carried, strict=True) if not yes)
            for found in (with_marks, without)
        ]
        print(
            f"{key:20} recall {hits[0] / sum(carried):.3f}, without marks "
            f"{hits[1] / sum(carried):.3f}, wrongly given {extra[0]} and {extra[1]}"
        )


if __name__ == "__main__":
    main()
