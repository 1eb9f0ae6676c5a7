"""The colours of the station by role, in two themes, and the text styles made of them.

Widgets look their inks up here, by role, instead of in style sheets: with one component class per ink a screen change
took twice as long. The contrasts that must hold are computed in tests/screens/test_palette.py by the WCAG 2.2 formula.
"""

from functools import cache
from typing import Literal, get_args

from rich.color import Color
from rich.style import Style

ThemeName = Literal["day", "contrast"]

Role = Literal[
    "page",  # the ground
    "card",  # choices and sheets
    "ink",  # text
    "muted",  # second text
    "line",  # rules and undone steps; never carries text
    "accent",  # key cap, primary choice, figures
    "on-accent",
    "deep",  # masthead, hero, pressed
    "on-deep",
    "on-deep-quiet",  # the date in the hero
    "rail",  # the footer
    "on-rail",
    "muted-off",  # a footer place that is not available here
    "seal",
    "on-seal",
    "focus",  # the fill of the focused choice
    "on-focus",
    "frame",  # its key cap
    "ring",  # the frame around it
    "ok",
    "on-ok",
    "warn",
    "on-warn",
    "notice",
    "notice-ink",
    "paper",  # the slip in the demonstration
    "paper-ink",
    "desk",  # the ground under the slip
    "module-light",  # QR codes, never themed
    "module",
]

ROLES: tuple[Role, ...] = get_args(Role)

_DAY: dict[Role, str] = {
    "page": "#E9EEF2",
    "card": "#FFFFFF",
    "ink": "#14212B",
    "muted": "#4A5864",
    "line": "#76848F",
    "accent": "#0A5A8F",
    "on-accent": "#FFFFFF",
    "deep": "#0B2F4A",
    "on-deep": "#FFFFFF",
    "on-deep-quiet": "#C3D5E2",
    "rail": "#D5DEE5",
    "on-rail": "#14212B",
    "muted-off": "#525F6A",
    "seal": "#A3281C",
    "on-seal": "#FFFFFF",
    "focus": "#FFD84D",
    "on-focus": "#14212B",
    "frame": "#14212B",
    "ring": "#14212B",
    "ok": "#1C6B3C",
    "on-ok": "#FFFFFF",
    "warn": "#8A4B00",
    "on-warn": "#FFFFFF",
    "notice": "#FFF0CC",
    "notice-ink": "#4A2E00",
    "paper": "#FBFAF6",
    "paper-ink": "#1A1A1A",
    "desk": "#6E7D8A",
    "module-light": "#FFFFFF",
    "module": "#000000",
}

_CONTRAST: dict[Role, str] = {
    "page": "#000000",
    "card": "#1A1A1A",
    "ink": "#FFFFFF",
    "muted": "#E6E6E6",
    "line": "#BFBFBF",
    "accent": "#FFFFFF",
    "on-accent": "#000000",
    "deep": "#000000",
    "on-deep": "#FFFFFF",
    "on-deep-quiet": "#E6E6E6",
    "rail": "#000000",
    "on-rail": "#FFFFFF",
    "muted-off": "#B0B0B0",
    "seal": "#FFFFFF",
    "on-seal": "#000000",
    "focus": "#FFE100",
    "on-focus": "#000000",
    "frame": "#000000",
    "ring": "#FFFFFF",
    "ok": "#FFFFFF",
    "on-ok": "#000000",
    "warn": "#FFE100",
    "on-warn": "#000000",
    "notice": "#1A1A1A",
    "notice-ink": "#FFE100",
    "paper": "#FFFFFF",
    "paper-ink": "#000000",
    "desk": "#404040",
    "module-light": "#FFFFFF",
    "module": "#000000",
}


class Palette:
    """The colours of one theme."""

    def __init__(self, theme: ThemeName) -> None:
        self.theme = theme
        self._colours = _DAY if theme == "day" else _CONTRAST
        self._styles: dict[tuple[Role, Role, bool], Style] = {}

    def colour(self, role: Role) -> str:
        """Return the colour of `role` as `#RRGGBB`."""
        return self._colours[role]

    def style(self, ink: Role, on: Role, bold: bool = False) -> Style:
        """Return the style of text in `ink` on a ground of `on`. The same arguments give the same object."""
        key = (ink, on, bold)
        style = self._styles.get(key)
        if style is None:
            colours = Color.parse(self._colours[ink]), Color.parse(self._colours[on])
            style = self._styles[key] = Style(color=colours[0], bgcolor=colours[1], bold=bold)
        return style


@cache
def palette(theme: ThemeName) -> Palette:
    """Return the palette of `theme`."""
    return Palette(theme)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#RRGGBB`, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
