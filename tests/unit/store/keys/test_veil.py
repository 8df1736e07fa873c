# SPDX-License-Identifier: AGPL-3.0-or-later
"""A header that shows nothing, or a picture: what can be read in it, and what is refused."""

import base64
import json
from pathlib import Path

import pytest

from safespace.errors import NoSuchSpace
from safespace.store import acts
from safespace.store.backups import backups
from safespace.store.keys import header, header_copies, veil
from safespace.store.keys.header import LARGEST_PICTURE, Unreadable
from safespace.store.keys.wraps import fresh_key, fresh_recovery_code
from safespace.store.space import Space
from safespace.store.spaces import NewSpace, Spaces
from tests.unit.store.conftest import CHEAP, PASSPHRASE

PNG = b"\x89PNG\r\n\x1a\n and the rest"
SEALED = header.seal("Zephyrine", fresh_key(), PASSPHRASE, fresh_recovery_code(), CHEAP)
VEILED = header.veiled(header.shown(SEALED, "Zephyrine", PNG), "Zephyrine")


def hide(new: NewSpace) -> None:
    kept = header_copies.read(new.info.folder).header
    header_copies.put(new.info.folder, header.veiled(kept, new.info.name))


def test_a_veiled_header_tells_no_name_and_knows_it() -> None:
    assert b"Zephyrine" in header.encode(SEALED)
    data = header.encode(VEILED)
    assert b"ephyrine" not in data
    assert b"picture" not in data
    read = header.decode(data)
    assert read == VEILED
    assert read.veil
    assert read.veil.hides("  zEPHYRINE ")
    assert not read.veil.hides("Zephyrin")
    assert read.unlock(PASSPHRASE).key == SEALED.unlock(PASSPHRASE).key


def test_two_veils_over_one_name_differ() -> None:
    assert veil.over("Ada", CHEAP).print != veil.over("Ada", CHEAP).print


def test_a_name_is_guessed_at_the_price_of_a_passphrase() -> None:
    assert VEILED.veil
    assert VEILED.veil.cost == VEILED.cost


def test_a_picture_is_kept_and_taken_away() -> None:
    with_picture = header.decode(header.encode(header.shown(SEALED, "Zephyrine", PNG)))
    assert with_picture.picture == PNG
    assert header.encode(header.shown(with_picture, "Zephyrine", b"")) == header.encode(SEALED)


@pytest.mark.parametrize("picture", [b"GIF89a", PNG + bytes(LARGEST_PICTURE)])
def test_a_hostile_picture_is_refused(picture: bytes) -> None:
    with pytest.raises(Unreadable):
        header.shown(SEALED, "Zephyrine", picture)
    fields = json.loads(header.encode(SEALED))
    for text in (base64.b64encode(picture).decode(), "no base64"):
        with pytest.raises(Unreadable):
            header.decode(header._canonical({**fields, "picture": text}))


@pytest.mark.parametrize("change", [{"memory_kib": 1 << 30}, {"salt": "00"}, {"print": None}])
def test_a_hostile_veil_is_refused(change: dict[str, object]) -> None:
    fields = json.loads(header.encode(VEILED))
    with pytest.raises(Unreadable):
        header.decode(header._canonical({**fields, "veil": {**fields["veil"], **change}}))


def test_a_hidden_space_is_found_by_its_name_alone(spaces: Spaces, new: NewSpace) -> None:
    spaces.create("Bo", PASSPHRASE, CHEAP)
    hide(new)
    hidden, bo = sorted(spaces.list(), key=lambda info: not info.hidden)
    assert (hidden.hidden, hidden.name, bo.hidden) == (True, hidden.id, False)
    for name in (new.info.name, new.info.name.upper()):
        assert spaces.find(name).id == new.info.id
        assert spaces.hidden(name).id == new.info.id
        assert spaces.find(name).name == name
    assert spaces.find(new.info.id).id == new.info.id
    for ask in (spaces.find, spaces.hidden):
        with pytest.raises(NoSuchSpace) as refused:
            ask("Cleo")
        assert new.info.name not in str(refused.value)
        assert new.info.id not in str(refused.value)
    with pytest.raises(NoSuchSpace):
        spaces.hidden("Bo")


def test_whether_a_name_is_taken_tells_of_no_hidden_space(spaces: Spaces, new: NewSpace) -> None:
    hide(new)
    other = spaces.create(new.info.name, PASSPHRASE, CHEAP)
    assert spaces.find(new.info.name).id == other.info.id
    assert spaces.hidden(new.info.name).id == new.info.id


def test_it_stays_hidden_through_acts_on_its_keys(spaces: Spaces, new: NewSpace) -> None:
    hide(new)
    acts.new_passphrase(new.info.folder, new.key, "another one", CHEAP, guessable=True)
    acts.new_recovery_code(new.info.folder, new.key)
    acts.new_key(new.info.folder, new.key, PASSPHRASE, CHEAP, guessable=False)
    assert spaces.hidden(new.info.name).id == new.info.id
    assert header_copies.read(new.info.folder).header.name == ""


def test_a_backup_of_it_stays_hidden_unless_it_gets_a_name(
    spaces: Spaces,
    new: NewSpace,
    space: Space,
    tmp_path: Path,
) -> None:
    hide(new)
    backup = backups.make(space, new.key, new.info, tmp_path)
    again = backups.restore(backup.file, lambda kept: kept.unlock(PASSPHRASE), spaces)
    assert (again.hidden, again.name) == (True, again.id)
    assert header_copies.read(again.folder).header.veil
    named = backups.restore(backup.file, lambda _kept: new.key, spaces, "Found again")
    assert (named.hidden, named.name) == (False, "Found again")
    assert spaces.find("Found again").id == named.id
