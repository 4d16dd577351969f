"""ELI5 and LIME at work, in an environment that has them: `python explain_worker.py JOB`.

JOB: a JSON file with training texts, whether each carries the theme, and texts to explain. Printed
is one JSON object: seconds an article and bytes of HTML of each peer, with a linear model of the
same n-grams, TF-IDF and one theme.
"""

import json
import sys
import time
from importlib.metadata import version
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

_LIME_TEXTS = 3  # LIME takes a second or two each


def eli5_one(pipeline: Pipeline, text: str) -> str:
    """The words of one text, and the text painted, as HTML."""
    import eli5

    vectorizer, classifier = pipeline[0], pipeline[1]
    explanation = eli5.explain_prediction(classifier, text, vec=vectorizer)
    return str(eli5.format_as_html(explanation))


def lime_one(pipeline: Pipeline, text: str) -> str:
    """A surrogate fitted to 5,000 variants of one text, LIME's own number, as HTML."""
    from lime.lime_text import LimeTextExplainer

    explainer = LimeTextExplainer(class_names=["no", "yes"], random_state=0)
    explanation = explainer.explain_instance(text, pipeline.predict_proba, num_features=10)
    return str(explanation.as_html())


def measure(explain: Any, pipeline: Pipeline, texts: list[str]) -> dict[str, float]:
    """Seconds and bytes an article, after one that is not counted."""
    explain(pipeline, texts[0])
    start = time.process_time()
    pages = [explain(pipeline, text) for text in texts]
    seconds = (time.process_time() - start) / len(texts)
    return {
        "seconds": seconds,
        "bytes": sum(len(page.encode()) for page in pages) / len(pages),
        "characters": sum(map(len, texts)) / len(texts),
    }


def main() -> None:
    """Train, explain and print."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        job = json.load(stream)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    pipeline = make_pipeline(vectorizer, LogisticRegression(C=10, max_iter=1000))
    pipeline.fit(job["texts"], job["labels"])
    result = {
        "eli5": {**measure(eli5_one, pipeline, job["explain"]), "version": version("eli5")},
        "lime": {
            **measure(lime_one, pipeline, job["explain"][:_LIME_TEXTS]),
            "version": version("lime"),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
