"""A page in one file: nothing in it is fetched from anywhere."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from chude.errors import ChudeError
from chude.model.explanation import Explanation
from chude.show.card import card
from chude.show.html import esc
from chude.show.texts import Voice

MOST_ARTICLES = 200  # in a page of cards

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def page(title: str, body: str, lang: str) -> str:
    """The whole file. title: text. body: HTML of what is in <main>. lang: `vi` or `en`."""
    own = files("chude.show")
    style = (own / "page.css").read_text(encoding="utf-8")
    script = (own / "page.js").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{esc(title)}</title>\n<style>\n{style}</style></head>\n"
        f"<body><main>{body}</main>\n<script>\n{script}</script></body>\n</html>"
    )


def explanations_page(explanations: Iterable[Explanation], lang: str, words: int) -> str:
    """A page of cards.

    Raises ChudeError at the 201st article: a page of more takes minutes to open.
    """
    voice = Voice(lang)
    title = voice.plain("explanations")
    cards = "\n".join(_cards(explanations, lang, words))
    return page(title, f"<h1>{title}</h1>\n{cards}", lang)


def _cards(explanations: Iterable[Explanation], lang: str, words: int) -> Iterator[str]:
    for number, explanation in enumerate(explanations):
        if number == MOST_ARTICLES:
            raise ChudeError(
                f"more than {MOST_ARTICLES} articles in a page. Add --limit, or use -f jsonl"
            )
        yield card(explanation, lang, words, number)
