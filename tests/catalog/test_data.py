"""The shipped catalogue against the figures and promises of its sources."""

import itertools
import re
import tomllib
from pathlib import Path

from kiosk.catalog.check import Checked
from kiosk.catalog.guide import merge
from kiosk.catalog.model import UNSURE, Release
from kiosk.text import cells


def test_the_shipped_files_hold_no_mistake(checked: Checked) -> None:
    assert [str(mistake) for mistake in checked.mistakes] == []


def test_the_shipped_files_hold_all_that_was_collected(checked: Checked) -> None:
    assert checked.counts.startswith(
        "16 cycles, 50 packages, 247 matters, 289 materials, 134 questions, 290 options, 22 themes, 6 channels"
    )


def test_the_control_figures_of_the_facts_come_out(release: Release) -> None:
    asked = [[name for matter in package.matters for name in matter.materials] for package in release.packages]
    assert sum(map(len, asked)) == 1081
    assert sum(len(set(names)) for names in asked) == 599
    assert sum(option.blocks for p in release.packages for q in p.questions for option in q.options) == 7


def test_there_are_eight_cycles_to_a_page_and_every_package_stands_in_one(release: Release) -> None:
    assert [cycle.direction for cycle in release.cycles] == ["life"] * 8 + ["enterprise"] * 8
    assert [name for cycle in release.cycles for name in cycle.packages] == [p.id for p in release.packages]


def test_codes_of_guide_links_are_fixed_for_ever(release: Release) -> None:
    codes = {package.code: package.id for package in release.packages}
    assert sorted(codes) == [f"{number:02d}" for number in range(1, 51)]
    assert (codes["01"], codes["19"], codes["50"]) == ("newborn-birth", "new-resident-renting", "simple-cancellation")
    assert sorted((channel.code, channel.id) for channel in release.channels) == [
        ("51", "student_station"),
        ("52", "aji_station"),
        ("53", "advisory_group"),
        ("54", "project_assist"),
        ("55", "home_assist"),
        ("56", "cross_province"),
    ]


def test_every_cycle_and_channel_has_a_letter_that_is_no_digit_in_disguise(release: Release) -> None:
    letters = {theme.of: theme.letter for theme in release.themes}
    assert len(set(letters.values())) == 22
    assert not set("IO") & set(letters.values())
    assert {cycle.id for cycle in release.cycles} | {channel.id for channel in release.channels} == set(letters)
    assert letters["birth"] == "A"


def test_titles_fit_the_heading_and_the_card(release: Release) -> None:
    for package in release.packages:
        assert cells(package.short.hans) <= 28
        assert cells(package.short.hant) <= 28
        assert cells(package.short.en) <= 31


def test_every_question_says_why_it_is_asked(release: Release) -> None:
    assert all(question.why.en for package in release.packages for question in package.questions)


def test_yes_stands_before_no(release: Release) -> None:
    first = [question.options[0].label for p in release.packages for question in p.questions if question.yesno]
    assert all(label.hans.startswith("是") and label.en.startswith("Yes") for label in first)


def test_every_source_is_kept(shipped: Path) -> None:
    for path in (shipped / "cycles").glob("*.toml"):
        file = tomllib.loads(path.read_text("utf-8"))
        for package in file["package"]:
            assert package["source"] and package["fee_source"] and package["trips_source"]
            assert "promised_days" not in package
            assert ("statutory_days" in package) == ("days_source" in package) == ("days_scope_en" in package)
            assert all(matter["source"] for matter in package["matter"])


def test_no_address_or_telephone_number_was_invented(shipped: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in shipped.rglob("*.toml"))
    assert set(re.findall(r'^(?:phone|\w*address_\w\w) = (".*")$', text, re.MULTILINE)) == {'""'}


def test_merging_never_asks_for_more_whatever_is_answered(release: Release) -> None:
    materials = {material.id: material for material in release.materials}
    for package in release.packages:
        for answers in itertools.product(*([*range(len(q.options)), UNSURE] for q in package.questions)):
            checklist = merge(package, materials, answers)
            assert 0 < checklist.now < checklist.before
            assert checklist.matters
