"""The catalogue releases that the center has signed, as files; the newest is also what its own pages show."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from kiosk.catalog.load import CatalogError, packed, read_release, unpacked
from kiosk.catalog.model import Release
from kiosk.wire import release as wire
from kiosk.wire.entries import Unreadable

_NAME = re.compile(r"(\d{6})\.release")


class Shelf:
    """A folder of signed releases."""

    def __init__(self, folder: Path) -> None:
        """The folder need not be there yet."""
        self._folder = folder

    def newest(self) -> int:
        """The version of the newest release, 0 before the first."""
        if not self._folder.is_dir():
            return 0
        return max(
            (int(found[1]) for file in self._folder.iterdir() if (found := _NAME.fullmatch(file.name))), default=0
        )

    def file(self, version: int) -> bytes | None:
        """The bytes of a release as stations fetch it, None when there is none of that version. Raises OSError."""
        path = self._path(version)
        return path.read_bytes() if path.is_file() else None

    def catalog(self, version: int) -> Release:
        """The catalogue in a release. Raises CatalogError."""
        path = self._path(version)
        try:
            signed = wire.read_signed(path.read_bytes())
            return unpacked(wire.unpacked(signed.content), str(path))
        except (OSError, Unreadable) as error:
            raise CatalogError(f"{path}: cannot be read: {error}; put it back from the backup") from None

    def add(self, release: Release, sign: Callable[[bytes], bytes]) -> None:
        """Sign a release whose version is above `newest` and put it on the shelf. Raises OSError."""
        content = wire.packed(packed(release))
        signature = sign(wire.message(release.version, content))
        signed = wire.Signed(version=release.version, signature=signature, content=content)
        self._folder.mkdir(mode=0o755, exist_ok=True)
        path = self._path(release.version)
        temporary = path.with_name(path.name + ".new")
        with temporary.open("wb") as file:
            file.write(wire.encoded(signed))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def _path(self, version: int) -> Path:
        return self._folder / f"{version:06d}.release"


class Current:
    """The newest catalogue, read again when a newer one has come on the shelf."""

    def __init__(self, shelf: Shelf, packaged: Path) -> None:
        """`packaged`: the release that came with the program, for as long as there is no other. Raises CatalogError."""
        self._shelf = shelf
        version = shelf.newest()
        self._release = shelf.catalog(version) if version else read_release(packaged)
        self._seen = version

    def release(self) -> Release:
        """The catalogue; the one before it when a newer one cannot be read."""
        version = self._shelf.newest()
        if version != self._seen:
            self._seen = version
            try:
                self._release = self._shelf.catalog(version)
            except CatalogError:
                return self._release
        return self._release
