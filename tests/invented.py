"""Makers of a small invented corpus."""

import random
from datetime import date
from pathlib import Path

from chude.corpus.article import Article
from chude.corpus.formats.raw import format_raw
from chude.corpus.taxonomy import Taxonomy

SENTENCES = {
    "border_security": [
        "Tổ tuần tra Đồn Biên phòng Nậm Cáy phát hiện ba người vượt biên trái phép qua lối mòn.",
        "Cột mốc 217 vừa được hai bên kiểm tra, phát quang và ghi biên bản.",
        "Hải quan cửa khẩu thu giữ 40 kg pháo lậu giấu trong thùng xe tải.",
        "Bộ đội Biên phòng bắt giữ đối tượng vận chuyển ma túy qua biên giới.",
        "Tàu cá nước ngoài xâm phạm vùng biển đã bị Cảnh sát biển xua đuổi.",
    ],
    "emulation": [
        "Công ty được tặng cờ thi đua của Chính phủ vì thành tích ba năm liền.",
        "Hội nghị tổng kết phong trào thi đua quyết thắng biểu dương 12 tập thể.",
        "Bà Lò Thị Inh nhận bằng khen vì sáng kiến tiết kiệm điện.",
        "Sư đoàn phát động đợt thi đua cao điểm chào mừng ngày truyền thống.",
        "Chủ tịch nước trao tặng Huân chương Lao động hạng Ba cho bệnh viện.",
    ],
    "mass_mobilization": [
        "Bộ đội giúp bà con bản Huổi Só gặt lúa chạy mưa suốt hai ngày.",
        "Đảng ủy xã tổ chức đối thoại với nhân dân về con đường mới.",
        "Quân y khám bệnh, cấp thuốc miễn phí cho 120 người già trong thôn.",
        "Mô hình dân vận khéo của hội phụ nữ giúp 15 hộ nghèo làm nhà.",
        "Già làng A Blứt đi từng nhà vận động người dân hiến đất mở đường.",
    ],
    "": [
        "Giá cà phê sáng nay giảm nhẹ ở các tỉnh Tây Nguyên.",
        "Đội bóng thành phố thua hai bàn trên sân khách tối qua.",
        "Hãng điện thoại ra mắt mẫu máy mới với pin lớn hơn.",
        "Bác sĩ khuyên người trẻ ngủ đủ giấc và uống nhiều nước.",
        "Ca sĩ phát hành đĩa hát thứ năm sau nhiều năm im lặng.",
        "Đường cao tốc qua đèo sẽ thông xe vào cuối quý ba.",
    ],
}
KEYS = tuple(key for key in SENTENCES if key)
COMBINATIONS = [
    (), (), (), (), KEYS[:1], KEYS[1:2], KEYS[2:], KEYS[:1], KEYS[1:2], KEYS[2:],
    KEYS[:2], KEYS[1:], (KEYS[0], KEYS[2]), KEYS,
]  # fmt: skip


def make_articles(count: int, seed: int = 0) -> list[Article]:
    """Articles of two to five paragraphs, each paragraph about a theme or about nothing."""
    rng = random.Random(seed)
    articles = []
    for i in range(count):
        themes = COMBINATIONS[i % len(COMBINATIONS)]
        paragraphs = [(key, " ".join(rng.sample(SENTENCES[key], 2))) for key in themes]
        paragraphs += [("", " ".join(rng.sample(SENTENCES[""], 2))) for _ in range(2)]
        rng.shuffle(paragraphs)
        title = rng.choice(["Chuyện ở xã Mường Ló", "Tin trong ngày", "Ghi ở bến sông Lăng"])
        passages = {0: (), **{n: (k,) if k else () for n, (k, _) in enumerate(paragraphs, 1)}}
        articles.append(
            Article(
                id=f"t{i:03}",
                title=f"{title} {i}",
                body="\n\n".join(text for _, text in paragraphs),
                date=date(2024, 1 + i % 12, 1 + i % 28),
                themes=themes,
                passages=passages,
            )
        )
    return articles


TAXONOMY = Taxonomy.of(KEYS)


def make_plain_articles(count: int, seed: int = 0) -> list[Article]:
    """Articles of one passage in which the words of their themes come often and in any order.

    So few words follow each other without a choice that counts of them keep every pair.
    """
    rng = random.Random(seed)
    articles = []
    for i in range(count):
        themes = COMBINATIONS[i % len(COMBINATIONS)]
        words = [word for key in themes or ("",) for word in WORDS[key].split()]
        body = " ".join(rng.choice(words) for _ in range(90))
        articles.append(Article(f"p{i:03}", "", body, themes=themes, passages={1: themes}))
    return articles


WORDS = {
    "border_security": "biên phòng tuần tra cột mốc 217 vượt biên buôn lậu",
    "emulation": "thi đua khen thưởng cờ bằng huân chương 12 tập thể",
    "mass_mobilization": "bà con giúp dân gặt lúa vận động hiến đất",
    "": "giá cà phê đội bóng trời mưa nhẹ chiều nay",
}


def write_corpus(articles: list[Article], folder: Path) -> Path:
    """The articles as a corpus folder: raw/, labels.csv and themes.toml."""
    (folder / "raw").mkdir(parents=True)
    rows = ["article,passage,themes"]
    for article in articles:
        (folder / "raw" / f"{article.id}.txt").write_text(format_raw(article), encoding="utf-8")
        rows.append(f"{article.id},,{';'.join(article.themes or ())}")
        rows += [f"{article.id},{n},{';'.join(keys)}" for n, keys in article.passages.items()]
    (folder / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    tables = "".join(f'[{key}]\ntitle_vi = "{key}"\n' for key in KEYS)
    (folder / "themes.toml").write_text(f"exclusive = false\n{tables}", encoding="utf-8")
    return folder
