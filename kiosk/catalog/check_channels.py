"""Checks that the pages of a channel show tables that are there, in groups that are there."""

from collections.abc import Iterator, Mapping

from kiosk.catalog.compile_channels import shown_tables
from kiosk.catalog.lists import Entry
from kiosk.catalog.mistakes import Mistake, nearest, quoted
from kiosk.catalog.source_channels import ChannelSource


def check_sections(file: ChannelSource, lists: Mapping[str, tuple[Entry, ...]]) -> Iterator[Mistake]:
    """Yield what is wrong with the `[[section]]` tables of a channel."""
    known = shown_tables(file)
    seen: set[str] = set()
    for section in file.section:
        if section.list not in known:
            wrong = f"unknown table '{quoted(section.list)}'{nearest(section.list, known)}"
            yield section.at.mistake("list", wrong, f"one of {', '.join(sorted(known))}")
        elif section.list in seen:
            yield section.at.mistake("list", f"'{section.list}' has a page already", "each table once")
        elif section.group:
            groups = f"{file.channel.id}.{section.group}"
            entries = lists.get(f"{file.channel.id}.{section.list}", ())
            if groups not in lists or any(section.group not in entry.of for entry in entries):
                wrong = f"the entries of '{section.list}' do not say which {quoted(section.group)} they belong to"
                yield section.at.mistake("group", wrong, "a table of this file, and a key of that name in each entry")
        seen.add(section.list)
