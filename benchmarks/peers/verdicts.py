"""Whether a target is met, or the machine was too noisy to tell."""

from collections.abc import Iterable, Sequence
from statistics import median, quantiles

BOUND = 0.25  # the largest spread with which a ratio is told
LEAST = 3  # rounds that have a spread

Target = tuple[str, str, str, str, str]  # what, cores, measured, asked for, verdict

NOTE = (
    f"Too noisy to tell: the middle half of the rounds is spread over more than {BOUND:.0%} of "
    f"their median. Too few rounds to tell: fewer than {LEAST}."
)


def spread(rounds: Sequence[float]) -> float:
    """How far apart the quartiles of the rounds are, as a share of the median.

    Like the median, which is what is shown, it bears one bad round in five.
    """
    low, middle, high = quantiles(rounds, n=4, method="inclusive")
    return (high - low) / middle


def doubt(*series: Sequence[float]) -> str:
    """Why figures from these rounds say nothing; empty when they do.

    A series too short for a spread, of what takes long, is judged by the others.
    """
    spreads = [spread(rounds) for rounds in series if len(rounds) >= LEAST]
    if not spreads:
        return "too few rounds to tell"
    return "too noisy to tell" if max(spreads) > BOUND else ""


def verdict(met: bool, *series: Sequence[float]) -> str:
    """In a word; series: the rounds of what was timed, none where nothing was."""
    return (doubt(*series) if series else "") or ("met" if met else "**missed**")


def paired(ours: Iterable[float], theirs: Iterable[float]) -> list[float]:
    """The ratio of two systems in each round that both have."""
    return [a / b for a, b in zip(ours, theirs, strict=False)]


def at_least(what: str, where: str, ratios: Sequence[float], least: float) -> Target:
    """The target that the median ratio of the rounds reaches so much."""
    ratio = median(ratios)
    return what, where, f"{ratio:.2f}", f"≥ {least}", verdict(ratio >= least, ratios)


def cell(ratios: Sequence[float]) -> str:
    """The median ratio for a table, or why it says nothing."""
    return doubt(ratios) or f"{median(ratios):.2f}"


def markdown(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column's name is that of the rows."""
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def target_table(rows: Sequence[Target]) -> str:
    """What was asked for and what was measured; nothing when there are no targets."""
    return markdown(("target", "", "measured", "asked for", ""), rows) if rows else ""
