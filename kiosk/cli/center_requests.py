"""`kiosk center requests`: the queue of what residents asked for. Lists it, opens one request, answers it."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli.center_store import add_center, china_time, now_ms, with_store
from kiosk.cli.failure import Failure, told
from kiosk.keys import read_code
from kiosk.requests import BY_STAFF, STATE_WORDS, State
from kiosk.tickets import grouped
from kiosk.wire.entries import Unreadable
from kiosk.wire.requests import WORDS_LIMIT

if TYPE_CHECKING:
    from center.desk import RequestsDesk
    from center.kept import RequestView
    from center.requests import SealedAnswers
    from center.store import Store

STATES = ", ".join(f"{state} ({STATE_WORDS[state]})" for state in BY_STAFF)


def add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `actions`."""
    parser = actions.add_parser("requests", help="what residents asked for, and what they are answered")
    doing = parser.add_subparsers(dest="doing", required=True, metavar="ACTION")
    listing = doing.add_parser("list", help="the requests, oldest first, without personal data")
    listing.add_argument("--kind", metavar="ID", help="only those of this kind, such as home-visit")
    listing.add_argument("--place", metavar="NAME", help="only those of this sub-district, town or community")
    which = listing.add_mutually_exclusive_group()
    which.add_argument("--open", action="store_true", help="those that are not over (the default)")
    which.add_argument("--all", action="store_true", help="also those that are over")
    listing.add_argument("--json", action="store_true", help="for programs")
    show = doing.add_parser("show", help="one request with its personal data")
    answer = doing.add_parser(
        "answer",
        help="say how far a request is; the resident sees it at every station",
        description="Say how far a request is. Everybody who has the slip's code can read it at every station and on"
        " the phone, so it must hold no name, number or address. When a request is done or refused, its personal data"
        " is erased here.",
    )
    for action in (show, answer):
        action.add_argument("code", metavar="CODE", help="the 16 digits on the slip")
    answer.add_argument("state", metavar="STATE", choices=[state.value for state in BY_STAFF], help=f"one of: {STATES}")
    answer.add_argument(
        "--words", default="", metavar="TEXT", help=f"a sentence for the resident, at most {WORDS_LIMIT} characters"
    )
    answer.add_argument("--by", default="", metavar="DESK", help="the desk that answers, not a person; stays here")
    for action in (listing, show):
        action.add_argument(
            "--key", type=Path, metavar="FILE", help="the sealing key (default: in the center's folder)"
        )
    for action in (listing, show, answer):
        add_center(action)


def run(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the command."""
    doing: dict[str, Callable[[Path, argparse.Namespace], int]] = {"list": _list, "show": _show, "answer": _answer}
    return doing[arguments.doing](folder, arguments)


def _list(folder: Path, arguments: argparse.Namespace) -> int:
    desk = _desk(folder, arguments.key)

    async def chosen(store: "Store") -> "list[RequestView]":
        await store.settle()
        requests = await store.requests(everything=arguments.all)
        return [one for one in requests if await _wanted(store, desk, one, arguments)]

    requests = with_store(folder, arguments, chosen)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode([desk.summary(one) for one in requests]), indent=2).decode())
        return os.EX_OK
    for one in requests:
        told_of = desk.summary(one)
        visit = " ".join(word for word in (told_of.place, told_of.half_day) if word)
        print(f"{grouped(one.code)}  {told_of.name}  {told_of.state}  {china_time(one.made)[:16]}  {visit}".rstrip())
    if not requests:
        print("no such request")
    return os.EX_OK


async def _wanted(store: "Store", desk: "RequestsDesk", one: "RequestView", arguments: argparse.Namespace) -> bool:
    if arguments.kind and one.form != arguments.kind:
        return False
    if not arguments.place:
        return True
    # The community is personal: it is compared where the key is, and not shown.
    try:
        personal = desk.opened(one, await store.sealed_answers(one))
    except Unreadable:
        personal = {}
    return desk.is_at(one, personal, arguments.place)


def _show(folder: Path, arguments: argparse.Namespace) -> int:
    code = _code(arguments.code)
    desk = _desk(folder, arguments.key)

    async def found(store: "Store") -> "tuple[RequestView, SealedAnswers | None] | None":
        await store.settle()
        one = await store.request(code)
        return (one, await store.sealed_answers(one)) if one else None

    known = with_store(folder, arguments, found)
    if known is None:
        raise _unknown(code)
    one, sealed = known
    trouble = ""
    try:
        personal = desk.opened(one, sealed)
    except Unreadable as error:
        personal, trouble = {}, f"{desk.key_path}: does not open the personal data: {error}"
    summary = desk.summary(one)
    print(f"{grouped(one.code)}  {summary.name}  {summary.state}")
    doubtful = "; its clock was not to be trusted" if one.doubtful else ""
    print(f"station {one.station}, {china_time(one.made)}{doubtful}; the resident reads {one.language}")
    for label, answer in desk.lines(one, personal):
        print(f"  {label}: {answer}")
    if sealed is None:
        print("  no personal data is kept of it")
    for answered in one.answered:
        by = f" ({answered.desk})" if answered.desk else ""
        print(f"  {china_time(answered.time)}  {answered.state} {answered.words}".rstrip() + by)
    if one.cancelled:
        print(f"  {china_time(one.cancelled)}  called off by the resident")
    if trouble:
        raise Failure([trouble], os.EX_DATAERR)
    if sealed is not None and not desk.has_key:
        words = f"{desk.key_path}: the sealing key is not there; put it back, or name it with --key, to read the rest"
        raise Failure([words], os.EX_NOINPUT)
    return os.EX_OK


def _answer(folder: Path, arguments: argparse.Namespace) -> int:
    from center.requests import NotAnswered, Unsuitable, desk_name, plain_words

    code, state = _code(arguments.code), State(arguments.state)
    try:
        words, by = plain_words(arguments.words), desk_name(arguments.by)
    except Unsuitable as error:
        raise Failure([str(error)], os.EX_DATAERR) from None

    async def answered(store: "Store") -> "RequestView | NotAnswered | None":
        await store.settle()
        return await store.answer(code, state, words, by, now_ms())

    done = with_store(folder, arguments, answered)
    if done is None:
        raise _unknown(code)
    if isinstance(done, NotAnswered):
        was = done.request
        raise Failure(
            [f"{grouped(code)}: is {was.state} since {china_time(was.time)}; nothing was changed"], os.EX_DATAERR
        )
    erased = "; its personal data is erased" if done.state.over else ""
    print(f"{grouped(code)}  {done.state}{erased}")
    return os.EX_OK


def _desk(folder: Path, key: Path | None) -> "RequestsDesk":
    from center.authority import SEALING_KEY, private_key
    from center.desk import RequestsDesk
    from center.folder import keys_dir, releases_dir
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.load import FILE
    from kiosk.wording import Wording

    path = key or keys_dir(folder) / SEALING_KEY
    with told():
        release = Current(Shelf(releases_dir(folder)), paths.release_dir() / FILE).release()
        wording = Wording(paths.release_dir())
    return RequestsDesk(release, wording, path, private_key(path) if path.exists() else None)


def _code(text: str) -> str:
    code = read_code(text)
    if code is None:
        raise Failure([f"{text}: is no code of a slip; it has 16 digits"], os.EX_USAGE)
    return code


def _unknown(code: str) -> Failure:
    return Failure(
        [f"{grouped(code)}: no request with this code has come here; see kiosk center requests list --all"],
        os.EX_DATAERR,
    )
