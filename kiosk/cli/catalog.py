"""`kiosk catalog`: the bureau's tools. Check the files, build the release, search as a resident would."""

import argparse
import datetime
import os
from pathlib import Path

from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.catalog.model import Release
from kiosk.cli import failure
from kiosk.hours import CHINA
from kiosk.text import Language

NAMED = 40
"""Mistakes that are written out; a broken file may bring thousands."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `kiosk catalog` and its three actions."""
    catalog = commands.add_parser("catalog", help="the service catalogue: check, build, search")
    actions = catalog.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="count what the catalogue holds, or name every mistake in it")
    build = actions.add_parser("build", help="make the release that stations read")
    for action in (check, build):
        action.add_argument("--data", type=Path, default=None, metavar="DIR", help="the bureau's files")
    build.add_argument("--out", type=Path, default=None, metavar="DIR", help="where the release goes")
    search = actions.add_parser("search", help="find packages by characters, pinyin, initials or English")
    search.add_argument("words", nargs="+", metavar="WORDS")
    languages = [str(language) for language in Language]
    search.add_argument("--lang", choices=languages, default=languages[0], help="language of the answer")
    search.add_argument("--release", type=Path, default=None, metavar="FILE", help="another release than the built one")


def run(arguments: argparse.Namespace) -> int:
    """Do one action; returns the exit code."""
    if arguments.action == "search":
        return _search(
            arguments.release or paths.release_dir() / FILE, " ".join(arguments.words), Language(arguments.lang)
        )
    folder: Path = arguments.data or paths.data_dir()
    if not folder.is_dir():
        raise failure.Failure([f"{folder}: is no folder; give the bureau's files by --data DIR"], os.EX_NOINPUT)
    try:
        return _check(folder) if arguments.action == "check" else _build(folder, arguments.out or folder / "release")
    except ModuleNotFoundError as error:
        lines = [f"the package {error.name} is missing; install the extra 'build' of this program"]
        raise failure.Failure(lines, os.EX_UNAVAILABLE) from None


def _mistakes(folder: Path, mistakes: tuple[object, ...]) -> failure.Failure:
    lines = [f"{folder}/{mistake}" for mistake in mistakes[:NAMED]]
    if len(mistakes) > NAMED:
        lines.append(f"{folder}: and {len(mistakes) - NAMED} more mistakes")
    lines.append(f"{folder}: {len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'}")
    return failure.Failure(lines, os.EX_DATAERR)


def _check(folder: Path) -> int:
    from kiosk.catalog.check import check

    checked = check(folder)
    if checked.mistakes:
        raise _mistakes(folder, checked.mistakes)
    print(f"{checked.counts}: no mistake")
    print(checked.trips)
    return os.EX_OK


def _build(folder: Path, out: Path) -> int:
    from kiosk.catalog.build import build, build_date
    from kiosk.catalog.check import check

    checked = check(folder)
    if checked.mistakes:
        raise _mistakes(folder, checked.mistakes)
    try:
        built = build_date(os.environ, datetime.datetime.now(CHINA))
        file = build(checked, out, built)
    except OSError as error:
        lines = [f"{error.filename or out}: cannot be written: {error.strerror}; give another folder by --out DIR"]
        raise failure.Failure(lines, os.EX_CANTCREAT) from None
    except ValueError as error:
        raise failure.Failure([str(error)], os.EX_USAGE) from None
    print(f"{file}: {checked.counts}; {file.stat().st_size} bytes, built {built}")
    return os.EX_OK


def built_release(folder: Path) -> Release:
    """Return the catalogue in the bureau's files, checked and built but not written. Raises Failure."""
    if not folder.is_dir():
        raise failure.Failure([f"{folder}: is no folder; give the one that holds the bureau's files"], os.EX_NOINPUT)
    try:
        from kiosk.catalog.build import build_date, release_of
        from kiosk.catalog.check import check
        from kiosk.catalog.traditional import Traditional
    except ModuleNotFoundError as error:
        lines = [f"the package {error.name} is missing; install the extra 'build' of this program"]
        raise failure.Failure(lines, os.EX_UNAVAILABLE) from None
    checked = check(folder)
    if checked.mistakes:
        raise _mistakes(folder, checked.mistakes)
    built = build_date(os.environ, datetime.datetime.now(CHINA))
    return release_of(checked.data, Traditional(checked.data.glossary), built)


def _search(path: Path, words: str, language: Language) -> int:
    from kiosk.catalog.search import nearest, search, search_channels

    with failure.told():
        release = read_release(path)
    packages = {package.id: package for package in release.packages}
    hits, others = search(release, words), search_channels(release, words)
    if not (hits or others):
        print("nothing found; nearest:")
        hits = nearest(release, words)
    for hit in hits:
        package = packages[hit.package]
        print(f"{package.code}  {package.name.in_(language)}  ({hit.field}: {hit.phrase.in_(language)})")
    channels = {channel.id: channel for channel in release.channels}
    for other in others:
        channel = channels[other.goal.channel]
        print(f"{channel.code}  {other.name.in_(language)}  ({other.field} of {channel.label.in_(language)})")
    return os.EX_OK
