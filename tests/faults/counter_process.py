"""A whole station without screens, as a process that a test can kill: residents leave their requests at it.

Arguments: state folder, port, number of the first person, number behind the last, "sealed" or "open", "die" or "end".
Keeps its log, of everything that anybody logs, beside the state folder. With "open" nothing is sealed, so that a search
has something to find; with "die" it kills itself (SIGKILL) in the middle of the commit with the last person's request.
"""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

import msgspec

import kiosk.sealing
from devices.profile import read_profiles
from devices.serial_printer import SerialPrinter
from kiosk import forms, paths
from kiosk.catalog.load import read_release
from kiosk.catalog.model import Release
from kiosk.desk import FieldKind, Form, JobState, SentRequest
from kiosk.forms import Field
from kiosk.journal.folder import StateFolder
from kiosk.sealing import Place
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language, Text
from kiosk.visit import Visit
from kiosk.wording import Wording
from tests.faults.people import Person, people

NUMBER = Field(
    id="number",
    kind=FieldKind.PERSON,
    question=Text("身份证号是多少？", "身分證號是多少？", "What is the number of your identity card?"),
    label=Text("身份证号", "身分證號", "Identity card"),
    personal=True,
)
LANGUAGES = tuple(Language)
PATIENCE_S = 20.0
WAITING = 15
"""How many wait for their slips: paper takes longer than all the rest."""


def asking_for_numbers(release: Release) -> Release:
    """Return a release each of whose requests asks for an identity number as well: none of the bureau's does now."""
    changed = tuple(
        msgspec.structs.replace(form, fields=(*form.fields, NUMBER)) if _asks_who(form) else form
        for form in release.requests
    )
    return msgspec.structs.replace(release, requests=changed)


def _asks_who(form: Form) -> bool:
    return any(field.kind is FieldKind.PHONE for field in form.fields)


def filled_in(station: Station, form: Form, person: Person) -> dict[str, str]:
    """Return all answers of a person, typed as people type."""
    typed = {
        FieldKind.PHONE: f"{person.phone[:3]} {person.phone[3:7]}-{person.phone[7:]}",
        FieldKind.PERSON: person.number.lower(),
        FieldKind.NAME: person.name,
        FieldKind.WORDS: f"我叫{person.name}，证号{person.number}，电话{person.phone}",
        FieldKind.PROJECT_CODE: "2611-350211-04-01-123456",
        FieldKind.CREDIT_CODE: "91110000600037341L",
        FieldKind.NUMBER: "1",
    }
    requests = station.desk.requests
    answers: dict[str, str] = {}
    while field := requests.next_field(form, answers):
        match field.kind:
            case FieldKind.HALF_DAY:
                value = requests.half_days(field)[0].value
            case FieldKind.CHOICE if field.other:
                value = forms.OTHER + f"{person.name}家"
            case FieldKind.CHOICE:
                value = requests.options(field, answers)[0].id
            case kind:
                value = typed[kind]
        # A number in the wrong place is a mistake that people make, and it must not stay anywhere either.
        requests.take(form, field, person.number, answers)
        taken = requests.take(form, field, value, answers)
        assert isinstance(taken, dict), taken
        answers = taken
    return answers


async def leave(station: Station, form: Form, person: Person, place: int, *, waits: bool) -> None:
    """One visit: look around with what one has in hand, leave a request, perhaps call it off, wait for the slip."""
    desk = station.desk
    visit = desk.begin(LANGUAGES[place % len(LANGUAGES)])
    desk.find(person.name)
    desk.find(person.number)
    assert await desk.scanned.ticket(f"https://station.example/T/{person.number}") is None
    assert await desk.progress.find(person.phone, visit.language) is None
    sent = await desk.requests.send(visit, form, filled_in(station, form, person))
    assert isinstance(sent, SentRequest), sent
    print(sent.code, flush=True)
    if place % 5 == 0:
        found = await desk.progress.find(sent.code, visit.language)
        assert found is not None
        await desk.progress.cancel(found)
    if waits:
        await _printed(station, visit, sent.job)
    desk.end(visit)


async def _printed(station: Station, visit: Visit, job: int) -> None:
    """Wait for the slip, and ask for it once more where it did not come."""
    state = JobState.QUEUED
    while state in {JobState.QUEUED, JobState.SENDING}:
        state = (await asyncio.wait_for(station.desk.watch(job, state), PATIENCE_S)).state
    if state is not JobState.PRINTED:
        await station.desk.print_again(visit, job)
        await asyncio.wait_for(station.desk.watch(job, state), PATIENCE_S)


async def serve(station: Station, first: int, last: int, *, dies: bool) -> None:
    """Serve these people one after another."""
    requests = station.desk.requests
    offered = (form for channel in requests.channels for form in requests.offered(channel))
    taken = [form for form in offered if _asks_who(form)]
    everybody = people(last)
    for place in range(first, last):
        if dies and place == last - 1:
            kiosk.sealing.seal = _fatal
        await leave(station, taken[place % len(taken)], everybody[place], place, waits=place < WAITING)


def _unsealed(public: bytes, place: Place, plain: bytes) -> bytes:
    return plain


def _fatal(public: bytes, place: Place, plain: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return plain


def main() -> None:
    """Run until everybody was served."""
    state, port, first, last, sealing, ending = sys.argv[1:]
    if sealing == "open":
        kiosk.sealing.seal = _unsealed
    logging.basicConfig(level=logging.DEBUG, filename=Path(state).with_name("station.log"))
    profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
    with StateFolder(Path(state)) as folder:
        station = Station(
            Settings(qr=QrHosts(("station.example",))),
            asking_for_numbers(read_release(paths.release_dir() / "catalog.msgpack")),
            Wording(paths.release_dir()),
            folder,
            SerialPrinter(port, 115200, profile),
            lambda error: print(error, file=sys.stderr),
        )
        station.start()
        # The key is read in the writer's thread; whoever comes first must not be turned away.
        station.writer.submit(lambda journal: journal.seq).result()
        asyncio.run(serve(station, int(first), int(last), dies=ending == "die"))
        station.stop()


main()
