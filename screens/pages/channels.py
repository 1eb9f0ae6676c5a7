"""The special channels: all of them, what one offers, its items, what it is. Everything on them comes from the data."""

from collections.abc import Iterable, Iterator

from textual.geometry import Region

from kiosk.desk import PLACE, WAY, Channel, Form, Item, Section, trips_words
from kiosk.text import cells
from kiosk.visit import AboutChannel, ChannelPage, ItemPage, ManualPage, PackagePage, SectionPage
from screens.intents import Back, Go, GoHome, Intent, PrintItem, StartForm, TakeNumber
from screens.lines import Fact, entry, fact_lines, paragraph
from screens.pages.booking import booking_offer
from screens.pages.help import SheetPage
from screens.pages.offers import Offer, OffersPage
from screens.pages.page import NO_NUMBERS
from screens.pages.priority import priority_offer
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line

_NOTE_CELLS = 16
"""Cells of what is known of an item up to which it stands beside its name in a list."""


def channel_words(scene: Scene, channel: Channel) -> Words:
    """Return what stands on the card of a channel."""
    return Words(scene.text(channel.label), scene.text(channel.gloss))


def channel_title(scene: Scene, channel: Channel) -> str:
    """Return the name of a channel as the title of a page."""
    return scene.title(channel.name, channel.label, scene.frame.heading.width * 2 // 3)


class ChannelsPage(OffersPage):
    """One card a channel."""

    def heading(self) -> str:
        """Ask which."""
        return self.scene.say("特色服务：要去哪一个？")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the channels."""
        channels = self.scene.desk.requests.channels
        return self.cards(room, [Offer(channel_words(self.scene, one), Go(ChannelPage(one.id))) for one in channels])


class ChannelMenuPage(OffersPage):
    """What a channel offers: its requests first, then its pages, last what it is."""

    def __init__(self, scene: Scene, place: ChannelPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._channel = scene.desk.requests.channel(place.channel)

    def heading(self) -> str:
        """Name the channel."""
        return channel_title(self.scene, self._channel)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the ways on."""
        # What few need comes last: of more cards than digits, those stand on a second sheet.
        last = self._about(), priority_offer(self.scene)
        ways = *self._requests(), *self._slots(), *self._sections(), self._number(), *self._manual(), *last
        return self.cards(room, ways)

    def _requests(self) -> Iterator[Offer]:
        scene = self.scene
        for form in scene.desk.requests.offered(self._channel):
            able = scene.desk.requests.available(form).ok
            gloss = scene.text(form.gloss) if able else scene.say("本机现在不能收")
            yield Offer(Words(scene.text(form.name), gloss), StartForm(form.id), primary=False)

    def _sections(self) -> Iterator[Offer]:
        scene = self.scene
        for section in self._channel.sections:
            gloss = scene.say("{n} 项", n=len(section.items)) if section.items else _where_to_ask(scene, section)
            yield Offer(Words(scene.text(section.name), gloss), Go(SectionPage(self._channel.id, section.list)))

    def _slots(self) -> Iterator[Offer]:
        if offer := booking_offer(self.scene, self._channel.id, named=True):
            yield offer

    def _number(self) -> Offer:
        able = self.scene.desk.services().numbers.ok
        words = Words(self.scene.say("取号"), self.number_gloss(able))
        why = self.scene.say(NO_NUMBERS)
        return Offer(words, TakeNumber(self._channel.id), disabled=not able, why=why)

    def _about(self) -> Offer:
        say = self.scene.say
        return Offer(Words(say("这是什么"), say("给谁、在哪里")), Go(AboutChannel(self._channel.id)))

    def _manual(self) -> Iterator[Offer]:
        say = self.scene.say
        if self.scene.desk.has_links:
            yield Offer(Words(say("服务手册"), say("手机扫码看")), Go(ManualPage(self._channel.id)))


def _where_to_ask(scene: Scene, section: Section) -> str:
    return scene.text(section.empty) or scene.say("请到窗口咨询")


def section_page(scene: Scene, place: SectionPage, focus: int | None) -> "SectionMenuPage | SectionListPage":
    """Return the page of a section: cards where its items tell more or can be asked for, else a list to read."""
    section = scene.desk.requests.section(place.channel, place.section)
    channel = scene.desk.requests.channel(place.channel)
    if any(_leads_on(scene, channel, item) for item in section.items):
        return SectionMenuPage(scene, place, focus=focus)
    return SectionListPage(scene, place, focus=focus)


def _leads_on(scene: Scene, channel: Channel, item: Item) -> bool:
    desk = scene.desk.requests
    asked_for = any(desk.takes(form, item) for form in desk.offered(channel))
    known = sum(cells(value.hans) for fact in item.facts for value in fact.values)
    return asked_for or bool(item.materials or item.package) or known > _NOTE_CELLS


class SectionMenuPage(OffersPage):
    """One card for each group of a section, or for each item."""

    def __init__(self, scene: Scene, place: SectionPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._section = scene.desk.requests.section(place.channel, place.section)

    def heading(self) -> str:
        """Name the section, or the group of it that was chosen."""
        names = {group.id: group.name for group in self._section.groups}
        return self.scene.text(names.get(self._place.group, self._section.name))

    def aside(self) -> str:
        """How much there is."""
        return self.scene.say("{n} 项", n=len(self._items()))

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield groups or items."""
        scene, place = self.scene, self._place
        if self._section.groups and not place.group:
            groups = [
                (group, sum(item.group == group.id for item in self._section.items)) for group in self._section.groups
            ]
            return self.cards(
                room,
                [
                    Offer(
                        Words(scene.text(group.name), scene.say("{n} 项", n=count)),
                        Go(SectionPage(place.channel, place.section, group.id)),
                    )
                    for group, count in groups
                    if count
                ],
            )
        return self.cards(
            room,
            [
                Offer(
                    Words(scene.text(item.name), self._gloss(item)),
                    Go(ItemPage(place.channel, place.section, item.id)),
                )
                for item in self._items()
            ],
        )

    def _items(self) -> tuple[Item, ...]:
        group = self._place.group
        return tuple(item for item in self._section.items if not group or item.group == group)

    def _gloss(self, item: Item) -> str:
        """Return for whom an item is, or how it is handled."""
        if item.audience:
            return self.scene.say(item.audience.words)
        ways = [fact.values for fact in item.facts if fact.term == WAY]
        return self.scene.text(ways[0][0]) if ways and len(ways[0]) == 1 else ""


class SectionListPage(SheetPage):
    """The items of a section with the one thing that is known of each; where there is none, where to ask."""

    def __init__(self, scene: Scene, place: SectionPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._section = scene.desk.requests.section(place.channel, place.section)

    def heading(self) -> str:
        """Name the section."""
        return self.scene.text(self._section.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the list and the way back."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Back, or to the first page."""
        say = self.scene.say
        return [(Words(say("看好了，回去")), Back()), (Words(say("回到首页")), GoHome())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return an entry for each item."""
        scene, section = self.scene, self._section
        if not section.items:
            told = scene.say("这里还没有内容。{where}，或过些日子再来看。", where=_where_to_ask(scene, section))
            return [paragraph(told, width, bold=True)]
        entries = []
        for number, item in enumerate(section.items, 1):
            note = scene.say("、").join(scene.text(value) for fact in item.facts for value in fact.values)
            entries.append(entry(str(number), scene.text(item.name), note, width))
        if all(item.sure for item in section.items):
            return entries
        return [*entries, paragraph(scene.say("仅供参考，以窗口为准"), width, "muted")]


class ItemGuidePage(SheetPage):
    """The guide to one item: what it is, what to bring, how it is handled; and what can be done about it here."""

    def __init__(self, scene: Scene, place: ItemPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._channel = scene.desk.requests.channel(place.channel)
        self._item = scene.desk.requests.item(place.channel, place.section, place.item)

    def heading(self) -> str:
        """Name the item."""
        return self.scene.text(self._item.name)

    def aside(self) -> str:
        """Whose it is."""
        return self.scene.text(self._channel.label)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the guide and the ways on."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """The requests that can be about the item, the package that tells more; else the way back."""
        scene, item = self.scene, self._item
        ways: list[tuple[Words, Intent]] = [
            (Words(scene.text(form.name), scene.text(form.gloss)), StartForm(form.id, self._place.section, item.id))
            for form in self._forms()
        ]
        if item.package:
            ways.append((Words(scene.say("看一件事清单")), Go(PackagePage(item.package))))
        if scene.desk.has_printer:
            place = self._place
            ways.append((Words(scene.say("打印指南")), PrintItem(place.channel, place.section, place.item)))
        return ways or [(Words(scene.say("看好了，回去")), Back())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the facts, those of the channel that say where among them."""
        scene, item = self.scene, self._item
        say, text = scene.say, scene.text
        facts = [Fact(say(fact.term), tuple(map(text, fact.values))) for fact in item.facts]
        if item.audience:
            facts.insert(0, Fact(say("谁能办"), (say(item.audience.words),)))
        if bring := scene.desk.requests.materials(item):
            facts.append(Fact(say("要带什么"), tuple(text(material.name) for material in bring)))
        elif item.unknown_papers:
            facts.append(Fact(say("要带什么"), (say("以窗口为准"),)))
        where = next((fact for fact in self._channel.about if fact.term == PLACE), None)
        facts.append(Fact(say("在哪里"), tuple(map(text, where.values)) if where else (text(scene.desk.hall),)))
        facts.append(Fact(say("跑几趟"), (say(trips_words(item.trips), n=item.trips),)))
        indent = max(cells(fact.term) for fact in facts) + 2
        lines = [fact_lines(fact, indent, width) for fact in facts]
        return lines if item.sure else [*lines, paragraph(say("仅供参考，以窗口为准"), width, "muted")]

    def _forms(self) -> list[Form]:
        desk = self.scene.desk.requests
        return [form for form in desk.offered(self._channel) if desk.takes(form, self._item)]


class AboutChannelPage(SheetPage):
    """What a channel is, for whom, where, and who is behind it."""

    def __init__(self, scene: Scene, place: AboutChannel, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._channel = scene.desk.requests.channel(place.channel)

    def heading(self) -> str:
        """Name the channel."""
        return channel_title(self.scene, self._channel)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the facts and the way back."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Back to what the channel offers."""
        return [(Words(self.scene.say("看好了，回去")), Back())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the facts."""
        scene = self.scene
        facts = [Fact(scene.say(fact.term), tuple(map(scene.text, fact.values))) for fact in self._channel.about]
        facts.insert(0, Fact(scene.say("名称"), (scene.text(self._channel.name),)))
        indent = max(cells(fact.term) for fact in facts) + 2
        reference = paragraph(scene.say("仅供参考，以窗口为准"), width, "muted")
        return [*(fact_lines(fact, indent, width) for fact in facts), reference]
