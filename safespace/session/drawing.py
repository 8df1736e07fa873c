# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture that somebody chooses, drawn anew in the walled child that reads documents."""

from contextlib import closing
from pathlib import Path
from typing import Final

from safespace.errors import StorageError, Usage
from safespace.i18n import _
from safespace.local_ai.documents.kinds import PICTURES
from safespace.local_ai.documents.pixels import png
from safespace.local_ai.documents.reading import Drawn, Reader
from safespace.store.rooms.kinds_of_file import type_of

LARGEST: Final = 20 << 20
"""Bytes of a file that is looked at."""


def drawn(file: Path) -> bytes:
    """The picture in `file` as a PNG that was written here; blocks while it is drawn.

    Raises Usage if it is none that can be shown, StorageError.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError:
        raise StorageError(_("The picture cannot be read."), _("Choose another.")) from None
    if type_of(data) in PICTURES and len(data) <= LARGEST:
        with closing(Reader().parts(type_of(data), [data])) as parts:
            for part in parts:
                if isinstance(part, Drawn):
                    return png(part.pixels)
    raise no_picture()


def no_picture() -> Usage:
    """What is said of a file that holds no picture."""
    return Usage(
        _("That is no picture that can be shown here."),
        _("Choose a PNG, JPEG, WebP or GIF of up to 20 MB."),
    )
