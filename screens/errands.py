"""What a visit has the desk do, and where it leads. Each ends with the print job to watch, None where there is none.

All raise Refused with the sentence that says why it was not done.
"""

from collections.abc import Coroutine

from kiosk.desk import Desk, Problem, Refused
from kiosk.visit import (
    AppointmentFound,
    ChannelPage,
    Elsewhere,
    ElsewhereSlip,
    Filling,
    Found,
    ItemSlip,
    ListPage,
    ManualSlip,
    Number,
    Rated,
    Rating,
    RecordPage,
    RecordSlip,
    RequestFound,
    Reserved,
    Sent,
    Slip,
    SlotsPage,
)
from screens.flow import complete
from screens.intents import (
    AskSlip,
    Book,
    CallOff,
    CancelAppointment,
    FindCode,
    Intent,
    OpenRecord,
    PrintAgain,
    PrintElsewhere,
    PrintGuide,
    PrintItem,
    PrintManual,
    PrintRecord,
    Rate,
    SeeSlots,
    Send,
    TakeNumber,
)
from screens.scene import Session

MOST_TRIES = 5
"""Codes that one visit may try: a slip is copied in fewer, and guessing shall lead nowhere."""

NOT_KNOWN = "这里没有这个编号，请对照小票逐位核对。别的站的号码，凭编号查不到；别的站的申请，过一会儿再查。"
TOO_MANY_TRIES = "试的次数太多了。请拿小票到窗口问。"

Errand = Coroutine[None, None, int | None]


def errand(desk: Desk, session: Session, intent: Intent) -> Errand | None:
    """Return what carries out an intent for which the disk is needed; None for any other."""
    match intent:
        case TakeNumber(subject):
            return take_number(desk, session, subject)
        case PrintGuide(package):
            return print_guide(desk, session, package)
        case PrintItem():
            return print_item(desk, session, intent)
        case PrintManual(channel):
            return print_manual(desk, session, channel)
        case PrintAgain():
            return print_again(desk, session)
        case AskSlip():
            return ask_slip(desk, session)
        case PrintElsewhere():
            return print_elsewhere(desk, session)
        case Send(form):
            return send(desk, session, form)
        case FindCode(code):
            return find_code(desk, session, code)
        case Rate(code, answers):
            return rate(desk, session, code, answers)
        case SeeSlots(subject, change):
            return see_slots(desk, session, subject, change=change)
        case Book():
            return book(desk, session, intent)
        case CancelAppointment():
            return cancel_appointment(desk, session)
        case OpenRecord():
            return open_record(desk, session)
        case PrintRecord():
            return print_record(desk, session)
        case CallOff():
            return call_off(desk, session)
        case _:
            return None


async def take_number(desk: Desk, session: Session, subject: str) -> int:
    """Take a number for a package or a channel, with a package's list on the same slip if all is answered."""
    answers = session.visit.answers.get(subject, ())
    channel = any(one.id == subject for one in desk.requests.channels)
    whole = not channel and complete(desk.package(subject), answers)
    session.ticket = await desk.take_ticket(session.visit, subject, answers if whole else None)
    session.visit.go(Number())
    return session.ticket.job


async def print_guide(desk: Desk, session: Session, package: str) -> int:
    """Print the list without a number."""
    job = await desk.print_guide(session.visit, package, session.visit.answers.get(package, ()))
    session.visit.go(Slip(package))
    return job


async def print_item(desk: Desk, session: Session, wanted: PrintItem) -> int:
    """Print the guide to one item of a channel."""
    place = wanted.channel, wanted.section, wanted.item
    job = await desk.requests.print_item(session.visit, *place)
    session.visit.go(ItemSlip(*place))
    return job


async def print_manual(desk: Desk, session: Session, channel: str) -> int:
    """Print the code of a channel's service manual."""
    job = await desk.requests.print_manual(session.visit, channel)
    session.visit.go(ManualSlip(channel))
    return job


async def print_again(desk: Desk, session: Session) -> None:
    """Try the slip that did not come out once more; it is watched already."""
    if session.job:
        await desk.print_again(session.visit, session.job.id)


async def ask_slip(desk: Desk, session: Session) -> int | None:
    """Print the slip of the ticket that was scanned."""
    if session.found is None:
        return None
    session.ticket = session.found.ticket
    await desk.ask_slip(session.visit, session.ticket)
    session.visit.go(Number())
    return session.ticket.job


async def print_elsewhere(desk: Desk, session: Session) -> int | None:
    """Print the slip of another station's ticket."""
    if session.other is None:
        return None
    job = await desk.elsewhere.print(session.visit, session.other)
    session.visit.go(ElsewhereSlip())
    return job


async def open_slip(desk: Desk, session: Session, text: str) -> None:
    """Open what was scanned: the very list of a guide, the channel of a manual, the number of a ticket."""
    session.sheet = 0
    if guide := desk.scanned.guide(text):
        package, session.visit.answers[package.id] = guide
        session.visit.go(ListPage(package.id))
        return
    if manual := desk.scanned.manual(text):
        session.visit.go(ChannelPage(manual.id))
        return
    if not await _looked_up(desk, session, text):
        raise Refused("这个码读不出来，或者不是本站的小票。")


async def find_code(desk: Desk, session: Session, code: str) -> None:
    """Open the number or the request whose code was typed in."""
    place = session.visit.place
    session.tried += 1
    if session.tried > MOST_TRIES:
        raise Refused(TOO_MANY_TRIES)
    if not await _looked_up(desk, session, code):
        session.problems[place] = Problem("code", NOT_KNOWN)


async def _looked_up(desk: Desk, session: Session, text: str) -> bool:
    """Go to the number or the request that `text` is the code of; False where there is none."""
    if not desk.attempts.allowed:
        raise Refused(TOO_MANY_TRIES)
    session.other = await desk.elsewhere.ticket(text)
    if session.other:
        session.visit.go(Elsewhere())
        return True
    session.found = await desk.scanned.ticket(text)
    if session.found:
        session.visit.go(Found())
        return True
    session.booked = await desk.appointments.find(text)
    if session.booked:
        session.visit.go(AppointmentFound())
        return True
    session.asked = await desk.progress.find(text, session.visit.language)
    if session.asked:
        session.visit.go(RequestFound())
        return True
    desk.attempts.missed()
    return False


async def see_slots(desk: Desk, session: Session, subject: str, *, change: bool) -> None:
    """Look which slots have a place here, and show them all."""
    session.slots = await desk.appointments.slots(subject)
    session.sheet = 0
    session.visit.go(SlotsPage(subject, change))


async def book(desk: Desk, session: Session, wanted: Book) -> int:
    """Book the slot that was asked about, or change the appointment that was found to it."""
    visit, asked = session.visit, wanted.asked
    slot = session.slots[asked.position].slot
    if asked.change and session.booked:
        session.booked = await desk.appointments.change(visit, session.booked, slot)
    else:
        session.booked = await desk.appointments.book(visit, asked.subject, slot)
    visit.trail = [visit.trail[0], Reserved()]
    return session.booked.job


async def cancel_appointment(desk: Desk, session: Session) -> None:
    """Call off the appointment that was found."""
    if session.booked:
        session.booked = await desk.appointments.cancel(session.booked)
        session.visit.back()


async def send(desk: Desk, session: Session, form: str) -> int | None:
    """Send a form; go back to the first answer that cannot stand any more."""
    visit = session.visit
    sent = await desk.requests.send(visit, desk.requests.form(form), visit.forms.get(form, {}))
    if isinstance(sent, Problem):
        place = Filling(form, sent.field)
        session.problems[place] = sent
        visit.go(place)
        return None
    del visit.forms[form]
    session.request = sent
    visit.trail = [visit.trail[0], Sent()]
    return sent.job


async def rate(desk: Desk, session: Session, code: str, answers: tuple[tuple[str, str], ...]) -> None:
    """Note a rating, and thank for it. One that was given before, in another visit, stays as it is."""
    noted = await desk.requests.rate(code, dict(answers))
    session.rated.add(code)
    while isinstance(session.visit.place, Rating):
        session.visit.back()
    if not noted:
        raise Refused("这一件已经评价过，一件只评一次。")
    session.visit.go(Rated())


async def call_off(desk: Desk, session: Session) -> None:
    """Call off the request that was found."""
    if session.asked:
        session.asked = await desk.progress.cancel(session.asked)
        session.visit.back()


async def open_record(desk: Desk, session: Session) -> None:
    """Open the record of the project that the request is about whose code was given."""
    if session.asked:
        session.record = await desk.progress.record(session.asked)
        session.sheet = 0
        session.visit.go(RecordPage())


async def print_record(desk: Desk, session: Session) -> int | None:
    """Print the record that is open."""
    if session.record is None:
        return None
    job = await desk.progress.print_record(session.visit, session.record)
    session.visit.go(RecordSlip())
    return job
