"""What a page says of a number's turn: only while there is fresh word from the center, and then how old that is."""

from kiosk.desk import IssuedTicket, Turn
from screens.scene import Scene


def turn_words(scene: Scene, ticket: IssuedTicket) -> str:
    """Return the sentence about a ticket's turn; empty where nothing is known, and nothing is promised then."""
    turn = scene.desk.turn(ticket)
    if turn is None:
        return ""
    known = {"called": _numbers(scene, turn), "age": _age(scene, turn)}
    if turn.own:
        return scene.say("大厅已经叫到 {number}（{age}）", number=ticket.number, age=known["age"])
    if turn.ahead is None:
        return scene.say("正在办理 {called}（{age}）", **known)
    if turn.at_most:
        return scene.say("正在办理 {called}，您前面最多 {n} 人（{age}）", n=turn.ahead, **known)
    return scene.say("正在办理 {called}，您前面 {n} 人（{age}）", n=turn.ahead, **known)


def hall_words(scene: Scene) -> str:
    """Return what the hall calls, as far as the center told; empty where nothing is known."""
    turn = scene.desk.turns.hall()
    if turn is None:
        return ""
    return scene.say("正在办理 {called}（{age}）", called=_numbers(scene, turn), age=_age(scene, turn))


def _numbers(scene: Scene, turn: Turn) -> str:
    return scene.say("、").join(turn.called)


def _age(scene: Scene, turn: Turn) -> str:
    return scene.say("{n} 分钟前的情况", n=turn.minutes) if turn.minutes else scene.say("刚才的情况")
