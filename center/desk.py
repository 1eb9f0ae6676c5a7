"""How requests look at the center's desk: in Chinese, with the catalogue's names, opened where the key is."""

import datetime
from pathlib import Path

import msgspec

from center.kept import RequestView
from center.requests import SealedAnswers
from kiosk import requests
from kiosk.catalog.model import Release
from kiosk.forms import OTHER, FieldKind, Form, asked
from kiosk.hours import CHINA
from kiosk.requests import Seen
from kiosk.sealing import Place, unseal
from kiosk.text import Language, clean
from kiosk.wire.entries import Unreadable
from kiosk.wording import Wording


class Summary(msgspec.Struct, frozen=True):
    """A request in the list, without personal data. `place`: sub-district or town; `half_day`: when it is wanted.

    `made` and `since`: ISO 8601 in China's time.
    """

    code: str
    kind: str
    name: str
    state: str
    words: str
    station: str
    made: str
    since: str
    place: str
    half_day: str


class RequestsDesk:
    """Reads requests with the newest catalogue."""

    def __init__(self, release: Release, wording: Wording, key_path: Path, key: bytes | None) -> None:
        """`key`: the private sealing key, None where it is not at `key_path`."""
        self._forms = {form.id: form for form in release.requests}
        self._areas = {area.id: area for area in release.areas}
        self._wording = wording
        self._key = key
        self.key_path = key_path

    @property
    def has_key(self) -> bool:
        """Whether personal answers can be opened here."""
        return self._key is not None

    def summary(self, found: RequestView) -> Summary:
        """Return what may stand in a list."""
        form = self._forms.get(found.form)
        area = next((self._areas[value] for value in found.answers.values() if value in self._areas), None)
        half_days = [field.id for field in form.fields if field.kind is FieldKind.HALF_DAY] if form else []
        wanted = next((found.answers[name] for name in half_days if name in found.answers), "")
        return Summary(
            code=found.code,
            kind=found.form,
            name=form.name.hans if form else clean(found.form),
            state=found.state,
            words=found.words,
            station=found.station,
            made=_iso(found.made),
            since=_iso(found.time),
            place=area.name.hans if area else "",
            half_day=requests.half_day_words(wanted, self._say) if wanted else "",
        )

    def opened(self, found: RequestView, sealed: SealedAnswers | None) -> dict[str, str]:
        """Return the personal answers by field; empty where there are none, or no key. Raises Unreadable."""
        if sealed is None or self._key is None:
            return {}
        place = Place(found.form, found.station, sealed.epoch, sealed.seq)
        plain = unseal(self._key, place, sealed.content)
        try:
            return msgspec.json.decode(plain, type=dict[str, str])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Unreadable(str(error)) from None

    def is_at(self, found: RequestView, personal: dict[str, str], name: str) -> bool:
        """Whether a request is of the sub-district, town or community with this name or id, or a part of the name."""
        names = [
            word
            for value in found.answers.values()
            if (area := self._areas.get(value))
            for word in (area.id, area.name.hans, area.name.hant, area.name.en)
        ]
        form = self._forms.get(found.form)
        for field in form.fields if form else ():
            if field.within and found.answers.get(field.within) in self._areas and (value := personal.get(field.id)):
                names += [value.removeprefix(OTHER)]
                names += [option.name.hans for option in field.options if option.id == value]
        return any(name.casefold() in word.casefold() for word in names)

    def lines(self, found: RequestView, personal: dict[str, str]) -> list[tuple[str, str]]:
        """Return label and answer of all that is known, whole; ids where the catalogue knows them no more."""
        answers = found.answers | personal
        form = self._forms.get(found.form)
        known = self._known(form, answers) if form else []
        named = {field.id for field in form.fields} if form else set()
        return known + [(clean(name), clean(value)) for name, value in answers.items() if name not in named]

    def _known(self, form: Form, answers: dict[str, str]) -> list[tuple[str, str]]:
        return [
            (
                field.label.hans,
                clean(requests.shown(field, answers[field.id], Language.HANS, self._say, Seen.CHECK)),
            )
            for field in asked(form, answers)
            if field.id in answers
        ]

    def _say(self, sentence: str, /, **values: object) -> str:
        return self._wording.say(Language.HANS, sentence, **values)


def _iso(ms: int) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, CHINA).isoformat(timespec="seconds")
