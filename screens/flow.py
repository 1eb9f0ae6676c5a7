"""Which place comes next, and which page renders it. Plain decisions without a screen."""

from collections.abc import Mapping

from kiosk.desk import Answer, Desk, Form, Package
from kiosk.visit import Asking, Checking, Filling, ListPage, NotForYou, Place


def after_answer(package: Package, question: int, answer: Answer) -> Place:
    """Return where an answer leads: to the next question, to the list, or out because the package does not apply."""
    if isinstance(answer, int) and package.questions[question].options[answer].blocks:
        return NotForYou(package.id, question)
    if question + 1 < len(package.questions):
        return Asking(package.id, question + 1)
    return ListPage(package.id)


def complete(package: Package, answers: tuple[Answer, ...]) -> bool:
    """Return whether every question of the package has been answered, so that a list can go on the ticket."""
    return len(answers) == len(package.questions)


def after_field(desk: Desk, form: Form, answers: Mapping[str, str]) -> Place:
    """Return where a form with these answers goes on: to its first field without one, or to the check of all."""
    field = desk.requests.next_field(form, answers)
    return Filling(form.id, field.id) if field else Checking(form.id)
