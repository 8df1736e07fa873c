# SPDX-License-Identifier: AGPL-3.0-or-later
"""On which page a passage stands, and how reading a document for its text went."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        "ALTER TABLE passage ADD COLUMN page INTEGER",
        "ALTER TABLE document ADD COLUMN reading TEXT NOT NULL DEFAULT ''",
        "UPDATE document SET reading = 'whole'"
        " WHERE EXISTS (SELECT 1 FROM passage WHERE document = document.id)",
    ):
        database.change(statement)
