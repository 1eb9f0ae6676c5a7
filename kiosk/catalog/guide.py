"""The situation guide: from a package and the answers to its questions to the list of what one resident must bring.

The rule: skipped matters fall away, what the others ask for is united, then comes off what the answers remove, then
comes on what they add; all answers work together, so their order never matters. Whoever is unsure gets everything that
any answer would add, and loses nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kiosk.catalog.model import UNSURE, Answer, Channel, Checklist, Material, MaterialKind, Option, Package, Question
from kiosk.text import NO_TEXT, Language, Text

_LETTERS = {Language.HANS: "S", Language.HANT: "T", Language.EN: "E"}
_UNSURE_DIGIT = "0"


def merge(package: Package, materials: Mapping[str, Material], answers: Sequence[Answer]) -> Checklist:
    """Return what is needed for `package` after `answers`, one for each of its questions, in their order.

    `materials` holds the whole catalogue by id, in its order, which is that of the result. Raises ValueError when the
    number of answers is not that of the questions, or one is not among its options.
    """
    questions = package.questions
    if len(answers) != len(questions):
        raise ValueError(f"{package.id} asks {len(questions)} questions, but {len(answers)} are answered")
    pairs = list(zip(questions, answers, strict=True))
    chosen = [_chosen(question, answer) for question, answer in pairs if answer is not UNSURE]
    possible = [option for question, answer in pairs if answer is UNSURE for option in question.options]
    allowed = [option for option in possible if not option.blocks]

    skipped = {matter for option in chosen for matter in option.skips}
    remaining = tuple(number for number in range(len(package.matters)) if number not in skipped)
    added = {name for option in (*chosen, *allowed) for name in option.adds}
    asked = {name for number in remaining for name in package.matters[number].materials}
    needed = (asked - {name for option in chosen for name in option.removes}) | added

    arising = {name for name in needed if _arises(package, remaining, name, name in added)}
    listed = [material for name, material in materials.items() if name in needed]
    at_hand = [material for material in listed if material.id not in arising]
    return Checklist(
        package=package.id,
        answers=tuple(answers),
        matters=remaining,
        before=sum(len(matter.materials) for matter in package.matters),
        bring=tuple(m for m in at_hand if m.kind is not MaterialKind.FORM and m.carried),
        forms=tuple(m for m in at_hand if m.kind is MaterialKind.FORM),
        on_the_way=tuple(m for m in listed if m.id in arising),
        sent=tuple(m for m in at_hand if m.kind is not MaterialKind.FORM and not m.carried),
        remarks=tuple(_remarks(pairs)),
        blocked=next((option.note for option in chosen if option.blocks), NO_TEXT),
    )


def _chosen(question: Question, answer: Answer) -> Option:
    if not isinstance(answer, int) or not 0 <= answer < len(question.options):
        raise ValueError(f"{question.text.hans} has {len(question.options)} options, but the answer is {answer}")
    return question.options[answer]


def _arises(package: Package, remaining: Iterable[int], name: str, added: bool) -> bool:
    """Say whether every remaining matter that needs the material comes after a remaining one that produces it.

    What an answer adds belongs to no matter in particular, so it must be brought.
    """
    produced = False
    for number in remaining:
        matter = package.matters[number]
        if name in matter.materials and not produced:
            return False
        produced = produced or name in matter.produces
    return produced and not added


def _remarks(pairs: Iterable[tuple[Question, Answer]]) -> Iterator[Text]:
    """Yield the notes of chosen options, and for unsure ones of those that might block or add something."""
    told = {NO_TEXT}
    for question, answer in pairs:
        if answer is UNSURE:
            options = [option for option in question.options if option.blocks or option.adds]
        else:
            options = [option for option in (_chosen(question, answer),) if not option.blocks]
        for option in options:
            if option.note not in told:
                told.add(option.note)
                yield option.note


def guide_code(package: Package, answers: Sequence[Answer], language: Language) -> str:
    """Return what stands after `/G/` in a guide link: two digits, a letter for the language, a digit for each answer.

    Options count from 1; 0 is "unsure". Capitals and digits only, so that a QR code stays small (ISO/IEC 18004,
    alphanumeric mode).
    """
    digits = (_UNSURE_DIGIT if answer is UNSURE else str(int(answer) + 1) for answer in answers)
    return package.code + _LETTERS[language] + "".join(digits)


def read_guide_code(packages: Iterable[Package], code: str) -> tuple[Package, tuple[Answer, ...], Language]:
    """Return package, answers and language of a guide link. Raises ValueError for a code that no station has made."""
    package = next((package for package in packages if package.code == code[:2]), None)
    language = next((language for language, letter in _LETTERS.items() if letter == code[2:3]), None)
    if package is None or language is None or len(code) != 3 + len(package.questions):
        raise ValueError(f"'{code[:40]}' is no guide code")
    answers: list[Answer] = []
    for digit, question in zip(code[3:], package.questions, strict=True):
        if digit not in "0123456789"[: len(question.options) + 1]:
            raise ValueError(f"'{code}' is no guide code of this catalogue")
        answers.append(UNSURE if digit == _UNSURE_DIGIT else int(digit) - 1)
    return package, tuple(answers), language


def manual_code(channel: Channel, language: Language) -> str:
    """Return what stands after `/G/` in the link to a channel's service manual: two digits and a letter."""
    return channel.code + _LETTERS[language]


def read_manual_code(channels: Iterable[Channel], code: str) -> tuple[Channel, Language]:
    """Return channel and language of a link to a service manual. Raises ValueError for a code that is none."""
    for channel in channels:
        for language in Language:
            if code == manual_code(channel, language):
                return channel, language
    raise ValueError(f"'{code[:40]}' is no code of a service manual")
