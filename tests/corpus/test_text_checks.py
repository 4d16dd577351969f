import unicodedata

import pytest

from chude.corpus.text_checks import damaged, other_language, sentences, very_short
from tests.invented import SENTENCES

SOUND = " ".join(sentence for part in SENTENCES.values() for sentence in part)
BARE = "".join(
    letter for letter in unicodedata.normalize("NFD", SOUND) if not unicodedata.combining(letter)
).translate({ord("đ"): "d", ord("Đ"): "D"})
FOREIGN = {
    "en": "The border guard station helped the villagers harvest their rice before the heavy rain "
    "came, and the children went back to school on the following Monday morning.",
    "fr": "Les soldats du poste frontière ont aidé les habitants du village à récolter le riz "
    "avant la pluie, puis les enfants sont retournés à l'école le lundi suivant.",
    "es": "Los soldados del puesto fronterizo ayudaron a los vecinos a recoger el arroz antes de "
    "la lluvia, y los niños volvieron a la escuela el lunes siguiente por la mañana.",
    "id": "Para prajurit di pos perbatasan membantu penduduk desa memanen padi sebelum hujan "
    "turun dan anak-anak kembali ke sekolah pada hari Senin berikutnya.",
    "ru": "Пограничники помогли жителям деревни собрать рис до дождя, и дети вернулись в школу "
    "в следующий понедельник утром.",
}


def test_sound_articles_pass() -> None:
    for text in (SOUND, unicodedata.normalize("NFD", SOUND), SOUND.upper()):
        assert other_language(text) is None
        assert damaged(text) is None
        assert very_short(text) is None


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_told(language: str) -> None:
    share, evidence = other_language(FOREIGN[language]) or (1.0, "")
    assert share < 0.5
    assert "Vietnamese syllables" in evidence


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (SOUND.replace("ộ", "\ufffd"), "U+FFFD"),
        (SOUND.encode("ascii", "replace").decode(), "question marks inside words"),
        (SOUND.encode().decode("latin-1"), "UTF-8 read as Latin-1"),
        (SOUND.encode().decode("cp1252", "replace"), "UTF-8 read as Latin-1"),
        ("Bé ®éi Biªn phßng gióp bµ con gÆt lóa ch¹y m­a, ®ång bµo c¶m ®éng.", "before Unicode"),
        (SOUND.replace("ộ", "\x8d"), "control characters"),
        (BARE, "without diacritics"),
    ],
)
def test_damage_is_named(text: str, what: str) -> None:
    score, evidence = damaged(text) or (1.0, "")
    assert what in evidence
    assert 0 <= score < 1


def test_sentences_have_six_words() -> None:
    text = "Theo Báo Biên phòng. Mời bạn đọc xem thêm tin ở đây!\nẢnh: CTV"
    assert list(sentences(text)) == ["Mời bạn đọc xem thêm tin ở đây!"]


def test_few_words_tell_no_language() -> None:
    assert other_language("Windows Server Standard Edition") is None
    assert very_short("Hết tin.") == "2 words"
