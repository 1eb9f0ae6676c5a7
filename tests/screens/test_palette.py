"""Everything that is read or found by its edge stands out enough, in both themes."""

import pytest

from screens.palette import ROLES, Role, ThemeName, contrast, palette

TEXT: list[tuple[Role, Role]] = [
    ("ink", "page"),
    ("ink", "card"),
    ("muted", "page"),
    ("muted", "card"),
    ("accent", "card"),
    ("accent", "page"),
    ("on-accent", "accent"),
    ("on-deep", "deep"),
    ("on-deep-quiet", "deep"),
    ("on-rail", "rail"),
    ("muted-off", "rail"),
    ("muted", "rail"),
    ("on-seal", "seal"),
    ("on-focus", "focus"),
    ("focus", "frame"),
    ("on-ok", "ok"),
    ("on-warn", "warn"),
    ("notice-ink", "notice"),
    ("paper-ink", "paper"),
    ("module", "module-light"),
]
EDGES: list[tuple[Role, Role]] = [("ring", "page"), ("accent", "page"), ("line", "page"), ("line", "card")]


@pytest.mark.parametrize(("theme", "least"), [("day", 4.5), ("contrast", 7.0)])
@pytest.mark.parametrize(("ink", "on"), TEXT)
def test_text_can_be_read(theme: ThemeName, least: float, ink: Role, on: Role) -> None:
    colours = palette(theme)
    assert contrast(colours.colour(ink), colours.colour(on)) >= least


@pytest.mark.parametrize("theme", ["day", "contrast"])
@pytest.mark.parametrize(("ink", "on"), EDGES)
def test_edges_can_be_found(theme: ThemeName, ink: Role, on: Role) -> None:
    colours = palette(theme)
    assert contrast(colours.colour(ink), colours.colour(on)) >= 3


def test_the_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == 21
    assert round(contrast("#767676", "#FFFFFF"), 2) == 4.54
    assert contrast("#0A5A8F", "#0A5A8F") == 1


def test_codes_for_phones_are_never_themed() -> None:
    for role in ("module", "module-light"):
        assert palette("day").colour(role) == palette("contrast").colour(role)


def test_both_themes_know_every_role() -> None:
    for theme in ("day", "contrast"):
        assert all(palette(theme).colour(role).startswith("#") for role in ROLES)
