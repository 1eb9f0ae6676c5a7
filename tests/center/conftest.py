"""One PostgreSQL server for all tests of a process that want one."""

from collections.abc import Iterator

import pytest

from tests.center.stores import Servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Whoever needs PostgreSQL asks here."""
    started = Servers()
    yield started
    started.close()
