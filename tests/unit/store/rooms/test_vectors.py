# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a model made of passages is kept for that model, and goes with the passage."""

from pathlib import Path

import pytest

from safespace.domain import Kind, Passage
from safespace.store.connection import Database
from safespace.store.space import Space

ONE, OTHER = b"1" * 32, b"2" * 32
TEXT = "The rent is due in March.\n" * 400


@pytest.fixture
def passages(space: Space, tmp_path: Path) -> list[Passage]:
    """Of two documents."""
    for name in ("lease.txt", "house.txt"):
        (tmp_path / name).write_text(f"{name} {TEXT}")
        space.documents.add(tmp_path / name)
    return space.vectors.lacking(ONE, 99)


def rows(space: Space) -> int:
    def counted(database: Database) -> int:
        row = database.row("SELECT count(*) FROM vector")
        assert row
        return int(row[0])

    return space._owner.do(counted)


def test_what_is_made_is_kept_and_no_longer_lacking(space: Space, passages: list[Passage]) -> None:
    assert len(passages) > 4
    assert [one.id for one in space.vectors.lacking(ONE, 2)] == [one.id for one in passages[:2]]
    space.vectors.keep(ONE, {one.id: b"made" for one in passages[:3]})
    assert space.vectors.lacking(ONE, 99) == passages[3:]
    assert space.vectors.every(ONE) == [(one.id, b"made") for one in passages[:3]]
    assert space.vectors.count(ONE) == (3, len(passages))


def test_another_model_has_it_made_anew(space: Space, passages: list[Passage]) -> None:
    space.vectors.keep(ONE, {passages[0].id: b"made"})
    assert space.vectors.every(OTHER) == []
    assert space.vectors.lacking(OTHER, 99) == passages
    space.vectors.keep(OTHER, {passages[0].id: b"other"})
    assert space.vectors.every(ONE) == []
    assert space.vectors.every(OTHER) == [(passages[0].id, b"other")]
    assert rows(space) == 1


def test_of_named_documents_alone(space: Space, passages: list[Passage]) -> None:
    space.vectors.keep(ONE, {one.id: b"made" for one in passages})
    lease = passages[0].document
    found = space.vectors.every(ONE, [lease])
    assert [passage for passage, _made in found] == [
        one.id for one in passages if one.document == lease
    ]
    assert space.vectors.every(ONE, []) == []


def test_it_is_not_found_in_the_bin_and_goes_with_the_document(
    space: Space, passages: list[Passage]
) -> None:
    space.vectors.keep(ONE, {one.id: b"made" for one in passages})
    lease = passages[0].document
    others = sum(one.document != lease for one in passages)
    space.bin.put(Kind.DOCUMENT, lease)
    assert space.vectors.count(ONE) == (others, others)
    assert rows(space) == len(passages)
    space.bin.erase(Kind.DOCUMENT, lease)
    space.documents.sweep()
    assert rows(space) == others
    space.vectors.keep(ONE, {passages[0].id: b"too late"})
    assert rows(space) == others


def test_all_is_forgotten(space: Space, passages: list[Passage]) -> None:
    space.vectors.keep(ONE, {passages[0].id: b"made"})
    space.vectors.forget()
    assert rows(space) == 0
