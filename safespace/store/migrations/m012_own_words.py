# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member tells the assistant, the prompts they save, what task a message is."""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        """CREATE TABLE instructions (
            conversation INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            text TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX instructions_by_conversation"
        " ON instructions (ifnull(conversation, 0))",
        """CREATE TABLE prompt (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            changed TEXT NOT NULL
        )""",
        "ALTER TABLE message ADD COLUMN task TEXT",
    ):
        database.change(statement)
