# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is put in is found, in every kind of thing, and after a new key and from a backup too."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safespace.domain import Kind, Role
from safespace.store import acts
from safespace.store.backups import backups
from safespace.store.rooms.search import shared
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from tests.unit.store import formats
from tests.unit.store.conftest import CHEAP, PASSPHRASE

WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéçñ", min_size=3, max_size=12)
UNSPACED = st.text("我明天去学校学习中文東京行", min_size=3, max_size=9)


def put_in(space: Space, kind: Kind, text: str, folder: Path) -> int:
    if kind is Kind.NOTE:
        return space.notes.keep(None, "", text)
    if kind is Kind.MEMORY:
        return space.memory.keep(None, text)
    if kind is Kind.DOCUMENT:
        (folder / "d.txt").write_text(text, "utf-8")
        return space.documents.add(folder / "d.txt").id
    begun = space.new_conversation("").id
    space.add_message(begun, None, Role.MEMBER, text)
    return begun


@given(
    kind=st.sampled_from(Kind),
    words=st.lists(WORDS | UNSPACED, min_size=1, max_size=9),
    place=st.integers(0, 99),
)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_put_in_is_found_until_it_is_deleted(
    space: Space, tmp_path: Path, kind: Kind, words: list[str], place: int
) -> None:
    id_ = put_in(space, kind, " ".join(words), tmp_path)
    wanted = words[place % len(words)]
    found = [hit.id for hit in space.search(wanted, 500, kind)]
    assert id_ in found
    assert len(found) == len(set(found))
    space.bin.put(kind, id_)
    assert id_ not in [hit.id for hit in space.search(wanted, 500, kind)]
    space.bin.restore(kind, id_)
    assert id_ in [hit.id for hit in space.search(wanted, 500)]
    space.bin.erase(kind, id_)
    assert id_ not in [hit.id for hit in space.search(wanted, 500, kind)]


@given(st.lists(st.lists(st.integers(), max_size=9), max_size=6), st.integers(0, 30))
def test_a_share_is_given_to_each_and_none_is_wasted(lists: list[list[int]], limit: int) -> None:
    taken = shared(lists, limit)
    assert len(taken) == min(limit, sum(map(len, lists)))
    marked = shared([[(n, item) for item in items] for n, items in enumerate(lists)], limit)
    counts = [sum(1 for n, _item in marked if n == number) for number in range(len(lists))]
    for number, count in enumerate(counts):
        if count < len(lists[number]):  # who wants more has no less than anyone, save by one
            assert count + 1 >= max(counts)


def test_index_and_bytes_are_whole_after_a_new_key_and_from_a_backup(
    new: NewSpace, space: Space, tmp_path: Path, spaces: Spaces
) -> None:
    formats.fill(space)
    before = space.search("plum", 50)
    (document,) = (one for one in space.documents.every() if one.title == "plums.txt")
    kept = tmp_path / "kept"
    kept.mkdir()
    made = backups.make(space, new.key, new.info, kept)
    space.close()
    restored = backups.restore(made.file, lambda _header: new.key, spaces)
    acts.new_key(new.info.folder, new.key, PASSPHRASE, CHEAP, guessable=False)
    for info, key in (
        (restored, new.key),
        (new.info, spaces.unlock(new.info, PASSPHRASE)),
    ):
        opened = Space(info.folder, key)
        try:
            assert opened.search("plum", 50) == before
            assert b"".join(opened.documents.read(document.id)) == formats.DOCUMENT.encode()
            assert opened.prove(lambda: False)
            assert opened.findings() == []
        finally:
            opened.close()
    assert {hit.kind for hit in before} == {Kind.NOTE, Kind.DOCUMENT, Kind.MEMORY}
