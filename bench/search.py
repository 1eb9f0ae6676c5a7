"""Search, per keystroke, over the whole catalogue, against a plain scan of all names."""

import time
from collections.abc import Iterator

from bench.figure import Figure, percentile
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.catalog.search import search

TYPED = ("x", "xs", "xsr", "j", "jz", "jzz", "住", "居住证", "newborn", "n", "gongjijin", "企业开办", "zzz", "退役军人")


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    release = read_release(paths.release_dir() / "catalog.msgpack")
    names = [text for package in release.packages for text in (package.name.hans, package.name.en.lower())]
    mine, plain = [], []
    for _ in range(20):
        for words in TYPED:
            start = time.perf_counter()
            search(release, words)
            mine.append(time.perf_counter() - start)
            start = time.perf_counter()
            [name for name in names if words in name]
            plain.append(time.perf_counter() - start)
    worst = percentile(mine, 0.99) * 1000
    yield Figure("search, per keystroke, p99", worst, percentile(plain, 0.99) * 1000, "ms", "<= 5 ms", worst <= 5)
