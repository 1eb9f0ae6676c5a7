"""The Traditional Chinese of the release: official names kept, Taiwan's words where they are the bureau's choice."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import opencc
import pytest

from kiosk.catalog.check import Checked
from kiosk.catalog.model import Release
from kiosk.catalog.traditional import Traditional
from kiosk.text import Text, ambiguous


@pytest.fixture(scope="module")
def convert(checked: Checked) -> Traditional:
    """The converter with the shipped glossary."""
    return Traditional(checked.data.glossary)


def texts(value: object) -> Iterator[Text]:
    """Yield every text in a release."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("打印清单", "列印清單"),
        ("扫二维码看网络上的信息", "掃QR碼看網路上的資訊"),
        ("重大项目的文件和程序", "重大項目的文件和程序"),
        ("社区窗口", "社區窗口"),
        ("一件事一次办 好差评", "一件事一次辦 好差評"),
        ("集美公安分局和居委会", "集美公安分局和居委會"),
        ("台湾居民居住证", "台灣居民居住證"),
        ("阿集驿站  台胞台企", "阿集驛站  台胞台企"),
        ("资金发到账户", "資金發到帳戶"),
        ("场地租金发票", "場地租金發票"),
        ("海关注销", "海關註銷"),
        ("非因工致残", "非因工致殘"),
        ("房屋交易合同网签备案", "房屋交易合同網簽備案"),
        ("标签", "標籤"),
        ("满80周岁，每周二", "滿80周歲，每週二"),
        ("个人所得税年度汇算", "個人所得稅年度匯算"),
        ("核准以后以公告为准", "核准以後以公告為準"),
        ("身后一件事，头发", "身後一件事，頭髮"),
        ("《个人信息保护法》保护信息", "《個人信息保護法》保護資訊"),
        ("{打印}{n} 份", "{打印}{n} 份"),
        ("第{n}步，共{total}步，打印{name}", "第{n}步，共{total}步，列印{name}"),
        ("", ""),
    ],
)
def test_words_come_out_as_reviewed(simplified: str, traditional: str, convert: Traditional) -> None:
    assert convert.convert(simplified) == traditional


def test_no_character_is_left_that_only_simplified_chinese_has(release: Release) -> None:
    table = Path(opencc.__file__).parent / "dictionary" / "STCharacters.txt"
    pairs = [line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line]
    taiwan = opencc.OpenCC("s2tw")
    only = {char for char, forms in pairs if char not in forms.split() and taiwan.convert(char) != char}
    assert {"证", "户", "发"} <= only
    for text in texts(release):
        assert not only & set(text.hant), text


def test_words_that_opencc_breaks_wrongly_stay_out(release: Release) -> None:
    every = "\n".join(text.hant for text in texts(release))
    assert not re.findall("[髮緻賬臺]|籤|關注|週歲|彙算|專案|社群|視窗|程式|檔案文件", every)


def test_official_names_are_the_same_in_both(release: Release) -> None:
    for text in texts(release):
        for name in ("项目", "社区", "窗口", "文件", "公安"):
            kept = {"项目": "項目", "社区": "社區"}.get(name, name)
            assert text.hans.count(name) == text.hant.count(kept), text


def test_every_traditional_text_can_be_shown_and_printed(release: Release) -> None:
    for text in texts(release):
        assert not ambiguous(text.hant)
        text.hant.encode("gbk")


def test_no_language_is_missing_anywhere(release: Release) -> None:
    for text in texts(release):
        assert bool(text.hans) == bool(text.hant) == bool(text.en)
