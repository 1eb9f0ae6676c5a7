"""One figure: ours, the bare reference, the ratio, and what it must reach."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table. `unit` belongs to `ours` and `bare`; `limit` says in words what `reached` checked."""

    name: str
    ours: float
    bare: float | None
    unit: str
    limit: str
    reached: bool

    def cells(self) -> tuple[str, ...]:
        """The line's columns as text."""
        bare = "" if self.bare is None else f"{_short(self.bare)} {self.unit}"
        ratio = f"{self.ours / self.bare:.2f}" if self.bare else ""
        mark = "yes" if self.reached else "NO"
        return self.name, f"{_short(self.ours)} {self.unit}", bare, ratio, self.limit, mark


HEAD = ("figure", "ours", "bare", "ratio", "must reach", "reached")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as an aligned table (Markdown)."""
    lines = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    rows = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([rows[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *rows[1:]])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
