# SPDX-License-Identifier: AGPL-3.0-or-later
"""An export holds every column of every table, save those it states; docs/export.md names all."""

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from safespace.errors import SafeSpaceError
from safespace.store.connection import DATABASE, Database, open_database
from safespace.store.migrations import migrate
from safespace.store.rooms import export
from safespace.store.space import Space
from safespace.store.spaces import NewSpace
from safespace.store.truth import chain
from tests.unit.store.formats import fill

DOCUMENTED: Final = Path(__file__).parents[4] / "docs" / "export.md"
OTHERS: Final = (
    "2020-02-02T02:02:02.000000+00:00",
    "model",
    "human",
    "letter",
    "failed",
    "recovery_code",
    "older",
    '[{"code": "other", "values": {}}]',
    '"another value"',
    None,
    0,
    1,
    2,
    7,
    1234,
)
"""Of these, each column can hold one that is not what it holds."""


@pytest.fixture
def database(new: NewSpace) -> Iterator[Database]:
    """A space with a row in every table, open without the thread that usually owns it."""
    space = Space(new.info.folder, new.key)
    fill(space)
    space.close()
    opened = open_database(new.info.folder / DATABASE, new.key)
    migrate(opened)
    opened.change("INSERT INTO finding (at, kind, changes) SELECT at, 'lost', 3 FROM opening")
    opened.change("PRAGMA foreign_keys = OFF")
    yield opened
    opened.close()


def everything(database: Database) -> str:
    whole = export.everything(database)
    whole.pop("exported")
    return json.dumps(whole)


def shows(database: Database, table: str, column: str) -> bool:
    """Whether some other value of a column makes another export."""
    before = everything(database)
    for other, row in product(OTHERS, ("min", "max")):
        database.change("BEGIN")
        try:
            database.change(
                f'UPDATE "{table}" SET "{column}" = ?'  # noqa: S608 - names out of the schema
                f' WHERE rowid = (SELECT {row}(rowid) FROM "{table}")',
                other,
            )
            if everything(database) != before:
                return True
        except (SafeSpaceError, ValueError, KeyError, TypeError, AttributeError):
            pass  # not a value that this column can have
        finally:
            database.change("ROLLBACK")
    return False


def test_every_column_shows_in_an_export_or_is_stated_as_left_out(database: Database) -> None:
    left_out = set()
    for table in [*chain.tables(database), "chain"]:
        if table in export.LEFT_OUT:
            left_out.add(table)
            continue
        assert database.row(f'SELECT 1 FROM "{table}"'), f"let `fill` put a row into {table}"  # noqa: S608
        for _n, column, *_facts in database.rows(f'PRAGMA table_info("{table}")'):
            if not shows(database, table, column):
                left_out.add(f"{table}.{column}")
    assert left_out == set(export.LEFT_OUT)


def keys(value: object, path: str = "") -> Iterator[str]:
    """The places in a JSON value: `conversations[].title`. Below `…` the keys are anybody's."""
    if isinstance(value, dict) and path not in _FREE:
        for key, inner in value.items():
            yield from keys(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for inner in value:
            yield from keys(inner, f"{path}[]")
    else:
        yield path


_FREE: Final = (
    "settings",
    "activity.decided[].reasons[].values",
    "conversations[].messages[].mark.reasons[].values",
)


def test_the_document_names_every_key_and_no_other(database: Database) -> None:
    text = DOCUMENTED.read_text("utf-8").partition("## space.json")[2]
    named = set(re.findall(r"^\| `([a-z0-9_.\[\]]+)` \|", text, re.MULTILINE))
    held = set(keys(export.everything(database)))
    null = {"conversations[].messages[].mark"}  # or what it holds, each below it
    assert named == held - null | {"name"}


def test_the_document_names_what_is_left_out_and_why() -> None:
    text = DOCUMENTED.read_text("utf-8")
    for what, why in export.LEFT_OUT.items():
        assert f"- `{what}`: {why}" in text
