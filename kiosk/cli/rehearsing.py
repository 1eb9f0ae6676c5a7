"""What can be practised with in the demonstration: every fault of the virtual printer, and a code for whoever tries."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.failure import Failure
from kiosk.clock import wall_ms
from kiosk.technician.code_rules import SHORTEST, weakness
from kiosk.technician.codes import Codes, CodesError, Unfit
from kiosk.technician.rehearsal import Fault

if TYPE_CHECKING:
    from devices.virtual_port import VirtualPort
    from devices.virtual_printer import VirtualPrinter

TECHNICIAN = "演示"
"""The name of whoever comes in with the demonstration's code."""

FAULTS = (
    Fault("paper", "缺纸"),
    Fault("low", "纸将尽"),
    Fault("cover", "盖子开着"),
    Fault("knife", "切刀卡住"),
    Fault("head", "打印头过热"),
    Fault("power", "断电"),
    Fault("silent", "不回答"),
    Fault("half", "回答断断续续"),
    Fault("hold", "叫停不放行"),
    Fault("cable", "线被拔掉"),
    Fault("port", "串口消失"),
    Fault("noise", "线路受干扰"),
    Fault("baud", "速率不对"),
)
"""Every fault of the virtual printer, as the technician's page has it."""

_EVENTS = {
    "paper": ("paper out", "paper in"),
    "low": ("paper low", "paper in"),
    "cover": ("cover open", "cover closed"),
    "knife": ("knife jams", "knife free"),
    "head": ("head hot", "head cool"),
    "power": ("power off", "power on"),
    "silent": ("silent", "answers"),
    "half": ("half answers", "answers"),
    "hold": ("xoff", "xon"),
    "cable": ("cable out", "cable in"),
    "port": ("port gone", "port back"),
    "noise": ("garbage", "clean line"),
    "baud": ("baud 9600", "baud 115200"),
}
"""What each fault is in a script of the virtual printer, and what takes it away."""


def switch(name: str, on: bool, printer: "VirtualPrinter", port: "VirtualPort") -> None:
    """Let a fault of FAULTS happen, or take it away, as the events of a script do."""
    from devices.virtual_script import happen

    happen(_EVENTS[name][0 if on else 1], printer, port)


def fresh_code(state: Path) -> str:
    """Give the demonstration a technician's code of its own, which it shows; returns it. Raises Failure."""
    codes = Codes(state)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        while weakness(code := "".join(secrets.choice("0123456789") for _ in range(SHORTEST))):
            continue
        codes.set(TECHNICIAN, code, wall_ms())
    except OSError as error:
        raise Failure([f"{state}: cannot be made: {error.strerror}"], os.EX_CANTCREAT) from None
    except (CodesError, Unfit) as error:
        raise Failure([str(error)], os.EX_CANTCREAT) from None
    return code
