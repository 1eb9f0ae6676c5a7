"""The service manual behind a channel's QR code: everything that the station tells of the channel, on one page."""

from collections.abc import Iterator

from center import html
from kiosk.catalog.guide import manual_code, read_manual_code
from kiosk.catalog.model import Channel, Fact, Item, Release, Section, trips_words
from kiosk.text import Language
from kiosk.wording import Wording


class ManualPages:
    """Makes the pages of service manuals."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def page(self, release: Release, code: str) -> bytes | None:
        """Return the page of a manual's code, in any case of letters; None when it is none."""
        try:
            channel, language = read_manual_code(release.channels, code.upper())
        except ValueError:
            return None
        others = [(one, f"/g/{manual_code(channel, one).lower()}") for one in Language]
        return html.page(
            language, channel.name.in_(language), _Manual(self._wording, language, release).body(channel), others
        )


class _Manual:
    """Says things in the page's language."""

    def __init__(self, wording: Wording, language: Language, release: Release) -> None:
        self._wording = wording
        self._language = language
        self._release = release
        self._materials = {material.id: material.name.in_(language) for material in release.materials}
        self._forms = {form.id: form for form in release.requests}

    def body(self, channel: Channel) -> Iterator[str]:
        yield html.tag("h1", html.text(channel.name.in_(self._language)))
        yield html.tag("p", html.text(self._say("服务手册")))
        yield from map(self._fact, channel.about)
        if channel.requests:
            yield html.tag("h2", html.text(self._say("在自助站可以申请")))
            names = (self._forms[form].name.in_(self._language) for form in channel.requests)
            yield html.tag("ul", *(html.tag("li", html.text(name)) for name in names))
        for section in channel.sections:
            yield from self._section(section)
        yield html.tag("p", html.text(self._say("仅供参考，以窗口为准")), css="note")
        built = self._release.built.isoformat()
        yield html.tag("p", html.text(self._say("按公开资料整理（{date}版），没有逐条核对，以窗口为准。", date=built)))

    def _section(self, section: Section) -> Iterator[str]:
        yield html.tag("h2", html.text(section.name.in_(self._language)))
        if not section.items:
            where = section.empty.in_(self._language) or self._say("请到窗口咨询")
            yield html.tag("p", html.text(where))
        for group in section.groups:
            yield html.tag("h3", html.text(group.name.in_(self._language)))
            yield self._list(item for item in section.items if item.group == group.id)
        if section.items and not section.groups:
            yield self._list(iter(section.items))

    def _list(self, items: Iterator[Item]) -> str:
        return html.tag("ul", *(html.tag("li", html.text(self._name(item)), *self._told(item)) for item in items))

    def _name(self, item: Item) -> str:
        name = item.name.in_(self._language)
        return f"{name} ({self._say(item.audience.words)})" if item.audience else name

    def _told(self, item: Item) -> Iterator[str]:
        yield from map(self._fact, item.facts)
        if item.materials:
            names = self._comma().join(self._materials[one] for one in item.materials)
            yield self._line("要带什么", names)
        if item.trips is not None:
            yield self._line("跑几趟", self._say(trips_words(item.trips), n=item.trips))

    def _fact(self, fact: Fact) -> str:
        return self._line(fact.term, self._comma().join(value.in_(self._language) for value in fact.values))

    def _line(self, term: str, words: str) -> str:
        said = self._say("{label}：{answer}", label=self._say(term), answer=words)
        return html.tag("p", html.tag("small", html.text(said)))

    def _comma(self) -> str:
        return self._say("、")

    def _say(self, sentence: str, **values: object) -> str:
        return self._wording.say(self._language, sentence, **values)
