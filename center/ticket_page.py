"""The page behind a ticket's QR code: number, day and session, and the way to what must be brought."""

import datetime
from collections.abc import Iterator

from center import html
from center.board import Place
from center.kept import TicketView
from kiosk.catalog.guide import guide_code
from kiosk.catalog.model import UNSURE, Release
from kiosk.hours import CHINA
from kiosk.text import Language
from kiosk.tickets import grouped, valid_code
from kiosk.wording import Wording

SHOWN = 2
"""Numbers that are named as being served."""

_LETTERS = {"s": Language.HANS, "t": Language.HANT, "e": Language.EN}


def language_of(letter: str, accepted: str) -> Language:
    """Return the language of a page: by its letter, else the first that a browser accepts (RFC 9110, 12.5.4)."""
    if chosen := _LETTERS.get(letter.lower()):
        return chosen
    for item in accepted.lower().split(",")[:20]:
        wish = item.partition(";")[0].strip()
        if wish.startswith("en"):
            return Language.EN
        if wish.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
            return Language.HANT
        if wish.startswith("zh"):
            return Language.HANS
    return Language.HANS


class TicketPages:
    """Makes ticket pages."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def known(self, release: Release, ticket: TicketView, language: Language, place: Place | None = None) -> bytes:
        """Return the page of a ticket that has been reported, with the names of `release`.

        `place`: where it stands in its queue; None where that is not known, and then the page promises no call.
        """
        title = self._wording.say(language, "您的号码")
        return html.page(language, title, self._body(release, ticket, title, language, place), others(ticket.code))

    def unknown(self, code: str, language: Language) -> bytes:
        """Return the page of a code that has not been reported, or can be none."""
        good = valid_code(code)
        words = self._wording.say(
            language,
            "这个编号还没有报到中心。您手里的小票一样有效。"
            if good
            else "这不是号码小票上的凭证码。请重新扫码，或到大厅窗口问。",
        )
        return html.page(language, words, [html.tag("p", html.text(words))], others(code) if good else [])

    def too_often(self, language: Language) -> bytes:
        """Return the page for somebody who asks too often."""
        words = self._wording.say(language, "查得太勤了，请过一分钟再看。")
        return html.page(language, words, [html.tag("p", html.text(words))], [])

    def unavailable(self, language: Language) -> bytes:
        """Return the page for while the center's books cannot be read: nothing is said of the code itself."""
        words = self._wording.say(language, "现在查不到，请过一会儿再看。您的编号和小票不受影响。")
        return html.page(language, words, [html.tag("p", html.text(words))], [])

    def _body(
        self, release: Release, ticket: TicketView, title: str, language: Language, place: Place | None
    ) -> Iterator[str]:
        yield html.tag("h1", html.text(title))
        yield html.tag("strong", html.text(ticket.number), css="number")
        theme = next((one for one in release.themes if one.letter == ticket.theme), None)
        if theme is not None:
            yield html.tag("p", html.text(theme.name.in_(language)))
        yield html.tag("p", html.text(f"{_day(ticket.day)} {ticket.session}"))
        if ticket.doubtful:
            yield html.tag("p", html.text(self._wording.say(language, "日期以大厅公告为准")), css="note")
        if place is not None:
            yield html.tag("p", html.text(self._turn(ticket, place, language)))
        yield html.tag("p", html.text(self._wording.say(language, "凭证码 {code}", code=grouped(ticket.code))))
        package = next((one for one in release.packages if one.id == ticket.package), None)
        if package is not None:
            # The answers stay with the resident; the page shows what any of them could ask for.
            unsure = (UNSURE,) * len(package.questions)
            address = f"/g/{guide_code(package, unsure, language).lower()}"
            yield html.tag("p", html.text(package.name.in_(language)))
            yield html.tag("p", html.link(address, self._wording.say(language, "看这一件要带什么")))

    def _turn(self, ticket: TicketView, place: Place, language: Language) -> str:
        say = self._wording.say
        moment = datetime.datetime.fromtimestamp(place.time / 1000, CHINA)
        age = say(language, "{time} 的情况", time=f"{moment:%H:%M}")
        if place.ahead is None:
            return say(language, "大厅已经叫到 {number}（{age}）", number=ticket.number, age=age)
        called = say(language, "、").join(place.called[:SHOWN])
        return say(language, "正在办理 {called}，您前面 {n} 人（{age}）", called=called, n=place.ahead, age=age)


def others(code: str) -> list[tuple[Language, str]]:
    """Return the address of the page of a public code in every language."""
    return [(language, f"/t/{code}?l={letter}") for letter, language in _LETTERS.items()]


def _day(day: str) -> str:
    """Return an ISO date as such, whatever an old entry holds."""
    try:
        return datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        return ""
