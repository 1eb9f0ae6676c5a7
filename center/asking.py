"""What is asked of a database, as values: a rule is written once and both stores follow it.

A rule is a generator. It yields what it asks, is sent the rows that this gave, and returns its result. The SQL is what
SQLite and PostgreSQL have in common, with `?` for values. Whoever drives a rule gives it one transaction; when that
has to be tried again, a fresh generator is made.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

T = TypeVar("T")

Value = str | bytes | int | None
Rows = Sequence[Sequence[Any]]
"""Rows as the database gives them: text as str, bytes as bytes, whole numbers as int."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `locks`: the rows that it selects stay as they are until the transaction ends.

    SQLite has one writer and needs no lock for that.
    """

    sql: str
    values: tuple[Value, ...] = ()
    locks: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table into which many rows go at once, and what happens to those that are there already."""

    name: str
    columns: tuple[tuple[str, Literal["text", "bytea", "bigint"]], ...]
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """Many rows for one table. `shared`: values of the first columns, the same in all rows, which lack them."""

    table: Table
    rows: Sequence[tuple[Value, ...]]
    shared: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Each:
    """One statement for each of many values, in their order; it gives no rows."""

    sql: str
    rows: Sequence[tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Together:
    """Insertions into different tables, none of which gives rows or depends on another: one way to the database."""

    parts: tuple[Statement | Insert, ...]


Asked = Statement | Insert | Each | Together
Rule = Generator[Asked, Rows, T]
Asks = Callable[[], Rule[T]]
"""Makes a rule, once for each try."""
