"""Fast word segmentation of Vietnamese text, equal to underthesea's `word_tokenize`."""
