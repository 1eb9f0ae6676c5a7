"""Residents who do not exist: names, telephone and identity numbers that the station takes and nobody has."""

import random

import msgspec

from kiosk.identity import card_check

_FAMILIES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红鹏飞"


class Person(msgspec.Struct, frozen=True):
    """What a resident types."""

    name: str
    phone: str
    number: str

    @property
    def words(self) -> tuple[str, str, str]:
        """All of it."""
        return self.name, self.phone, self.number


def people(count: int, seed: int = 1) -> list[Person]:
    """Return as many people, at most 10,000, always the same; no two have a name or number in common."""
    chosen = random.Random(seed)
    names = [family + one + other for family in _FAMILIES for one in _GIVEN for other in _GIVEN]
    chosen.shuffle(names)
    return [Person(names[place], f"1380000{place:04d}", _number(chosen, place)) for place in range(count)]


def _number(chosen: random.Random, place: int) -> str:
    # 000000 is no region's number, so this is nobody's, though its check digit is right.
    born = f"{chosen.randrange(1940, 2008)}{chosen.randrange(1, 13):02d}{chosen.randrange(1, 29):02d}"
    digits = f"000000{born}{place % 1000:03d}"
    return digits + card_check(digits)
