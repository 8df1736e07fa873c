# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a conversation may go."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    database.change("ALTER TABLE conversation ADD COLUMN pin TEXT NOT NULL DEFAULT 'coop'")
