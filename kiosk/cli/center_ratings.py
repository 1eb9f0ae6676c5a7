"""`kiosk center ratings`: how often each grade of 好差评 was given, and why."""

import argparse
import os
from pathlib import Path

from kiosk.cli.center_store import add_center, with_store
from kiosk.cli.failure import told


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `actions`."""
    add_center(actions.add_parser("ratings", help="how often each grade was given, and why"))


def run(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the command."""
    from center.folder import releases_dir
    from center.requests import ratings
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.load import FILE

    with told():
        release = Current(Shelf(releases_dir(folder)), paths.release_dir() / FILE).release()
    names = {
        (field.id, option.id): option.name.hans
        for form in release.requests
        if form.id == "rating"
        for field in form.fields
        for option in field.options
    }
    counted = with_store(folder, arguments, lambda store: store.read(ratings))
    for grade, reason, count in counted:
        words = [names.get(("grade", grade), grade), names.get(("reason", reason), reason)]
        print(f"{count:6}  {' '.join(word for word in words if word)}")
    if not counted:
        print("nothing was rated yet")
    return os.EX_OK
