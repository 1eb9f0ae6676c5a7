"""Tests of what the station goes by: settings, keys and certificate, codes, catalogue."""

import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.catalog.load import CatalogError
from kiosk.catalog.model import Release
from kiosk.keys import FILE, FOLDER, KeyFileError, open_station_key
from kiosk.technician.codes import Codes, CodesError
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.lockout import Tries, TriesError
from kiosk.technician.symptoms import found
from kiosk.trust import read_trust

ENDING_DAYS = 30
"""Days before its end at which a certificate is told of."""

_DAY_MS = 86_400_000


class SettingsFile:
    """Can the settings be read?"""

    name, title, kind = "settings", "设置", Kind.AUTOMATIC
    reason = "设置有错，站点不会启动"

    def __init__(self, where: str, mistakes: Sequence[str]) -> None:
        """`where`: the file; `mistakes`: what is wrong with it, one line each."""
        self._where = where
        self._mistakes = mistakes

    def run(self) -> Finding:
        """Tell the first mistake."""
        if self._mistakes:
            return found(self.name, "settings-wrong", self._mistakes[0][-120:])
        return found(self.name, value=self._where[-80:])


class Keys:
    """Can the station sign, and does it know its center?"""

    name, title, kind = "keys", "密钥和证书", Kind.AUTOMATIC
    reason = "没有密钥，号码不能核验，中心也不认这台站点"

    def __init__(self, state: Path, station: str, now_ms: Callable[[], int], *, has_center: bool) -> None:
        """`station`: its number by the settings, empty where those cannot be read. `now_ms`: UTC milliseconds."""
        self._folder = state / FOLDER
        self._station = station
        self._now_ms = now_ms
        self._has_center = has_center

    def run(self) -> Finding:
        """Read them, never make them."""
        path = self._folder / FILE
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return found(self.name, "key-none", str(path)[-80:])
        except OSError as error:
            foreign = isinstance(error, PermissionError)
            return found(self.name, "state-foreign" if foreign else "key-damaged", error.strerror or "")
        if stat.S_IMODE(mode) & 0o077:
            return found(self.name, "key-open", str(path)[-80:])
        try:
            open_station_key(self._folder)
        except KeyFileError as error:
            return found(self.name, "key-damaged", str(error)[:80])
        return self._center()

    def _center(self) -> Finding:
        try:
            trust = read_trust(self._folder)
        except KeyFileError as error:
            return found(self.name, "trust-damaged", str(error)[:80])
        if trust is None:
            return found(self.name, "center-not-enrolled" if self._has_center else "")
        if self._station and trust.station != self._station:
            return found(self.name, "trust-other", f"{trust.station}, {self._station}")
        from cryptography import x509

        try:
            ends = x509.load_pem_x509_certificate(trust.ca.encode("ascii")).not_valid_after_utc
        except ValueError as error:
            return found(self.name, "trust-damaged", str(error)[:80])
        days = (int(ends.timestamp() * 1000) - self._now_ms()) // _DAY_MS
        return found(self.name, "certificate-ending" if days < ENDING_DAYS else "", f"{trust.station}, {days} d")


class Technicians:
    """Can a technician get in?"""

    name, title, kind = "technicians", "技术员密码", Kind.AUTOMATIC
    reason = "没有密码，就进不了屏幕上的检修"

    def __init__(self, codes: Codes, tries: Tries) -> None:
        self._codes = codes
        self._tries = tries

    def run(self) -> Finding:
        """Count the codes, and tell of a lock."""
        try:
            count = len(self._codes.names())
            locked = self._tries.locked()
        except (CodesError, TriesError) as error:
            return found(self.name, "technician-unreadable", str(error)[:80])
        if locked:
            return found(self.name, "technician-locked", f"{-(-locked // 60_000)} min")
        return found(self.name, "" if count else "technician-none", str(count))


class Catalogue:
    """Which catalogue do residents see, and is it the newest?"""

    name, title, kind = "catalog", "办事目录", Kind.AUTOMATIC
    reason = "旧的目录会让人带错材料"

    def __init__(self, release: Callable[[], Release], offered: Callable[[], int]) -> None:
        """`release()` is the one in use, and raises CatalogError; `offered()`: the newest that the center told of."""
        self._release = release
        self._offered = offered

    def run(self) -> Finding:
        """Read it."""
        try:
            release = self._release()
        except CatalogError as error:
            return found(self.name, "catalog-unreadable", str(error)[:80])
        waiting = self._offered() > release.version
        return found(self.name, "catalog-waiting" if waiting else "", f"{release.version}, {release.built}")
