"""Words kept on disk: the folder, its blocks, and the segmenter that asks them first."""
