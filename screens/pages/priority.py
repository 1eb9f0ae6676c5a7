"""Declaring a ground to be served earlier: voluntary, and out of the way of everybody else."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.visit import GroundAsked
from screens.intents import Declare, Go
from screens.lines import paragraph
from screens.pages.offers import Offer, OffersPage
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet


def priority_offer(scene: Scene) -> Offer:
    """Return the card that leads to the declaration, or says that it was made."""
    say = scene.say
    if scene.visit.ground:
        return Offer(Words(say("已选优先"), say("可以更改")), Go(GroundAsked()))
    return Offer(Words(say("我要优先"), say("老人、残疾人等")), Go(GroundAsked()))


class PriorityPage(OffersPage):
    """What is done with the answer, the grounds, and the way past them."""

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("您属于哪一种？")

    def aside(self) -> str:
        """Say that nobody has to."""
        return self.scene.say("自愿选择")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the words and the cards."""
        scene, declared = self.scene, self.scene.visit.ground
        told = self._told(room.width - 2 * Sheet.MARGIN)
        sheet, cards = room.split_horizontal(len(told) + 2)
        yield Sheet(self.palette, sheet, told)
        grounds = [
            Offer(Words(scene.text(one.name)), Declare(one.id), primary=one.id == declared)
            for one in scene.desk.grounds
        ]
        yield from self.cards(cards, grounds, [Offer(Words(scene.say("都不是，不优先")), Declare(""))])

    def _told(self, width: int) -> tuple[Line, ...]:
        """Return what becomes of the answer: the reason is nobody's business but the window's."""
        scene = self.scene
        sealed = scene.desk.seals_grounds
        kept = "小票只印「优先」，原因加密，只给窗口看。" if sealed else "小票只印「优先」，原因不保存。"
        return paragraph(scene.sentences(scene.say(kept), scene.say("到窗口请出示证件。")), width)
