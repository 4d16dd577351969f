"""A trained model on disk: data, not code."""
