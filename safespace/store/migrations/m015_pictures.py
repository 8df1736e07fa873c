# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of documents; documents that are attached to more conversations than one.

`left_out` is null where nobody has looked for pictures yet.
"""

from safespace.store.connection import Database


def step(database: Database) -> None:
    for statement in (
        """CREATE TABLE picture (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            page INTEGER,
            after INTEGER,
            says TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            png BLOB NOT NULL
        ) STRICT""",
        "CREATE INDEX picture_by_document ON picture (document)",
        "ALTER TABLE document ADD COLUMN left_out INTEGER",
        """CREATE TABLE attachment (
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            PRIMARY KEY (conversation, document)
        ) STRICT""",
        "CREATE INDEX attachment_by_document ON attachment (document)",
    ):
        database.change(statement)
