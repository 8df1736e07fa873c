# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the space was opened, and by what."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change(
        "CREATE TABLE opening"
        " (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL)"
    )
