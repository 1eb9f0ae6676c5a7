"""The catalogue as the station uses it: frozen values, in three languages, out of one release file.

Facts are the bureau's (data/). A package bundles matters; every matter asks for materials; questions narrow both down.
"""

import datetime
from enum import StrEnum

import msgspec

from kiosk.appointments import SlotRule
from kiosk.forms import Form
from kiosk.hours import Hall
from kiosk.pinyin import Table
from kiosk.text import NO_TEXT, Language, Text
from kiosk.tickets import Priority


class Direction(StrEnum):
    """The two menus: 人生事件 and 企业历程."""

    LIFE = "life"
    ENTERPRISE = "enterprise"


class MaterialKind(StrEnum):
    """What a document is. All forms of a package become one joint form."""

    ORIGINAL = "original"
    COPY = "copy"
    FORM = "form"
    LICENCE = "electronic-license"


class Material(msgspec.Struct, frozen=True):
    """A document. The same id is the same piece of paper wherever it is asked for.

    `electronic`: departments or the resident can usually fetch it. Not `carried`: it travels between institutions.
    """

    id: str
    name: Text
    kind: MaterialKind
    electronic: bool
    carried: bool
    note: Text


class Matter(msgspec.Struct, frozen=True):
    """One thing handled by one department: what it asks for and what later matters can take from it."""

    name: Text
    department: Text
    materials: tuple[str, ...]
    produces: tuple[str, ...]


class Option(msgspec.Struct, frozen=True):
    """One answer. `skips` are positions in the package's matters; `blocks`: the package does not apply, see `note`."""

    label: Text
    note: Text
    adds: tuple[str, ...]
    removes: tuple[str, ...]
    skips: tuple[int, ...]
    blocks: bool


class Question(msgspec.Struct, frozen=True):
    """One question about the resident's situation. In a yes-no question the first option is yes. `why` we ask it."""

    text: Text
    yesno: bool
    options: tuple[Option, ...]
    why: Text = NO_TEXT


class Package(msgspec.Struct, frozen=True):
    """One 一件事一次办 package. `code` is its fixed two digits in guide links; `days` counts only for `days_scope`."""

    id: str
    code: str
    cycle: str
    name: Text
    short: Text
    summary: Text
    audience: Text
    departments: tuple[Text, ...]
    matters: tuple[Matter, ...]
    steps: tuple[Text, ...]
    trips: int
    online: bool
    fee: Text
    days: int | None
    days_unit: Text
    days_scope: Text
    note: Text
    questions: tuple[Question, ...]
    reference_only: bool


class Cycle(msgspec.Struct, frozen=True):
    """One of the 16 cycles. `label` is the short name on its card, `gloss` what is in it, `seal` its one character."""

    id: str
    direction: Direction
    name: Text
    label: Text
    gloss: Text
    seal: str
    packages: tuple[str, ...]


class Theme(msgspec.Struct, frozen=True):
    """A queue theme: its letter is never given to another. `of` is the id of its cycle or channel."""

    letter: str
    of: str
    name: Text


def trips_words(trips: int | None) -> str:
    """Return how often one has to come, as a sentence of data/wording with the value `n`; None: nobody has said."""
    if trips is None:
        return "以窗口为准"
    return ("一趟不用跑，网上可以办完", "最多跑一趟")[trips] if trips <= 1 else "{n} 趟"


PLACE, WAY = "地点", "办理方式"
"""The terms of the facts that say where a channel is, and how something of it is handled."""


class Fact(msgspec.Struct, frozen=True, array_like=True):
    """Something that is true of a channel or one of its items. `term` is a sentence of data/wording."""

    term: str
    values: tuple[Text, ...]


class Group(msgspec.Struct, frozen=True):
    """What several items of a section belong to, such as the office that handles them."""

    id: str
    name: Text


class Audience(StrEnum):
    """Who an item is for."""

    INDIVIDUAL = "individual"
    LEGAL_PERSON = "legal-person"

    @property
    def words(self) -> str:
        """What it is called, as a sentence of data/wording."""
        return "个人" if self is Audience.INDIVIDUAL else "法人和其他组织"


class Item(msgspec.Struct, frozen=True):
    """One thing that a channel offers. Not `sure`: nobody confirmed it, so 仅供参考，以窗口为准 is shown with it.

    `materials` are ids of the catalogue, `package` the id of the package that tells more, `group` that of its group.
    `trips`: how often one has to come, None where nothing is known of it.
    """

    id: str
    name: Text
    facts: tuple[Fact, ...]
    materials: tuple[str, ...]
    package: str
    group: str
    audience: Audience | None
    sure: bool
    trips: int | None = None

    @property
    def unknown_papers(self) -> bool:
        """Whether an office handles it, and nobody has said which papers it asks for."""
        handled = self.audience is not None or any(fact.term == WAY for fact in self.facts)
        return handled and not self.materials and not self.package


class Section(msgspec.Struct, frozen=True):
    """One page of a channel. `list` names its table. `empty`: where to ask while it has no items."""

    list: str
    name: Text
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    empty: Text = NO_TEXT


class Channel(msgspec.Struct, frozen=True):
    """One of the district's special channels: what it is, its pages, and the ids of the requests that it takes.

    With a `language` a visit can begin in it, in that language.
    """

    id: str
    code: str
    name: Text
    label: Text
    gloss: Text
    about: tuple[Fact, ...]
    sections: tuple[Section, ...]
    requests: tuple[str, ...]
    language: Language | None = None


class Area(msgspec.Struct, frozen=True):
    """A sub-district or town of the district, and its communities as far as the bureau has named them."""

    id: str
    name: Text
    communities: tuple[Text, ...]


class IndexEntry(msgspec.Struct, frozen=True, array_like=True):
    """What search knows of one package: position by position one phrase of `kiosk.catalog.search.phrases`.

    Each written form and reading starts with `search.FORMS`, each syllable of `pinyin` with `search.SYLLABLE`, each
    English word with a blank; all are folded by `search.fold`.
    """

    package: str
    hanzi: tuple[str, ...]
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]
    english: tuple[str, ...]


class Goal(msgspec.Struct, frozen=True, array_like=True):
    """Something of a channel that search leads to: the channel, an item of one of its pages, or a request."""

    channel: str
    section: str = ""
    item: str = ""
    form: str = ""


class Release(msgspec.Struct, frozen=True):
    """A whole catalogue. Version 0 came with the program; releases of the center are signed and count from 1.

    `goals` are what of the channels can be found, `goal_index` what search knows of each; `slots` what can be booked.
    """

    version: int
    built: datetime.date
    cycles: tuple[Cycle, ...]
    packages: tuple[Package, ...]
    materials: tuple[Material, ...]
    themes: tuple[Theme, ...]
    channels: tuple[Channel, ...]
    requests: tuple[Form, ...]
    hall: Hall
    areas: tuple[Area, ...]
    priority: Priority
    typing: Table
    index: tuple[IndexEntry, ...]
    goals: tuple[Goal, ...] = ()
    goal_index: tuple[IndexEntry, ...] = ()
    slots: tuple[SlotRule, ...] = ()


class Unsure(StrEnum):
    """The answer 说不清楚."""

    UNSURE = "unsure"


UNSURE = Unsure.UNSURE
Answer = int | Unsure
"""The position of the chosen option, or UNSURE."""


class Checklist(msgspec.Struct, frozen=True):
    """What one resident needs for one package (facts: "How to compute the reduction").

    `before`: the sum over the matters, each on its own. `now`: pieces to bring, the joint form counted once.
    `bring`: papers in the catalogue's order, without forms. `forms`: the forms merged into the joint form.
    `on_the_way`: made by an earlier matter for a later one. `sent`: goes from office to office, never carried.
    `fetched`: those of `bring` that can be had electronically. `blocked`: why the package does not apply, if so.
    """

    package: str
    answers: tuple[Answer, ...]
    matters: tuple[int, ...]
    before: int
    bring: tuple[Material, ...]
    forms: tuple[Material, ...]
    on_the_way: tuple[Material, ...]
    sent: tuple[Material, ...]
    remarks: tuple[Text, ...]
    blocked: Text

    @property
    def now(self) -> int:
        """Pieces to bring: every paper once, all forms as one."""
        return len(self.bring) + bool(self.forms)

    @property
    def fetched(self) -> tuple[Material, ...]:
        """Papers that departments or the resident can usually fetch electronically."""
        return tuple(material for material in self.bring if material.electronic)
