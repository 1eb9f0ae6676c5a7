"""Builds the slips that residents take home: the queue ticket and the guide, from plain values and in one language.

No personal data goes on paper: a slip is easily lost, and the number alone is enough at the window.
"""

import datetime

import msgspec

from kiosk.catalog.model import PLACE, Channel, Checklist, Material, MaterialKind, Package, trips_words
from kiosk.catalog.model import Item as ChannelItem
from kiosk.documents import Block, Code, Cut, Document, Gap, Item, Rule, Size, Words
from kiosk.project_records import ProjectRecord
from kiosk.text import Language, Text
from kiosk.tickets import grouped
from kiosk.wording import Wording

BOX = "□"
"""The tick box: a character of GB 2312, so that every Chinese printer has it."""

_KINDS = {
    MaterialKind.ORIGINAL: "原件",
    MaterialKind.COPY: "复印件",
    MaterialKind.LICENCE: "证照",
    MaterialKind.FORM: "现场填",
}
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TicketFacts(msgspec.Struct, frozen=True):
    """What a queue ticket says.

    `day` and `session` (`08:30-12:00`) are those of the service, `running`: that session is going on now. Not
    `certain`: calendar or clock cannot be trusted, and the slip says so. `code` has 16 digits, `issued` is aware, in
    China's time. `qr` is the signed link, None where no host is allowed. `priority`: the slip says 优先 and not why.
    """

    number: str
    theme: Text
    day: datetime.date
    session: str
    running: bool
    certain: bool
    station: str
    station_name: Text
    hall: Text
    code: str
    issued: datetime.datetime
    qr: str | None
    priority: bool = False


class OtherTicketFacts(msgspec.Struct, frozen=True):
    """What the slip of another station's ticket says: what stands in its code, and who printed it.

    `issuer` gave the number out, `station` prints it, both two digits. `printed` is aware, in China's time.
    """

    number: str
    theme: Text
    day: datetime.date
    issuer: str
    station: str
    station_name: Text
    hall: Text
    code: str
    printed: datetime.datetime
    qr: str | None


class RequestFacts(msgspec.Struct, frozen=True):
    """What the slip of a request says.

    `lines` are label and answer, masked for paper. `following`: what happens next. `made` is aware, in China's time.
    `large`: everything in large type. `qr`: the address that a station's scanner reads the code from.
    """

    name: Text
    code: str
    station: str
    station_name: Text
    made: datetime.datetime
    lines: tuple[tuple[str, str], ...]
    following: tuple[Text, ...]
    cancellable: bool
    large: bool
    qr: str | None


class AppointmentFacts(msgspec.Struct, frozen=True):
    """What the slip of an appointment says.

    `day` and `session` (`15:00-17:30`) are those that were booked; not `certain`: calendar, clock or hours cannot be
    trusted. `changed`: an earlier slip with the same code is void. `made` is aware, in China's time. `qr`: the address
    that a station's scanner reads the code from.
    """

    name: Text
    day: datetime.date
    session: str
    certain: bool
    changed: bool
    code: str
    station: str
    station_name: Text
    hall: Text
    made: datetime.datetime
    qr: str | None


def ticket(wording: Wording, language: Language, facts: TicketFacts, *, specimen: bool = False) -> Document:
    """Return the queue ticket: the number, what it is for and when, and the signed QR code for the window."""
    slip = _Slip(wording, language, specimen)
    slip.ticket(facts)
    return slip.document("ticket")


def guide(
    wording: Wording,
    language: Language,
    package: Package,
    checklist: Checklist,
    link: str | None,
    *,
    specimen: bool = False,
) -> Document:
    """Return the guide: what to bring, with boxes to tick, and the steps. `link` opens the same list on a phone."""
    slip = _Slip(wording, language, specimen)
    slip.guide(package, checklist, link)
    return slip.document("guide")


def ticket_with_guide(
    wording: Wording,
    language: Language,
    facts: TicketFacts,
    package: Package,
    checklist: Checklist,
    link: str | None,
    *,
    specimen: bool = False,
) -> Document:
    """Return ticket and guide as one piece of paper, so that neither is left lying."""
    slip = _Slip(wording, language, specimen)
    slip.ticket(facts)
    slip.add(Rule())
    slip.guide(package, checklist, link)
    return slip.document("ticket and guide")


def other_ticket(wording: Wording, language: Language, facts: OtherTicketFacts, *, specimen: bool = False) -> Document:
    """Return the slip of a ticket that another station gave out; the caller marks it as a reprint."""
    slip = _Slip(wording, language, specimen)
    slip.other_ticket(facts)
    return slip.document(facts.number)


def request(wording: Wording, language: Language, facts: RequestFacts, *, specimen: bool = False) -> Document:
    """Return the slip of a request: its code, what happens next, what was asked for."""
    slip = _Slip(wording, language, specimen)
    slip.request(facts)
    return slip.document("request")


def appointment(wording: Wording, language: Language, facts: AppointmentFacts, *, specimen: bool = False) -> Document:
    """Return the slip of an appointment: what it is for, day and session, the code by which it is changed."""
    slip = _Slip(wording, language, specimen)
    slip.appointment(facts)
    return slip.document("appointment")


def item_guide(
    wording: Wording,
    language: Language,
    channel: Channel,
    item: ChannelItem,
    materials: tuple[Material, ...],
    *,
    specimen: bool = False,
) -> Document:
    """Return the guide to one item of a channel: what is known of it, and what to bring, with boxes to tick."""
    slip = _Slip(wording, language, specimen)
    slip.item_guide(channel, item, materials)
    return slip.document("guide")


def manual(wording: Wording, language: Language, channel: Channel, link: str, *, specimen: bool = False) -> Document:
    """Return the code of a channel's service manual, and what is in it. `link` opens it on a phone."""
    slip = _Slip(wording, language, specimen)
    slip.manual(channel, link)
    return slip.document("manual")


def project_record(
    wording: Wording,
    language: Language,
    record: ProjectRecord,
    station: str,
    station_name: Text,
    printed: datetime.datetime,
    *,
    specimen: bool = False,
) -> Document:
    """Return the record of a project: by matter, what was asked for and what the center answered, with its dates."""
    slip = _Slip(wording, language, specimen)
    slip.project_record(record, station, station_name, printed)
    return slip.document("record")


class _Slip:
    """The blocks so far, and how to say things in the slip's language."""

    def __init__(self, wording: Wording, language: Language, specimen: bool) -> None:
        self._wording = wording
        self._language = language
        self._blocks: list[Block] = []
        if specimen:
            self.add(Words(self._say("样张，不作办事凭据"), bold=True, centre=True), Gap())

    def add(self, *blocks: Block) -> None:
        self._blocks.extend(blocks)

    def document(self, title: str) -> Document:
        return Document(title, self._language, (*self._blocks, Cut()))

    def ticket(self, facts: TicketFacts) -> None:
        day = _day(facts.day, self._language)
        hall = facts.hall.in_(self._language)
        issued = f"{facts.issued:%Y-%m-%d %H:%M}"
        self.add(
            Words(facts.station_name.in_(self._language), centre=True),
            Words(self._say("{station}号站 {moment}", station=facts.station, moment=issued), centre=True),
            Gap(),
            Words(facts.number, size=4, centre=True),
            Gap(),
            *((Words(self._say("优先"), size=2, bold=True, centre=True),) if facts.priority else ()),
            Words(facts.theme.in_(self._language), size=2, centre=True),
        )
        if facts.running:
            self.add(Words(f"{day} {facts.session}", centre=True))
        else:
            self.add(Words(day, size=2, centre=True), Words(facts.session, size=2, centre=True))
        if not facts.certain:
            self.add(Words(self._say("日期以大厅公告为准"), centre=True))
        self.add(Gap())
        if facts.running:
            self.add(Words(self._say("请带好材料，现在到{hall}窗口出示小票", hall=hall)))
        else:
            self.add(Words(self._say("请带好材料，按时到{hall}窗口出示小票", hall=hall)))
        self.add(Words(self._say("凭证码 {code}", code=grouped(facts.code))))
        if facts.qr:
            self.add(Code(facts.qr), Words(self._say("供窗口扫码核验"), centre=True))

    def other_ticket(self, facts: OtherTicketFacts) -> None:
        language = self._language
        printed = f"{facts.printed:%Y-%m-%d %H:%M}"
        self.add(
            Words(facts.station_name.in_(language), centre=True),
            Words(self._say("{station}号站 {moment}", station=facts.station, moment=printed), centre=True),
            Gap(),
            Words(facts.number, size=4, centre=True),
            Gap(),
        )
        if facts.theme:
            self.add(Words(facts.theme.in_(language), size=2, centre=True))
        self.add(
            Words(_day(facts.day, language), size=2, centre=True),
            Gap(),
            Words(self._say("这个号是{station}号站发的，照码上的内容补打。", station=facts.issuer)),
            Words(self._say("上午还是下午，看原来的小票；没有就问{hall}窗口。", hall=facts.hall.in_(language))),
            Words(self._say("凭证码 {code}", code=grouped(facts.code))),
        )
        if facts.qr:
            self.add(Code(facts.qr), Words(self._say("供窗口扫码核验"), centre=True))

    def item_guide(self, channel: Channel, item: ChannelItem, materials: tuple[Material, ...]) -> None:
        language = self._language
        self.add(
            Words(channel.label.in_(language), centre=True),
            Words(item.name.in_(language), size=2, centre=True),
            Gap(),
        )
        where = [fact for fact in channel.about if fact.term == PLACE]
        for fact in (*item.facts, *where):
            self._fact(fact.term, self._say("、").join(value.in_(language) for value in fact.values))
        self._fact("跑几趟", self._say(trips_words(item.trips), n=item.trips))
        if item.unknown_papers:
            self._fact("要带什么", self._say("以窗口为准"))
        if materials:
            self.add(Gap(), Words(self._say("要带什么"), bold=True))
        for material in materials:
            self.add(Item(BOX, material.name.in_(language), self._kind(material)))
        if not item.sure:
            self.add(Gap(), Words(self._say("仅供参考，以窗口为准")))

    def manual(self, channel: Channel, link: str) -> None:
        language = self._language
        self.add(
            Words(channel.name.in_(language), size=2, centre=True),
            Gap(),
            Words(self._say("服务手册"), bold=True, centre=True),
            Gap(),
        )
        for position, section in enumerate(channel.sections, start=1):
            count = self._say("{n} 项", n=len(section.items)) if section.items else section.empty.in_(language)
            self.add(Item(str(position), section.name.in_(language), count))
        self.add(Code(link), Words(self._say("手机扫码看手册"), centre=True))
        self.add(Words(self._say("仅供参考，以窗口为准"), centre=True))

    def _fact(self, term: str, answer: str) -> None:
        self.add(Words(self._say("{label}：{answer}", label=self._say(term), answer=answer), hang=2))

    def request(self, facts: RequestFacts) -> None:
        language = self._language
        size: Size = 2 if facts.large else 1
        made = f"{facts.made:%Y-%m-%d %H:%M}"
        self.add(
            Words(facts.station_name.in_(language), centre=True),
            Words(self._say("{station}号站 {moment}", station=facts.station, moment=made), centre=True),
            Gap(),
            Words(facts.name.in_(language), size=2, centre=True),
            Gap(),
            Words(self._say("编号"), centre=True),
            # In two lines, because narrow paper has no room for 16 large digits in one.
            Words(grouped(facts.code[:8]), size=2, bold=True, centre=True),
            Words(grouped(facts.code[8:]), size=2, bold=True, centre=True),
            Gap(),
            Words(self._say("接下来"), size=size, bold=True),
        )
        for position, step in enumerate(facts.following, start=1):
            self.add(Words(f"{position} {step.in_(language)}", size=size, hang=2 * size))
        self.add(Gap(), Words(self._say("您填的"), size=size, bold=True))
        for label, answer in facts.lines:
            self.add(Words(self._say("{label}：{answer}", label=label, answer=answer), size=size, hang=2 * size))
        self.add(Gap(), Words(self._say("凭编号在自助站查进度"), size=size))
        if facts.cancellable:
            self.add(Words(self._say("不需要了，凭编号在自助站取消"), size=size))
        if facts.qr:
            self.add(Code(facts.qr), Words(self._say("在自助站扫码，不用输编号"), centre=True))

    def project_record(
        self, record: ProjectRecord, station: str, station_name: Text, printed: datetime.datetime
    ) -> None:
        language = self._language
        self.add(
            Words(station_name.in_(language), centre=True),
            Words(self._say("{station}号站 {moment}", station=station, moment=_minute(printed)), centre=True),
            Gap(),
            Words(self._say("项目办理记录"), size=2, centre=True),
        )
        if record.project:
            self.add(Words(record.project, centre=True))
        for matter in record.matters:
            self.add(Rule(), Words(matter.name.in_(language) or self._say("其他"), bold=True))
            for request in matter.requests:
                name = request.name.in_(language) or self._say("其他")
                at = self._say("{station}号站", station=request.station)
                self.add(Words(f"{name} {at}"))
                for step in request.steps:
                    state = self._say(step.progress)
                    self.add(Words(f"{_minute(step.time)} {state} {step.words}".rstrip(), hang=2))
        if record.newest:
            self.add(Gap(), Words(self._say("只列最近的{n}条。", n=record.newest)))
        if record.heard:
            told = self._say("这是{when}从中心得到的消息。", when=_minute(record.heard))
            self.add(Gap(), Words(told))

    def appointment(self, facts: AppointmentFacts) -> None:
        language = self._language
        made = f"{facts.made:%Y-%m-%d %H:%M}"
        self.add(
            Words(facts.station_name.in_(language), centre=True),
            Words(self._say("{station}号站 {moment}", station=facts.station, moment=made), centre=True),
            Gap(),
            Words(self._say("改约单") if facts.changed else self._say("预约单"), size=2, centre=True),
            Gap(),
            Words(facts.name.in_(language), size=2, centre=True),
            Words(_day(facts.day, language), size=2, centre=True),
            Words(facts.session, size=2, centre=True),
        )
        if not facts.certain:
            self.add(Words(self._say("日期以大厅公告为准"), centre=True))
        self.add(
            Gap(),
            Words(self._say("编号"), centre=True),
            Words(grouped(facts.code[:8]), size=2, bold=True, centre=True),
            Words(grouped(facts.code[8:]), size=2, bold=True, centre=True),
            Gap(),
            Words(self._say("请带好材料，按时到{hall}窗口出示小票", hall=facts.hall.in_(language))),
        )
        if facts.changed:
            self.add(Words(self._say("以前的预约单不算了")))
        self.add(Words(self._say("要改时间或取消，到{station}号站输入编号", station=facts.station)))
        if facts.qr:
            self.add(Code(facts.qr), Words(self._say("在自助站扫码，不用输编号"), centre=True))

    def guide(self, package: Package, checklist: Checklist, link: str | None) -> None:
        language = self._language
        saved = self._say("分开办 {before} 份，一起办只要 {now} 份", before=checklist.before, now=checklist.now)
        self.add(Words(package.name.in_(language), size=2, centre=True), Gap(), Words(saved, bold=True))
        for material in checklist.bring:
            self.add(Item(BOX, material.name.in_(language), self._kind(material)))
        if checklist.forms:
            joint = self._say("合并申请表（{forms}合1）", forms=len(checklist.forms))
            form = joint if len(checklist.forms) > 1 else checklist.forms[0].name.in_(language)
            self.add(Item(BOX, form, self._say(_KINDS[MaterialKind.FORM])))
        if checklist.fetched:
            self.add(Words(self._say("* 可电子调取")))
        self._not_carried(self._say("中途产生，不用带："), checklist.on_the_way)
        self._not_carried(self._say("单位之间转递，不用带："), checklist.sent)
        if checklist.remarks:
            self.add(Words(self._say("说不清楚的先问窗口")))
        self.add(Gap())
        for position, step in enumerate(package.steps, start=1):
            self.add(Words(f"{position} {step.in_(language)}", hang=2))
        if package.reference_only:
            self.add(Words(self._say("仅供参考，以窗口为准")))
        if link:
            self.add(Code(link), Words(self._say("扫码看清单"), centre=True))

    def _say(self, sentence: str, **values: object) -> str:
        return self._wording.say(self._language, sentence, **values)

    def _kind(self, material: Material) -> str:
        return self._say(_KINDS[material.kind]) + "*" * material.electronic

    def _not_carried(self, why: str, materials: tuple[Material, ...]) -> None:
        if materials:
            comma = ", " if self._language is Language.EN else "、"
            self.add(Words(why + comma.join(material.name.in_(self._language) for material in materials)))


def _minute(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _day(day: datetime.date, language: Language) -> str:
    if language is Language.EN:
        return f"{_ENGLISH_DAYS[day.weekday()]} {day.day} {_ENGLISH_MONTHS[day.month - 1]}"
    weekday = _WEEKDAYS[day.weekday()]
    return f"{day.month}月{day.day}日 {weekday if language is Language.HANS else weekday.replace('周', '週')}"
