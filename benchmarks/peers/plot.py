"""The plot of a run: how fast against how right."""

from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.systems import SYSTEMS

_OURS, _PEER = "#b3261e", "#5f6368"
_LINE = 12  # points between two lines of labels


def plot(systems: dict[str, dict[str, Any]], path: Path) -> None:
    """Articles a second on one core against accuracy on the test split, as an image file."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter

    points = [
        (median(result["predict"]["1"]["batch"]), 100 * result["accuracy_all"], key)
        for key, result in systems.items()
        if "failed" not in result
    ]
    if not points:
        return
    figure, axes = plt.subplots(figsize=(9, 5.5), layout="constrained")
    axes.set_xscale("log")
    axes.set_xlim(min(x for x, _, _ in points) / 1.5, max(x for x, _, _ in points) * 15)
    axes.margins(y=0.15)
    for x, y, key in points:
        axes.scatter(x, y, s=45, color=_OURS if SYSTEMS[key].ours else _PEER, zorder=3)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("articles a second from raw text, one core (log scale)")
    axes.set_ylabel("accuracy on the test split, %")
    axes.grid(color="#e0e0e0", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    figure.draw_without_rendering()  # so that the places of labels are known
    taken = [_around(axes.transData.transform((x, y))) for x, y, _ in points]
    for x, y, key in sorted(points, key=lambda point: -point[1]):
        taken.append(_label(axes, x, y, key, taken))
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _label(axes: Any, x: float, y: float, key: str, taken: list[Any]) -> Any:
    """Write a label at the free place that is nearest to its point; its box in pixels."""
    from matplotlib.text import Text

    ours = SYSTEMS[key].ours
    colour, weight = (_OURS, "bold") if ours else (_PEER, "normal")
    title = SYSTEMS[key].title.translate({ord("*"): None, ord("`"): None})
    # The last place is that beside the point, for want of a better one.
    for step in [*sorted(range(-9, 10), key=abs), 0]:
        label = axes.annotate(
            title,
            (x, y),
            xytext=(9 if step == 0 else 22, step * _LINE / 2),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=colour,
            fontweight=weight,
            arrowprops={"arrowstyle": "-", "color": "#b0b0b0", "lw": 0.7} if step else None,
        )
        label.update_positions(axes.figure.canvas.get_renderer())
        box = Text.get_window_extent(label)  # that of an annotation has the line in it
        inside = axes.bbox.y0 < box.y0 and box.y1 < axes.bbox.y1
        if inside and not any(box.overlaps(other) for other in taken):
            return box
        label.remove()
    axes.add_artist(label)
    return box


def _around(centre: Any) -> Any:
    """The box of a marker, in pixels."""
    from matplotlib.transforms import Bbox

    return Bbox.from_extents(*(centre - 5), *(centre + 5))
