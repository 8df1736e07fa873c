# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking everything along: one JSON file, each conversation and note as text, each document."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from safespace.errors import StorageError
from safespace.i18n import _


def write(
    everything: Mapping[str, Any], folder: Path, bytes_of: Callable[[int], Iterable[bytes]]
) -> Path:
    """Write the export into a new folder inside `folder`, and return it. Raises StorageError.

    `bytes_of` reads a document.

    What is written is not encrypted: the face says so before.
    """
    target = folder / f"safespace-{datetime.now():%Y-%m-%d-%H%M%S}"
    try:
        target.mkdir(mode=0o700, parents=True)
        _private(target / "space.json", json.dumps(everything, ensure_ascii=False, indent=2))
        for conversation in everything["conversations"]:
            text = "\n\n".join(map(_paragraph, conversation["messages"]))
            heading = f"# {conversation['title']}\n\n"
            _private(target / f"conversation-{conversation['id']}.md", heading + text + "\n")
        for note in everything["notes"]:
            heading = f"# {note['title']}\n\n" if note["title"] else ""
            _private(target / f"note-{note['id']}.md", f"{heading}{note['text']}\n")
        for document in everything["documents"]:
            file = target / f"document-{document['id']}{_ending(document['title'])}"
            file.touch(mode=0o600)
            with file.open("wb") as out:
                out.writelines(bytes_of(document["id"]))
    except OSError as problem:
        raise StorageError(
            _("The export could not be written to {folder}.").format(folder=folder),
            _("Check that there is room and that you may write there."),
        ) from problem
    return target


def _paragraph(message: Mapping[str, Any]) -> str:
    mark = message["mark"]
    origin = ", ".join(filter(None, (mark["route"], mark["model"]))) if mark else ""
    who = f"{message['role']} ({origin})" if origin else message["role"]
    return f"**{who}**, {message['at']}\n\n{message['text']}"


def _ending(name: str) -> str:
    """What programs know the kind of a file by, if it is fit to be part of any file's name."""
    ending = Path(name).suffix
    return ending if re.fullmatch(r"\.[A-Za-z0-9]{1,10}", ending) else ""


def _private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
