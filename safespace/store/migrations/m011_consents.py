# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics that a member agreed to."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change("CREATE TABLE consent (topic TEXT PRIMARY KEY, given TEXT NOT NULL) STRICT")
