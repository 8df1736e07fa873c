# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every format a space was ever written in still opens, and a later one is left alone."""

import shutil
from pathlib import Path

import pytest

from safespace.domain import Kind, Level, Route
from safespace.errors import NewerSpace
from safespace.store import migrations
from safespace.store.connection import DATABASE, Database, create_database
from safespace.store.keys.wraps import fresh_key
from safespace.store.migrations import MIGRATIONS, migrate
from safespace.store.rooms.activity import ActivityEntry, Day
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from . import formats

STORED = sorted(formats.FOLDER.iterdir(), key=lambda folder: int(folder.name.split("-")[1]))


def decided(space: Space) -> set[Route]:
    """The routes of what stands in the record, told apart or counted by now."""
    lines = space.activity.lines()
    days = {route for line in lines if isinstance(line, Day) for route, _count in line.routes}
    here = {line.route for line in lines if isinstance(line, ActivityEntry) and not line.sent}
    return days | here - {Route.COOP}


def tables(database: Database) -> list[tuple[object, ...]]:
    return database.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")


def test_there_is_a_stored_space_for_every_format() -> None:
    assert [folder.name for folder in STORED] == [
        f"format-{number}" for number in range(1, len(MIGRATIONS) + 1)
    ]


@pytest.mark.parametrize("stored", STORED, ids=lambda folder: folder.name)
def test_a_stored_format_opens_whole_and_ends_as_the_newest(
    tmp_path: Path, stored: Path, space: Space
) -> None:
    shutil.copytree(stored, tmp_path / "old" / "ada")
    spaces = Spaces(tmp_path / "old")
    old = Space(spaces.find("Ada").folder, spaces.unlock(spaces.find("Ada"), formats.PASSPHRASE))
    try:
        begun, untouched = old.conversations()
        assert (begun.title, begun.draft, untouched.title) == ("Herons", "and storks?", "Empty")
        question, answer = old.branch(begun.id)
        assert (question.text, answer.text) == (formats.QUESTION, formats.ANSWER)
        assert answer.mark == formats.MARK
        assert answer.siblings == (answer.id - 1, answer.id)
        assert old.draft(None) == "not begun"
        assert old.level() == (Level.AT_MY_SIDE, 2)
        assert old.setting("assistant.model") == "x.gguf"
        assert decided(old) == {Route.LOCAL}
        assert not old.activity.verify().broken
        if int(stored.name.partition("-")[2]) >= formats.HOLDINGS:
            assert [hit.kind for hit in old.search("plum", 9)] == [
                Kind.NOTE, Kind.MEMORY, Kind.DOCUMENT, Kind.DOCUMENT
            ]  # fmt: skip
            (document,) = old.documents.every(begun.id)
            assert b"".join(old.documents.read(document.id)) == formats.DOCUMENT.encode()
            assert [folder.days for folder in old.folders.every()] == [365]
        assert old._owner.do(tables) == space._owner.do(tables)
    finally:
        old.close()


def test_a_later_format_is_newer_and_left_as_it_is(new: NewSpace) -> None:
    space = Space(new.info.folder, new.key)
    later = len(MIGRATIONS) + 1
    space._owner.do(lambda database: database.change(f"PRAGMA user_version = {later}"))
    space.close()
    before = (new.info.folder / DATABASE).read_bytes()
    with pytest.raises(NewerSpace):
        Space(new.info.folder, new.key)
    assert (new.info.folder / DATABASE).read_bytes() == before


def test_a_step_that_breaks_off_leaves_the_format_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def m002_breaks_off(database: Database) -> None:
        database.change("CREATE TABLE half (id)")
        raise InterruptedError

    database = create_database(tmp_path / DATABASE, fresh_key())
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, m002_breaks_off))
    with pytest.raises(InterruptedError):
        migrate(database)
    assert database.row("PRAGMA user_version") == (len(MIGRATIONS),)
    assert "half" not in [name for _, name, *_ in tables(database)]
    monkeypatch.undo()
    migrate(database)
    database.close()
