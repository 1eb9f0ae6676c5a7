"""Catalogue releases: signed at the center, fetched by stations, used from the next visit on; the last two stay."""

import datetime
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from center.books import Books
from center.database import open_for_writing
from center.folder import database_path, releases_dir
from center.shelf import Current, Shelf
from kiosk import cli, paths
from kiosk.catalog.installed import NotInstalled, contradictions, install, newest
from kiosk.catalog.load import packed, read_release
from kiosk.catalog.model import Release
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Reader
from kiosk.keys import StationKey
from kiosk.link.machine import Trouble
from kiosk.link.transport import LineTrouble, Reply
from kiosk.link.updating import RETRY_S, Told, Updating
from kiosk.text import Language
from kiosk.wire import release as wire
from tests.center.running import Listening, listening
from tests.link.test_station import let_in, station_in, wait_for

KEY = StationKey.throw_away()
PACKAGED = paths.release_dir() / "catalog.msgpack"


@pytest.fixture(scope="module")
def packaged() -> Release:
    return read_release(PACKAGED)


def of_version(release: Release, version: int) -> Release:
    return msgspec.structs.replace(release, version=version)


def signed(release: Release, version: int | None = None, key: StationKey = KEY) -> bytes:
    """Return a release as it would be fetched; `version`: what is written outside."""
    content = wire.packed(packed(release))
    number = release.version if version is None else version
    signature = key.sign(wire.message(number, content))
    return wire.encoded(wire.Signed(version=number, signature=signature, content=content))


class Offering:
    """A line on which releases, or something else, can be fetched."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.asked = 0

    def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
        raise LineTrouble(Trouble.NO_LINE, "not here")

    def get(self, path: str, limit: int) -> Reply:
        self.asked += 1
        if self.content is None:
            raise LineTrouble(Trouble.CUT_OFF, "cut off")
        return Reply(200, wire.MEDIA_TYPE, self.content)

    def abort(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """Nothing is open."""


class Taking:
    """A station's side: what it has, and what it told."""

    def __init__(self, folder: Path, present: Release) -> None:
        self.present = present
        self.told: list[Told] = []
        self.line = Offering()
        self.folder = folder
        self.updating = Updating(folder, KEY.public, lambda: self.present, self.renew, self.told.append)

    def renew(self, release: Release) -> None:
        self.present = release

    def offer(self, version: int, content: bytes | None, now: float = 0.0) -> int:
        """Offer a release; returns the version that is in use afterwards."""
        self.line.content = content
        self.updating.look(version, self.line, now)
        return self.present.version


@pytest.fixture
def taking(tmp_path: Path, packaged: Release) -> Taking:
    return Taking(tmp_path / "catalog", packaged)


def test_a_newer_release_is_taken_in_once_and_is_there_after_a_restart(taking: Taking, packaged: Release) -> None:
    assert taking.offer(3, signed(of_version(packaged, 3))) == 3
    assert taking.offer(3, signed(of_version(packaged, 3))) == 3
    assert taking.line.asked == 1
    assert taking.told == [Told("catalog.taken", 3)]
    assert newest(taking.folder, PACKAGED).version == 3


def test_the_last_two_are_kept(taking: Taking, packaged: Release) -> None:
    for version in (1, 2, 3, 4):
        taking.offer(version, signed(of_version(packaged, version)))
    assert sorted(file.name for file in taking.folder.iterdir()) == ["000003.msgpack", "000004.msgpack"]
    (taking.folder / "000004.msgpack").write_bytes(b"damaged")
    assert newest(taking.folder, PACKAGED).version == 3
    (taking.folder / "000003.msgpack").unlink()
    assert newest(taking.folder, PACKAGED).version == 0


def test_releases_that_are_not_right_are_refused_told_and_not_asked_for_again(
    taking: Taking, packaged: Release
) -> None:
    good = of_version(packaged, 5)
    other = msgspec.structs.replace(packaged.themes[0], of="somebody-else")
    bad = {
        "truncated": signed(good)[:-100],
        "another's key": signed(good, key=StationKey.throw_away()),
        "older inside": signed(of_version(packaged, 2), version=5),
        "an older one": signed(of_version(packaged, 4)),
        "a letter given to another": signed(msgspec.structs.replace(good, themes=(other, *packaged.themes[1:]))),
        "rubbish": b"rubbish",
        "nothing": b"",
    }
    for number, (what, content) in enumerate(bad.items()):
        one = Taking(taking.folder.with_name(f"catalog{number}"), packaged)
        assert one.offer(5, content) == 0, what
        assert [told.kind for told in one.told] == ["catalog.refused"], what
        assert one.offer(5, signed(good), RETRY_S * 2) == 0, what
        assert one.line.asked == 1
        assert one.offer(6, signed(of_version(packaged, 6)), RETRY_S * 2) == 6, what


def test_a_release_that_was_cut_off_on_the_line_is_tried_again_later(taking: Taking, packaged: Release) -> None:
    assert taking.offer(1, None, 0.0) == 0
    assert taking.offer(1, signed(of_version(packaged, 1)), RETRY_S / 2) == 0
    assert taking.offer(1, signed(of_version(packaged, 1)), RETRY_S) == 1
    assert [told.kind for told in taking.told] == ["catalog.taken"]


def test_nothing_older_is_installed(tmp_path: Path, packaged: Release) -> None:
    present = of_version(packaged, 7)
    for version in (1, 7):
        with pytest.raises(NotInstalled, match="not newer"):
            install(tmp_path / "catalog", version, packed(of_version(packaged, version)), present)


def test_letters_and_codes_on_paper_keep_their_meaning(packaged: Release) -> None:
    assert contradictions(packaged, packaged) == []
    first, second, *rest = packaged.packages
    swapped = (
        msgspec.structs.replace(first, code=second.code),
        msgspec.structs.replace(second, code=first.code),
        *rest,
    )
    assert len(contradictions(packaged, msgspec.structs.replace(packaged, packages=swapped))) == 2
    assert contradictions(packaged, msgspec.structs.replace(packaged, packages=tuple(rest))) == []


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Listening]:
    with listening(tmp_path / "center", tls=True) as running:
        yield running


def test_a_station_shows_the_bureau_s_change_from_the_next_visit_on(
    center: Listening, tmp_path: Path, packaged: Release
) -> None:
    first = packaged.packages[0]
    name = msgspec.structs.replace(first.name, hans="样例改名")
    changed = msgspec.structs.replace(first, name=name)
    release = msgspec.structs.replace(packaged, version=1, packages=(changed, *packaged.packages[1:]))
    with StateFolder(tmp_path / "state") as folder:
        let_in(center, folder.path)
        station = station_in(folder, f"https://localhost:{center.port}")
        station.start()
        visit = station.desk.begin(Language.HANS)
        publish(center, release)
        wait_for(lambda: newest(folder.path / "catalog", PACKAGED).version == 1)
        assert station.desk.package(first.id).name.hans == first.name.hans, "a visit ends with the list it began with"
        station.desk.end(visit)

        def renamed() -> bool:
            station.desk.begin(Language.HANS)
            return station.desk.package(first.id).name.hans == "样例改名"

        wait_for(renamed)
        station.stop()
    reader = Reader(tmp_path / "state")
    assert "catalog.taken" in [entry.kind for entry in reader.entries()]
    reader.close()


def publish(center: Listening, release: Release) -> None:
    """Put a release on the running center's shelf, signed by its own key."""
    from center.authority import RELEASE_KEY, raw_key
    from center.folder import keys_dir

    Shelf(releases_dir(center.folder)).add(release, StationKey(raw_key(keys_dir(center.folder) / RELEASE_KEY)).sign)
    books = Books(open_for_writing(database_path(center.folder), checkpoints=False))
    with books.transaction():
        books.publish(wire.NOTICE, {"version": release.version}, int(time.time() * 1000))
    books.close()


def test_the_center_signs_the_bureau_s_files_and_shows_them_itself(
    tmp_path: Path, packaged: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    from center.authority import make
    from center.folder import keys_dir

    make(keys_dir(tmp_path), "localhost", datetime.datetime.now(datetime.UTC))
    Books(open_for_writing(database_path(tmp_path), checkpoints=True)).close()
    shelf = Shelf(releases_dir(tmp_path))
    current = Current(shelf, PACKAGED)
    assert current.release().version == 0
    assert cli.main(["center", "release", str(paths.data_dir()), "--folder", str(tmp_path)]) == 0
    assert "release 1: 50 packages" in capsys.readouterr().out
    assert current.release().version == shelf.newest() == 1
    content = shelf.file(1)
    assert content is not None
    assert wire.read_signed(content).version == 1
    assert shelf.file(2) is None
    assert cli.main(["center", "release", str(tmp_path / "nowhere"), "--folder", str(tmp_path)]) != 0
