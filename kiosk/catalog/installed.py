"""The releases that came from the center, beside the one that came with the program. The last two stay.

A release is taken in only whole, readable, newer than what is here, and without taking a letter or a code from
anybody: numbers and guides that are on paper already must go on to mean the same.
"""

import os
import re
from pathlib import Path

from kiosk.catalog.load import CatalogError, read_release, unpacked
from kiosk.catalog.model import Release

FOLDER = "catalog"
KEPT = 2

_NAME = re.compile(r"(\d{6})\.msgpack")


class NotInstalled(Exception):
    """A release is refused; the message says why."""


def newest(folder: Path, packaged: Path) -> Release:
    """Return the newest release that can be read: one of the center's in `folder`, else the one in `packaged`.

    Raises CatalogError when the packaged one is needed and cannot be read.
    """
    for version in sorted(_versions(folder), reverse=True):
        try:
            release = read_release(_path(folder, version))
        except CatalogError:
            # Another version of the program wrote it, or it is damaged: the one before it is as good as it was.
            continue
        if release.version == version:
            return release
    return read_release(packaged)


def install(folder: Path, version: int, content: bytes, present: Release) -> Release:
    """Keep the catalogue `content` of a release whose signature was checked. Raises NotInstalled, OSError."""
    if version <= present.version:
        raise NotInstalled(f"version {version} is not newer than {present.version}")
    try:
        release = unpacked(content, f"release {version}")
    except CatalogError as error:
        raise NotInstalled(str(error)) from None
    if release.version != version:
        raise NotInstalled(f"says that it is version {release.version}, not {version}")
    if taken := contradictions(present, release):
        raise NotInstalled("; ".join(taken[:5]))
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(_path(folder, version), content)
    for old in sorted(_versions(folder), reverse=True)[KEPT:]:
        _path(folder, old).unlink()
    return release


def contradictions(old: Release, new: Release) -> list[str]:
    """Return every letter and code that means one thing in `old` and another in `new`."""
    letters = {theme.letter: theme.of for theme in old.themes}
    codes = {package.code: package.id for package in old.packages}
    return [
        f"letter {theme.letter} was {letters[theme.letter]}'s and is given to {theme.of}"
        for theme in new.themes
        if letters.get(theme.letter, theme.of) != theme.of
    ] + [
        f"code {package.code} was {codes[package.code]}'s and is given to {package.id}"
        for package in new.packages
        if codes.get(package.code, package.id) != package.id
    ]


def _versions(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return [int(found[1]) for file in folder.iterdir() if (found := _NAME.fullmatch(file.name))]


def _path(folder: Path, version: int) -> Path:
    return folder / f"{version:06d}.msgpack"


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
