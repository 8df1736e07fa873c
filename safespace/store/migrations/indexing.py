# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a column, found: what FTS5 indexes, and triggers that keep it so.

It makes formats, so it is never changed once released.
"""

from safespace.store.connection import Database


def index(
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
    for suffix, content, indexed, tokens, condition in (
        ("words", table, column, words, ""),
        ("trigrams", f"{table}_unspaced", "text", "tokenize = 'trigram'", unspaced),
    ):
        name = f"{table}_{suffix}"
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
