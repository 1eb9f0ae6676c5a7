"""Moves: what an intent does to a visit at once, before its next page is shown."""

from dataclasses import replace

from kiosk.desk import OTHER, Desk, FieldKind, Problem
from kiosk.visit import EndAsked, Filling, FormPage, Help, ListPage
from screens.flow import after_answer, after_field
from screens.intents import (
    AskEnd,
    AskHelp,
    Back,
    Declare,
    Fill,
    Go,
    GoHome,
    Intent,
    LeaveOut,
    Onward,
    Reply,
    Seek,
    StartForm,
    TurnSheet,
    Type,
    Write,
    Written,
)
from screens.scene import Session


def keep(session: Session, intent: Intent) -> bool:
    """Keep what is being typed or written, which the page itself shows; False for any other intent."""
    visit = session.visit
    match intent:
        case Seek(words):
            visit.search(words)
            session.sheet = 0
        case Type(typed):
            session.typed[visit.place] = typed
            session.problems.pop(visit.place, None)
        case Write(draft):
            session.drafts[visit.place] = draft
        case _:
            return False
    return True


def move(desk: Desk, session: Session, intent: Intent) -> None:
    """Go where `intent` leads."""
    visit = session.visit
    match intent:
        case Go(place):
            visit.go(place)
        case Reply(package, question, answer):
            visit.answer(package, question, answer)
            visit.go(after_answer(desk.package(package), question, answer))
        case TurnSheet(sheet):
            if isinstance(visit.place, ListPage):
                visit.trail[-1] = replace(visit.place, page=sheet)
            session.sheet = sheet
            return
        case StartForm():
            _start(desk, session, intent)
        case Onward(form):
            visit.go(after_field(desk, desk.requests.form(form), visit.forms.get(form, {})))
        case Fill(_, _, value):
            _fill(desk, session, value)
        case Written(text):
            _fill(desk, session, text, written=True)
        case LeaveOut():
            _fill(desk, session, "")
        case Declare(ground):
            visit.ground = ground
            visit.back()
        case Back():
            visit.back()
        case GoHome():
            visit.home()
        case AskHelp():
            visit.go(Help())
        case AskEnd():
            visit.go(EndAsked())
    session.sheet = 0


def _start(desk: Desk, session: Session, intent: StartForm) -> None:
    visit, form = session.visit, desk.requests.form(intent.form)
    item = desk.requests.item(form.channel, intent.section, intent.item) if intent.item else None
    visit.forms[form.id] = answers = desk.requests.started(visit, form, item)
    visit.go(FormPage(form.id) if form.purpose else after_field(desk, form, answers))


def _fill(desk: Desk, session: Session, value: str, *, written: bool = False) -> None:
    """Answer the field of the page that one is on; stay where the answer cannot stand."""
    visit, place = session.visit, session.visit.place
    if not isinstance(place, Filling):
        return
    form = desk.requests.form(place.form)
    field = form.field(place.field)
    if written and field.kind is FieldKind.CHOICE:
        value = OTHER + value
    taken = desk.requests.take(form, field, value, visit.forms.get(form.id, {}))
    if isinstance(taken, Problem):
        session.problems[place] = taken
        return
    for kept in (session.typed, session.drafts, session.problems):
        kept.pop(place, None)
    visit.fill(form, taken, after_field(desk, form, taken))
