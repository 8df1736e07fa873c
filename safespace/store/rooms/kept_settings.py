# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of a member, as JSON values by key. What a key may hold, settings.TABLE says."""

import json

from safespace.store.connection import Database


def setting(database: Database, key: str) -> object | None:
    """The value kept for `key`; None when there is none. A tuple comes back as a list."""
    row = database.row("SELECT value FROM setting WHERE key = ?", key)
    return None if row is None else json.loads(row[0])


def keep(database: Database, key: str, value: object) -> None:
    """Keep a JSON value for `key`."""
    database.change("INSERT OR REPLACE INTO setting VALUES (?, ?)", key, json.dumps(value))


def every(database: Database) -> dict[str, object]:
    """All that is kept."""
    found = database.rows("SELECT key, value FROM setting ORDER BY key")
    return {key: json.loads(value) for key, value in found}
