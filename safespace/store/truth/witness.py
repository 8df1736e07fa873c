# SPDX-License-Identifier: AGPL-3.0-or-later
"""The witness of one open database: compares it with its head, then keeps the head true.

After every commit the head says where the chain ends. Before the log is moved into the
database it says so, on the disk, and afterwards what the pages are now; so a kill at any moment
is no alarm. In the state folder lies a second head, written whenever the log was moved.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from safespace.errors import StorageError
from safespace.store.files import make_private_folder, writing_in
from safespace.store.keys.wraps import SpaceKey
from safespace.store.truth import chain
from safespace.store.truth.head import Head, HeadFile, HeadKey, following, later, new_life
from safespace.store.truth.seal import BYTES
from safespace.store.truth.sql import Sql

_NO_TAGS: Final = bytes(32)


class Wrong(StrEnum):
    """What is not as it should be."""

    LOST = "lost"  # the last changes are not there: a log was dropped, or the file put back
    OLDER = "older"  # the whole space was put back, its head too
    EXCHANGED = "exchanged"  # a page is not the one that was written last
    UNMARKED = "unmarked"  # no head is left, so nobody can tell
    GAP = "gap"  # rows are missing that the chain knows
    DAMAGED = "damaged"  # a page does not prove itself
    REPAIRED = "repaired"  # what could be read of a damaged file was put into a new one


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was noticed. `changes` are missing if that is known; `at`: Unix time of the last one."""

    kind: Wrong
    changes: int = 0
    at: int = 0


class Witness:
    """Made before the database is opened; then for the thread that owns it.

    `doubt` is what `compare` found. While there is one, no head is written, so that whoever
    opens the database next is told as well; once it is noted, `begin` ends that.
    """

    def __init__(self, database: Path, key: SpaceKey, state: Path | None) -> None:
        self._file = database
        self._key = HeadKey(key)
        here, *copy = _places(database, key, state)
        self._here = HeadFile(here, self._key)
        self._copy = HeadFile(copy[0], self._key) if copy else None
        self._head = self._here.read()
        self.doubt: Doubt | None = self._of_copies()
        if self._head and self._head.settled and not self.doubt:
            self.doubt = self._of_pages(self._head)

    @property
    def settled(self) -> bool:
        """Whether the head has nothing more to say once the log is empty."""
        return self._head is None or self._head.settled or self.doubt is not None

    @property
    def head(self) -> Head | None:
        """The head as it is now."""
        return self._head

    def compare(self, database: Sql) -> None:
        """Compare the end of the chain with the head, before anything is changed."""
        kept = chain.is_kept(database)
        head = self._head
        if head is None:
            if kept and self.doubt is None:
                self.doubt = Doubt(Wrong.UNMARKED)
            return
        end = chain.end(database)
        if end.n < head.n:
            self.doubt = Doubt(Wrong.LOST, head.n - end.n, head.at)
        elif kept and not self.doubt and chain.link_at(database, head.n) not in (head.link, None):
            self.doubt = Doubt(Wrong.OLDER, 0, head.at)

    def accept(self, database: Sql) -> None:
        """Go on from a database that is as its head says, or has none yet."""
        if self._head is None:
            self.begin(database)
        elif not self._head.settled:
            database.settle()
        self._forget_other_keys()

    def begin(self, database: Sql, *after: bytes) -> None:
        """Begin a new life: of a file just made, brought back, doubted, or under a new key.

        It is later than every one that is known of here, and than those `after`.
        """
        self.doubt = None
        heads = [head for head in (self._head, self._copy and self._copy.read()) if head]
        life = new_life(*after, *(head.life for head in heads))
        serial = self._head.serial if self._head else 0
        self._head = Head(serial, life, 0, bytes(BYTES), 0, False, 0, _NO_TAGS)
        database.settle()

    def committed(self, database: Sql) -> None:
        """After a commit: the chain ends elsewhere now. What cannot be written is no loss."""
        if self._head is None or self.doubt:
            return
        end = chain.end(database)
        if end.n != self._head.n:
            with suppress(StorageError):  # then the head is behind, which is no alarm
                self._write(
                    following(self._head, n=end.n, link=end.link, at=int(time.time())),
                    settle=False,
                )

    def before_moving(self) -> None:
        """The log is about to be moved into the database. Raises StorageError: then it must not."""
        if self._head and self._head.settled and not self.doubt:
            self._write(following(self._head, settled=False), settle=True)

    def moved(self, database: Sql) -> None:
        """The database file is what it should be. Raises StorageError."""
        if self._head is None or self.doubt:
            return
        end = chain.end(database)
        with writing_in(self._file.parent):  # its folder may have gone away meanwhile
            pages, tags = self._key.tags(self._file)
        self._write(
            following(
                self._head,
                n=end.n,
                link=end.link,
                at=self._head.at if end.n == self._head.n else int(time.time()),
                settled=True,
                pages=pages,
                tags=tags,
            ),
            settle=True,
        )
        if self._copy:
            with suppress(StorageError):
                make_private_folder(self._copy.path.parent)
                self._copy.write(self._head, settle=True)

    def _write(self, head: Head, *, settle: bool) -> None:
        self._here.write(head, settle=settle)
        self._head = head

    def _of_copies(self) -> Doubt | None:
        """What the head in the state folder says; it stands in for the other if that is gone."""
        if self._copy is None:
            return None
        copy = self._copy.read()
        if copy is None:
            others = _heads(self._copy.path)
            return Doubt(Wrong.OLDER) if others else None  # it was opened under a newer key here
        if self._head is None:  # a log that went with it would not be missed by the copy
            self._head = copy
            return Doubt(Wrong.UNMARKED, 0, copy.at)
        if later(self._head.life, copy.life):
            return None  # a life had begun, and a kill kept the copy from hearing of it
        if copy.life != self._head.life or copy.n > self._head.n:
            doubt = Doubt(Wrong.OLDER, 0, copy.at)
            self._head = replace(self._head, serial=max(self._head.serial, copy.serial))
            return doubt
        return None

    def _of_pages(self, head: Head) -> Doubt | None:
        try:
            same = self._key.tags(self._file) == (head.pages, head.tags)
        except (OSError, ValueError):
            return None  # opening it will say why
        return None if same else Doubt(Wrong.EXCHANGED, 0, head.at)

    def _forget_other_keys(self) -> None:
        """A change of key leaves the heads of the key before."""
        for kept in (self._here, self._copy):
            if kept:
                for other in _heads(kept.path):
                    if other != kept.path:
                        with suppress(OSError):
                            other.unlink()


def forget_key(database: Path, key: SpaceKey, state: Path | None) -> None:
    """Have no head under a key that never came to be in force."""
    for head in _places(database, key, state):
        with suppress(OSError):
            head.unlink()


def forget(state: Path | None, space: str) -> None:
    """Have no head of a space's folder in the state folder: another space takes its name."""
    if state:
        for head in _heads(state / "heads" / f"{space}."):
            with suppress(OSError):
                head.unlink()


def _places(database: Path, key: SpaceKey, state: Path | None) -> list[Path]:
    """Where the heads of a database under `key` lie: beside it, and in the state folder."""
    mark = key.salt[:4].hex()
    here = database.with_name(f"head.{mark}")
    return [here, state / "heads" / f"{database.parent.name}.{mark}"] if state else [here]


def _heads(like: Path) -> list[Path]:
    """The heads beside `like` of the same space, under whatever key; "a.old" is not "a"."""
    stem = like.name.rpartition(".")[0]
    with suppress(OSError):
        return [head for head in like.parent.iterdir() if head.name.rpartition(".")[0] == stem]
    return []
