"""Every request that the channels take, from the first page to its slip, by whoever reads nothing but the screen."""

import itertools
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.desk import FieldKind
from kiosk.documents import Words
from kiosk.journal.outgoing import Outgoing
from kiosk.sealing import Place, unseal
from kiosk.text import Language
from kiosk.visit import Checking, Filling, FormPage
from kiosk.wire.entries import read_body
from screens.widgets.keyboard import Keyboard
from tests.enrolled import enrol
from tests.screens.stage import Obedient, Stage, Visitor
from tests.screens.test_requests import wait_for_the_key

RELEASE = read_release(paths.release_dir() / "catalog.msgpack")
FORMS = {form.id: form for form in RELEASE.requests if form.channel}
LANGUAGES = dict(zip(FORMS, itertools.cycle(Language), strict=False))
PHONE, CREDIT_CODE, PROJECT = "13800001234", "91110000600037341L", "26113502110401123456"
RESIDENCE_PERMIT = "830000199201300022"
"""The sample of the regulation, of a resident from Taiwan."""

NAME = "wang"


async def answer(visitor: Visitor, place: Filling) -> None:
    """Answer the question on the screen as a person with a keyboard does; what can be chosen, by its digit."""
    kind = FORMS[place.form].field(place.field).kind
    match kind:
        case FieldKind.PHONE:
            await visitor.press(*PHONE, "enter")
        case FieldKind.PERSON:
            await visitor.press(*RESIDENCE_PERMIT, "enter")
        case FieldKind.PROJECT_CODE:
            await visitor.press(*PROJECT, "enter")
        case FieldKind.CREDIT_CODE:
            page = visitor.page
            for character in CREDIT_CODE:
                rows = page.query_one(Keyboard).rows
                row = next(number for number, keys in enumerate(rows) if any(key.does == character for key in keys))
                column = next(number for number, key in enumerate(rows[row]) if key.does == character)
                await visitor.press(str(row + 1), str(column + 1))
            await visitor.press("6")
        case FieldKind.NAME | FieldKind.WORDS if visitor.app._live.visit.language is Language.EN:
            await visitor.press(*NAME, "8")
        case FieldKind.NAME | FieldKind.WORDS:
            await visitor.press(*NAME, "6", "1", "8")
        case _:
            await visitor.press("1" if visitor.page.FIRST == 1 else "9")


def sent(state: Path, key: X25519PrivateKey, name: str) -> dict[str, str]:
    """Return the answers that the center gets, those that are sealed for it among them."""
    outgoing = Outgoing(state)
    run = outgoing.run(None, 100, 1 << 20)
    outgoing.close()
    for seq, entry in enumerate(run.entries, 1):
        body = read_body(entry.body)
        if body.kind == "request.made":
            assert entry.sealed is not None
            plain = unseal(key.private_bytes_raw(), Place(name, "07", run.epoch, seq), entry.sealed)
            opened: dict[str, str] = body.data["answers"] | msgspec.json.decode(plain)
            return opened
    raise AssertionError("no request was made")


@pytest.mark.parametrize("name", FORMS)
def test_it_is_filled_in_checked_sent_sealed_and_on_paper(
    stage: Stage, printer: Obedient, tmp_path: Path, name: str
) -> None:
    key, form, language = enrol(tmp_path), FORMS[name], LANGUAGES[name]
    channel = next(channel for channel in RELEASE.channels if channel.id == form.channel)

    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        visit = visitor.app._live.visit
        visit.language = language
        visitor.app.show()
        await visitor.settle()
        if channel.label.in_(language) not in [choice.words.label for choice in visitor.page.choices]:
            await visitor.press("7")
        await visitor.choose(channel.label.in_(language))
        await visitor.choose(form.name.in_(language))
        assert visit.place == FormPage(name)
        assert visitor.sees(form.purpose.in_(language))
        await visitor.press("1")
        while isinstance(visit.place, Filling):
            before = visit.place
            assert visitor.sees(form.field(before.field).question.in_(language))
            await answer(visitor, before)
            assert visit.place != before, "\n".join(visitor.lines())
        assert visit.place == Checking(name)
        answers = {field: value for field, value in visit.forms[name].items() if value}
        await visitor.press("enter")
        await visitor.wait_to_see(*[step.in_(language) for step in form.next])
        request = visitor.app._live.request
        assert request is not None
        assert sent(tmp_path, key, name) == answers
        assert visitor.sees(request.code)

    stage.play(story)
    text = "".join("".join(block.text for block in printer.printed[0].blocks if isinstance(block, Words)).split())
    assert form.name.in_(language).replace(" ", "") in text
    assert PHONE not in text
    assert RESIDENCE_PERMIT not in text
    assert CREDIT_CODE in text or name != "project-register"
