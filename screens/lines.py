"""Texts laid out into the lines of sheets: facts with their terms, numbered entries, the summary of a merged list."""

from dataclasses import dataclass

from kiosk.text import cells, wrap_evenly
from screens.palette import Role
from screens.widgets.sheet import Line, Span

BLANK: Line = ()

NUMBER = 4
"""Cells of the number before an entry of a list."""

_SQUARES_MOST = 20


@dataclass(frozen=True)
class Fact:
    """A term and what is true of it. A list of values is numbered."""

    term: str
    values: tuple[str, ...]


def fact_lines(fact: Fact, indent: int, width: int) -> tuple[Line, ...]:
    """Return a fact as lines of `width` cells, its values from cell `indent`."""
    lines: list[Line] = []
    for number, value in enumerate(fact.values, 1):
        lead = f"{number}. " if len(fact.values) > 1 else ""
        hang = indent + cells(lead)
        for row, piece in enumerate(wrap_evenly(value, width - hang)):
            spans = [Span(piece, hang)]
            if lead and not row:
                spans.insert(0, Span(lead, indent, "muted"))
            lines.append(tuple(spans))
    head = Span(fact.term, 0, "muted")
    return ((head, *lines[0]), *lines[1:]) if lines else ((head,),)


def paragraph(text: str, width: int, ink: Role = "ink", bold: bool = False) -> tuple[Line, ...]:
    """Return `text` wrapped into `width` cells."""
    return tuple((Span(line, 0, ink, bold),) for line in wrap_evenly(text, width))


def entry(lead: str, text: str, note: str, width: int) -> tuple[Line, ...]:
    """Return an entry of a list: its number, its bold text wrapped, its note at the right edge."""
    room = width - NUMBER - (cells(note) + 2 if note else 0)
    first, *rest = wrap_evenly(text, max(room, 8))
    head: Line = (Span(lead, 0, "accent", bold=True), Span(first, NUMBER, bold=True))
    if note:
        head = (*head, Span(note, -1, "muted"))
    return (head, *((Span(line, NUMBER, bold=True),) for line in rest))


def step(number: int, text: str, width: int) -> tuple[Line, ...]:
    """Return one of the things to do next: its number on a dark block, its text wrapped."""
    first, *rest = wrap_evenly(text, width - 5)
    return (
        (Span(str(number), 0, "on-deep", bold=True, fill="deep"), Span(first, 5, bold=True)),
        *((Span(line, 5, bold=True),) for line in rest),
    )


def squares(term: str, count: int, words: str, width: int, *, now: bool) -> Line | None:
    """Return `count` documents as squares between a term and words, or None where they do not fit.

    Where squares do not fit, strokes half as wide do.
    """
    left = cells(term) + 1
    room = width - left - 1 - cells(words)
    if 2 * count <= min(room, 2 * _SQUARES_MOST):
        drawn = " ".join("▄" * count) + " "
    elif count <= room:
        drawn = "▖" * count + " "
    else:
        return None
    return (
        Span(term, 0, "ink" if now else "muted", bold=now),
        Span(drawn, left, "accent" if now else "line"),
        Span(words, left + cells(drawn), "accent" if now else "muted", bold=now),
    )


def pages(
    groups: list[tuple[Line, ...]], rows: int, *, first: int | None = None, air: bool = True
) -> list[tuple[Line, ...]]:
    """Put groups of lines on as few sheets as they need, in order; a group stays together if it can.

    A sheet has `rows` lines, the first one `first`. With `air`, where a sheet has rows to spare, blank ones stand
    between groups.
    """
    sheets: list[list[tuple[Line, ...]]] = [[]]
    room = rows if first is None else first
    for group in groups:
        if sheets[-1] and sum(map(len, sheets[-1])) + len(group) > room:
            sheets.append([])
            room = rows
        while len(group) > room:
            sheets[-1].append(group[:room])
            group, room = group[room:], rows
            sheets.append([])
        sheets[-1].append(group)
    limits = [rows if first is None else first] + [rows] * (len(sheets) - 1)
    return [_aired(sheet, limit if air else 0) for sheet, limit in zip(sheets, limits, strict=True)]


def _aired(groups: list[tuple[Line, ...]], rows: int) -> tuple[Line, ...]:
    """Put blank lines between all groups where they fit in `rows`, else around those of several lines, else nowhere."""
    all_gaps = set(range(1, len(groups)))
    around = {gap for gap in all_gaps if len(groups[gap - 1]) > 1 or len(groups[gap]) > 1}
    spare = rows - sum(map(len, groups))
    gaps = next((gaps for gaps in (all_gaps, around) if len(gaps) <= spare), set())
    aired: list[Line] = []
    for number, group in enumerate(groups):
        if number in gaps:
            aired.append(BLANK)
        aired.extend(group)
    return tuple(aired)
