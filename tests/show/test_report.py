import json
import re
from dataclasses import replace

import pytest

from chude.corpus.article import Article
from chude.corpus.taxonomy import Taxonomy, Theme
from chude.model.model import Model
from chude.show.model_card import model_card
from chude.show.report import report_page
from chude.show.report_facts import report_facts
from chude.show.texts import TEXTS
from chude.training.train import TrainOptions, train
from tests.invented import KEYS, TAXONOMY, make_articles
from tests.show.pages import Element, parse


def with_wrong_labels() -> list[Article]:
    """Few articles, a third of them with labels that are not theirs."""
    articles = make_articles(42, seed=5)
    return [replace(a, themes=KEYS[:1]) if i % 3 == 0 else a for i, a in enumerate(articles)]


@pytest.fixture(scope="module")
def erring() -> Model:
    return train(with_wrong_labels(), TAXONOMY, TrainOptions(segmenter="syllable"))


def in_language(element: Element, other: str) -> str:
    """What is shown of an element while the other language is hidden."""
    return "".join(
        one if isinstance(one, str) else in_language(one, other)
        for one in element.children
        if isinstance(one, str)
        or (one.attributes.get("lang") != other and one.tag not in ("style", "script"))
    )


def test_the_first_sections_say_what_the_model_is_good_for(erring: Model) -> None:
    facts = report_facts(erring)
    root = parse(report_page(facts, "vi"))
    metrics, mistakes = facts["metrics"], facts["mistakes"]
    right, doubt = round(100 * metrics["exact_match"]), round(100 * facts["doubtful"])
    shown = in_language(root.all("main")[0], "en")
    assert f"{right} bài đúng mọi chủ đề; {doubt} bài nên có người xem" in shown
    assert "Chỉ có 42 bài" in shown
    n = sum(sum(kinds.values()) for kinds in mistakes.values())
    assert n == len(facts["errors"]) > 0
    assert f"{n} lỗi để đọc" in shown
    linked = {
        (link.attributes["data-of"], link.attributes["data-kind"]): int(link.text)
        for link in root.all("a")
    }
    for i, key in enumerate(KEYS):
        for kind in ("missed", "wrongly_given"):
            assert linked.get((str(i), kind), 0) == mistakes[key][kind]
    cards = root.all("article", "error")
    for place, count in linked.items():
        of = [(c.attributes["data-of"], c.attributes["data-kind"]) for c in cards]
        assert of.count(place) == count


def test_each_page_speaks_one_language_until_it_is_switched(erring: Model) -> None:
    facts = report_facts(erring)
    for lang, other in (("vi", "en"), ("en", "vi")):
        root = parse(report_page(facts, lang))
        assert root.all("html")[0].attributes["lang"] == lang
        for option in root.all("option"):
            assert option.text == option.attributes[f"data-{lang}"]
        shown = in_language(root.all("main")[0], other)
        longer = [text for text in TEXTS[other].values() if len(text) > 12 and "{" not in text]
        assert [text for text in longer if text in shown] == []


def test_the_page_is_one_small_offline_file_and_the_same_again(erring: Model) -> None:
    page = report_page(report_facts(erring), "vi")
    assert page == report_page(report_facts(erring), "vi")
    root = parse(page)
    assert len(root.all("script")[0].text.encode()) <= 4096
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert not [one for one in root.all() if one.tag in ("link", "img", "iframe")]
    for chart in root.all("svg"):
        assert chart.all("title")[0].text
        assert chart.all("desc")[0].text


def test_texts_of_articles_are_shown_as_far_as_asked(erring: Model) -> None:
    pages = {texts: report_page(report_facts(erring, texts), "vi") for texts in ("full", "passage")}
    clearest, whole = set(), set()
    for error in report_facts(erring)["errors"]:
        for passage in error["explanation"]["passages"]:
            (clearest if passage["clearest"] else whole).add(passage["text"])

    def passages(page: str) -> set[str]:
        return {one.text for one in parse(page).all("span", "said")}

    assert clearest | whole <= passages(pages["full"])
    assert clearest <= passages(pages["passage"])
    assert not (whole - clearest) & passages(pages["passage"])
    facts = json.dumps(report_facts(erring, "none"), ensure_ascii=False)
    for error in report_facts(erring)["errors"]:
        assert error["title"] not in facts
        assert all(p["text"] not in facts for p in error["explanation"]["passages"])
    parse(report_page(report_facts(erring, "none"), "vi"))


def test_a_bundle_of_an_older_chude_still_has_a_report(erring: Model) -> None:
    known = {k: v for k, v in erring.provenance.items() if k not in ("errors", "out_of_fold")}
    known["training_data"] = {
        k: v for k, v in known["training_data"].items() if k not in ("years", "lengths")
    }
    shown = in_language(
        parse(report_page(report_facts(replace(erring, provenance=known)), "en")), "vi"
    )
    assert "Train again to see errors explained." in shown
    assert "This bundle has no such figures." in shown


def test_only_the_surest_errors_of_many_are_shown_whole(erring: Model) -> None:
    facts = report_facts(erring)
    few = parse(report_page(facts, "en"))
    assert "only the clearest passage is shown" not in few.text
    many = {**facts, "errors": facts["errors"] * 4}
    page = report_page(many, "en")
    root = parse(page)
    cards = root.all("article", "error")
    brief = [bool(re.search(r"\d other passages?", card.text)) for card in cards]
    n_whole = brief.index(True)
    assert n_whole > 0
    assert not any(brief[:n_whole])
    [said] = re.findall(r"Of the last (\d+) only the clearest passage is shown", root.text)
    assert int(said) == len(cards) - n_whole
    assert len(few.all("article", "error")) < len(cards) < len(many["errors"])
    assert len(page.encode()) < 400_000
    for card in cards:
        points = [round(10 * float(one.text)) for one in card.all("th", "points")]
        assert sum(points[:-1]) == points[-1]


def test_only_errors_that_are_recorded_are_said_to_be_readable(erring: Model) -> None:
    facts = report_facts(erring)
    n = len(facts["errors"])
    shown = parse(report_page({**facts, "errors": facts["errors"][:3]}, "en")).text
    assert "3 errors to read" in shown
    assert f"They are the 3 surest of {n} errors; more are in errors.jsonl." in shown


def test_all_is_counted_on_the_articles_that_the_figures_are_of(erring: Model) -> None:
    """Those that are judged, and of which every label is known."""
    import polars as pl

    frame = pl.read_csv(erring.provenance["out_of_fold"])
    frame = frame.with_columns(
        judged=pl.int_range(pl.len()) % 2 == 0, has_text=pl.int_range(pl.len()) % 3 == 0
    )
    first = pl.int_range(pl.len()) == 0
    label = f"label_{KEYS[0]}"
    frame = frame.with_columns(pl.when(first).then(None).otherwise(pl.col(label)).alias(label))
    provenance = {**erring.provenance, "out_of_fold": frame.write_csv().encode()}
    facts = report_facts(replace(erring, provenance=provenance))
    judged = frame.filter("judged")[1:]
    for key in KEYS:
        assert facts["thresholds"][key]["known"] == len(judged) == 20
        assert facts["thresholds"][key]["positives"] == judged[f"label_{key}"].sum()
        assert sum(one["articles"] for one in facts["calibration"][key]) == len(judged)
    assert sum(one["articles"] for one in facts["combinations"]) == len(frame) - 1
    readable = frame.filter("has_text")
    wrong = sum((readable[f"label_{k}"] != readable[f"chosen_{k}"]).sum() for k in KEYS)
    assert sum(n for kinds in facts["mistakes"].values() for n in kinds.values()) == wrong


def test_figures_are_told_apart_by_source(erring: Model) -> None:
    metrics = erring.provenance["metrics"]
    sources = {"written": metrics, "press <1>": {**metrics, "articles": 7}}
    model = with_counts(erring, 35, metrics_by_source=sources)
    facts = report_facts(model)
    shown = in_language(parse(report_page(facts, "vi")), "en")
    assert "Theo nguồn bài" in shown
    assert "press <1>, chỉ có số đếm: 7" in shown
    assert "Trong 35 bài có sẵn văn bản; lỗi ở bài chỉ có số đếm không đọc được." in shown
    assert shown.count("Đó là các con số ở trên.") == 1  # of the written ones, which are judged
    card = model_card(facts, "vi")
    assert "### press \\<1\\>, counts alone: 7" in card
    assert card.count("These are the figures above.") == 1


def with_counts(model: Model, n_texts: int, **provenance: object) -> Model:
    """The model as if only the first of its articles had come as texts."""
    import polars as pl

    frame = pl.read_csv(model.provenance["out_of_fold"])
    frame = frame.with_columns(judged=True, has_text=pl.int_range(pl.len()) < n_texts)
    table = frame.write_csv().encode()
    return replace(model, provenance={**model.provenance, "out_of_fold": table, **provenance})


def test_errors_on_counts_are_counted_though_they_cannot_be_read(erring: Model) -> None:
    counted = report_facts(with_counts(erring, 0, errors=b""))
    assert counted["mistakes"] == report_facts(erring)["mistakes"]
    assert counted["texts"] == 0
    shown = in_language(parse(report_page(counted, "en")), "vi")
    assert "There is no error." not in shown
    assert "0 errors to read" in shown
    assert "surest of" not in shown
    caveat = "All articles came as counts; errors on counts cannot be read."
    assert shown.count(caveat) == 2  # beside their numbers, and where they would stand
    notebook = with_counts(erring, 0, errors=b"").report(lang="en").errors()._repr_html_()
    assert notebook.count(caveat) == 2


def test_texts_without_an_error_say_nothing_of_counts(erring: Model) -> None:
    facts = report_facts(with_counts(erring, 35, errors=b""))
    shown = in_language(parse(report_page(facts, "en")), "vi")
    assert (
        "There is no error. Of the 35 articles that came as texts; errors on counts cannot be read."
        in shown
    )
    whole = {**report_facts(erring), "errors": []}
    shown = in_language(parse(report_page(whole, "en")), "vi")
    assert "There is no error." in shown
    assert "counts cannot be read" not in shown


def test_hostile_names_are_text(erring: Model) -> None:
    title = "<script>alert(1)</script>\"'\u202e"
    themes = [Theme(key, title, title) for key in KEYS]
    facts = report_facts(replace(erring, taxonomy=Taxonomy(tuple(themes))))
    for page in (report_page(facts, "vi"), report_page(facts, "en")):
        assert len(parse(page).all("script")) == 1
        assert "\u202e" not in page
    card = model_card(facts, "en")
    assert "<script>" not in card


def test_exclusive_themes_have_no_thresholds() -> None:
    articles = [a for a in make_articles(84) if len(a.themes or ()) == 1]
    options = TrainOptions(segmenter="syllable")
    facts = report_facts(train(articles, Taxonomy.of(KEYS, exclusive=True), options))
    [(_, counts)] = facts["thresholds"].items()
    assert counts["yes"][0] == counts["known"] == len(articles)
    assert [y + r for y, r in zip(counts["yes"], counts["review"], strict=True)] == [
        len(articles)
    ] * 101
    shown = in_language(parse(report_page(facts, "en")), "vi")
    assert "exactly one theme" in shown
    assert "get the right theme" in shown
    assert "--exclusive" in shown
    assert "the dot what is done: the likeliest theme is given" in shown


def test_words_come_with_the_number_of_articles_that_hold_them(model: Model) -> None:
    facts = report_facts(model)
    assert facts["data"]["years"] == {"2024": 84}
    assert sum(facts["data"]["lengths"].values()) == 84
    texts = [a.text.lower() for a in make_articles(84)]
    for key in KEYS:
        words = facts["themes"][key]["words"]
        assert all(word["weight"] > 0 for word in words["for_article"])
        assert all(word["weight"] < 0 for word in words["against_passage"])
        for word in words["for_article"]:
            if " " not in word["text"]:
                holds = sum(re.search(rf"\b{word['text']}\b", text) is not None for text in texts)
                assert word["articles"] == holds


def test_the_model_card_has_front_matter_and_sections(erring: Model) -> None:
    card = model_card(report_facts(erring), "vi")
    _, front, body = card.split("---\n", 2)
    assert front.startswith("language: vi\n")
    assert f"value: {erring.provenance['metrics']['macro_f1']:.4f}" in front
    heads = re.findall(r"^## (.+)$", body, re.M)
    assert heads == ["Description", "Intended use", "Limits", "Training", "Evaluation"]


def test_parts_of_a_report_for_a_notebook(erring: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUDE_LANG", "vi")
    report = erring.report()
    parts = [report.quality(), report.thresholds(), report.calibration(), report.errors(),
             report.errors(KEYS[0], most=1), report.words(), report.data()]  # fmt: skip
    for part in parts:
        for element in parse(part._repr_html_()).all():
            assert element.tag not in ("script", "style", "input")
            assert not {"class", "id"} & set(element.attributes)
        assert part.frame().height
    assert report.quality().frame()["theme"].to_list() == list(KEYS)
    assert report.thresholds().frame().height == 101 * len(KEYS)
    assert set(report.errors(KEYS[0]).frame()["theme"]) == {KEYS[0]}
    assert "khi nói có, đúng" in report._repr_html_()
    assert "right when it says yes" in erring.report(lang="en")._repr_html_()
    with pytest.raises(KeyError):
        report.errors("khác")
