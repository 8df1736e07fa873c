# SPDX-License-Identifier: AGPL-3.0-or-later
"""The level, and a counter that every change of it raises."""

from safespace.domain import Level
from safespace.errors import Damaged
from safespace.i18n import _
from safespace.store.connection import Database


def level(database: Database) -> tuple[Level, int]:
    """The level and its version. Raises Damaged when it cannot be told: doubt closes."""
    row = database.row("SELECT level, version FROM engagement")
    match row:
        case (int(found), int(version)) if Level.NO_AI <= found <= Level.COOPERATIVE:
            return Level(found), version
    raise Damaged(
        _("The level kept in this space cannot be read."),
        _("Until you set it again, everything counts as “no AI”."),
    )


def set_level(database: Database, level: Level) -> int:
    """Set the level, also over one that cannot be read; its new version."""
    row = database.row("SELECT version FROM engagement")
    version = row[0] + 1 if row is not None and type(row[0]) is int else 1
    database.change("INSERT OR REPLACE INTO engagement VALUES (1, ?, ?)", int(level), version)
    return version
