"""Search by Chinese characters, pinyin, initials or English; whatever width or case it is typed in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from kiosk.catalog.model import Channel, Cycle, Goal, IndexEntry, Package, Release
from kiosk.forms import Form
from kiosk.text import Text

FORMS = "\n"
"""Stands before each written form or reading of a phrase in the index."""
SYLLABLE = "'"
"""Stands before each syllable."""
WORD_LIMIT = 24
"""Characters of the search words that count: enough for the longest name, and no pattern can be made slow with them."""


MOST_HITS = 9
"""What is found beyond that, nobody looks through."""


class Field(StrEnum):
    """Where a phrase of the index comes from."""

    NAME = "name"
    CYCLE = "cycle"
    SUMMARY = "summary"
    MATTER = "matter"
    CHANNEL = "channel"
    REQUEST = "request"
    ITEM = "item"


_WEIGHTS = {
    Field.NAME: 400,
    Field.CHANNEL: 350,
    Field.REQUEST: 300,
    Field.CYCLE: 250,
    Field.MATTER: 200,
    Field.ITEM: 150,
    Field.SUMMARY: 0,
}
_WHOLE, _START, _INSIDE = 90, 60, 30
_HANZI, _INITIALS, _PINYIN, _ENGLISH = 8, 4, 2, 0


class Hit(msgspec.Struct, frozen=True):
    """One package that was found, and the phrase that the words stand in."""

    package: str
    field: Field
    phrase: Text
    score: int


class ChannelHit(msgspec.Struct, frozen=True):
    """Something of a channel that was found, and what it is called."""

    goal: Goal
    field: Field
    name: Text
    score: int


def search(release: Release, words: str, limit: int = MOST_HITS) -> tuple[Hit, ...]:
    """Return the packages that `words` find, best first, at most `limit`; nothing for no words or nothing found.

    Several words must all be found, each anywhere; without the blanks between them they may also be one reading.
    """
    wanted = _Words(words)
    cycles = {cycle.id: cycle for cycle in release.cycles}
    hits = []
    for package, entry in zip(release.packages, release.index, strict=True):
        found = wanted.best(entry, _fields(entry))
        if found.score >= 0:
            field, phrase = list(phrases(package, cycles[package.cycle]))[found.position]
            hits.append(Hit(package.id, field, phrase, found.score))
    return tuple(sorted(hits, key=_rank)[:limit])


def search_channels(release: Release, words: str, limit: int = MOST_HITS) -> tuple[ChannelHit, ...]:
    """Return what of the channels `words` find, best first, at most `limit`: as `search` does for packages."""
    wanted = _Words(words)
    hits = []
    names = GoalNames(release.channels, release.requests)
    for goal, entry in zip(release.goals, release.goal_index, strict=True):
        field = _goal_field(goal)
        found = wanted.best(entry, (field,) * len(entry.hanzi))
        if found.score >= 0:
            hits.append(ChannelHit(goal, field, names.of(goal)[0], found.score))
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])


class GoalNames:
    """What the channels, their items and their requests are called."""

    def __init__(self, channels: Iterable[Channel], forms: Iterable[Form]) -> None:
        self._channels = {channel.id: channel for channel in channels}
        self._forms = {form.id: form for form in forms}

    def goals(self) -> Iterator[Goal]:
        """Yield all that can be found, channel by channel."""
        for channel in self._channels.values():
            yield Goal(channel.id)
            yield from (Goal(channel.id, form=form) for form in channel.requests)
            for section in channel.sections:
                yield from (Goal(channel.id, section.list, item.id) for item in section.items)

    def of(self, goal: Goal) -> tuple[Text, ...]:
        """Return the names of a goal, the one to show first."""
        channel = self._channels[goal.channel]
        if goal.form:
            return (self._forms[goal.form].name,)
        if not goal.item:
            return channel.name, channel.label, channel.gloss
        return next(
            (item.name,)
            for section in channel.sections
            if section.list == goal.section
            for item in section.items
            if item.id == goal.item
        )


def _goal_field(goal: Goal) -> Field:
    if goal.form:
        return Field.REQUEST
    return Field.ITEM if goal.item else Field.CHANNEL


def _rank(hit: Hit) -> tuple[int, int]:
    # Of two matters as good, the one with less besides is more likely what is meant; names stand in the menu's order.
    return -hit.score, len(hit.phrase.hans) if hit.field is Field.MATTER else 0


def nearest(release: Release, words: str) -> tuple[Hit, ...]:
    """Return the three packages most like `words`, for when nothing is found.

    They share most pairs of letters or characters with it; of single ones only Chinese characters count.
    """
    wanted = fold(words).replace(" ", "")[:WORD_LIMIT]
    pairs = {wanted[start : start + 2] for start in range(max(1, len(wanted) - 1))}
    pairs |= {character for character in wanted if not character.isascii()}
    cycles = {cycle.id: cycle for cycle in release.cycles}
    hits = []
    for package, entry in zip(release.packages, release.index, strict=True):
        likeness = [_likeness(pairs, entry, position) for position in range(len(entry.hanzi))]
        best = max(range(len(likeness)), key=likeness.__getitem__)
        field, phrase = list(phrases(package, cycles[package.cycle]))[best]
        hits.append(Hit(package.id, field, phrase, likeness[best]))
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:3])


def _likeness(pairs: set[str], entry: IndexEntry, position: int) -> int:
    """Return how many thousandths of the letter pairs the phrase has, a little less for a long phrase."""
    texts = (
        entry.hanzi[position],
        entry.pinyin[position].replace(SYLLABLE, ""),
        entry.initials[position],
        entry.english[position].replace(" ", ""),
    )
    shared = max(sum(pair in text for pair in pairs) for text in texts)
    return 1000 * shared // len(pairs) - min(len(texts[0]), 99)


def phrases(package: Package, cycle: Cycle) -> Iterator[tuple[Field, Text]]:
    """Yield the phrases by which a package is found, in the order of the index."""
    yield Field.NAME, package.name
    yield Field.NAME, package.short
    yield Field.CYCLE, cycle.name
    yield Field.SUMMARY, package.summary
    for matter in package.matters:
        yield Field.MATTER, matter.name


def fold(text: str) -> str:
    """Return `text` in half width and lower case, with one blank for whatever is no letter, digit or character."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return " ".join(re.findall(r"[^\W_]+", plain))


class _Match(msgspec.Struct, frozen=True):
    position: int
    score: int


_NO_MATCH = _Match(-1, -1)


class _Words:
    """What is searched for: the words joined, and each of them."""

    def __init__(self, words: str) -> None:
        folded = fold(words)[:WORD_LIMIT].strip()
        self._whole = _Wanted(folded.replace(" ", ""), folded) if folded else None
        self._parts = [_Wanted(word, word) for word in folded.split(" ")] if folded else []

    def best(self, entry: IndexEntry, kinds: tuple[Field, ...]) -> _Match:
        """Return the best phrase of `entry` that holds the words; none for no words."""
        if self._whole is None:
            return _NO_MATCH
        found = self._whole.best(entry, kinds)
        if len(self._parts) > 1:
            found = max(found, _together(self._parts, entry, kinds), key=lambda match: match.score)
        return found


class _Wanted:
    """One word that is searched: `joined` without blanks, for characters and readings; `spaced` for English."""

    def __init__(self, joined: str, spaced: str) -> None:
        self._joined = joined
        self._spaced = " " + spaced
        self._reading = re.compile(_reading(joined)) if joined.isascii() and joined.isalpha() else None

    def best(self, entry: IndexEntry, kinds: tuple[Field, ...]) -> _Match:
        """Return the best phrase of `entry` that holds the word."""
        best = _NO_MATCH
        for position, kind in enumerate(kinds):
            weight = _WEIGHTS[kind]
            if weight + _WHOLE + _HANZI <= best.score:
                continue
            score = self._score(entry, position)
            if score and weight + score > best.score:
                best = _Match(position, weight + score)
        return best

    def _score(self, entry: IndexEntry, position: int) -> int:
        if self._reading is None:
            found = _where(entry.hanzi[position], self._joined, FORMS)
            return found + _HANZI if found else 0
        scores = [0]
        # One letter inside the initials of a long name means nothing.
        found = _where(entry.initials[position], self._joined, FORMS)
        if found > _INSIDE or (found and len(self._joined) > 1):
            scores.append(found + _INITIALS)
        if read := self._read(entry.pinyin[position]):
            scores.append(read + _PINYIN)
        if self._spaced in entry.english[position]:
            scores.append(_where(entry.english[position], self._spaced, "") + _ENGLISH)
        return max(scores)

    def _read(self, readings: str) -> int:
        """Return how well the word reads as whole or begun syllables in a row."""
        if self._reading is None or len(self._joined) == 1:
            return 0
        best = 0
        for match in self._reading.finditer(readings):
            if readings[match.start() - 1] == FORMS:
                return _START
            best = _INSIDE
        return best


def _together(parts: list[_Wanted], entry: IndexEntry, kinds: tuple[Field, ...]) -> _Match:
    """Return the worst match of all `parts`, or none when one of them is not there."""
    worst = parts[0].best(entry, kinds)
    for part in parts[1:]:
        if worst is _NO_MATCH:
            break
        match = part.best(entry, kinds)
        worst = match if match.score < worst.score else worst
    return worst


def _where(text: str, wanted: str, before: str) -> int:
    """Return whether `wanted` is a whole form of `text`, starts one, stands inside one, or (0) is not there."""
    if before + wanted == text or f"{before}{wanted}{FORMS}" in text:
        return _WHOLE
    if text.startswith(before + wanted) or (before and before + wanted in text):
        return _START
    return _INSIDE if wanted in text else 0


def _reading(letters: str) -> str:
    """Return a pattern for `letters` as the beginnings of successive syllables: jzz, juzz and juzhuzheng are 居住证."""
    return SYLLABLE + f"(?:[a-z]*{SYLLABLE})?".join(letters)


def _fields(entry: IndexEntry) -> tuple[Field, ...]:
    fixed = (Field.NAME, Field.NAME, Field.CYCLE, Field.SUMMARY)
    return fixed + (Field.MATTER,) * (len(entry.hanzi) - len(fixed))
