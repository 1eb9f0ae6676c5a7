"""The center with a real PostgreSQL: what is said when it cannot be used, and what happens when several meet in it."""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from center.kept import Enrolled, StoreTrouble, Unfit, Unreachable
from center.postgres_store import PostgresStore
from center.rules import STATION_KEY
from center.taking import Declined, Taken
from kiosk.wire.exchange import Heartbeat, read_answer
from tests.center.postgres import GUARDED, PASSWORD, Cluster, cluster, query
from tests.center.running import body, request, signed
from tests.center.stores import KEY
from tests.center.test_taking import batch

pytestmark = pytest.mark.system

BODIES = [body("07", seq) for seq in range(1, 41)]


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as one:
        yield one


def kiosk(*words: str, database: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.cli", "center", *words]
    if folder is not None:
        command += ["--folder", str(folder)]
    environment = {**os.environ, "KIOSK_CENTER_DATABASE": database}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


def name_of(url: str) -> str:
    return url.split("/")[3].partition("?")[0]


def newer(server: Cluster) -> str:
    url = server.database()
    asyncio.run(opened_and_closed(url))
    query(url, "INSERT INTO center_schema VALUES (99, 0)")
    return url


def foreign(server: Cluster) -> str:
    url = server.database()
    query(url, "CREATE TABLE station (name text)")
    return url


def read_only(server: Cluster) -> str:
    url = server.database()
    server.sql("postgres", f"ALTER DATABASE {name_of(url)} SET default_transaction_read_only = on")
    return url


def as_guarded(server: Cluster, password: str) -> str:
    return server.url(name_of(server.database()), GUARDED, password)


async def opened_and_closed(url: str) -> None:
    store = PostgresStore(url)
    await store.open()
    await store.close()


WRONG = {
    "newer": (newer, os.EX_CONFIG, "newer version (schema 99"),
    "foreign": (foreign, os.EX_CONFIG, "tables of another program"),
    "read-only": (read_only, os.EX_CONFIG, "takes no writes"),
    "password": (lambda server: as_guarded(server, "wrong"), os.EX_CONFIG, "password is wrong"),
    "no-right": (lambda server: as_guarded(server, PASSWORD), os.EX_CONFIG, "may not do that"),
    "encoding": (lambda server: server.database("LATIN1"), os.EX_CONFIG, "encoded in LATIN1"),
    "no-database": (lambda server: server.url("nothere"), os.EX_CONFIG, "no such database"),
    "unreachable": (lambda server: "postgresql://x@/y?host=/nowhere", os.EX_UNAVAILABLE, "cannot be reached"),
    "refused": (lambda server: "postgresql://x@127.0.0.1:1/y", os.EX_UNAVAILABLE, "cannot be reached"),
    "rubbish": (lambda server: "postgresql://x@h:port/y", os.EX_CONFIG, "no address of a database"),
    "mysql": (lambda server: "mysql://x", os.EX_USAGE, "postgresql://"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_database_that_cannot_be_used_is_told_in_one_line(server: Cluster, case: str) -> None:
    make, code, words = WRONG[case]
    done = kiosk("stations", database=make(server))
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("kiosk: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr
    assert PASSWORD not in done.stderr
    assert ":wrong@" not in done.stderr


def test_the_commands_work_on_the_database(server: Cluster, tmp_path: Path) -> None:
    url = server.database()
    assert kiosk("init", "--host", "localhost", database=url, folder=tmp_path).returncode == 0
    assert not (tmp_path / "center.db").exists()
    assert "kiosk center code NN" in kiosk("stations", database=url, folder=tmp_path).stdout
    assert kiosk("code", "07", database=url, folder=tmp_path).returncode == 0
    assert kiosk("revoke", "07", database=url, folder=tmp_path).returncode == os.EX_DATAERR
    assert query(url, "SELECT station FROM code") == []
    assert kiosk("rebuild", database=url, folder=tmp_path).stdout == "0 entries read again\n"


def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    done = kiosk("serve", "--workers", "2", folder=tmp_path)
    assert done.returncode == os.EX_USAGE
    assert done.stderr.count("\n") == 1
    assert "--database postgresql://" in done.stderr


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_the_same_station_over_several_lines_at_once_is_there_once(server: Cluster, isolation: str) -> None:
    url = server.database()
    server.sql("postgres", f"ALTER DATABASE {name_of(url)} SET default_transaction_isolation = '{isolation}'")

    async def together() -> None:
        stores = [PostgresStore(url) for _ in range(3)]
        await asyncio.gather(*(store.open() for store in stores))
        await stores[0].enrol(Enrolled("07", KEY.public, 1))
        before, heads = bytes(32), []
        for start in range(0, 40, 4):
            one = batch(BODIES[start : start + 4], first=start + 1, before=before)
            before = one.hashes[-1]
            answers = await asyncio.gather(*(store.take(one, KEY.public, 5) for store in stores * 2))
            assert all(isinstance(answer, Taken) for answer in answers)
            assert {(answer.acknowledged, answer.head) for answer in answers} == {(start + 4, before)}
            assert sorted(answer.new for answer in answers) == [0] * 5 + [4]
            heads.append(before)
        other = batch([body("07", 1, other=True)])
        forks = await asyncio.gather(*(store.take(other, KEY.public, 5) for store in stores))
        assert all(isinstance(one, Declined) for one in forks)
        await asyncio.gather(*(store.publish(STATION_KEY, {"n": n}, 5) for n, store in enumerate(stores * 5)))
        told = await stores[1].notices("07", 0, 5)
        assert [one.seq for one in told] == list(range(1, 17))
        for store in stores:
            store.beat("07", Heartbeat(unsent=1), 9)
            store.beat("08", Heartbeat(unsent=1), 9)
        done = await asyncio.gather(*(store.settle() for store in stores), *(store.rebuild() for store in stores))
        assert sum(done) >= 40
        await asyncio.gather(*(store.close() for store in stores))

    asyncio.run(together())
    assert query(url, "SELECT count(*), max(seq) FROM entry") == [(40, 40)]
    assert query(url, "SELECT seq, projected FROM chain") == [(40, 40)]
    assert query(url, "SELECT count(*) FROM aside") == [(1,)]
    assert query(url, "SELECT count(*) FROM heartbeat") == [(2,)]


def test_entries_that_a_killed_process_left_are_projected_by_the_next(server: Cluster) -> None:
    url = server.database()

    async def left() -> None:
        store = PostgresStore(url, serves=False)
        await store.open()
        await store.enrol(Enrolled("07", KEY.public, 1))
        await store.take(batch(BODIES[:5]), KEY.public, 5)
        await store.close()

    async def found() -> None:
        store = PostgresStore(url)
        await store.open()
        async with asyncio.timeout(20):
            while (await asyncio.to_thread(query, url, "SELECT projected FROM chain")) != [(5,)]:
                await asyncio.sleep(0.01)
        await store.close()

    asyncio.run(left())
    asyncio.run(found())


def test_a_server_that_goes_away_is_trouble_and_is_used_again_when_it_is_back() -> None:
    with cluster() as own:
        url = own.database()

        async def through() -> None:
            store = PostgresStore(url)
            await store.open()
            await store.enrol(Enrolled("07", KEY.public, 1))
            assert isinstance(await store.take(batch(BODIES[:5]), KEY.public, 5), Taken)
            await asyncio.to_thread(own.stop)
            with pytest.raises(StoreTrouble) as trouble:
                await store.take(batch(BODIES[:8]), KEY.public, 5)
            assert isinstance(trouble.value, Unreachable)
            assert not isinstance(trouble.value, Unfit)
            await asyncio.to_thread(own.start)
            taken = await store.take(batch(BODIES[:8]), KEY.public, 5)
            assert isinstance(taken, Taken)
            assert (taken.acknowledged, taken.new) == (8, 3)
            await store.close()

        asyncio.run(through())


def test_a_database_whose_commits_may_be_lost_by_default_is_made_to_keep_them(server: Cluster) -> None:
    url = server.database()
    server.sql("postgres", f"ALTER DATABASE {name_of(url)} SET synchronous_commit = off")

    async def asked() -> str:
        store = PostgresStore(url)
        await store.open()
        async with store._ready().acquire() as connection:
            said = await connection.fetchval("SHOW synchronous_commit")
        await store.close()
        return str(said)

    assert asyncio.run(asked()) == "on"


def test_both_stores_have_the_same_columns(server: Cluster, tmp_path: Path) -> None:
    from center.database import open_for_writing

    url = server.database()
    asyncio.run(opened_and_closed(url))
    rows = query(
        url,
        "SELECT table_name::text, column_name::text FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name <> 'center_schema'",
    )
    file = open_for_writing(tmp_path / "center.db", checkpoints=True)
    own = {(table.name, column.name) for table in file.tables for column in table.columns if table.name[0] != "_"}
    file.close()
    assert set(rows) == own


def test_two_workers_serve_one_address_and_end_when_they_are_told_to(server: Cluster, tmp_path: Path) -> None:
    url = server.database()
    assert kiosk("init", "--host", "localhost", database=url, folder=tmp_path).returncode == 0
    query(url, "INSERT INTO station VALUES ('07', ?, 1, 0)", [KEY.public])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kiosk.cli", "center", "serve", "--plain", "--workers", "2", "--database", url]
    process = subprocess.Popen(
        [*command, "--address", "127.0.0.1", "--port", str(port), "--folder", str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        served = []
        before = bytes(32)
        for start in range(0, 40, 2):
            made, before = request("07", BODIES[start : start + 2], first=start + 1, before=before)
            connection = patient(port)
            connection.request("POST", "/v1/stations/07/sync", *reversed(signed(KEY, made, before)))
            reply = connection.getresponse()
            assert reply.status == 200
            answer = read_answer(reply.read())
            served.append(answer.acknowledged)
            connection.close()
        assert served == list(range(2, 41, 2))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == os.EX_OK
        assert query(url, "SELECT count(*) FROM entry") == [(40,)]
    finally:
        process.kill()
        process.communicate()


def patient(port: int) -> http.client.HTTPConnection:
    """A connection to a center that may still be starting."""
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.connect()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return connection
