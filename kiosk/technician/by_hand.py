"""Tests that only a person can judge: what is seen on glass or paper, felt by a finger, held to the scanner."""

from kiosk.documents import Code, Cut, Document, Gap, Item, Rule, Words
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found
from kiosk.text import Language

KEYS, GRID, COLOURS, SCAN, PAGE = "keys", "touch-grid", "colours", "scan", "test-page"
"""The codes of these tests."""


class ByHand:
    """One such test. The screens show what is to be judged, and take the person's word for it."""

    kind = Kind.PERSON

    def __init__(self, name: str, title: str, reason: str, question: str) -> None:
        """`question`: what a person is asked, a Simplified sentence that yes or no answers."""
        self.name = name
        self.title = title
        self.reason = reason
        self.question = question

    def run(self) -> Finding:
        """Nobody has looked."""
        return found(self.name, "person-not-asked")


class OnPaper(ByHand):
    """One that prints `document` first."""

    kind = Kind.PAPER

    def __init__(self, name: str, title: str, reason: str, question: str, document: Document) -> None:
        super().__init__(name, title, reason, question)
        self.document = document


def by_hand(printer: str, columns: int, *, scanner: bool) -> tuple[ByHand, ...]:
    """Return these tests for a printer of that kind and width in columns; `scanner`: there is one."""
    page = test_page(printer, columns)
    tests: tuple[ByHand, ...] = (
        OnPaper(PAGE, "打印样张", "印不清楚的小票没有用", "标尺、字号、生僻字、二维码、切纸都好吗？", page),
        ByHand(KEYS, "按键", "有的人只用键盘", "每个键都有反应吗？"),
        ByHand(GRID, "触摸格", "有的人只用触摸", "每一格都点亮了吗？"),
        ByHand(COLOURS, "颜色和字形", "看不清就用不了", "颜色分得开，字都完整吗？"),
    )
    if scanner:
        tests = (*tests, ByHand(SCAN, "扫码试读", "凭小票补打要扫码", "放上小票，读到了吗？"))
    return tests


def test_page(printer: str, columns: int) -> Document:
    """Return a page that shows at a glance what is wrong with columns, fonts, sizes, codes or the cutter."""
    ruler = "".join(str(column % 10) for column in range(1, columns + 1))
    return Document(
        "test page",
        Language.HANS,
        (
            Words(f"{printer} {columns}", bold=True, centre=True),
            Words(ruler),
            Words("简体 集美区政务服务 取号 打印"),
            Words("繁體 集美區政務服務 取號 列印"),
            Words("生僻字 镕堃喆𠮷䶮"),
            Words("符号 □ （）「」《》，。"),
            Words("English: queue number A07-012"),
            Words("粗体 bold", bold=True),
            Words("两倍 2x 镕", size=2),
            Words("四倍 4x", size=4),
            Item("□", "左边", "右边"),
            Rule(),
            Code("https://STATION.EXAMPLE/T/0000000000000000"),
            Gap(),
            Words("下面切纸", centre=True),
            Cut(),
        ),
    )
