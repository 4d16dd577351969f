"""The pages in a browser: Debian's Chromium, driven by Playwright, without any network.

CHUDE_CHROMIUM names another Chromium; CHUDE_BROWSER=required makes a missing one a failure.
"""

import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chude.bundle.folder import save
from chude.corpus.article import Article
from chude.model.model import Model
from chude.show.page import explanations_page
from chude.show.report import report_page
from chude.show.report_facts import report_facts
from chude.training.train import TrainOptions, train
from tests import ROOT
from tests.invented import KEYS, TAXONOMY, make_articles
from tests.show.test_report import with_wrong_labels

pytestmark = pytest.mark.browser

SHOTS = ROOT / "build/shots"
SCREEN, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    names = os.environ.get("CHUDE_CHROMIUM"), "chromium", "chromium-browser"
    program = next((path for name in names if name and (path := shutil.which(name))), None)
    try:
        from axe_playwright_python.sync_playwright import Axe  # noqa: F401
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        if os.environ.get("CHUDE_BROWSER") == "required":
            pytest.fail("no Chromium, or no Playwright: apt-get install chromium, chude[browser]")
        pytest.skip("no Chromium, or no Playwright")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML; at the end nothing was complained about, and nothing else was asked for."""
    contexts, complaints, asked = [], [], []

    def opened(html: str, **options: Any) -> Any:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_bytes(html.encode())
        context = browser.new_context(**{"viewport": SCREEN, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert len(asked) == len(contexts), asked
    assert all(url.startswith("file:") for url in asked)


@pytest.fixture(scope="module")
def erring() -> Model:
    return train(with_wrong_labels(), TAXONOMY, TrainOptions(segmenter="syllable"))


@pytest.fixture(scope="module")
def report(erring: Model) -> str:
    return report_page(report_facts(erring), "vi")


@pytest.fixture(scope="module")
def explained() -> list[Article]:
    body = "Bộ đội giúp bà con gặt lúa 🌾👩\u200d🌾.\n\nTổ tuần tra bắt giữ ở biên giới 𝄞."
    whole = Article("a", "Giúp dân", body)
    parted = Article("b", "Giúp dân", unicodedata.normalize("NFD", body))
    return [whole, parted, *make_articles(4, seed=3)]


@pytest.fixture(scope="module")
def cards(model: Model, explained: list[Article]) -> str:
    return explanations_page(model.explain(explained, "all", without=True), "vi", 10)


def look_at(page: Any, name: str) -> None:
    """Keep a picture for a person; nothing is wider than the screen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "cards"])
def test_pages_can_be_read_by_anybody(
    open_page: Open, report: str, cards: str, name: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page({"report": report, "cards": cards}[name], color_scheme=scheme)
    look_at(page, f"{name}-{scheme}")
    violations = Axe().run(page).response["violations"]
    assert violations == [], json.dumps(violations, ensure_ascii=False, indent=1)[:3000]
    page.set_viewport_size(PHONE)
    look_at(page, f"{name}-{scheme}-phone")


def test_the_first_view_says_what_the_model_is_good_for(open_page: Open, report: str) -> None:
    page = open_page(report)
    for words in ("bài đúng mọi chủ đề", "khi nói có, đúng", "lỗi để đọc", KEYS[-1]):
        box = page.get_by_text(words).first.bounding_box()
        assert box["y"] + box["height"] <= SCREEN["height"], words
    last = page.locator(".first tr").last.bounding_box()
    assert last["y"] + last["height"] <= SCREEN["height"]
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 2000  # on a busy machine; 400 ms on one that is not


def test_the_slider_tells_what_the_counts_say(open_page: Open, report: str, erring: Model) -> None:
    page = open_page(report)
    counts = report_facts(erring)["thresholds"][KEYS[0]]
    slider = page.locator(".slider input").first
    for at in (10, 50, 90):
        slider.fill(str(at))
        shown = page.locator(".slider").first.locator("b").all_text_contents()
        yes, hits = counts["yes"][at], counts["hits"][at]
        right = f"{100 * hits / yes:.1f} %".replace(".", ",") if yes else "–"
        assert shown[:3] == [f"{at / 100:.2f}".replace(".", ","), str(yes), right]
        assert shown[4] == f"{100 * counts['review'][at] / counts['known']:.1f} %".replace(".", ",")


def test_filters_leave_the_right_errors(open_page: Open, report: str, erring: Model) -> None:
    page = open_page(report)
    mistakes = report_facts(erring)["mistakes"]
    for i, key in enumerate(KEYS):
        for kind, count in mistakes[key].items():
            page.locator("#filter-theme").select_option(str(i))
            page.locator("#filter-kind").select_option(kind)
            assert page.locator(".error:visible").count() == count
            assert page.locator("#filter-count").text_content() == str(count)
    link = page.locator("a[data-of]").first
    link.click()
    assert page.locator(".error:visible").count() == int(link.text_content())


def test_the_other_language(open_page: Open, report: str) -> None:
    page = open_page(report)
    assert page.get_by_text("khi nói có, đúng").first.is_visible()
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_text("right when it says yes").first.is_visible()
    assert not page.get_by_text("khi nói có, đúng").first.is_visible()
    assert page.locator("#filter-kind option").first.text_content() == "all"
    look_at(page, "report-english")


def test_without_script_all_is_there(open_page: Open, report: str, cards: str) -> None:
    page = open_page(report, java_script_enabled=False)
    assert page.locator(".slider:visible").count() == 0
    assert page.locator("details.later table").first.is_visible()
    assert page.locator(".error:visible").count() == page.locator(".error").count() > 0
    page = open_page(cards, java_script_enabled=False)
    sections = page.locator(".card section")
    assert sections.count() == 6 * len(KEYS)
    assert all(sections.nth(i).is_visible() for i in range(sections.count()))
    assert page.locator("input:visible").count() == 0


def test_the_text_of_a_card_is_that_of_the_article(
    open_page: Open, cards: str, explained: list[Article]
) -> None:
    page = open_page(cards)
    for i, article in enumerate(explained):
        section = page.locator(".card").nth(i).locator("section").first
        passages = section.locator(".said").all_text_contents()
        for passage in passages:
            assert passage in article.text
        letters = "".join("".join(passages).split())
        assert letters == "".join(article.text.split())
        *points, total = [
            round(float(text) * 10) for text in section.locator("th.points").all_text_contents()
        ]
        assert sum(points) == total


def test_themes_are_chosen_by_keyboard(open_page: Open, cards: str) -> None:
    page = open_page(cards)
    card = page.locator(".card").first
    assert card.locator("section:visible").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    shown = card.locator("section:visible")
    assert shown.count() == 1
    assert shown.get_attribute("data-theme") == "1"


def test_it_prints_without_a_cut_row(open_page: Open, report: str, tmp_path: Path) -> None:
    page = open_page(report)
    page.emulate_media(media="print")
    assert page.locator(".filters:visible, .switch:visible, .slider:visible").count() == 0
    rule = "getComputedStyle(document.querySelector('.error tr')).breakInside"
    assert page.evaluate(rule) == "avoid"
    page.evaluate("addEventListener('beforeprint', () => window.printed = "
                  "document.querySelectorAll('details.later:not([open])').length)")  # fmt: skip
    page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert page.evaluate("window.printed") == 0
    assert page.locator("details.later[open]").count() == 0


def test_every_theme_of_a_card_is_printed(open_page: Open, cards: str) -> None:
    page = open_page(cards)
    sections = page.locator(".card section")
    assert page.locator(".card section:visible").count() < sections.count()
    page.emulate_media(media="print")
    assert page.locator(".card section:visible").count() == sections.count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "cards"])
def test_forced_colours_hide_nothing(
    open_page: Open, report: str, cards: str, name: str, scheme: str
) -> None:
    html = {"report": report, "cards": cards}[name]
    page = open_page(html, color_scheme=scheme, forced_colors="active")
    look_at(page, f"{name}-{scheme}-forced")

    def style(selector: str, name: str) -> list[str]:
        script = "(all, name) => all.map(one => getComputedStyle(one)[name])"
        found: list[str] = page.locator(selector).evaluate_all(script, name)
        assert found, selector
        return found

    [canvas] = style("body", "backgroundColor")
    [ink] = style("body", "color")
    assert canvas != ink
    assert set(style("mark", "backgroundColor")) == {canvas}
    assert set(style("mark", "color")) == {ink}
    kinds = set(style("mark", "borderBottomStyle"))
    assert kinds == {"solid", "dashed"}
    assert set(style(".pro", "backgroundColor")) == {ink}
    assert canvas not in style(".best", "borderLeftColor")
    # A transparent border would be drawn, and every passage look like the clearest.
    assert set(style(".text, .start", "borderLeftColor")) == {canvas}
    if name == "cards":
        assert canvas not in style(".chip", "borderTopColor")
        assert set(style(".meter", "outlineStyle")) == {"solid"}
        assert not {canvas, ink} & set(style(".tick", "borderLeftColor"))


def test_what_is_wide_wraps_on_a_phone(open_page: Open, report: str) -> None:
    page = open_page(report, viewport=PHONE)
    inside = "all => all.map(one => one.scrollWidth - one.clientWidth)"
    for section in (".first", "#data", "#facts"):
        wider = page.locator(f"{section} .scroll").evaluate_all(inside)
        assert wider
        assert max(wider) <= 0, section


def test_a_theme_stands_in_one_line_with_its_figures(open_page: Open, report: str) -> None:
    page = open_page(report)
    for cell in page.locator(".first td:has(svg)").all():
        assert cell.bounding_box()["height"] < 50
        assert cell.locator("svg").bounding_box()["width"] > 100


def test_notebooks_ask_no_host(
    open_page: Open, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nbconvert")
    import runpy

    save(model, tmp_path / "model")
    monkeypatch.setenv("CHUDE_MODEL", str(tmp_path / "model"))
    run = runpy.run_path(str(ROOT / "notebooks/run.py"))["run"]
    run(ROOT / "notebooks/explain_an_article.ipynb", tmp_path)
    page = open_page((tmp_path / "explain_an_article.html").read_text(encoding="utf-8"))
    assert page.locator("mark").count() > 0
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "notebook.png", full_page=True)
