"""The page behind an appointment's QR code: for what, when, whether it stands. Nobody's name is in it."""

import datetime
from collections.abc import Iterator

from center import html
from center.kept import AppointmentView
from center.ticket_page import others
from kiosk.catalog.model import Release
from kiosk.text import Language
from kiosk.tickets import grouped
from kiosk.wording import Wording

_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class AppointmentPages:
    """Makes appointment pages."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def known(self, release: Release, found: AppointmentView, language: Language) -> bytes:
        """Return the page of an appointment, with the names of `release`."""
        title = self._wording.say(language, "您的预约")
        return html.page(language, title, self._body(release, found, title, language), others(found.code))

    def _body(self, release: Release, found: AppointmentView, title: str, language: Language) -> Iterator[str]:
        def say(sentence: str, **values: object) -> str:
            return self._wording.say(language, sentence, **values)

        theme = next((one for one in release.themes if one.letter == found.theme), None)
        weekday = say(_WEEKDAYS[datetime.date.fromisoformat(found.day).weekday()])
        yield html.tag("h1", html.text(title))
        if theme is not None:
            yield html.tag("p", html.text(theme.name.in_(language)))
        yield html.tag("strong", html.text(say("已取消") if found.cancelled else say("约好了")), css="number")
        yield html.tag("p", html.text(f"{found.day} {weekday} {found.session}"))
        yield html.tag("p", html.text(release.hall.name.in_(language)))
        yield html.tag("p", html.text(f"{say('编号')} {grouped(found.code)}"))
        if not found.cancelled:
            yield html.tag("p", html.text(say("要改时间或取消，到{station}号站输入编号", station=found.station)))
