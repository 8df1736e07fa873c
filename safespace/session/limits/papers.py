# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the household's limits lie for whoever makes a space here, all spaces being locked.

    state/limits/household   of this computer
    spaces/SPACE/household   the copy of each space that knows them

Anyone who uses the account can remove or forge a file. So whoever asks reads all of them, and
takes every document that no other one replaces: a forged one can only narrow, and one copy that
is left is enough.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from safespace.errors import StorageError
from safespace.session.limits import document as documents
from safespace.session.limits.document import HOUSEHOLD, LARGEST, Document
from safespace.store.files import make_private_folder, write_whole
from safespace.store.spaces import SpaceInfo

Found = tuple[Document, bytes]
_MOST: Final = 8
"""So many documents of one file are read; an honest one holds a single one."""


class Papers:
    """The copies here; `state` and `root` are the folders of the state and of the spaces."""

    def __init__(self, state: Path | None, root: Path) -> None:
        self._state = state / "limits" / HOUSEHOLD if state else None
        self._root = root

    def everywhere(self) -> list[Found]:
        """What all copies say, those that are replaced left out. Reads a file per space."""
        found = self._of_computer()
        with suppress(OSError):
            for folder in sorted(self._root.iterdir()):
                found += _read(folder / HOUSEHOLD)
        return newest(found)

    def near(self, space: str) -> list[Found]:
        """What the file of the computer and the copy of one space say."""
        return newest([*self._of_computer(), *_read(self._root / space / HOUSEHOLD)])

    def lay_out(self, info: SpaceInfo, known: list[Found]) -> None:
        """Lay out what a space knows, in its own copy and for the computer, if that can be.

        A space that hides its name has no copy: it names the guardian, who may be its member.
        """
        with suppress(StorageError):
            if info.hidden:
                withhold(info.folder)
            else:
                _write(info.folder / HOUSEHOLD, known)
            if self._state:
                make_private_folder(self._state.parent)
                _write(self._state, newest([*_read(self._state), *known]))

    def take_away(self) -> None:
        """Take the computer's own away, if that can be: what is laid out next stands alone."""
        if self._state:
            with suppress(OSError):
                self._state.unlink()

    def _of_computer(self) -> list[Found]:
        return _read(self._state) if self._state else []


def withhold(folder: Path) -> None:
    """Have no copy in the folder of a space."""
    with suppress(OSError):
        (folder / HOUSEHOLD).unlink()


def newest(found: Iterable[Found]) -> list[Found]:
    """Without copies, and without those that another one replaces; by key."""
    once = {data: document for document, data in found}
    return sorted(
        (
            (document, data)
            for data, document in once.items()
            if not any(documents.follows(other, document) for other in once.values())
        ),
        key=lambda one: (one[0].key, one[1]),
    )


def _read(file: Path) -> list[Found]:
    with suppress(OSError):
        if file.is_file():  # a pipe would keep us waiting
            with file.open("rb") as opened:
                found = documents.several(opened.read(_MOST * LARGEST))
            return [one for one in found if one[0].space == HOUSEHOLD][:_MOST]
    return []


def _write(file: Path, known: list[Found]) -> None:
    if known and _read(file) != known:
        write_whole(file, b"".join(data for _document, data in known))
