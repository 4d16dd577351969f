"""A shard: the articles that are predicted, kept and skipped together."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chude.corpus.article import Article
from chude.errors import ChudeError, Refusal
from chude.model.model import Model
from chude.model.prediction import NO_EXTRAS, Extras

# In a shard: so few that no job waits long for the last one, and enough to be scored together.
ARTICLES = 512
CHARACTERS = 2_000_000  # in a shard, so that long articles do not fill the memory


@dataclass(frozen=True, slots=True)
class Shard:
    """Neighbours of the input; digest: SHA-256 of their ids and texts."""

    number: int
    articles: list[Article]
    digest: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the model said of a shard.

    lines: a JSON record for each article that was not refused, in their order.
    """

    number: int
    digest: str
    lines: list[str]
    refusals: list[Refusal]


def cut(articles: Iterable[Article]) -> Iterator[Shard]:
    """Shards of the articles; where one ends depends on nothing but the articles."""
    held: list[Article] = []
    characters = number = 0
    for article in articles:
        held.append(article)
        characters += len(article.title) + len(article.body)
        if len(held) == ARTICLES or characters >= CHARACTERS:
            yield Shard(number, held, _digest(held))
            held, characters, number = [], 0, number + 1
    if held:
        yield Shard(number, held, _digest(held))


def predict_shard(model: Model, shard: Shard, extras: Extras = NO_EXTRAS) -> Outcome:
    """Predict a shard; an article that the model fails on is refused, not the others.

    Raises ChudeError when the model cannot run at all.
    """
    refusals: list[Refusal] = []
    try:
        records = [prediction.record() for prediction in model.stream(shard.articles, extras)]
    except ChudeError:
        raise
    except Exception:  # whatever it is, it is the problem of one article, found below
        records = list(_one_by_one(model, shard.articles, extras, refusals))
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    return Outcome(shard.number, shard.digest, lines, refusals)


def _one_by_one(
    model: Model, articles: Iterable[Article], extras: Extras, refusals: list[Refusal]
) -> Iterator[dict[str, Any]]:
    for article in articles:
        try:
            [prediction] = model.stream(article, extras)
            yield prediction.record()
        except ChudeError:
            raise
        except Exception as error:
            problem = f"the model fails on it ({type(error).__name__}: {error})"
            place = article.source or article.id
            refusals.append(Refusal(place, problem, "Look at its text, or report the problem"))


def _digest(articles: Iterable[Article]) -> str:
    digest = hashlib.sha256()
    for article in articles:
        sizes = f"{len(article.id)} {len(article.title)} {len(article.body)}\n"
        digest.update((sizes + article.id + article.title + article.body).encode())
    return digest.hexdigest()
