"""Learn: from labelled articles to a model, everything chosen from out-of-fold scores."""
