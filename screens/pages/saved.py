"""存清单: the list itself as text in a QR code, for a phone that has no network either."""

from textual.geometry import Region

from kiosk.desk import Checklist, Package
from screens.frame import Frame
from screens.scene import Scene
from screens.widgets.qr import QUIET, text_side

_BESIDE_COLUMNS = 44
"""Columns for the words beside the code."""

_BELOW_ROWS = 12
"""Rows for the words below the code in a narrow pane."""


def list_text(scene: Scene, package: Package, checklist: Checklist) -> str:
    """Return the whole list as lines of plain text, one for each paper."""
    text = scene.text
    lines = [text(package.short) or text(package.name)]
    lines += [f"{number}. {text(material.name)}" for number, material in enumerate(checklist.bring, 1)]
    if len(checklist.forms) == 1:
        lines.append(f"{checklist.now}. {text(checklist.forms[0].name)}")
    elif checklist.forms:
        lines.append(f"{checklist.now}. {scene.say('合并申请表（{forms}合1）', forms=len(checklist.forms))}")
    lines.append(scene.say("仅供参考，以窗口为准"))
    return "\n".join(lines)


def code_place(frame: Frame, text: str) -> Region | None:
    """Return where a code that holds the whole of `text` stands, None where the pane is too small for it.

    Measured with readers of three makers: UTF-8 in one byte segment, error correction L, is read by all of them as
    long as one module is a whole cell in half a row.
    """
    whole = Region(0, 0, frame.columns, frame.rows)
    if frame.tall:
        room = whole.split_horizontal(whole.height - _BELOW_ROWS)[0]
    else:
        room = whole.split_vertical(_BESIDE_COLUMNS)[1]
    try:
        side = text_side(text) + 2 * QUIET
    except ValueError:
        return None
    if side > room.width or side > 2 * room.height:
        return None
    if frame.tall:
        return whole.split_horizontal((side + 1) // 2)[0]
    return whole.split_vertical(whole.width - side)[1]
