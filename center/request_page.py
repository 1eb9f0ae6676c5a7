"""The page behind a request's QR code: what kind it is, how far it is, since when. Nothing of what was filled in."""

import datetime
from collections.abc import Iterator

from center import html
from center.kept import RequestView
from center.ticket_page import others
from kiosk.catalog.model import Release
from kiosk.hours import CHINA
from kiosk.requests import STATE_WORDS
from kiosk.text import Language
from kiosk.tickets import grouped
from kiosk.wording import Wording


class RequestPages:
    """Makes request pages."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def known(self, release: Release, found: RequestView, language: Language) -> bytes:
        """Return the page of a request, with the names of `release`."""
        title = self._wording.say(language, "您的申请")
        return html.page(language, title, self._body(release, found, title, language), others(found.code))

    def _body(self, release: Release, found: RequestView, title: str, language: Language) -> Iterator[str]:
        def say(sentence: str, **values: object) -> str:
            return self._wording.say(language, sentence, **values)

        def when(ms: int) -> str:
            return f"{datetime.datetime.fromtimestamp(ms / 1000, CHINA):%Y-%m-%d %H:%M}"

        form = next((one for one in release.requests if one.id == found.form), None)
        yield html.tag("h1", html.text(title))
        if form is not None:
            yield html.tag("p", html.text(form.name.in_(language)))
        yield html.tag("strong", html.text(say(STATE_WORDS[found.state])), css="number")
        yield html.tag("p", html.text(when(found.time)))
        if found.words:
            yield html.tag("h2", html.text(say("工作人员说")))
            yield html.tag("p", html.text(found.words))
        yield html.tag("p", html.text(f"{say('提交')} {when(found.made)}"))
        yield html.tag("p", html.text(f"{say('编号')} {grouped(found.code)}"))
        if form is not None and form.cancellable and not found.state.over:
            yield html.tag("p", html.text(say("凭小票上的编号，在自助站取消。")))
