"""The service manual of a channel: a code that a phone scans, and the way to have it on paper."""

from collections.abc import Iterator

from kiosk.visit import ManualPage
from screens.intents import Back, PrintManual
from screens.lines import paragraph, step
from screens.pages.channels import channel_title
from screens.pages.page import Page
from screens.pages.paper import plan
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.qr import QrPanel
from screens.widgets.sheet import Line, Sheet


class ManualCodePage(Page):
    """The code beside what is behind it. The phone's own network opens it, so it works also while there is no line."""

    def __init__(self, scene: Scene, place: ManualPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._channel = scene.desk.requests.channel(place.channel)
        self._link = scene.desk.requests.manual_link(place.channel, scene.language)

    def heading(self) -> str:
        """Say what it is."""
        return self.scene.say("服务手册")

    def aside(self) -> str:
        """Whose."""
        return channel_title(self.scene, self._channel)

    def widgets(self) -> Iterator[Painted]:
        """Yield the words, the code, and the two ways."""
        say = self.scene.say
        place = plan(self.scene.frame, self._link, 0, 2, for_the_code=True)
        yield self.masthead()
        # Where the code takes the rows of the heading as well, there is no room for the name beside it.
        aside = self.aside() if place.heading == self.scene.frame.heading else ""
        yield Heading(self.palette, place.heading, self.heading(), aside)
        lines = self._told(place.main.width - 2 * Sheet.MARGIN, shown=place.code is not None)
        high = min(len(lines) + 2, place.main.height)
        yield Sheet(self.palette, place.main.split_horizontal(high)[0], lines)
        able = self.scene.desk.has_printer
        printed = Words(say("打印手册的码"), "" if able else say("没有打印机"))
        why = say("不能打印，因为没有打印机。请扫屏幕上的码。")
        wanted = PrintManual(self._channel.id)
        yield self.choice(place.choices[0], printed, wanted, primary=able, disabled=not able, why=why)
        yield self.choice(place.choices[1], Words(say("看好了，回去")), Back(), primary=not able)
        if place.code and self._link:
            yield QrPanel(self.palette, place.code, self._link, say("手机扫码看手册"))
        yield self.footer()

    def _told(self, width: int, *, shown: bool) -> tuple[Line, ...]:
        say = self.scene.say
        first = say("用手机的相机或微信扫码") if shown else say("先打印，再用手机扫纸上的码")
        rest = say("这里的事项、材料、怎么办，都在手册里"), say("用手机自己的网络，本机断网也能看")
        steps = [step(number, words, width) for number, words in enumerate((first, *rest), 1)]
        note = paragraph(say("仅供参考，以窗口为准"), width, "muted")
        return tuple(line for group in (*steps, note) for line in (*group, ()))[:-1]
