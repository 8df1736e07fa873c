# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folder through which a guardian and a member pass signed papers, both spaces being sealed.

    state/limits/SPACE/document   from the guardian
    state/limits/SPACE/notice     from the member: which version holds, and the key it signs with
    state/limits/SPACE/request    from the member: which limit should be wider
    state/limits/SPACE/ended      from whoever ended it

Anyone who uses the account can remove or forge a file here; so nothing here widens anything
that its signature does not, and what is missing changes nothing.
"""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from safespace.session.limits.document import LARGEST
from safespace.store.files import make_private_folder, write_whole


class Paper(StrEnum):
    """What can lie there, by the name of its file."""

    DOCUMENT = "document"
    NOTICE = "notice"
    REQUEST = "request"
    ENDED = "ended"


class Exchange:
    """The papers of one space."""

    def __init__(self, state: Path, space: str) -> None:
        self._folder = state / "limits" / space

    def read(self, paper: Paper) -> bytes | None:
        """Its bytes, which anybody may have written; None if there is none."""
        with suppress(OSError), (self._folder / paper).open("rb") as file:
            return file.read(LARGEST)
        return None

    def put(self, paper: Paper, data: bytes) -> None:
        """Lay a paper there in the place of the one before. Raises StorageError."""
        make_private_folder(self._folder)
        write_whole(self._folder / paper, data)

    def remove(self, *papers: Paper) -> None:
        """Take papers away, if that can be."""
        for paper in papers:
            with suppress(OSError):
                (self._folder / paper).unlink()
