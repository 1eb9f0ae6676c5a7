"""Residents' requests at the center: what is there of them, what the staff answers, what stations are told of it.

The requests themselves are projections of entries; the answers are the center's own, and stay. Once a request is over
its personal answers are erased, as the form promised; its entry keeps their digest.
"""

import re
import unicodedata

import msgspec

from center.asking import Rows, Rule, Statement
from center.kept import AnswerView, RequestView
from center.rules import publish
from kiosk.requests import OVER, State, may_become
from kiosk.text import ambiguous, clean
from kiosk.wire.requests import TOLD, WORDS_LIMIT, Told, digest

TELL_STEP = 8
"""Requests that stations are told of in one transaction; the digest of each takes some milliseconds."""

DESK_LIMIT = 20
"""Characters of the name of a desk."""

_PLAINER = str.maketrans(
    {"“": "「", "”": "」", "‘": "『", "’": "』", "…": "...", "—": "-", "–": "-", "·": ".", "×": "x"}
)
"""What people write, as every terminal and printer shows it."""

_DATES = re.compile(r"\d{4}([-/.年])\d{1,2}([-/.月])\d{1,2}日?")
_LONG_NUMBER = re.compile(r"(?:\d[ -]?){7,}")

_OVER = ", ".join(f"'{state}'" for state in sorted(OVER))

_REQUESTS = (
    "SELECT request.station, request.code, form, version, language, answers, project, matter, made, doubtful,"
    " (SELECT min(time) FROM request_cancelled WHERE request_cancelled.code = request.code) FROM request"
)
_ANSWERS = (
    "SELECT answer.station, answer.code, answer.state, answer.words, answer.desk, answer.time FROM answer"
    " JOIN request ON request.station = answer.station AND request.code = answer.code"
)
_OPEN = (
    " WHERE NOT EXISTS (SELECT 1 FROM request_cancelled WHERE request_cancelled.code = request.code)"
    " AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.station = request.station AND answer.code = request.code"
    f" AND answer.state IN ({_OVER}))"
)
_ONE = " WHERE request.station = ? AND request.code = ?"
_SEALED = (
    "SELECT request_sealed.epoch, request_sealed.seq, entry.sealed FROM request_sealed JOIN entry"
    " ON entry.station = request_sealed.station AND entry.epoch = request_sealed.held_epoch"
    " AND entry.seq = request_sealed.held_seq"
    " WHERE request_sealed.station = ? AND request_sealed.code = ? AND entry.sealed IS NOT NULL LIMIT 1"
)
_ERASE = (
    "UPDATE entry SET sealed = NULL WHERE station = ? AND (epoch, seq) IN"
    " (SELECT held_epoch, held_seq FROM request_sealed WHERE station = ? AND code = ?)"
)


class Unsuitable(Exception):
    """What the staff wrote cannot go to all stations; the message says why."""


class SealedAnswers(msgspec.Struct, frozen=True):
    """The personal answers of a request, sealed for the center at the entry `seq` of `epoch`."""

    epoch: str
    seq: int
    content: bytes


class NotAnswered(msgspec.Struct, frozen=True):
    """The request is in a state that does not become the one that was wanted, because somebody was there before."""

    request: RequestView


def plain_words(text: str) -> str:
    """Return the staff's words as they may be shown anywhere.

    Raises Unsuitable where they are too long, cannot be shown, or hold a number that may be somebody's.
    """
    words = clean(text.translate(_PLAINER), 2 * WORDS_LIMIT)
    if len(words) > WORDS_LIMIT:
        raise Unsuitable(f"the words have more than {WORDS_LIMIT} characters; everybody sees them on a small screen")
    if strange := ambiguous(words):
        name = unicodedata.name(strange[0], "")
        raise Unsuitable(
            f"the words hold {strange[0]!r} ({name.lower()}), which not every screen can show; leave it out"
        )
    digits = unicodedata.normalize("NFKC", _DATES.sub("", words))
    if _LONG_NUMBER.search(digits):
        raise Unsuitable("the words hold a long number: no telephone, identity or slip's number may be sent to all")
    return words


def desk_name(text: str) -> str:
    """Return the name of a desk as it may be kept. Raises Unsuitable."""
    name = clean(text, 2 * DESK_LIMIT)
    if len(name) > DESK_LIMIT:
        raise Unsuitable(f"the name of the desk has more than {DESK_LIMIT} characters")
    return name


def listing(*, everything: bool) -> Rule[tuple[RequestView, ...]]:
    """The requests of which something may still come, or all, oldest first."""
    which = "" if everything else _OPEN
    rows = yield Statement(f"{_REQUESTS}{which} ORDER BY made, request.station, request.code")
    answers = yield Statement(f"{_ANSWERS}{which} ORDER BY answer.station, answer.code, answer.number")
    return _views(rows, answers)


def request(code: str) -> Rule[RequestView | None]:
    """The request with this public code."""
    rows = yield Statement("SELECT station FROM request WHERE code = ? ORDER BY station LIMIT 1", (code,))
    return (yield from _request(rows[0][0], code)) if rows else None


def sealed(station: str, code: str) -> Rule[SealedAnswers | None]:
    """The sealed answers of a request, None where there never were any or they are erased."""
    rows = yield Statement(_SEALED, (station, code))
    return SealedAnswers(rows[0][0], rows[0][1], bytes(rows[0][2])) if rows else None


def answer(code: str, state: State, words: str, desk: str, now: int) -> Rule[RequestView | NotAnswered | None]:
    """Keep the staff's answer and tell all stations; returns the request as it then is, None where there is none.

    The same answer once more changes nothing. Two who answer at once come one after the other. `desk` says who answers.
    """
    found = yield from request(code)
    if found is None:
        return None
    if (found.state, found.words) == (state, words):
        return found
    if not may_become(found.state, state):
        return NotAnswered(found)
    yield Statement(
        "INSERT INTO answer (station, code, number, state, words, desk, time) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (found.station, code, len(found.answered) + 1, state.value, words, desk, now),
    )
    changed = msgspec.structs.replace(found, answered=(*found.answered, AnswerView(state, words, desk, now)))
    yield from _tell(changed, now)
    return changed


def tell_due(now: int) -> Rule[int]:
    """Tell all stations of some requests that are new or were called off; returns how many were looked at."""
    due = yield Statement("SELECT station, code FROM told WHERE due = 1 LIMIT ?", (TELL_STEP,))
    for station, code in due:
        found = yield from _request(station, code)
        if found is not None:
            yield from _tell(found, now)
    return len(due)


def ratings() -> Rule[tuple[tuple[str, str, int], ...]]:
    """How often each grade was given, by grade and reason; the reason is empty where none was."""
    rows = yield Statement("SELECT grade, reason, count(*) FROM rating GROUP BY grade, reason ORDER BY grade, reason")
    return tuple((grade, reason, int(count)) for grade, reason, count in rows)


def _request(station: str, code: str) -> Rule[RequestView | None]:
    rows = yield Statement(f"{_REQUESTS}{_ONE}", (station, code))
    answers = yield Statement(f"{_ANSWERS}{_ONE} ORDER BY answer.number", (station, code))
    return next(iter(_views(rows, answers)), None)


def _tell(found: RequestView, now: int) -> Rule[None]:
    """Tell all stations what they do not know yet of a request, and erase what is personal once it is over."""
    rows = yield Statement("SELECT state, words FROM told WHERE station = ? AND code = ?", (found.station, found.code))
    words = found.words
    if not rows or tuple(rows[0]) != (found.state.value, words):
        told = Told(
            code=digest(found.code),
            station=found.station,
            form=found.form,
            state=found.state,
            words=words,
            made=found.made,
            time=found.time,
            project=digest(found.project) if found.project else "",
            matter=found.matter,
        )
        yield from publish(TOLD, msgspec.to_builtins(told), now)
    yield Statement(
        "INSERT INTO told (station, code, state, words, due) VALUES (?, ?, ?, ?, 0) ON CONFLICT (station, code)"
        " DO UPDATE SET state = excluded.state, words = excluded.words, due = 0",
        (found.station, found.code, found.state.value, words),
    )
    if found.state.over:
        yield Statement(_ERASE, (found.station, found.station, found.code))


def _views(requests: Rows, answers: Rows) -> tuple[RequestView, ...]:
    answered: dict[tuple[str, str], list[AnswerView]] = {}
    for station, code, state, words, desk, time in answers:
        answered.setdefault((station, code), []).append(AnswerView(State(state), words, desk, time))
    return tuple(
        RequestView(
            station=station,
            code=code,
            form=form,
            version=version,
            language=language,
            answers=msgspec.json.decode(given, type=dict[str, str]),
            project=project,
            matter=matter,
            made=made,
            doubtful=bool(doubtful),
            cancelled=cancelled or 0,
            answered=tuple(answered.get((station, code), ())),
        )
        for station, code, form, version, language, given, project, matter, made, doubtful, cancelled in requests
    )
