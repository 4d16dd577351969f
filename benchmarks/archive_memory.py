"""Measure peak memory and speed of archive runs, which must not grow with the archive.

usage: archive_memory.py MODEL [--sizes 10000 100000] [--jobs 1 2] [--forms jsonl jsonl.gz]
                         [--trees src ../before/src] [--rounds 1]

Invented articles of repeating sentences are written into a temporary folder, then `chude predict
--output` labels them, a new process each time. Printed are, as a Markdown table, the peak memory of
the largest process (the command itself or a worker), articles a second and microseconds of
processor an article, the start included. Of several trees of sources, such as before and after a
change, each takes its turn in each round; the least time counts. MODEL must suit all of them.

Memory rises twice and then stays: numba is loaded in a file of 10 MB or after 20 million characters
in a process (about 110 MB), and the segmenter remembers up to 500,000 tokens (each title here
brings a new one, more than real articles do). Compare 400,000 articles and a million to see it
level off.
"""

import argparse
import gzip
import json
import multiprocessing
import multiprocessing.connection
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FORMS = ("jsonl", "jsonl.gz", "csv", "parquet", "folder")
SENTENCES = (
    "Tổ tuần tra phát hiện ba người vượt biên trái phép qua lối mòn.",
    "Hải quan cửa khẩu thu giữ 40 kg pháo lậu giấu trong thùng xe tải.",
    "Hội nghị tổng kết phong trào thi đua biểu dương 12 tập thể.",
    "Công ty được tặng cờ thi đua vì thành tích ba năm liền.",
    "Bộ đội giúp bà con gặt lúa chạy mưa suốt hai ngày.",
    "Đảng ủy xã tổ chức đối thoại với nhân dân về con đường mới.",
    "Giá cà phê sáng nay giảm nhẹ ở các tỉnh Tây Nguyên.",
    "Đội bóng thành phố thua hai bàn trên sân khách tối qua.",
)


def main() -> None:
    """Run the measurement."""
    arguments = parse()
    print(
        "| articles | input | jobs | tree | peak memory, MB | articles/s | processor, µs/article |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for form in arguments.forms:
            for size in arguments.sizes:
                archive = write_archive(Path(folder), form, size)
                for jobs in arguments.jobs:
                    rounds = [
                        [measured(arguments.model, archive, jobs, tree) for tree in arguments.trees]
                        for _ in range(arguments.rounds)
                    ]
                    for i, tree in enumerate(arguments.trees):
                        peak = max(found[i][0] for found in rounds)
                        seconds, processor = (min(f[i][k] for f in rounds) for k in (1, 2))
                        print(
                            f"| {size:,} | {form} | {jobs} | {tree} | {peak:.0f} "
                            f"| {size / seconds:,.0f} | {1e6 * processor / size:.0f} |",
                            flush=True,
                        )


def parse() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("model", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=["jsonl"])
    parser.add_argument("--trees", type=Path, nargs="+", default=[ROOT / "src"])
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def write_archive(folder: Path, form: str, size: int) -> Path:
    """Write so many articles of five to ten sentences; returns the file or folder."""
    rng = random.Random(size)
    path = folder / f"archive-{size}.{form}"
    texts = (" ".join(rng.choices(SENTENCES, k=rng.randrange(5, 11))) for _ in range(size))
    if form == "folder":
        for i, text in enumerate(texts):
            file = path / f"{i // 1000:04}" / f"{i:07}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"Tin số {i}\n\n{text}\n", encoding="utf-8")
    elif form.startswith("jsonl"):
        start = gzip.open if form.endswith(".gz") else open
        with start(path, "wt", encoding="utf-8") as stream:
            for i, text in enumerate(texts):
                row = {"id": str(i), "title": f"Tin số {i}", "text": text}
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        import polars as pl

        frame = pl.DataFrame({"id": range(size), "text": list(texts)})
        _ = frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    return path


def measured(model: Path, archive: Path, jobs: int, tree: Path) -> tuple[float, float, float]:
    """Peak memory in megabytes, seconds and processor seconds of a run.

    `getrusage` knows the largest of all children so far, so each run has a parent of its own.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    parent = context.Process(target=run, args=(theirs, model, archive, jobs, tree))
    parent.start()
    theirs.close()
    found: tuple[float, float, float] = ours.recv()
    parent.join()
    return found


def run(
    pipe: multiprocessing.connection.Connection, model: Path, archive: Path, jobs: int, tree: Path
) -> None:
    """Run the command line once and send what `measured` returns."""
    out = archive.with_suffix(".out")
    code = "from chude.cli.main import main; main()"
    command = [sys.executable, "-c", code, "predict", archive, "--model", model, "--quiet"]
    start = time.perf_counter()
    subprocess.run(
        [*map(str, command), "--format", "jsonl", "--output", str(out), "--jobs", str(jobs)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(tree.resolve())},
    )
    seconds = time.perf_counter() - start
    unit = 2**20 if sys.platform == "darwin" else 2**10  # what ru_maxrss counts in
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    pipe.send((used.ru_maxrss / unit, seconds, used.ru_utime + used.ru_stime))
    out.unlink()


if __name__ == "__main__":
    main()
