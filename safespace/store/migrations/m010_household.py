# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits of a household, who may take over from its guardian, which spaces are apart."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        """CREATE TABLE household (
            key BLOB PRIMARY KEY,
            document BLOB NOT NULL,
            bound INTEGER NOT NULL
        )""",
        "CREATE TABLE heir (key BLOB PRIMARY KEY, name TEXT NOT NULL)",
        "CREATE TABLE apart (space TEXT PRIMARY KEY)",
    ):
        database.change(statement)
