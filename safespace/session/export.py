# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking everything along: one JSON file, and each conversation as readable text."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from safespace.errors import StorageError
from safespace.i18n import _


def write(everything: Mapping[str, Any], folder: Path) -> Path:
    """Write the export into a new folder inside `folder`, and return it. Raises StorageError.

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


def _private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
