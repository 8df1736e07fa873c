# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is deleted for ever is in no page, no log, no index and no renewed backup any more."""

import random
from pathlib import Path

import pytest

from safespace.domain import Kind, Placeholder, Role
from safespace.store.backups import backups
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces

from .conftest import CHEAP, PASSPHRASE, Share
from .pages import decrypted

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHARACTERS = [chr(code) for code in range(0x4E00, 0x9000)]


def sentence(chance: random.Random) -> str:
    """Words that stand nowhere else, some of them without spaces."""
    words = ["".join(chance.choices(LETTERS, k=12)) for _ in range(6)]
    return " ".join([*words, "".join(chance.choices(CHARACTERS, k=9))])


def traces(said: str) -> list[bytes]:
    """A sentence, and what the indexes make of it: words without shared beginnings, trigrams."""
    *words, unspaced = said.split()
    trigrams = [unspaced[place : place + 3] for place in range(len(unspaced) - 2)]
    return [text.encode() for text in (said, *(word[4:] for word in words), *trigrams)]


def plant(space: Space, kind: Kind, said: str, folder: Path, chance: random.Random) -> int:
    """Something of this kind that says it; its id."""
    if kind is Kind.NOTE:
        return space.notes.keep(space.notes.keep(None, said, ""), "Title", f"{said}\n" * 40)
    if kind is Kind.MEMORY:
        return space.memory.keep(None, said)
    file = folder / f"{kind}.txt"
    filling = "".join(chance.choices(LETTERS + " \n", k=1000)) * 300
    file.write_text(f"{filling}\n{said}\n{filling}")
    if kind is Kind.DOCUMENT:
        return with_picture(space, space.documents.add(file).id, said)
    begun = space.new_conversation(said).id
    question = space.add_message(begun, None, Role.MEMBER, said)
    answer = space.add_message(begun, question.id, Role.MODEL, said)
    space.update_message(answer.id, f"{said} once more", partial=False, mark=None)
    space.save_draft(begun, said)
    with_picture(space, space.documents.add(file, begun).id, said)
    space.placeholders.keep(begun, [Placeholder("[Person 1]", said, "PERSON")])
    return begun


def with_picture(space: Space, document: int, said: str) -> int:
    """Have something in it that stands for a picture, of several pages of the database."""
    space.pictures.write(document, (1, None, said, 30, 20, said.encode() * 400))
    return document


@pytest.mark.torture("space.erased")
def test_what_was_erased_is_nowhere(tmp_path: Path, share: Share) -> None:
    for seed in range(share(80)):
        chance = random.Random(seed)  # noqa: S311 - repeatable
        root = tmp_path / str(seed)
        root.mkdir()
        spaces = Spaces(root / "spaces")
        new = spaces.create("Ada", PASSPHRASE, CHEAP)
        space = Space(new.info.folder, new.key)
        said = {kind: sentence(chance) for kind in Kind}
        stays = {kind: sentence(chance) for kind in Kind}
        (root / "backups").mkdir()
        for kind in chance.sample(list(Kind), k=4):
            plant(space, kind, stays[kind], root, chance)
            id_ = plant(space, kind, said[kind], root, chance)
            if chance.random() < 0.5:
                space.bin.put(kind, id_)
            space._owner.settle()  # or it happens while the scan reads
            before = decrypted(new.info.folder, new.key)
            assert [trace for trace in traces(said[kind]) if trace not in before] == []
            backups.make(space, new.key, new.info, root / "backups")
            space.bin.erase(kind, id_)
            after = decrypted(new.info.folder, new.key)
            assert [trace for trace in traces(said[kind]) if trace in after] == []
            assert space.search(said[kind].split()[0], 9) == []
            assert len(space.search(stays[kind].split()[0], 9)) > 0
        made = backups.make(space, new.key, new.info, root / "backups", keep=1)
        assert backups.kept(root / "backups", new.info.id) == [made]
        space.close()
        info = backups.restore(made.file, lambda header: header.unlock(PASSPHRASE), spaces)
        restored = decrypted(info.folder, new.key)
        assert [kind for kind in Kind if any(t in restored for t in traces(said[kind]))] == []
        assert [kind for kind in Kind if traces(stays[kind])[0] not in restored] == []


def test_the_whole_bin_goes_alike(new: NewSpace, space: Space, tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - repeatable
    said = {kind: sentence(chance) for kind in Kind}
    for kind in Kind:
        space.bin.put(kind, plant(space, kind, said[kind], tmp_path, chance))
    assert {heading.kind for heading in space.bin.every()} == set(Kind)
    space._owner.settle()
    before = decrypted(new.info.folder, new.key)
    assert all(trace in before for kind in Kind for trace in traces(said[kind]))
    space.bin.empty()
    after = decrypted(new.info.folder, new.key)
    assert [trace for kind in Kind for trace in traces(said[kind]) if trace in after] == []
    assert space.bin.every() == []
