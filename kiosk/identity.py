"""The numbers that people and firms are known by: what is forgiven, what is checked, and which place is wrong.

No I/O, no clock. A function returns the number in its one written form, or `Wrong`. Blanks, hyphens, invisible
characters and full-width digits are forgiven. Nothing is looked up: an address code that nobody knows is accepted,
because codes come and go and old people were born under codes that are long gone.
"""

import calendar
import datetime
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 64
"""Characters of what was typed that are looked at."""

OLDEST_YEARS = 130

_FORGIVEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}
_BRACKETS = frozenset("()")
_CARD_PLACES = 18
_OLD_CARD_PLACES = 15
_PERMIT_PLACES = (8, 10, 11)
_YEAR, _MONTH, _DAY = 7, 11, 13
_CARD_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROJECT_GROUPS = (4, 6, 2, 2, 6)
_PROJECT_YEARS = range(1990, 2100)
_MOBILE_PLACES = 11


class Reason(StrEnum):
    """Why a number cannot be right."""

    EMPTY = "empty"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    OLD_CARD = "old-card"
    NO_DIGIT = "no-digit"
    NO_LETTER_OF_THE_CODE = "no-letter-of-the-code"
    MONTH = "month"
    DAY = "day"
    FUTURE = "future"
    TOO_OLD = "too-old"
    TIME_PART = "time-part"
    CHECK = "check"
    NO_MOBILE = "no-mobile"
    NO_AREA_CODE = "no-area-code"


SENTENCES = {
    Reason.EMPTY: "还没有填。",
    Reason.TOO_SHORT: "少了 {n} 位，请补上。",
    Reason.TOO_LONG: "多了 {n} 位，请删掉。",
    Reason.OLD_CARD: "15位的旧号码不用了，请填18位的。",
    Reason.NO_DIGIT: "第 {place} 位要是数字。",
    Reason.NO_LETTER_OF_THE_CODE: "第 {place} 位不对：代码里没有这个字符（不用 I、O、S、V、Z）。",
    Reason.MONTH: "第 {place} 位起的月份不对。",
    Reason.DAY: "第 {place} 位起的日期不对。",
    Reason.FUTURE: "第 {place} 位起的出生日期还没有到。",
    Reason.TOO_OLD: "第 {place} 位起的出生年份太早。",
    Reason.TIME_PART: "第 {place} 位起的年月不对。",
    Reason.CHECK: "和最后一位（第 {place} 位）对不上，有一位打错了，请逐位核对。",
    Reason.NO_MOBILE: "第 {place} 位不对，手机号不是这样的。",
    Reason.NO_AREA_CODE: "座机号前面请加区号。",
}
"""What to say of each, as sentences of data/wording with the values that `Wrong.values` has."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a number. `value` is what was understood, without what is forgiven.

    `place` counts the characters of `value` from 1, 0 where no single place is to blame; `count`: how many are missing
    or too many.
    """

    reason: Reason
    value: str
    place: int = 0
    count: int = 0

    @property
    def sentence(self) -> str:
        """The sentence of data/wording that says it."""
        return SENTENCES[self.reason]

    @property
    def values(self) -> dict[str, int]:
        """The values that the sentence wants."""
        if self.reason in {Reason.TOO_SHORT, Reason.TOO_LONG}:
            return {"n": self.count}
        return {"place": self.place} if "{place}" in self.sentence else {}


class PaperKind(StrEnum):
    """What kind of document a person's number stands on."""

    CITIZEN = "citizen"
    HONG_KONG = "hong-kong"
    MACAO = "macao"
    TAIWAN = "taiwan"
    FOREIGNER = "foreigner"
    TRAVEL_PERMIT = "travel-permit"


@dataclass(frozen=True)
class PersonNumber:
    """The number of an identity card, a residence permit or a 台胞证, in its written form."""

    kind: PaperKind
    value: str

    @property
    def checked(self) -> bool:
        """Whether the number has a check digit, so that a wrong one would have been noticed."""
        return self.kind is not PaperKind.TRAVEL_PERMIT


def tidy(text: str) -> str:
    """Return `text` as it was meant: half width, capitals, without blanks, hyphens and invisible characters."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    return "".join(c for c in plain if unicodedata.category(c) not in _FORGIVEN).upper()


def person(text: str, today: datetime.date) -> PersonNumber | Wrong:
    """Return the number of a person's document, told apart by its length. See `card` and `travel_permit`."""
    value = _without_brackets(tidy(text))
    if len(value) in _PERMIT_PLACES or 0 < len(value) < _PERMIT_PLACES[0]:
        return travel_permit(value)
    return card(value, today)


def card(text: str, today: datetime.date) -> PersonNumber | Wrong:
    """Return the 18 places of an identity card or residence permit.

    公民身份号码 by GB 11643-1999 (check by ISO/IEC 7064 MOD 11-2); residence permits of Hong Kong (81), Macao (82) and
    Taiwan (83) residents by 国办发〔2018〕81号 and the permanent residence cards of 2023 (9) have the same form.
    """
    value = tidy(text)
    if len(value) == _OLD_CARD_PLACES and _digits(value):
        return Wrong(Reason.OLD_CARD, value)
    wrong = _length(value, _CARD_PLACES) or _first_no_digit(value, value[:-1]) or _born(value, today)
    if wrong:
        return wrong
    if value[-1] != card_check(value[:-1]):
        return Wrong(Reason.CHECK if value[-1] in _CARD_CHECKS else Reason.NO_DIGIT, value, _CARD_PLACES)
    return PersonNumber(_card_kind(value), value)


def card_check(digits: str) -> str:
    """Return the check character of 17 digits, by ISO/IEC 7064 MOD 11-2: 0 to 9 or X."""
    total = sum(int(digit) * pow(2, _CARD_PLACES - 1 - place, 11) for place, digit in enumerate(digits))
    return _CARD_CHECKS[total % 11]


def travel_permit(text: str) -> PersonNumber | Wrong:
    """Return the number of a 台湾居民来往大陆通行证: 8 digits, or 10 or 11 with the issue number of older ones.

    It has no check digit: say that it cannot be checked by itself.
    """
    value = _without_brackets(tidy(text))
    wrong = _first_no_digit(value, value)
    if wrong:
        return wrong
    if len(value) in _PERMIT_PLACES:
        return PersonNumber(PaperKind.TRAVEL_PERMIT, value)
    wanted = _PERMIT_PLACES[0] if len(value) <= _PERMIT_PLACES[0] + 1 else _PERMIT_PLACES[-1]
    return _length(value, wanted) or Wrong(Reason.TOO_LONG, value, count=len(value) - wanted)


def credit_code(text: str) -> str | Wrong:
    """Return a 统一社会信用代码 by GB 32100-2015: 18 characters without I, O, S, V, Z; check by weights 3^i mod 31.

    Places 3 to 8 are the region's digits. The first two may be letters: A, N and Y for bodies of other registers.
    """
    value = tidy(text)
    wrong = _length(value, _CARD_PLACES)
    if wrong:
        return wrong
    for place, character in enumerate(value, 1):
        if character not in _CREDIT_ALPHABET:
            return Wrong(Reason.NO_LETTER_OF_THE_CODE, value, place)
        if 3 <= place <= 8 and not _digits(character):
            return Wrong(Reason.NO_DIGIT, value, place)
    return value if value[-1] == credit_check(value[:-1]) else Wrong(Reason.CHECK, value, _CARD_PLACES)


def credit_check(characters: str) -> str:
    """Return the check character of the 17 before it (GB 32100-2015, annex A)."""
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(characters))
    return _CREDIT_ALPHABET[-total % 31]


def project_code(text: str) -> str | Wrong:
    """Return a project code of GB/T 40058-2021, written `dddd-dddddd-dd-dd-dddddd`.

    Four digits of time (year and month, or the year alone before November 2020), six of the region, two of the guiding
    department, two of the type, five random ones and a check digit. How that digit is made could not be found, so only
    the form is checked: say that the code cannot be checked by itself.
    """
    value = tidy(text)
    wrong = _length(value, sum(_PROJECT_GROUPS)) or _first_no_digit(value, value)
    if wrong:
        return wrong
    if not 1 <= int(value[2:4]) <= 12 and int(value[:4]) not in _PROJECT_YEARS:
        return Wrong(Reason.TIME_PART, value, 1)
    groups, start = [], 0
    for size in _PROJECT_GROUPS:
        groups.append(value[start : start + size])
        start += size
    return "-".join(groups)


def mobile(text: str) -> str | Wrong:
    """Return a mobile number: 11 digits of the mainland, or with +886, +852 or +853 one of Taiwan, Hong Kong, Macao.

    Plans: YD/T 2583 ranges 13 to 19; Taiwan 9 and eight digits, written 09 at home; Hong Kong eight digits from 4 to 9;
    Macao 6 and seven digits.
    """
    value = tidy(text)
    number, abroad = _country(value)
    if abroad:
        size, first = _ABROAD[abroad]
        wrong = _length(number, size) or _first_no_digit(number, number)
        if not wrong and number[0] not in first:
            wrong = Wrong(Reason.NO_MOBILE, number, 1)
        return wrong or f"+{abroad}{number}"
    wrong = _first_no_digit(number, number)
    if not wrong and number and number[0] != "1":
        wrong = Wrong(Reason.NO_MOBILE, number, 1)
    if not wrong and len(number) > 1 and number[1] not in "3456789":
        wrong = Wrong(Reason.NO_MOBILE, number, 2)
    return wrong or _length(number, _MOBILE_PLACES) or number


def telephone(text: str) -> str | Wrong:
    """Return a mobile number, or a fixed one of the mainland with its area code: `0592` and seven or eight digits."""
    value = tidy(text)
    number, abroad = _country(value)
    if abroad or not number or not _digits(number):
        return mobile(text)
    if number[0] != "0":
        return mobile(text) if number[0] == "1" else Wrong(Reason.NO_AREA_CODE, number)
    area = 3 if number[1:2] in {"1", "2"} else 4
    short, long = (area + 8, area + 8) if area == 3 else (area + 7, area + 8)
    wanted = long if len(number) > long else short
    if short <= len(number) <= long:
        return number
    return _length(number, wanted) or number


def masked_number(value: str) -> str:
    """Return a document's number or a code for reading back: the first and last four, of a short one the last two."""
    return _masked(value, 4, 4) if len(value) >= 12 else _masked(value, 0, 2)


def masked_on_paper(value: str) -> str:
    """Return a document's number or a code for paper: the last four alone, of a short one the last two."""
    return _masked(value, 0, 4) if len(value) >= 12 else _masked(value, 0, 2)


def masked_phone(value: str) -> str:
    """Return a telephone number with its middle hidden: 138****1234. Nothing but the last two of a very short one."""
    return _masked(value, min(len(value) - 8, 5), 4) if len(value) >= 10 else _masked(value, 0, 2)


def masked_name(value: str) -> str:
    """Return a name with all but its first and last character hidden, of two characters the second: 陈*庚, 陈*."""
    if len(value) <= 1:
        return "*" * len(value)
    return _masked(value, 1, 1) if len(value) > 2 else _masked(value, 1, 0)


def _masked(value: str, head: int, tail: int) -> str:
    """Hide all but `head` and `tail` characters; everything where nothing would be hidden between them."""
    hidden = len(value) - head - tail
    if hidden < 1:
        return "*" * len(value)
    return value[:head] + "*" * hidden + value[len(value) - tail :]


_ABROAD = {"886": (9, "9"), "852": (8, "456789"), "853": (8, "6")}
_PREFIXES: dict[str, Callable[[str], bool]] = {
    "+86": lambda rest: True,
    "0086": lambda rest: True,
    "86": lambda rest: len(rest) == _MOBILE_PLACES,
}


def _country(value: str) -> tuple[str, str]:
    """Return the number without its country's prefix, and that prefix if it is one of `_ABROAD`."""
    for abroad, (size, _) in _ABROAD.items():
        for prefix in (f"+{abroad}", f"00{abroad}"):
            if value.startswith(prefix):
                number = value[len(prefix) :]
                at_home = abroad == "886" and len(number) == size + 1 and number[0] == "0"
                return number[at_home:], abroad
    if len(value) == 10 and value.startswith("09") and _digits(value):
        return value[1:], "886"
    for prefix, fits in _PREFIXES.items():
        if value.startswith(prefix) and fits(value[len(prefix) :]):
            return value[len(prefix) :], ""
    return value, ""


def _card_kind(value: str) -> PaperKind:
    if value.startswith("9"):
        return PaperKind.FOREIGNER
    regions = {"81": PaperKind.HONG_KONG, "82": PaperKind.MACAO, "83": PaperKind.TAIWAN}
    return regions.get(value[:2], PaperKind.CITIZEN)


def _born(value: str, today: datetime.date) -> Wrong | None:
    """Return what is wrong with the birth date in places 7 to 14."""
    year, month, day = int(value[6:10]), int(value[10:12]), int(value[12:14])
    if year < today.year - OLDEST_YEARS:
        return Wrong(Reason.TOO_OLD, value, _YEAR)
    if not 1 <= month <= 12:
        return Wrong(Reason.MONTH, value, _MONTH)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Wrong(Reason.DAY, value, _DAY)
    return Wrong(Reason.FUTURE, value, _YEAR) if datetime.date(year, month, day) > today else None


def _length(value: str, wanted: int) -> Wrong | None:
    if not value:
        return Wrong(Reason.EMPTY, value)
    if len(value) < wanted:
        return Wrong(Reason.TOO_SHORT, value, count=wanted - len(value))
    return Wrong(Reason.TOO_LONG, value, count=len(value) - wanted) if len(value) > wanted else None


def _first_no_digit(value: str, part: str) -> Wrong | None:
    """Return which place of `part`, the beginning of `value`, is no digit."""
    if not value:
        return Wrong(Reason.EMPTY, value)
    return next((Wrong(Reason.NO_DIGIT, value, place) for place, c in enumerate(part, 1) if not _digits(c)), None)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _without_brackets(value: str) -> str:
    return "".join(c for c in value if c not in _BRACKETS)
