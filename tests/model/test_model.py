"""What a model says of text that it does not understand, or that has lost its marks."""

import pickle
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

import chude
from chude.corpus.article import Article
from chude.features.restore import strip_marks
from chude.model.model import Model
from tests.invented import KEYS, SENTENCES, TAXONOMY, make_articles

STRANGE = {
    "English": "The committee approved a new railway between the two capitals on Monday.",
    "gibberish": "xqz wkrp ffgh jkl zzt qqp wwx " * 5,
    "digits and dashes": "12 345 --- 67,8 ... 9",
    "TCVN3 read as Latin-1": "Bé ®éi Biªn phßng gióp nh©n d©n biªn giíi thu ho¹ch mïa mµng",
    "nothing": "--- ... !",
}


@pytest.fixture(scope="module")
def exclusive() -> Model:
    one = [a for a in make_articles(140) if a.themes and len(a.themes) == 1]
    taxonomy = chude.Taxonomy(TAXONOMY.themes, exclusive=True)
    return chude.train(one, taxonomy, segmenter="syllable")


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_what_is_not_understood_goes_to_a_person(model: Model, exclusive: Model, text: str) -> None:
    for judge in (model, exclusive):
        [prediction] = judge.predict(text)
        assert prediction.themes == ()
        assert set(prediction.decision.values()) == {"review"}
        assert "of its words are known" in prediction.reasons[0]
        assert prediction.strange
        assert pickle.loads(pickle.dumps(prediction)).strange


def test_sound_articles_are_judged(model: Model) -> None:
    predictions = model.predict(make_articles(30, seed=5))
    assert all("known" not in " ".join(p.reasons) for p in predictions)
    assert not any(p.strange for p in predictions)


def test_whether_a_text_is_strange_does_not_hang_on_words(model: Model) -> None:
    [prediction] = model.predict(STRANGE["English"])
    assert replace(prediction, reasons=("chữ lạ",)).strange
    assert "strange" not in {
        *prediction.record(),
        *model.predict(STRANGE["English"]).frame().columns,
    }


def test_an_article_without_marks_has_the_same_themes(model: Model) -> None:
    articles = make_articles(42, seed=7)
    bare = [Article(a.id, strip_marks(a.title), strip_marks(a.body)) for a in articles]
    pairs = zip(model.predict(articles), model.predict(bare), strict=True)
    same = [marked.themes == unmarked.themes for marked, unmarked in pairs]
    assert np.mean(same) > 0.9


def test_a_batch_is_its_articles_one_by_one(model: Model) -> None:
    articles = [a.text for a in make_articles(6)]
    mixed = [articles[0], strip_marks(articles[1]), STRANGE["English"], *articles[2:]]
    together = model.predict(mixed)
    assert [p.record() for p in together] == [model.predict(a)[0].record() for a in mixed]
    assert set(together[0].probabilities) == set(KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "2024 15 12 000 45 30 " * 20,
        "17/5, 18/5; 19/5. " * 20,
        "a b c d e g h i k l m n " * 20,
        "B ộ đ ộ i b i ê n p h ò n g t u ầ n t r a c ộ t m ố c. " * 10,
        "- — … . ; " * 20,
        "边防部队帮助村民收割 " * 20,
    ],
)
def test_numbers_and_single_letters_are_not_understood(model: Model, text: str) -> None:
    [prediction] = model.predict(text)
    assert set(prediction.decision.values()) == {"review"}
    assert "0% of its words are known" in prediction.reasons[0]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_text_with_many_new_words_is_judged_the_same_in_any_unicode(
    model: Model, form: str
) -> None:
    rare = "Thuở xửa, những kẻ kiếm củi ấy vẫn rủ rỉ kể nốt chuyện ngỗng, vẹt, quạ"
    text = "\n\n".join([" ".join(SENTENCES["emulation"][:2] * 3), " ".join([rare] * 3)])
    written = unicodedata.normalize(form, text)
    [share] = model.scorer.features.word_index.known_share(model.tokens([written]))
    assert 0.6 < share < 0.85  # where it is looked at for a wrong encoding
    assert model.predict(written)[0].decision["emulation"] == "yes"
