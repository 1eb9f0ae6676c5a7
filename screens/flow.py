"""Which place comes next, and which page renders it. Plain decisions without a screen."""

from kiosk.desk import Answer, Package
from kiosk.visit import Asking, ListPage, NotForYou, Place


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
