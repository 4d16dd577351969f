"""Words to numbers: n-grams counted as packed integers, and their TF-IDF."""
