"""Train a model on a corpus, save it, load it again and label new articles.

Run it in the repository: python examples/train_and_predict.py
"""

import chude

model = chude.train("data")
chude.save(model, "models/example")

model = chude.load("models/example")
articles = list(chude.read("data/examples"))
for article, prediction in zip(articles, model.predict(articles), strict=True):
    print(f"{article.title}: {', '.join(prediction.themes) or 'no theme'}")
    for reason in prediction.reasons:
        print(f"  a person should look at {reason}")
