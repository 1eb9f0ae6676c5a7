"""The page before a visit: whose station this is, what time it is, what works right now."""

from collections.abc import Iterable, Iterator

from textual import events
from textual.geometry import Region

from kiosk.text import Language
from screens.frame import columns, stack
from screens.intents import Begin, Intent
from screens.pages.page import LANGUAGE_WORDS, Page
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.welcome import Hero, Invitation, Pills, ServiceState

_PILL_ROWS = 3
_HERO_ROWS = 11
_ACROSS = 3
"""Cards that stand side by side in a narrow pane."""

_INVITATIONS = {
    Language.HANS: "触摸屏幕或按任意键开始",
    Language.HANT: "觸摸螢幕或按任意鍵開始",
    Language.EN: "Touch the screen or press any key",
}


class WelcomePage(Page):
    """Touch anywhere or press any key to begin; a digit begins in its language."""

    def anywhere(self) -> Intent:
        """Begin."""
        return Begin()

    def on_key(self, event: events.Key) -> None:
        """Begin: on this page no key only moves the focus."""
        event.stop()
        self.press(event.character or "")

    def widgets(self) -> Iterator[Painted]:
        """Yield the hero, what works, the invitation, the languages."""
        frame = self.scene.frame
        offered = self.scene.desk.languages
        row = 5 if frame.roomy else 3
        cards = self._cards()
        across = 2 if frame.tall and len(cards) > _ACROSS else max(len(cards), 1)
        bands = -(-len(cards) // across)
        low = row * bands
        invitation = 9 if frame.tall else 7 if frame.roomy else 5
        pills = _PILL_ROWS + frame.roomy
        edge = 2 if frame.roomy else 0
        hero = max(frame.rows - pills - invitation - low - edge, _HERO_ROWS)
        full = Region(0, 0, frame.columns, frame.rows)
        top, rest = full.split_horizontal(hero)
        yield self._hero(top)
        margin = frame.margin
        middle = Region(margin, rest.y, frame.columns - 2 * margin, pills)
        yield Pills(self.palette, middle, *self._services())
        begin = Region(margin, middle.bottom, middle.width, invitation)
        first, *others = [_INVITATIONS[language] for language in offered]
        yield Invitation(self.palette, begin, first, tuple(others))
        below = Region(margin, begin.bottom, middle.width, low)
        places = [place for band in stack(below, [row] * bands) for place in columns(band, across, frame.gutter)]
        for place, (words, intent) in zip(places, cards, strict=False):
            yield self.choice(place, words, intent)

    def _cards(self) -> list[tuple[Words, Begin]]:
        """Return the languages where there are several, and the channels in which a visit can begin."""
        desk = self.scene.desk
        languages = desk.languages if len(desk.languages) > 1 else ()
        channels = [
            (Words(one.gloss.in_(one.language), one.label.in_(one.language)), Begin(one.language, one.id))
            for one in desk.requests.channels
            if one.language in desk.languages and one.language
        ]
        return [*((Words(LANGUAGE_WORDS[one][1]), Begin(one)) for one in languages), *channels]

    def body(self, room: Region) -> Iterable[Painted]:
        """Nothing: this page has no heading and no footer."""
        return ()

    def _hero(self, place: Region) -> Hero:
        scene = self.scene
        return Hero(
            self.palette,
            place,
            scene.frame.margin,
            scene.text(scene.desk.name),
            self.station_number(),
            *self.clock(),
            # How a demonstration is has no room between seal and clock.
            "".join(self.pills()[-1:]),
        )

    def _services(self) -> tuple[tuple[ServiceState, ...], str]:
        say, services = self.scene.say, self.scene.desk.services()
        named = ((services.guides, "查指南"), (services.numbers, "取号"), (services.printing, "打印"))
        states = tuple(
            ServiceState(service.ok, say("可用") if service.ok else say("暂停"), say(name)) for service, name in named
        )
        if services.printing.ok and services.numbers.ok:
            return states, ""
        if not services.numbers.ok:
            return states, say(services.numbers.reason)
        reason = say(services.printing.reason)
        if not self.scene.desk.has_links:
            return states, say("{reason}，号码和清单只在屏幕上看", reason=reason)
        return states, say("{reason}，号码和清单可以扫码带走", reason=reason)

    def show_clock(self) -> None:
        """Show the minute that has begun, and what has changed with the services."""
        for hero in self.query(Hero):
            hero.show_time(*self.clock())
        for pills in self.query(Pills):
            pills.show(*self._services())
