"""The situation guide against a naive reading of the rule, over every combination of answers of every package."""

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from kiosk.catalog.guide import guide_code, manual_code, merge, read_guide_code, read_manual_code
from kiosk.catalog.model import UNSURE, Answer, Checklist, Material, Package, Release
from kiosk.text import NO_TEXT, Language

Raw = Mapping[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def materials(release: Release) -> dict[str, Material]:
    """All materials by id."""
    return {material.id: material for material in release.materials}


@pytest.fixture(scope="module")
def raw(shipped: Path) -> dict[str, Raw]:
    """The packages by id, straight from the files."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in (shipped / "cycles").glob("*.toml")]
    return {package["id"]: package for file in files for package in file["package"]}


def combinations(package: Package) -> Iterator[tuple[Answer, ...]]:
    """Yield every combination of answers, UNSURE among them."""
    yield from itertools.product(*([*range(len(question.options)), UNSURE] for question in package.questions))


def needed(checklist: Checklist) -> set[str]:
    """Return the ids of all that is asked for, wherever it comes from."""
    groups = (checklist.bring, checklist.forms, checklist.on_the_way, checklist.sent)
    return {material.id for group in groups for material in group}


def by_hand(package: Raw, answers: tuple[Answer, ...]) -> tuple[set[str], set[str]]:
    """Work out what is needed and what must be brought, one material at a time, as a clerk would."""
    chosen, unsure = [], []
    for situation, answer in zip(package["situation"], answers, strict=True):
        if answer is UNSURE:
            unsure += [option for option in situation["option"] if not option.get("blocks")]
        else:
            chosen.append(situation["option"][answer])
    skipped = [name for option in chosen for name in option.get("skips_matters", [])]
    matters = [matter for matter in package["matter"] if matter["name_zh"] not in skipped]
    everything = {name for matter in package["matter"] for name in matter["materials"]}
    everything |= {name for situation in package["situation"] for o in situation["option"] for name in o["adds"]}
    wanted, carried = set(), set()
    for name in everything:
        added = any(name in option["adds"] for option in chosen + unsure)
        askers = [place for place, matter in enumerate(matters) if name in matter["materials"]]
        if any(name in option["removes"] for option in chosen):
            askers = []
        if added or askers:
            wanted.add(name)
        makers = [place for place, matter in enumerate(matters) if name in matter.get("produces", [])]
        if added or any(not any(maker < asker for maker in makers) for asker in askers):
            carried.add(name)
    return wanted, carried


def test_nothing_is_missing_and_nothing_is_too_much(
    release: Release, materials: dict[str, Material], raw: dict[str, Raw]
) -> None:
    tried = 0
    for package in release.packages:
        for answers in combinations(package):
            checklist = merge(package, materials, answers)
            wanted, carried = by_hand(raw[package.id], answers)
            assert needed(checklist) == wanted, (package.id, answers)
            assert {m.id for m in (*checklist.bring, *checklist.forms, *checklist.sent)} == carried
            tried += 1
    assert tried == 1229


def test_nothing_is_asked_for_twice(release: Release, materials: dict[str, Material]) -> None:
    for package in release.packages:
        for answers in combinations(package):
            checklist = merge(package, materials, answers)
            groups = (checklist.bring, checklist.forms, checklist.on_the_way, checklist.sent)
            listed = [material.id for group in groups for material in group]
            assert len(listed) == len(set(listed))
            assert checklist.now == len(checklist.bring) + (1 if checklist.forms else 0)
            assert set(checklist.fetched) <= set(checklist.bring)


def test_the_order_of_questions_never_matters(release: Release, materials: dict[str, Material]) -> None:
    for package in release.packages:
        orders = list(itertools.permutations(range(len(package.questions))))
        turned = [msgspec.structs.replace(package, questions=tuple(package.questions[n] for n in o)) for o in orders]
        for answers in combinations(package):
            plain = merge(package, materials, answers)
            for order, other in zip(orders, turned, strict=True):
                moved = merge(other, materials, tuple(answers[n] for n in order))
                assert (moved.bring, moved.forms, moved.on_the_way, moved.sent, moved.matters, moved.now) == (
                    plain.bring,
                    plain.forms,
                    plain.on_the_way,
                    plain.sent,
                    plain.matters,
                    plain.now,
                )
                assert set(moved.remarks) == set(plain.remarks)


def test_whoever_is_unsure_is_told_all_that_any_answer_would_need(
    release: Release, materials: dict[str, Material]
) -> None:
    for package in release.packages:
        for answers in combinations(package):
            for place, answer in enumerate(answers):
                if answer is UNSURE or package.questions[place].options[answer].blocks:
                    continue
                unsure = (*answers[:place], UNSURE, *answers[place + 1 :])
                assert needed(merge(package, materials, answers)) <= needed(merge(package, materials, unsure))


def test_an_answer_that_blocks_says_why_and_where_to_go(release: Release, materials: dict[str, Material]) -> None:
    blocked = 0
    for package in release.packages:
        for answers in combinations(package):
            checklist = merge(package, materials, answers)
            options = [
                question.options[answer]
                for question, answer in zip(package.questions, answers, strict=True)
                if answer is not UNSURE
            ]
            reasons = [option.note for option in options if option.blocks]
            assert checklist.blocked == (reasons[0] if reasons else NO_TEXT)
            assert checklist.blocked not in checklist.remarks
            blocked += bool(reasons)
    assert blocked > 0


def test_whoever_is_unsure_reads_what_might_block(release: Release, materials: dict[str, Material]) -> None:
    package = release.packages[0]
    checklist = merge(package, materials, (UNSURE, 0, 0))
    assert not checklist.blocked
    assert checklist.remarks == (package.questions[0].options[1].note,)


def test_a_newborn_child_with_a_mother_in_employee_insurance(release: Release, materials: dict[str, Material]) -> None:
    checklist = merge(release.packages[0], materials, (0, 0, 0))
    assert [material.id for material in checklist.bring] == [
        "id-card-parents",
        "hukou-book-host",
        "marriage-cert",
        "delivery-record",
        "bank-account",
    ]
    assert len(checklist.forms) == 7
    assert [material.id for material in checklist.on_the_way] == ["hukou-book", "birth-cert"]
    assert (checklist.before, checklist.now) == (24, 6)


def test_a_certificate_must_be_brought_when_the_matter_that_makes_it_falls_away(
    release: Release, materials: dict[str, Material]
) -> None:
    package = next(package for package in release.packages if package.id == "disability-service")
    assert "disability-cert" in {m.id for m in merge(package, materials, (0, 0, 1)).bring}
    assert "disability-cert" in {m.id for m in merge(package, materials, (1, 0, 1)).on_the_way}


def test_the_personnel_file_is_never_carried(release: Release, materials: dict[str, Material]) -> None:
    seen = False
    for package in release.packages:
        for answers in combinations(package):
            checklist = merge(package, materials, answers)
            assert "personnel-file" not in {material.id for material in checklist.bring}
            seen = seen or "personnel-file" in {material.id for material in checklist.sent}
    assert seen


@pytest.mark.parametrize("answers", [(), (0,), (0, 0), (0, 0, 0, 0), (0, 0, 2), (0, 0, -1)])
def test_questions_left_open_or_answers_that_are_none_are_refused(
    answers: tuple[Answer, ...], release: Release, materials: dict[str, Material]
) -> None:
    with pytest.raises(ValueError, match=r"newborn-birth asks 3|has 2 options"):
        merge(release.packages[0], materials, answers)


def test_a_guide_link_opens_the_very_list_in_the_same_language(release: Release) -> None:
    for package in release.packages:
        for answers in combinations(package):
            for language in Language:
                code = guide_code(package, answers, language)
                assert code.isalnum() and code.upper() == code and len(code) <= 9
                assert read_guide_code(release.packages, code) == (package, answers, language)


def test_a_manuals_link_opens_its_channel_and_is_never_a_guides(release: Release) -> None:
    for channel in release.channels:
        for language in Language:
            code = manual_code(channel, language)
            assert len(code) == 3 and code.isalnum() and code.upper() == code
            assert read_manual_code(release.channels, code) == (channel, language)
            with pytest.raises(ValueError, match="is no guide code"):
                read_guide_code(release.packages, code)


@pytest.mark.parametrize("code", ["", "51", "51X", "51s", "99S", "51S0", "51S " * 100])
def test_a_manuals_link_that_no_station_made_is_refused(code: str, release: Release) -> None:
    with pytest.raises(ValueError, match="is no code of a service manual"):
        read_manual_code(release.channels, code)


def test_a_guide_link_has_its_fixed_form(release: Release) -> None:
    assert guide_code(release.packages[0], (0, 1, UNSURE), Language.HANS) == "01S120"
    assert guide_code(release.packages[17], (1, 0, 0), Language.EN) == "18E211"


@pytest.mark.parametrize(
    "code",
    ["", "0", "01", "01S", "01S11", "01S1111", "01X111", "01s111", "00S111", "99S111", "01S113", "01S11²", "٠١S111"],
)
def test_a_guide_link_that_no_station_made_is_refused(code: str, release: Release) -> None:
    with pytest.raises(ValueError, match="is no guide code"):
        read_guide_code(release.packages, code)
