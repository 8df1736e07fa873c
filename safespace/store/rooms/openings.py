# SPDX-License-Identifier: AGPL-3.0-or-later
"""When this space was opened and by what, so that its member can see if somebody else did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from safespace.store.connection import Database
from safespace.store.rooms import codec

KEPT: Final = 20


class By(StrEnum):
    """What opened a space."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the word, not one of them
    RECOVERY_CODE = "recovery_code"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of the space."""

    at: datetime
    by: By


def note(database: Database, by: By) -> None:
    """Note that the space was opened just now; the oldest beyond KEPT go."""
    database.change(
        "INSERT INTO opening (at, by) VALUES (?, ?)", codec.moment_to_column(codec.now()), by
    )
    database.change(
        "DELETE FROM opening WHERE id NOT IN (SELECT id FROM opening ORDER BY id DESC LIMIT ?)",
        KEPT,
    )


def every(database: Database) -> list[Opening]:
    """Those that are kept, the last one first."""
    found = database.rows("SELECT at, by FROM opening ORDER BY id DESC")
    return [Opening(codec.moment(at), By(by)) for at, by in found]
