"""Rating a service: five equal grades of which none is chosen beforehand, a reason for the bad ones, or neither."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Field, Form
from kiosk.visit import Rating
from screens.intents import Back, End, Go, GoHome, Intent, Rate
from screens.lines import paragraph
from screens.pages.help import SheetPage
from screens.pages.offers import Offer, OffersPage
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line


def rating_form(scene: Scene) -> Form:
    """Return the form by which a service is rated. Raises LookupError where the bureau has none."""
    form = scene.desk.requests.rating
    if form is None:
        raise LookupError("there is nothing to rate by")
    return form


def can_rate(scene: Scene, code: str) -> bool:
    """Whether what has that public code can be rated now, as far as this visit knows."""
    return scene.desk.requests.rating is not None and code not in scene.live.rated


class RatingPage(OffersPage):
    """One field of the rating, and the way past it."""

    def __init__(self, scene: Scene, place: Rating, *, focus: int | None = None) -> None:
        # Nothing is chosen beforehand (国办发〔2019〕51号), for keys neither: the focus comes with the first key.
        super().__init__(scene, focus=None)
        self._place = place
        self._form = rating_form(scene)
        field = scene.desk.requests.next_field(self._form, dict(place.answers))
        if field is None:
            raise LookupError("the rating is complete")
        self._field: Field = field

    def heading(self) -> str:
        """Ask."""
        return self.scene.text(self._field.question)

    def aside(self) -> str:
        """Say that nobody has to."""
        return self.scene.say("自愿，不记名")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the options and the way past them, all of one size."""
        scene, place, field = self.scene, self._place, self._field
        options = [Offer(Words(scene.text(one.name)), self._answer(one.id)) for one in field.options]
        past = self._answer("") if field.optional else Back()
        label = scene.say("不选，跳过") if place.answers else scene.say("不评价，跳过")
        return self.cards(room, options, [Offer(Words(label), past)])

    def _answer(self, value: str) -> Intent:
        answers = (*self._place.answers, (self._field.id, value))
        if self.scene.desk.requests.next_field(self._form, dict(answers)):
            return Go(Rating(self._place.code, answers))
        return Rate(self._place.code, answers)


class RatedPage(SheetPage):
    """It is noted."""

    NO_BACK = "不能返回，因为评价已经记下。"

    def heading(self) -> str:
        """Thank."""
        return self.scene.say("谢谢")

    def back(self) -> Intent | None:
        """A rating is given once."""
        return None

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what becomes of it, and the ways on."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Done, or another matter."""
        say = self.scene.say
        return [(Words(say("办完了"), say("结束并清除")), End()), (Words(say("再办一件")), GoHome())]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return what the form says comes next."""
        return [paragraph(self.scene.text(step), width, bold=True) for step in rating_form(self.scene).next]
