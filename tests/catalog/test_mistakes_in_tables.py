"""Mistakes in a table or a text, acted out: the line names file, line, id, field and what is allowed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

Lines = Callable[[], list[str]]

BIRTH = "cycles/birth.toml"
HALL = "hall.toml"
THEMES = "themes.toml"
SLOTS = "slots.toml"
PO = "wording/en.po"
MATERIALS = "materials.toml"
GLOSSARY = "glossary.toml"

ONE = [
    # file, what it says, what a clerk makes of it, and the one line that must come back
    (
        SLOTS,
        'opens = "15:00"',
        'opens = "14:00"',
        r"slot 1 opens: 14:00-17:30 is no session of the hall; one of 08:30-12",
    ),
    (SLOTS, 'of = "aji_station"', 'of = "aji"', r"slot 1 of: unknown cycle or channel 'aji'"),
    (
        SLOTS,
        'opens = "08:30"\ncloses = "12:00"',
        'opens = "15:00"\ncloses = "17:30"',
        r"slot 3 weekdays: weekday 1 has this session already, in line \d+",
    ),
    (SLOTS, "weekdays = [2]", "weekdays = [8]", r"slot 1 weekdays: is the number 8; a number from 1 to 7"),
    (SLOTS, "capacity = 8", "capacity = 0", r"slot 1 capacity: is the number 0; a number from 1 to 999"),
    (
        BIRTH,
        '"newborn-name-decl"',
        '"newborn-name-dec"',
        r"newborn-birth: matter 1 materials: unknown material .*nearest: newborn-name-decl",
    ),
    (
        BIRTH,
        'adds = ["divorce-docs"]',
        'adds = ["divorce"]',
        r"marriage-childbirth: situation 1 option 1 adds: unknown material",
    ),
    (BIRTH, "trips = 1\n", 'trips = "1"\n', r"marriage-childbirth: trips: is the text '1'; a whole number"),
    (BIRTH, "trips = 1\n", "trips = -1\n", r"marriage-childbirth: trips: is the number -1; a number from 0 to 9"),
    (BIRTH, "trips = 1\n", "trips = 1.5\n", r"trips: is the number 1.5; a whole number"),
    (BIRTH, 'fee_zh = "结婚登记不收费"', "fee_zh = 0", r"marriage-childbirth: fee_zh: is the number 0; text in quotes"),
    (BIRTH, 'fee_zh = "结婚登记不收费"', 'fee_zh = ""', r"marriage-childbirth: fee_zh: is empty; Chinese text"),
    (BIRTH, 'fee_zh = "结婚登记不收费"\n', "", r"marriage-childbirth: fee_zh: the Chinese text is missing"),
    (
        BIRTH,
        'fee_en = "Marriage registration is free"\n',
        "",
        r"marriage-childbirth: fee_en: the English text is missing",
    ),
    (BIRTH, "online = false", "online = 0", r"marriage-childbirth: online: is the number 0; true or false"),
    (
        BIRTH,
        "online = false",
        "on_line = false\nonline = false",
        r"on_line: unknown key \(nearest: online\); known are id, code",
    ),
    (BIRTH, "online = false\n", "", r"marriage-childbirth: online: is missing; true or false"),
    (
        BIRTH,
        'id = "marriage-childbirth"',
        'id = "newborn-birth"',
        r"newborn-birth: id: duplicate package 'newborn-birth', used before in cycles/birth.toml:\d+",
    ),
    (
        BIRTH,
        'id = "marriage-childbirth"',
        'id = "Marriage"',
        r"Marriage: id: is the text 'Marriage'; small letters, digits and hyphens",
    ),
    (BIRTH, 'code = "02"', 'code = "01"', r"marriage-childbirth: code: duplicate code '01'"),
    (BIRTH, 'code = "02"', 'code = "2"', r"code: is the text '2'; two digits"),
    (BIRTH, 'code = "02"', "code = 2", r"code: is the number 2; text in quotes"),
    (
        BIRTH,
        'skips_matters = ["生育登记"]',
        'skips_matters = ["生育登计"]',
        r"skips_matters: unknown matter '生育登计'",
    ),
    (
        BIRTH,
        'kind = "yesno"',
        'kind = "yes-no"',
        r"kind: is the text 'yes-no' \(nearest: yesno\); one of yesno, choice",
    ),
    (
        BIRTH,
        'name_zh = "公民婚育一件事"',
        'name_zh = "公民结婚登记和生育登记和户口迁移一件事"',
        r"name_zh: .* is 38 cells wide .*at most 28 cells.* add short_zh",
    ),
    (
        BIRTH,
        'name_en = "Marriage and childbirth"',
        'name_en = "Marriage, childbirth and whatever else"',
        r"name_en: .*at most 31 cells.* add short_en",
    ),
    (
        BIRTH,
        'label_zh = "出生"',
        'label_zh = "出生和以后的事"',
        r"birth: label_zh: .* is 14 cells wide.*at most 10 cells",
    ),
    (BIRTH, 'seal = "生"', 'seal = "生育"', r"birth: seal: is the text '生育'; one Chinese character"),
    (BIRTH, 'seal = "生"', 'seal = "B"', r"birth: seal: .*one Chinese character"),
    (BIRTH, "place = 1", "place = 9", r"birth: place: is the number 9; a number from 1 to 8"),
    (BIRTH, 'id = "birth"', 'id = "births"', r"births: id: is 'births' in a file named birth.toml"),
    (
        BIRTH,
        'fee_zh = "结婚登记不收费"',
        'fee_zh = "结婚登记…不收费"',
        r"fee_zh: holds '…' \(U\+2026\), which is one or two cells wide",
    ),
    (
        BIRTH,
        'fee_zh = "结婚登记不收费"',
        'fee_zh = "结婚登記不收费"',
        r"fee_zh: holds '記' \(U\+8A18\), which is not in GB 2312",
    ),
    (BIRTH, 'fee_en = "Marriage registration is free"', 'fee_en = "免费"', r"fee_en: holds '免' .* not in ASCII"),
    (BIRTH, 'fee_en = "Marriage registration is free"', 'fee_en = "Free "', r"fee_en: has blanks at an end"),
    (
        BIRTH,
        'fee_en = "Marriage registration is free"',
        'fee_en = "\\u001b[31mFree"',
        r"fee_en: holds the control character U\+001B",
    ),
    (
        BIRTH,
        'fee_en = "Marriage registration is free"',
        'fee_en = "\\u202eFree"',
        r"fee_en: holds the control character U\+202E",
    ),
    (
        BIRTH,
        'fee_source = "general-knowledge"',
        'fee_source = "\\u0007"',
        r"fee_source: holds the control character U\+0007",
    ),
    (
        BIRTH,
        '  "预约结婚登记时间，在终端勾选要联办的事项",\n',
        "",
        r"steps_en: has 4 texts, but steps_zh has 3; as many in both",
    ),
    (BIRTH, '  "预约结婚登记时间，在终端勾选要联办的事项",\n', '  "",\n', r"steps_zh: holds an empty text"),
    (BIRTH, '  "预约结婚登记时间，在终端勾选要联办的事项",\n', "  1,\n", r"steps_zh: is the number 1; text in quotes"),
    (BIRTH, "statutory_days = 20\n", "", r"maternity-benefit: statutory_days: .*not all there; all four"),
    (BIRTH, "blocks = true\n", 'blocks = "ja"\n', r"blocks: is the text 'ja'; true or false"),
    (
        BIRTH,
        'provenance_level = "xiamen"',
        'provenance_level = "amoy"',
        r"provenance_level: is the text 'amoy'; one of xiamen, fujian",
    ),
    (
        BIRTH,
        'produces = ["marriage-cert"]',
        'produces = ["marriage-cert", "marriage-cert"]',
        r"produces: names the text 'marriage-cert' twice",
    ),
    (
        BIRTH,
        'produces = ["marriage-cert"]',
        "produces = [3]",
        r"matter 1 produces: entry 1 is the number 3; text in quotes",
    ),
    (
        BIRTH,
        'produces = ["marriage-cert"]',
        'produces = "marriage-cert"',
        r"produces: is the text 'marriage-cert'; a list in \[ \] of text",
    ),
    (
        BIRTH,
        'name_zh = "生育登记"\nname_en = "Childbirth registration"',
        'name_zh = "内地居民结婚登记"\nname_en = "Childbirth registration"',
        r"matter \d name_zh: '内地居民结婚登记' stands twice",
    ),
    (
        MATERIALS,
        'source = "general-knowledge"',
        'source = ""',
        r"id-card: source: is the text ''; where the fact comes from",
    ),
    (
        MATERIALS,
        'kind = "original"',
        'kind = "orginal"',
        r"kind: is the text 'orginal' \(nearest: original\); one of original, copy, form",
    ),
    (MATERIALS, "obtainable_electronically = true\n", "", r"id-card: obtainable_electronically: is missing"),
    (
        MATERIALS,
        'note_en = "The electronic copy can be used; the original is checked at the window"',
        'note_en = ""',
        r"id-card: note_en: is empty although the other language is not",
    ),
    (THEMES, 'letter = "B"', 'letter = "A"', r"letter: duplicate letter 'A', used before in themes.toml:\d+"),
    (THEMES, 'letter = "B"', 'letter = "I"', r"letter: is the text 'I'; one capital letter, without I and O"),
    (THEMES, 'letter = "B"', 'letter = "O"', r"letter: is the text 'O'"),
    (THEMES, 'letter = "B"', 'letter = "b"', r"letter: is the text 'b'"),
    (THEMES, "retired = []", 'retired = ["B"]', r"letter: 'B' was another theme's once"),
    (
        THEMES,
        'of = "cross_province"',
        'of = "cross_provence"',
        r"of: unknown cycle or channel 'cross_provence' \(nearest: cross_province\)",
    ),
    (THEMES, 'of = "cross_province"', 'of = "birth"', r"of: duplicate theme for 'birth'"),
    (
        THEMES,
        '[[theme]]\nletter = "A"\nof = "birth"\nname_zh = "出生一件事"\nname_en = "Birth"\n',
        "",
        r"the cycle 'birth' has no theme",
    ),
    (HALL, 'opens = "08:30"', 'opens = "8:30"', r"opens: is the text '8:30'; a time such as"),
    (HALL, 'opens = "08:30"', "opens = 08:30:00", r"opens: is the date or time 08:30:00; text in quotes"),
    (HALL, 'closes = "12:00"', 'closes = "08:00"', r"session 1 closes: 08:00 is not after 08:30"),
    (HALL, 'closes = "12:00"', 'closes = "15:30"', r"session 2 opens: 15:00 lies before the end of the session above"),
    (
        HALL,
        'closes = "12:00"',
        'closes = "08:40"',
        r"session 1 closes: the session is shorter than last_number_minutes",
    ),
    (HALL, "open = []", "open = [2027-01-01]", r"hall open: 2027-01-01 stands in closed as well"),
    (HALL, "open = []", 'open = ["2027-01-02"]', r"hall open: entry 1 is the text '2027-01-02'; a date such as"),
    (HALL, "2027-01-01,", "2027-01-32,", r"hall.toml:\d+: is no valid TOML"),
    (HALL, "\nsample = true", "\nsample = 1", r"hall sample: is the number 1; true or false"),
    (
        "channels/home_assist.toml",
        'package = "disability-service"',
        'package = "disability"',
        r"disability-cert: package: unknown package 'disability'",
    ),
    (
        "channels/aji_station.toml",
        '"tw-host-info"',
        '"tw-host"',
        r"temporary-stay: materials: unknown material 'tw-host'",
    ),
    (
        "channels/aji_station.toml",
        "weekday = 2",
        "weekday = 8",
        r"bank_service weekday: is the number 8; a number from 1 to 7",
    ),
    (
        "channels/student_station.toml",
        'unit = "hrss"',
        'unit = "hr"',
        r"hrss-01: unit: unknown unit of the student station 'hr'",
    ),
    ("channels/cross_province.toml", 'local_code = "350211"', 'local_code = "集美"', r"local_code: .*six digits"),
    (GLOSSARY, '"发票" = "發票"', '"发票" = 1', r"forms: 发票: is the number 1"),
    (GLOSSARY, '"发票" = "發票"', '"打印" = "打印"', r"forms: 打印: stands in two of the tables"),
    (GLOSSARY, '"调档" = "diao dang"', '"调档" = "diao"', r"pinyin: 调档: has 1 syllables for 2 characters"),
    (
        GLOSSARY,
        "\n[forms]\n",
        "\n[froms]\n",
        r"glossary.toml.*froms: unknown key; known are terms, protected, forms, pinyin",
    ),
    (PO, 'msgstr "Home"', 'msgstr ""', r"首页: the English text is missing"),
    (PO, 'msgstr "Home"', 'msgstr "Home {page}"', r"首页: has other placeholders than its msgstr"),
    (PO, 'msgstr "Home"', 'msgstr "Home…"', r"首页: holds '…'"),
    (PO, 'msgid "首页"', '#, fuzzy\nmsgid "首页"', r"首页: is marked fuzzy"),
    (PO, 'msgstr "Home"', 'msgstr "Home', r'is no line of a PO file: msgstr "Home; msgid and msgstr'),
    (
        PO,
        'msgid "首页"\nmsgstr "Home"',
        'msgid "首页"\nmsgid_plural "主页"\nmsgstr[0] "Home"\nmsgstr[1] "Homes"',
        r"首页: has another msgid_plural than msgid",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), ONE, ids=[f"{row[0]}: {row[2][:40]!r}" for row in ONE])
def test_a_mistake_is_named_with_file_line_id_field_and_what_is_allowed(
    file: str, old: str, new: str, said: str, data: Path, mistakes: Lines
) -> None:
    text = (data / file).read_text("utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), "utf-8")
    found = [line for line in mistakes() if re.search(said, line)]
    assert len(found) == 1
    assert re.match(rf"{file}(:\d+)?: ", found[0])
    assert "; " in found[0]


def test_the_line_of_a_mistake_is_the_line_in_the_file(data: Path, mistakes: Lines) -> None:
    path = data / BIRTH
    lines = path.read_text("utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("fee_zh") and "结婚" in line)
    path.write_text("\n".join(lines).replace('fee_zh = "结婚登记不收费"', "fee_zh = 7"), "utf-8")
    assert mistakes() == [
        f"{BIRTH}:{number}: marriage-childbirth: fee_zh: is the number 7; text in quotes belongs here"
    ]


def test_all_mistakes_come_in_one_go(data: Path, mistakes: Lines) -> None:
    text = (
        (data / BIRTH)
        .read_text("utf-8")
        .replace("online = false", "online = 0", 1)
        .replace("trips = 0", "trips = 99", 1)
    )
    (data / BIRTH).write_text(text, "utf-8")
    (data / THEMES).write_text((data / THEMES).read_text("utf-8").replace('"B"', '"A"'), "utf-8")
    (data / HALL).unlink()
    files = [line.split(":")[0] for line in mistakes()]
    assert files == [BIRTH, BIRTH, HALL, THEMES]
