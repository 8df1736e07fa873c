# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits that a guardian signed for this space, their use, and those it signs for others."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        "CREATE TABLE limits (one INTEGER PRIMARY KEY CHECK (one = 1), document BLOB NOT NULL)",
        """CREATE TABLE limits_use (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            latest TEXT NOT NULL,
            seconds REAL NOT NULL
        )""",
        "CREATE TABLE signing_key (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL)",
        """CREATE TABLE ward (
            space TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            document BLOB NOT NULL,
            key BLOB
        )""",
    ):
        database.change(statement)
