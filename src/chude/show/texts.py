"""What people read, in Vietnamese and English."""

from chude.model.prediction import format_probability

LANGUAGES = ("vi", "en")

TEXTS = {
    "vi": {
        "yes": "có",
        "no": "không",
        "review": "cần người xem",
        "probability": "xác suất {p}",
        "threshold": "có từ {t}",
        "against_theme": "so với {theme}",
        "start": "điểm xuất phát",
        "sum": "tổng",
        "clearest": "đoạn nói rõ nhất",
        "others": "{n} từ khác",
        "other_passages": "{n} đoạn khác",
        "without": "bỏ đoạn này: {p} {decision}",
        "for": "ủng hộ",
        "against": "phản đối",
        "unknown": "không có từ nào mô hình biết",
    },
    "en": {
        "yes": "yes",
        "no": "no",
        "review": "for review",
        "probability": "probability {p}",
        "threshold": "yes from {t}",
        "against_theme": "against {theme}",
        "start": "start",
        "sum": "sum",
        "clearest": "clearest",
        "others": "{n} other words",
        "other_passages": "{n} other passages",
        "without": "without: {p} {decision}",
        "for": "for",
        "against": "against",
        "unknown": "no word the model knows",
    },
}


def say(lang: str, key: str, **values: object) -> str:
    """The text of that key in `vi` or `en`, with the values filled in."""
    return TEXTS[lang][key].format(**values)


def probability_text(lang: str, probability: float) -> str:
    """A probability in prose, which has a decimal comma in Vietnamese."""
    shown = format_probability(probability)
    return shown.replace(".", ",") if lang == "vi" else shown
