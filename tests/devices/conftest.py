"""What the tests of devices share: the shipped printer profiles and a slip that holds one of everything."""

from pathlib import Path

import pytest

from devices.profile import Profile, read_profiles
from kiosk.documents import Code, Cut, Document, Gap, Item, Rule, Words
from kiosk.text import Language

PRINTERS = Path(__file__).parents[2] / "data" / "printers.toml"


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    return read_profiles(PRINTERS)


@pytest.fixture
def narrow(profiles: dict[str, Profile]) -> Profile:
    return profiles["generic-58"]


@pytest.fixture
def slip() -> Document:
    return Document(
        "ticket",
        Language.HANS,
        (
            Words("集美区24小时e政务便民服务站", centre=True),
            Words("A07-012", size=4, centre=True),
            Words("11月25日 周三", size=2, bold=True, centre=True),
            Rule(),
            Item("□", "申请人居民身份证", "电子证照"),
            Item("□", "不动产权证书或者房屋租赁合同备案证明", "复印件"),
            Item("□", "Marriage certificate of both parents", "original"),
            Words("1 在终端选择本套餐，父亲先授权证照给母亲", hang=2),
            Gap(1),
            Code("https://STATION.EXAMPLE/T/1234567890123456/" + "A7" * 64),
            Code("https://STATION.EXAMPLE/G/12"),
            Words("仅供参考，以窗口为准"),
            Cut(),
        ),
    )
