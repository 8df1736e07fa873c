# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every change of a row leaves, what was noticed, and receipts of other spaces."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        "CREATE TABLE chain (n INTEGER PRIMARY KEY, tbl TEXT NOT NULL, entry BLOB NOT NULL)",
        """CREATE TABLE finding (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            changes INTEGER NOT NULL,
            until TEXT,
            seen INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE receipt (
            space TEXT NOT NULL,
            sealed BLOB NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (space, sealed)
        )""",
    ):
        database.change(statement)
