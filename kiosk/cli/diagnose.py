"""`kiosk diagnose`: the tests of the station without its screens, the worst first, within ten seconds."""

import argparse
import datetime
import os

import msgspec

from kiosk import __version__, paths
from kiosk.cli.failure import Failure
from kiosk.cli.last_known import station_at
from kiosk.cli.station import add_places, read_settings, state_folder
from kiosk.clock import wall_ms
from kiosk.hours import CHINA
from kiosk.settings import Settings
from kiosk.technician.findings import Finding, Grade, Test, is_well
from kiosk.technician.overview import Overview, dated, keep_overview, read_overview
from kiosk.technician.rounds import Rounds
from kiosk.technician.symptoms import GRADES, SYMPTOMS
from kiosk.text import Language, clean
from kiosk.wording import Wording


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("diagnose", help="what is wrong with this station, and what to do")
    parser.add_argument("--json", action="store_true", help="for machines")
    languages = [str(language) for language in Language]
    parser.add_argument("--lang", choices=languages, default=languages[0], help="language of the words")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 69 unless all is well."""
    from kiosk.cli.registry import tests_of

    mistakes: list[str] = []
    try:
        settings = read_settings(arguments.config)
    except Failure as failure:
        settings, mistakes = Settings(path=paths.settings_path(arguments.config, os.environ)), failure.lines
    state = state_folder(arguments.state)
    tests = tests_of(settings, state, mistakes)
    before, now = read_overview(state), wall_ms()
    findings = dated(Rounds().run(tests), before, now)
    if state.is_dir() and station_at(state) is None:
        keep_overview(state, Overview(os.getpid(), now, findings))
    told = _Teller(Language(arguments.lang), tests)
    if arguments.json:
        number = "" if mistakes else settings.station.number
        print(msgspec.json.encode(told.report(number, now, findings)).decode())
    else:
        print("\n".join(told.lines(findings)))
    return os.EX_OK if is_well(findings) else os.EX_UNAVAILABLE


class _Told(msgspec.Struct, frozen=True):
    test: str
    grade: str
    symptom: str
    value: str
    since: int
    title: str
    means: str
    do: str
    works: str


class _Report(msgspec.Struct, frozen=True):
    station: str
    version: str
    time: int
    well: bool
    findings: tuple[_Told, ...]


class _Teller:
    """Puts findings into words."""

    def __init__(self, language: Language, tests: tuple[Test, ...]) -> None:
        self._language = language
        self._titles = {test.name: test.title for test in tests}
        try:
            self._wording: Wording | None = Wording(paths.release_dir())
        except OSError:
            # Without the built release the sentences are as they are written, in Simplified Chinese.
            self._wording = None

    def _say(self, sentence: str) -> str:
        return self._wording.say(self._language, sentence) if self._wording and sentence else sentence

    def report(self, station: str, now: int, findings: tuple[Finding, ...]) -> _Report:
        """Return all that a machine may want to know."""
        told = tuple(
            _Told(
                one.test,
                one.grade,
                one.symptom,
                clean(one.value, 120),
                one.since,
                self._say(self._titles[one.test]),
                *(map(self._say, (symptom.means, symptom.do, symptom.works)) if symptom else ("", "", "")),
            )
            for one in findings
            for symptom in [SYMPTOMS.get(one.symptom)]
        )
        return _Report(station, __version__, now, is_well(findings), told)

    def lines(self, findings: tuple[Finding, ...]) -> list[str]:
        """Return what a person reads: a line for each part, and what to do below those that are not well."""
        lines = []
        for one in findings:
            symptom = SYMPTOMS.get(one.symptom)
            words = [self._say(GRADES[one.grade]), self._say(self._titles[one.test])]
            words += [self._say(symptom.means)] if symptom else []
            words += [f"({clean(one.value, 120)})"] if one.value else []
            lines.append("  ".join(words))
            if symptom and one.grade not in {Grade.OK, Grade.UNSUPPORTED}:
                lines.append(f"    {one.symptom}  {_moment(one.since)}")
                lines += [f"    {self._say(words)}" for words in (symptom.do, symptom.works) if words]
        return lines


def _moment(ms: int) -> str:
    return f"{datetime.datetime.fromtimestamp(ms / 1000, CHINA):%Y-%m-%d %H:%M}"
