"""Search the settings of chude's estimators with scikit-learn.

Run it in the repository: python examples/estimators.py
"""

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MultiLabelBinarizer

import chude
from chude.estimators import LinearClassifier, NgramVectorizer

articles = list(chude.read("data"))
texts = [article.text for article in articles]
themes = MultiLabelBinarizer()
labels = themes.fit_transform([article.themes or () for article in articles])

pipeline = Pipeline(
    [("vectorize", NgramVectorizer(segmenter="syllable")), ("classify", LinearClassifier())]
)
settings = {"vectorize__ngrams": [(1, 1), (1, 2)], "classify__C": [0.3, 1.0, 3.0]}
search = GridSearchCV(pipeline, settings, scoring="f1_macro", cv=3)
search.fit(texts, labels)
print(f"macro F1 {search.best_score_:.3f} with {search.best_params_}")

new = [article.text for article in chude.read("data/examples")]
for found in themes.inverse_transform(search.predict(new)):
    print(", ".join(found) or "no theme")
