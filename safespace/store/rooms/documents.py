# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents: files taken into the space whole, in pieces, with their text where that is plain.

A document is `adding` until all its pieces are in, then `kept`; how one that is erased goes is
told in `going`. Only a kept one is ever seen. Each step is a transaction of its own, so nobody
waits for long, and memory holds one piece at a time.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from safespace.domain import Document, Reading
from safespace.errors import SafeSpaceError, StorageError, Usage
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.files import PRIVATE_FILE, settle_folder, writing_in
from safespace.store.owner import OwnerThread
from safespace.store.rooms import activity, codec, going, pictures
from safespace.store.rooms.activity import Way
from safespace.store.rooms.kinds_of_file import type_of
from safespace.store.rooms.plain_text import PlainText
from safespace.store.truth.sql import Row

LARGEST: Final = 100 << 20
"""Bytes of a file that a space takes in."""
_PIECE: Final = 512 << 10

SHOWN: Final = """
    state = 'kept' AND document.deleted IS NULL AND NOT EXISTS (
        SELECT 1 FROM conversation
        WHERE conversation.id = document.conversation AND conversation.deleted IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM attachment JOIN conversation AS other
                ON other.id = attachment.conversation
                WHERE attachment.document = document.id AND other.deleted IS NULL
            )
    )
"""
_DOCUMENT: Final = """
    SELECT id, title, type, size, sha256, changed,
        EXISTS (SELECT 1 FROM passage WHERE document = document.id), conversation, folder, reading,
        ifnull(left_out, 0)
    FROM document
"""


class Documents:
    """The documents of an open space. As with the space, any thread."""

    def __init__(self, owner: OwnerThread) -> None:
        self._owner = owner

    def every(self, conversation: int | None = None) -> list[Document]:
        """All of them outside the bin, or those of one conversation, the last added first."""
        return self._owner.do(every, conversation)

    def document(self, document: int) -> Document:
        """One of them. Raises Usage if it is gone, or in the bin."""
        return self._owner.do(find, document)

    def add(self, file: Path, conversation: int | None = None) -> Document:
        """Take `file` in, attached to a conversation if one is named; the file stays as it is.

        Raises Usage if it is no file or too large, StorageError; nothing is left of it then.
        """
        with _opened(file) as source:
            start = _read(source, file.name)
            id_ = self._owner.do(begin, file.name, type_of(start), conversation)
            try:
                return self._fill(id_, source, file.name, start)
            except BaseException:
                with suppress(SafeSpaceError):  # or else the next unlock does it
                    self._owner.do(going.let_go, "id = ?", id_)
                self.sweep()
                raise

    def same_as(self, file: Path) -> Document | None:
        """The document outside the bin that has the very bytes of `file`, if there is one.

        Raises as `add` does.
        """
        with _opened(file) as source:
            size = os.fstat(source.fileno()).st_size
            if not self._owner.do(with_size, size):
                return None
            digest = hashlib.sha256()
            while piece := _read(source, file.name):
                digest.update(piece)
        return next(
            (one for one in self._owner.do(with_size, size) if one.sha256 == digest.hexdigest()),
            None,
        )

    def attach(self, document: int, conversation: int | None) -> None:
        """Have a document belong to a conversation as well; None: it stands by itself from now on.

        Raises Usage if one of them is gone.
        """
        self._owner.do(attach, document, conversation)

    def _fill(self, id_: int, source: BinaryIO, name: str, start: bytes) -> Document:
        size, digest, text = 0, hashlib.sha256(), PlainText(start)
        piece = start
        while piece:
            size += len(piece)
            if size > LARGEST:  # it has grown since it was opened
                raise _too_large(name)
            digest.update(piece)
            following = _read(source, name)
            self._owner.do(append, id_, piece, text.passages(piece, last=not following))
            piece = following
        return self._owner.do(complete, id_, size, digest.hexdigest())

    def read(self, document: int) -> Iterator[bytes]:
        """Its bytes, piece by piece. Raises Usage if it is gone."""
        found = self._owner.do(pieces, document)
        for piece in found:
            yield self._owner.do(bytes_of, piece)

    def take_out(self, document: int, target: Path) -> None:
        """Write a copy, which is not encrypted, to the new file `target`.

        Raises Usage if there is such a file already, or the document is gone; StorageError.
        """
        pieces_ = self.read(document)
        self.document(document)
        self.write_out(pieces_, target)

    def write_out(self, pieces_: Iterable[bytes], target: Path) -> None:
        """Write what belongs to a document to the new file `target`. Raises as `take_out`."""
        if target.exists() or target.is_symlink():
            raise Usage(
                _("{file} is there already.").format(file=target), _("Choose another name.")
            )
        with suppress(StorageError):  # a full disk must not keep anyone from taking things out
            self._owner.do(activity.left, Way.DOCUMENT, codec.now())
        with writing_in(target.parent):
            handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE)
            try:
                with os.fdopen(handle, "wb") as out:
                    for piece in pieces_:
                        out.write(piece)
                    out.flush()
                    os.fsync(out.fileno())
            except BaseException:
                target.unlink()
                raise
            settle_folder(target.parent)

    def sweep(self, ended: Callable[[], bool] = lambda: False) -> None:
        """Overwrite what is left of erased documents, unless called off. Blocks, others do not.

        What a full disk or a lock prevents is done after the next unlock.
        """
        with suppress(SafeSpaceError):
            while not ended() and self._owner.do(going.any_going):
                self._owner.do(going.sweep)
                self._owner.settle()


def every(database: Database, conversation: int | None) -> list[Document]:
    """All documents outside the bin, or those of one conversation, the last added first."""
    also, values = "", tuple[int, ...]()
    if conversation is not None:
        also = (
            "AND (document.conversation = ? OR EXISTS (SELECT 1 FROM attachment"
            " WHERE document = document.id AND conversation = ?))"
        )
        values = (conversation, conversation)
    found = database.rows(f"{_DOCUMENT} WHERE {SHOWN} {also} ORDER BY id DESC", *values)
    return [_document(row) for row in found]


def find(database: Database, id_: int) -> Document:
    """One document. Raises Usage if it is gone, or in the bin."""
    row = database.row(f"{_DOCUMENT} WHERE id = ? AND {SHOWN}", id_)
    if row is None:
        raise _gone()
    return _document(row)


def with_size(database: Database, size: int) -> list[Document]:
    """The documents outside the bin that have so many bytes."""
    return [
        _document(row) for row in database.rows(f"{_DOCUMENT} WHERE size = ? AND {SHOWN}", size)
    ]


def attach(database: Database, id_: int, conversation: int | None) -> None:
    """Have a document belong to a conversation as well, or stand by itself. Raises Usage."""
    found = find(database, id_)
    if conversation is None:
        if found.conversation is not None:
            _attach(database, id_, found.conversation)
            database.change("UPDATE document SET conversation = NULL WHERE id = ?", id_)
    elif found.conversation != conversation:
        _there(database, conversation)
        _attach(database, id_, conversation)


def _attach(database: Database, id_: int, conversation: int) -> None:
    database.change(
        "INSERT OR IGNORE INTO attachment (conversation, document) VALUES (?, ?)", conversation, id_
    )


def begin(database: Database, title: str, type_: str, conversation: int | None) -> int:
    """A document that is being added; its id. Raises Usage if the conversation is gone."""
    if conversation is not None:
        _there(database, conversation)
    return database.change(
        "INSERT INTO document (conversation, title, type, size, sha256, changed, state)"
        " VALUES (?, ?, ?, 0, '', ?, 'adding')",
        conversation,
        title,
        type_,
        codec.moment_to_column(codec.now()),
    )


def _there(database: Database, conversation: int) -> None:
    if not database.row(
        "SELECT 1 FROM conversation WHERE id = ? AND deleted IS NULL", conversation
    ):
        raise Usage(_("That conversation is no longer there."))


def append(database: Database, id_: int, piece: bytes, passages: list[str]) -> None:
    """Add a piece, and the text that came to an end in it, to a document that is being added.

    Raises Usage if it was erased meanwhile, with its conversation.
    """
    _adding(database, id_)
    database.change("INSERT INTO piece (document, bytes) VALUES (?, ?)", id_, piece)
    for passage in passages:
        database.change("INSERT INTO passage (document, text) VALUES (?, ?)", id_, passage)


def complete(database: Database, id_: int, size: int, sha256: str) -> Document:
    """All pieces are in: from now on the document is there. Raises Usage as `append` does."""
    _adding(database, id_)
    database.change(
        "UPDATE document SET size = ?, sha256 = ?, state = 'kept',"
        " reading = iif(EXISTS (SELECT 1 FROM passage WHERE document = document.id), ?, ?)"
        " WHERE id = ?",
        *(size, sha256, Reading.WHOLE, Reading.UNREAD, id_),
    )
    return find(database, id_)


def pieces(database: Database, id_: int) -> list[int]:
    """The ids of a document's pieces, in order. Raises Usage if it is gone."""
    if not database.row("SELECT 1 FROM document WHERE id = ? AND state = 'kept'", id_):
        raise _gone()
    return [
        row[0] for row in database.rows("SELECT id FROM piece WHERE document = ? ORDER BY id", id_)
    ]


def bytes_of(database: Database, piece: int) -> bytes:
    """What a piece holds. Raises Usage if it was erased meanwhile."""
    row = database.row("SELECT bytes FROM piece WHERE id = ?", piece)
    if row is None:
        raise _gone()
    return bytes(row[0])


def whole(database: Database) -> list[dict[str, object]]:
    """What is known of every document, those in the bin too, as JSON values; not its bytes."""
    names = (
        "id", "folder", "conversation", "title", "type", "size", "sha256", "changed", "deleted",
        "reading", "left_out",
    )  # fmt: skip
    found = database.rows(
        f"SELECT {', '.join(names)} FROM document WHERE state = 'kept' ORDER BY id"
    )
    return [
        {
            **dict(zip(names, row, strict=True)),
            "attached": [
                conversation
                for (conversation,) in database.rows(
                    "SELECT conversation FROM attachment WHERE document = ? ORDER BY conversation",
                    row[0],
                )
            ],
            "pictures": pictures.whole(database, row[0]),
        }
        for row in found
    ]


def _adding(database: Database, id_: int) -> None:
    if not database.row("SELECT 1 FROM document WHERE id = ? AND state = 'adding'", id_):
        raise _gone()


def _gone() -> Usage:
    return Usage(_("That document is no longer there."))


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        return source.read(_PIECE)
    except OSError:
        raise _unreadable(name) from None


def _opened(file: Path) -> BinaryIO:
    try:
        if not file.is_file():
            raise Usage(_("{file} is no file.").format(file=file))
        if file.stat().st_size > LARGEST:
            raise _too_large(file.name)
        return file.open("rb")
    except OSError:
        raise _unreadable(file.name) from None


def _too_large(name: str) -> Usage:
    return Usage(
        _("{name} is larger than {size} MB, the most that a space takes in.").format(
            name=name, size=LARGEST >> 20
        )
    )


def _unreadable(name: str) -> StorageError:
    return StorageError(
        _("{name} cannot be read.").format(name=name), _("Check that you may read it.")
    )


def _document(row: Row) -> Document:
    id_, title, type_, size, sha256, changed, searchable, *where, reading, left_out = row
    return Document(
        *(id_, title, type_, size, sha256, codec.moment(changed), bool(searchable)),
        *(*where, Reading(reading), left_out),
    )
