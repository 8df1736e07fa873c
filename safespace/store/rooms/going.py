# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a document that is erased goes: a little at a time, so that nobody waits for long.

It is `going`; once its text is deleted it is `unsaid`, since the index still holds words of it,
then `merging` until the index has been written anew without them.
"""

from typing import Final

from safespace.store.connection import Database

_AT_ONCE: Final = (("picture", 4), ("passage", 32), ("piece", 4))
"""How many of them are overwritten in one transaction."""
_INDEXES: Final = ("passage_words", "passage_trigrams")
_MERGED_AT_ONCE: Final = 400
"""Pages of an index, of some 4 KB."""
_STILL_WORKING: Final = 2
"""Changes of a merge that had something to do, https://www.sqlite.org/fts5.html#the_merge_command"""


def let_go(database: Database, which: str, *values: object) -> None:
    """Mark documents as going; a conversation they are attached to can go before them."""
    database.change(
        f"UPDATE document SET state = 'going', conversation = NULL WHERE {which}",
        *values,
    )


def pass_on(database: Database, which: str, *values: object) -> None:
    """Have documents of conversations that go belong to another one that they are attached to."""
    others = (
        "FROM attachment WHERE attachment.document = document.id AND attachment.conversation"
        f" NOT IN (SELECT id FROM conversation WHERE {which})"
    )
    database.change(
        f"UPDATE document SET conversation = (SELECT min(attachment.conversation) {others})"
        f" WHERE conversation IN (SELECT id FROM conversation WHERE {which})"
        f" AND EXISTS (SELECT 1 {others})",
        *values * 3,
    )


def give_up_adding(database: Database) -> None:
    """Nobody is adding any more: what is half there goes."""
    if database.row("SELECT 1 FROM document WHERE state = 'adding'"):
        let_go(database, "state = 'adding'")


def any_going(database: Database) -> bool:
    """Whether `sweep` has something to do."""
    row = database.row("SELECT 1 FROM document WHERE state NOT IN ('adding', 'kept')")
    return row is not None


def sweep(database: Database) -> None:
    """Go one step on with what is going; with the last, the documents themselves are gone."""
    for table, count in _AT_ONCE:
        some = database.row(
            f"SELECT document FROM {table} JOIN document ON document.id = document"
            " WHERE state IN ('going', 'unsaid') LIMIT 1"
        )
        if some:
            which = f"SELECT id FROM {table} WHERE document = ? LIMIT {count}"
            database.change(f"DELETE FROM {table} WHERE id IN ({which})", *some)
            if table == "passage":
                database.change("UPDATE document SET state = 'unsaid' WHERE id = ?", *some)
            return
    database.change("DELETE FROM document WHERE state = 'going'")
    if database.row("SELECT 1 FROM document WHERE state = 'unsaid'"):
        for index in _INDEXES:
            _merge(database, index, -_MERGED_AT_ONCE)  # what has a minus begins with all of it
        database.change("UPDATE document SET state = 'merging' WHERE state = 'unsaid'")
    elif not any(_merge(database, index, _MERGED_AT_ONCE) for index in _INDEXES):
        database.change("DELETE FROM document WHERE state = 'merging'")


def _merge(database: Database, index: str, pages: int) -> bool:
    """Write some of an index anew, without what was deleted; whether there was any to write."""
    before = database.row("SELECT total_changes()")
    database.change(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", pages)
    after = database.row("SELECT total_changes()")
    assert before
    assert after
    return int(after[0]) - int(before[0]) >= _STILL_WORKING
