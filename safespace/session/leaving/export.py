# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking everything along: one JSON file, conversations and notes as text, documents and pictures.

docs/export.md describes what is written. It lies under a hidden name until it is whole, so a
folder that looks like an export is one.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

from safespace.domain import Role
from safespace.errors import StorageError
from safespace.i18n import _
from safespace.session.leaving.origin import PARTLY_BY_A_MODEL, Origin, head
from safespace.store.files import PRIVATE_FILE, PRIVATE_FOLDER, settle_folder, writing_in

_UNFINISHED: Final = ".safespace-export-"


def write(
    everything: Mapping[str, Any],
    folder: Path,
    *,
    bytes_of: Callable[[int], Iterable[bytes]],
    picture: Callable[[int], bytes],
    name: str,
    space: str,
    go_on: Callable[[], None] = lambda: None,
) -> Path:
    """Write the export of the space `name` into a new folder inside `folder`, and return it.

    What is written is not encrypted: the face says so before. `bytes_of` reads a document,
    `picture` a picture in one.
    `space` is its id; only one export of a space may run at a time. `go_on` is asked again and
    again, and raises to end it. Raises that and StorageError; nothing is left of it then, or the
    error says what is.
    """
    with writing_in(folder):
        folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    unfinished = f"{_UNFINISHED}{space}-"
    with suppress(OSError):  # what a kill left
        for left in folder.glob(f"{unfinished}*"):
            shutil.rmtree(left, ignore_errors=True)
    work = folder / f"{unfinished}{secrets.token_hex(4)}"
    try:
        with writing_in(folder):
            work.mkdir(PRIVATE_FOLDER)
            for file, parts in _files({"name": name, **everything}, bytes_of, picture):
                _write(work / file, parts, go_on)
            settle_folder(work)
            target = _free(folder)
            work.rename(target)
            settle_folder(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if work.exists():
            raise _left(work) from None
        raise
    return target


def _left(work: Path) -> StorageError:
    return StorageError(
        _("The export ended halfway, and what it wrote to {folder} could not be removed.").format(
            folder=work
        ),
        _("Remove it by hand: it is not encrypted."),
    )


def _files(
    everything: Mapping[str, Any],
    bytes_of: Callable[[int], Iterable[bytes]],
    picture: Callable[[int], bytes],
) -> Iterable[tuple[str, Iterable[str | bytes]]]:
    """The files of an export: their names, and what is in them piece by piece."""
    yield "README.txt", [_about(everything["name"])]
    yield "space.json", json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(everything)
    for conversation in everything["conversations"]:
        messages = conversation["messages"]
        text = "\n\n".join(map(_paragraph, messages))
        written = f"{_head(messages)}# {conversation['title']}\n\n{text}\n"
        yield f"conversation-{conversation['id']}.md", [written]
    for note in everything["notes"]:
        heading = f"# {note['title']}\n\n" if note["title"] else ""
        yield f"note-{note['id']}.md", [f"{heading}{note['text']}\n"]
    for document in everything["documents"]:
        named = f"document-{document['id']}"
        yield f"{named}{_ending(document['title'])}", bytes_of(document["id"])
        for one in document["pictures"]:
            yield f"{named}-picture-{one['id']}.png", [picture(one["id"])]


def _about(name: str) -> str:
    return _(
        "Everything that is in the space “{name}”. Nothing here is encrypted.\n\n"
        "The files that end in .md are for reading, with any program that shows text.\n"
        "space.json holds everything, for programs. docs/export.md in the source of Safe Space"
        " describes it, and read_export.py beside that makes one page of it.\n"
    ).format(name=name)


def _head(messages: Sequence[Mapping[str, Any]]) -> str:
    """What says, before a conversation, which of it a model wrote; empty where none did."""
    origins = [
        Origin(_by(one["mark"]), one["mark"]["route"], one["at"], one["partial"], one["id"])
        for one in messages
        if one["role"] == Role.MODEL and one["mark"]
    ]
    return head(origins, PARTLY_BY_A_MODEL) if origins else ""


def _paragraph(message: Mapping[str, Any]) -> str:
    mark = message["mark"]
    origin = ", ".join(filter(None, (mark["route"], _by(mark)))) if mark else ""
    who = f"{message['role']} ({origin})" if origin else message["role"]
    return f"**{who}**, {message['at']}\n\n{message['text']}"


def _by(mark: Mapping[str, Any]) -> str:
    return " + ".join(filter(None, (mark["model"], mark["adapter"])))


def _ending(name: str) -> str:
    """What programs know the kind of a file by, if it is fit to be part of any file's name."""
    ending = Path(name).suffix
    return ending if re.fullmatch(r"\.[A-Za-z0-9]{1,10}", ending) else ""


def _write(file: Path, parts: Iterable[str | bytes], go_on: Callable[[], None]) -> None:
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as out:
        for part in parts:
            go_on()
            out.write(part.encode() if isinstance(part, str) else part)
        go_on()
        out.flush()
        os.fsync(out.fileno())


def _free(folder: Path) -> Path:
    """A name for the export that nothing there has."""
    dated = f"safespace-{datetime.now():%Y-%m-%d-%H%M%S}"
    names = (folder / (f"{dated}-{number}" if number else dated) for number in count())
    return next(name for name in names if not os.path.lexists(name))
