# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a space's database came to look as it does: one step per format, in order.

A step is never changed once released; the next one is added below it. The number of a
database's format is its `user_version`.
"""

import json
from collections.abc import Callable
from typing import Final

from safespace.domain import Level
from safespace.errors import NewerSpace
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.rooms import log
from safespace.store.truth import chain


def m001_conversations_settings_level_record(database: Database) -> None:
    """The first house: conversations as trees, drafts, settings, the level, the record."""
    for statement in (
        """CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            changed TEXT NOT NULL,
            leaf INTEGER REFERENCES message (id) ON DELETE SET NULL
        )""",
        """CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            parent INTEGER REFERENCES message (id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            at TEXT NOT NULL,
            partial INTEGER NOT NULL,
            mark TEXT
        )""",
        "CREATE INDEX message_by_place ON message (conversation, parent)",
        "CREATE INDEX message_by_parent ON message (parent)",
        "CREATE INDEX conversation_by_leaf ON conversation (leaf)",
        """CREATE TABLE draft (
            conversation INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            text TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX draft_by_conversation ON draft (ifnull(conversation, 0))",
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """CREATE TABLE engagement (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            level INTEGER NOT NULL,
            version INTEGER NOT NULL
        )""",
        """CREATE TABLE activity (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            kind TEXT,
            level INTEGER,
            route TEXT NOT NULL,
            reasons TEXT NOT NULL,
            model TEXT,
            overridden INTEGER NOT NULL,
            outcome TEXT
        )""",
    ):
        database.change(statement)
    database.change("INSERT INTO engagement VALUES (1, ?, 1)", int(Level.WHEN_I_ASK))


def m002_openings(database: Database) -> None:
    """When the space was opened, and by what."""
    database.change(
        "CREATE TABLE opening"
        " (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL)"
    )


def m003_search_and_bin(database: Database) -> None:
    """An index of the words of titles and messages, and when a conversation was deleted.

    What is written without spaces is indexed a second time, by its trigrams. FTS5 leaves
    deleted words in its segments until it merges them, unless it is told `secure-delete`.
    """
    database.change("ALTER TABLE conversation ADD COLUMN deleted TEXT")
    _index(database, "conversation", "title", "title")
    _index(database, "message", "text", "text")


def m004_chain(database: Database) -> None:
    """What every change of a row leaves, what was noticed, and receipts of other spaces."""
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


def m005_holdings(database: Database) -> None:
    """Folders, notes, documents with their bytes and text in pieces, and lines of memory.

    `said` is all the words of a note. Taking much text out of an index at once takes too long
    with `secure-delete`, so `documents.sweep` sees to that of passages by merging.
    """
    for statement in (
        """CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            days INTEGER
        )""",
        "ALTER TABLE conversation"
        " ADD COLUMN folder INTEGER REFERENCES folder (id) ON DELETE SET NULL",
        """CREATE TABLE note (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder INTEGER REFERENCES folder (id) ON DELETE SET NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT,
            said TEXT AS (title || char(10) || text)
        )""",
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder INTEGER REFERENCES folder (id) ON DELETE SET NULL,
            conversation INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            type TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT,
            state TEXT NOT NULL
        )""",
        """CREATE TABLE piece (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            bytes BLOB NOT NULL
        )""",
        """CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
            text TEXT NOT NULL
        )""",
        """CREATE TABLE memory (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            text TEXT NOT NULL,
            changed TEXT NOT NULL,
            deleted TEXT
        )""",
        "CREATE INDEX conversation_by_folder ON conversation (folder)",
        "CREATE INDEX note_by_folder ON note (folder)",
        "CREATE INDEX document_by_folder ON document (folder)",
        "CREATE INDEX document_by_conversation ON document (conversation)",
        "CREATE INDEX piece_by_document ON piece (document)",
        "CREATE INDEX passage_by_document ON passage (document)",
    ):
        database.change(statement)
    _index(database, "note", "said", "title, text")
    _index(database, "document", "title", "title")
    _index(database, "passage", "text", "text", secure=False)
    _index(database, "memory", "text", "text")


def m006_limits(database: Database) -> None:
    """Limits that a guardian signed for this space, their use, and those it signs for others."""
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


def m009_record(database: Database) -> None:
    """The activity record as a log of its own. Topics of what stayed here are not kept."""
    for statement in log.TABLES:
        database.change(statement)
    for at, kind, level, route, reasons, model, overridden, outcome in database.rows(
        "SELECT at, kind, level, route, reasons, model, overridden, outcome"
        " FROM activity ORDER BY id"
    ):
        told = json.loads(reasons)
        for reason in told:
            reason["values"].pop("topics", None)
        body = {
            "what": "decided",
            "at": at,
            "kind": kind,
            "level": level,
            "route": route,
            "reasons": told,
            "model": model,
            "overridden": bool(overridden),
            "obligations": [],
            "topics": None,
            "subject": None,
            "size": 0,
            "destination": None,
            "sent": 0,
            "evidence": [],
        }
        n = log.append(database, body)
        if outcome is not None:
            log.append(database, {"what": "ended", "outcome": outcome}, of=n)
    database.change("DROP TABLE activity")


def _index(
    database: Database, table: str, column: str, written: str, *, secure: bool = True
) -> None:
    """Index the words of a column, which differ when one of the `written` columns does."""
    words = (
        "tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\", prefix = '2 3'"
    )
    # Thai and Lao, Burmese, Khmer, kana, Chinese characters, half-width kana, rare characters
    unspaced = (
        "GLOB '*[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
        "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]*'"
    )
    database.change(
        f"CREATE VIEW {table}_unspaced AS"
        f" SELECT id, {column} AS text FROM {table} WHERE {column} {unspaced}"
    )
    for index, content, indexed, tokens, condition in (
        ("words", table, column, words, ""),
        ("trigrams", f"{table}_unspaced", "text", "tokenize = 'trigram'", unspaced),
    ):
        name = f"{table}_{index}"
        remove = (
            f"INSERT INTO {name} ({name}, rowid, {indexed})"
            f" VALUES ('delete', old.id, old.{column});"
        )
        add = f"INSERT INTO {name} (rowid, {indexed}) VALUES (new.id, new.{column});"
        if_old = f"WHEN old.{column} {condition}" if condition else ""
        if_new = f"WHEN new.{column} {condition}" if condition else ""
        changed = f"UPDATE OF {written}"
        for statement in (
            f"CREATE VIRTUAL TABLE {name} USING fts5"
            f" ({indexed}, content = '{content}', content_rowid = 'id', {tokens})",
            f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', {secure:d})",
            f"INSERT INTO {name} ({name}) VALUES ('rebuild')",
            f"CREATE TRIGGER {name}_a AFTER INSERT ON {table} {if_new} BEGIN {add} END",
            f"CREATE TRIGGER {name}_b AFTER DELETE ON {table} {if_old} BEGIN {remove} END",
            f"CREATE TRIGGER {name}_c BEFORE {changed} ON {table} {if_old} BEGIN {remove} END",
            f"CREATE TRIGGER {name}_d AFTER {changed} ON {table} {if_new} BEGIN {add} END",
        ):
            database.change(statement)


def m007_pins(database: Database) -> None:
    """How far a conversation may go."""
    database.change("ALTER TABLE conversation ADD COLUMN pin TEXT NOT NULL DEFAULT 'coop'")


def m008_placeholders(database: Database) -> None:
    """What the placeholders of a conversation stand for."""
    database.change(
        """
        CREATE TABLE placeholder (
            id INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            made TEXT NOT NULL,
            meant TEXT NOT NULL,
            kind TEXT NOT NULL,
            UNIQUE (conversation, made)
        ) STRICT
        """
    )


def m010_household(database: Database) -> None:
    """Limits of a household, who may take over from its guardian, which spaces are apart."""
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


def m011_consents(database: Database) -> None:
    """Topics that a member agreed to."""
    database.change("CREATE TABLE consent (topic TEXT PRIMARY KEY, given TEXT NOT NULL) STRICT")


def m012_own_words(database: Database) -> None:
    """What a member tells the assistant, the prompts they save, what task a message is."""
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


def m013_bookmarks(database: Database) -> None:
    """What a model made of conversations: where that lies, and the key it is sealed under."""
    database.change(
        """
        CREATE TABLE bookmark (
            conversation INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
            bound TEXT NOT NULL,
            name TEXT NOT NULL,
            key BLOB NOT NULL,
            tokens INTEGER NOT NULL,
            size INTEGER NOT NULL,
            used TEXT NOT NULL
        ) STRICT
        """
    )


def m014_passages(database: Database) -> None:
    """On which page a passage stands, and how reading a document for its text went."""
    for statement in (
        "ALTER TABLE passage ADD COLUMN page INTEGER",
        "ALTER TABLE document ADD COLUMN reading TEXT NOT NULL DEFAULT ''",
        "UPDATE document SET reading = 'whole'"
        " WHERE EXISTS (SELECT 1 FROM passage WHERE document = document.id)",
    ):
        database.change(statement)


def m015_pictures(database: Database) -> None:
    """Pictures of documents; documents that are attached to more conversations than one.

    `left_out` is null where nobody has looked for pictures yet.
    """
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


MIGRATIONS: Final[tuple[Callable[[Database], None], ...]] = (
    m001_conversations_settings_level_record,
    m002_openings,
    m003_search_and_bin,
    m004_chain,
    m005_holdings,
    m006_limits,
    m007_pins,
    m008_placeholders,
    m009_record,
    m010_household,
    m011_consents,
    m012_own_words,
    m013_bookmarks,
    m014_passages,
    m015_pictures,
)


def migrate(database: Database, *, to: int | None = None) -> None:
    """Bring a database to the newest format, each step whole or not at all, and watch it.

    Or only `to` an older one, for a repair. A step changes what rows look like, so the chain
    begins anew with it.

    Raises NewerSpace, having changed nothing, when it is beyond the newest one known here.
    """
    found = database.row("PRAGMA user_version")
    assert found
    (version,) = found
    if version > len(MIGRATIONS):
        raise NewerSpace(
            _("This space was last used with a newer Safe Space."),
            _("Update Safe Space to open it."),
        )
    witness, unchained = database.witness, not chain.is_kept(database)
    if 0 < version < len(MIGRATIONS) and unchained and not (witness.head or witness.doubt):
        witness.begin(database)  # or a kill would leave a chain without a head: an alarm
    for number, step in enumerate(MIGRATIONS[version:to], start=version + 1):
        with database.transaction():
            step(database)
            if chain.is_kept(database):
                chain.found(database)
            database.change(f"PRAGMA user_version = {number}")
    chain.watch(database)
