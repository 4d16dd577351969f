"""A small invented corpus, and a model trained on it once."""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from chude.bundle.folder import save
from chude.compute import backend
from chude.corpus.article import Article
from chude.corpus.formats.raw import format_raw
from chude.corpus.taxonomy import Taxonomy
from chude.model.model import Model
from chude.training.train import TrainOptions, train

ROOT = Path(__file__).parents[1]

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


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, nor any process that it starts, reads or writes the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUDE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    return make_articles(84)


@pytest.fixture(scope="session")
def model(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Model:
    trained = train(articles, TAXONOMY, TrainOptions(segmenter="syllable"))
    save(trained, tmp_path_factory.mktemp("models") / "small")
    return trained


@pytest.fixture
def bundle(model: Model, tmp_path: Path) -> Path:
    save(model, tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take the compiled functions for any batch; the caller undoes it to compare."""
    pytest.importorskip("numba")
    for work in ("count", "fit"):
        monkeypatch.setitem(backend.WHOLES, work, 0)
    monkeypatch.setitem(backend.STREAMS, "count", (0, 0))
    return monkeypatch


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


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def chude(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, as the console script does."""
    from chude.cli.main import main

    def run(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["chude", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Result(status, captured.out, captured.err)

    return run
