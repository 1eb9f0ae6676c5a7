"""What a technician takes away on paper: the report of all tests, and the record in short.

The report's QR code holds it for machines in ASCII, at most 180 characters:

    JMK1;STATION;UTC TIME;VERSION;S=TEST:SYMPTOM,...;A=...;U=...;OK=COUNT;NA=COUNT

S is severe, A attention, U unknown. Where not all of these fit, `+COUNT` at the end says how many are left out.
"""

import datetime
from collections.abc import Callable, Mapping

from kiosk import __version__
from kiosk.documents import CODE_LIMIT, Block, Code, Cut, Document, Gap, Rule, Words
from kiosk.hours import CHINA
from kiosk.journal.entries import Entered
from kiosk.technician.archive import KINDS
from kiosk.technician.findings import Finding, Grade
from kiosk.technician.symptoms import GRADES, SYMPTOMS
from kiosk.text import Language, clean

Say = Callable[..., str]
"""`wording.say` with the language already chosen."""

PRINTED_ENTRIES = 40
"""Entries on a slip of the record: some 80 centimetres of paper."""

_LETTERS = {Grade.SEVERE: "S", Grade.ATTENTION: "A", Grade.UNKNOWN: "U"}
_TELLING = 60
"""Characters of an entry's data on paper."""


def report(
    say: Say, language: Language, station: str, moment: int, findings: tuple[Finding, ...], titles: Mapping[str, str]
) -> Document:
    """Return the slip of a round of tests at `moment` (UTC ms), the worst first; `titles`: what each test is called."""
    blocks = _head(say, station, moment, "自检报告")
    for one in findings:
        symptom = SYMPTOMS.get(one.symptom)
        if one.grade not in _LETTERS or symptom is None:
            continue
        means = say("{label}：{answer}", label=say(titles[one.test]), answer=say(symptom.means))
        blocks += [Words(f"{say(GRADES[one.grade])} {means}", bold=True, hang=2)]
        blocks += [Words(f"  {say(words)}", hang=2) for words in (symptom.do, symptom.works) if words]
    well, absent = (sum(one.grade is grade for one in findings) for grade in (Grade.OK, Grade.UNSUPPORTED))
    blocks += [Words(say("正常 {well} 项，不适用 {absent} 项", well=well, absent=absent)), Gap()]
    blocks += [Code(code(station, moment, findings)), Words(say("同一份报告，给机器读"), centre=True), Cut()]
    return Document("technician report", language, tuple(blocks))


def record(say: Say, language: Language, station: str, moment: int, entries: tuple[Entered, ...]) -> Document:
    """Return the slip with `entries`, in the order in which they come."""
    blocks = _head(say, station, moment, "本机记录")
    for one in entries:
        kind = say(KINDS[one.kind]) if one.kind in KINDS else one.kind
        blocks.append(Words(f"{one.seq} {_local(one.time):%m-%d %H:%M} {kind}", bold=True))
        blocks.append(Words(clean(one.words, _TELLING), hang=2))
    return Document("technician record", language, (*blocks, Cut()))


def code(station: str, moment: int, findings: tuple[Finding, ...]) -> str:
    """Return what the QR code of a report holds."""
    utc = datetime.datetime.fromtimestamp(moment / 1000, datetime.UTC)
    head = f"JMK1;{station};{utc:%Y%m%dT%H%M%SZ};{__version__}"
    well, absent = (sum(one.grade is grade for one in findings) for grade in (Grade.OK, Grade.UNSUPPORTED))
    tail = f";OK={well};NA={absent}"
    told = [(_LETTERS[one.grade], f"{one.test}:{one.symptom}") for one in findings if one.grade in _LETTERS]
    for count in range(len(told), -1, -1):
        parts = [
            f";{letter}=" + ",".join(text for which, text in told[:count] if which == letter)
            for letter in _LETTERS.values()
            if any(which == letter for which, _ in told[:count])
        ]
        whole = head + "".join(parts) + tail + (f";+{len(told) - count}" if count < len(told) else "")
        if len(whole) <= CODE_LIMIT:
            break
    return whole


def _head(say: Say, station: str, moment: int, title: str) -> list[Block]:
    place = say("{station}号站 {moment}", station=station, moment=f"{_local(moment):%Y-%m-%d %H:%M}")
    return [Words(say(title), size=2, centre=True), Words(place, centre=True), Rule()]


def _local(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, CHINA)
