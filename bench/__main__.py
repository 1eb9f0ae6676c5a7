"""`make bench`: measure everything and print one table."""

import sys

from bench import drain, hang, idle, intake, memory, offline, paper, pauses, screens, search, tickets, wire
from bench.figure import table

figures = []
for module in (paper, wire, search, tickets, screens, hang, pauses, drain, idle, memory, intake, offline):
    for figure in module.figures():
        print(figure.name, "...", file=sys.stderr, flush=True)
        figures.append(figure)
print(table(figures))
sys.exit(not all(figure.reached for figure in figures))
