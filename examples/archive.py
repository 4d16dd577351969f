"""Label an archive of any size from file to file: bounded memory, and a stopped run goes on.

Run it in the repository, after `make train`: python examples/archive.py
"""

from collections import Counter

import polars as pl

import chude

refused: list[chude.Refusal] = []
count = chude.predict_archive(
    "models/themes",
    ["data/raw", "data/examples"],  # files, folders, globs
    "build/themes.parquet",
    form="parquet",
    jobs=1,  # processes; with more than one, keep this under `if __name__ == "__main__":`
    on_refusal=refused.append,
)
print(f"{count} articles labelled, {len(refused)} refused")
for refusal in refused:
    print(refusal)

predictions = pl.read_parquet("build/themes.parquet")
print(Counter(themes or "no theme" for themes in predictions["themes"]).most_common())
