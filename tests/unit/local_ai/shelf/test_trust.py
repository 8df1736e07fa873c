# SPDX-License-Identifier: AGPL-3.0-or-later
"""A catalogue is taken only from two of its three keepers, and never an older one."""

import json
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp

from safespace.errors import CatalogueRefused, StorageError
from safespace.local_ai.shelf.catalogue import NAME, Catalogue
from safespace.local_ai.shelf.trust import SIGNED, take
from tests.conftest import Share
from tests.unit.local_ai.shelf.keepers import Keepers, the_programs_own
from tools import signing


@pytest.fixture
def keepers(tmp_path: Path) -> Keepers:
    return Keepers(tmp_path)


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    return tmp_path / "state" / "catalogue" / NAME


def test_a_newer_one_of_two_keepers_is_taken_and_kept(keepers: Keepers, taken: Path) -> None:
    catalogue = take(keepers.publish("new", 2), taken, keepers.own)
    assert catalogue.version == 2
    assert Catalogue.read(taken) == catalogue
    assert take(keepers.publish("newer", 3), taken, keepers.own).version == 3


def refused(brought: Path, taken: Path, keepers: Keepers, match: str) -> None:
    before = taken.read_bytes() if taken.exists() else None
    with pytest.raises(CatalogueRefused, match=match):
        take(brought, taken, keepers.own)
    assert (taken.read_bytes() if taken.exists() else None) == before


def test_an_older_one_is_refused(keepers: Keepers, taken: Path) -> None:
    take(keepers.publish("third", 3), taken, keepers.own)
    refused(keepers.publish("second", 2), taken, keepers, "older")
    assert Catalogue.read(taken).version == 3


def test_one_older_than_the_programs_own_is_refused(keepers: Keepers, taken: Path) -> None:
    signing.sign(keepers.own / NAME, keepers.own, keepers.keys, keepers.ends())
    own = keepers.own / NAME
    own.write_text(own.read_text("utf-8").replace("version = 1", "version = 5"), "utf-8")
    signing.sign(own, keepers.own, keepers.keys, keepers.ends())
    refused(keepers.publish("fourth", 4), taken, keepers, "older")


def test_one_keeper_alone_is_refused_and_so_is_one_who_signs_twice(
    keepers: Keepers, taken: Path
) -> None:
    refused(keepers.publish("alone", 2, keepers.keys[:1]), taken, keepers, "not signed")
    twice = keepers.publish("twice", 2, keepers.keys[:1])
    for name in SIGNED:
        file = twice / name
        read = json.loads(file.read_text("utf-8"))
        read["signatures"] *= 2
        file.write_text(json.dumps(read), "utf-8")
    refused(twice, taken, keepers, "not signed")


def test_strangers_are_refused_also_with_a_root_of_their_own(keepers: Keepers, taken: Path) -> None:
    strangers = signing.new_keys()
    brought = keepers.publish("other", 2, strangers)
    refused(brought, taken, keepers, "not signed")
    for name in ("root.json", "1.root.json", "2.root.json"):
        signing.root_of(strangers, keepers.ends(), version=2).to_file(str(brought / name))
        refused(brought, taken, keepers, "not signed")


def test_what_has_expired_is_refused(keepers: Keepers, taken: Path) -> None:
    refused(keepers.publish("old", 2, later=timedelta(days=-1)), taken, keepers, "expired")


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    place = content.index(b"Known") if file.suffix == ".toml" else content.index(b"version") + 10
    content[place] ^= 1
    file.write_bytes(bytes(content))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


@pytest.mark.parametrize("name", [*SIGNED, NAME])
@pytest.mark.parametrize("harm", [_flip, _cut, Path.unlink])
def test_what_was_changed_cut_or_left_out_is_refused(
    keepers: Keepers, taken: Path, name: str, harm: Callable[[Path], None]
) -> None:
    brought = keepers.publish("new", 2)
    harm(brought / name)
    refused(brought, taken, keepers, "catalogue")
    assert not taken.exists()


@pytest.mark.torture("shelf.catalogues")
def test_one_byte_anywhere_is_seen(keepers: Keepers, tmp_path: Path, share: Share) -> None:
    whole = keepers.publish("whole", 2)
    signed = (whole / NAME).read_bytes()
    count, took = share(400), 0
    for seed in range(count):
        chance = random.Random(seed)  # noqa: S311
        brought = Path(shutil.copytree(whole, tmp_path / f"spoilt-{seed}"))
        file = brought / chance.choice([*SIGNED, NAME])
        content = bytearray(file.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(bytes(content))
        taken = tmp_path / f"taken-{seed}" / NAME
        try:
            take(brought, taken, keepers.own)
        except CatalogueRefused:
            assert not taken.exists(), seed
        else:  # a byte that means nothing: two of two signatures hold, or it is no byte of content
            assert taken.read_bytes() == signed, seed
            took += 1
    assert took < count


def test_parts_of_two_catalogues_are_refused(keepers: Keepers, taken: Path) -> None:
    one, other = keepers.publish("two", 2), keepers.publish("three", 3)
    for name in ("targets.json", NAME):
        (one / name).write_bytes((other / name).read_bytes())
    refused(one, taken, keepers, "catalogue")


def test_new_keys_are_taken_from_the_old_ones(keepers: Keepers, taken: Path) -> None:
    fresh = signing.new_keys()
    brought = keepers.publish("new", 2, fresh[:2])
    root = signing.root_of(fresh, keepers.ends(), version=2)
    for key in keepers.keys[:2]:
        root.sign(key, append=True)
    root.to_file(str(brought / "2.root.json"))
    assert take(brought, taken, keepers.own).version == 2


def test_one_that_is_signed_and_unreadable_is_refused(keepers: Keepers, taken: Path) -> None:
    brought = keepers.publish("new", 2)
    (brought / NAME).write_text("version = 2\n[[model]]\nname = 'x'\n", "utf-8")
    signed = keepers.keys[:2]
    with pytest.raises(KeyError):
        Catalogue.read(brought / NAME)
    target = TargetFile.from_file(NAME, str(brought / NAME))
    content = Targets(version=2, expires=keepers.ends(), targets={NAME: target})
    signing.signed(content, signed).to_file(str(brought / "targets.json"))
    refused(brought, taken, keepers, "cannot read")


def test_a_folder_that_is_not_there_is_refused(keepers: Keepers, taken: Path) -> None:
    refused(keepers.folder / "nowhere", taken, keepers, "not complete")


def test_where_nothing_can_be_kept_that_is_said(keepers: Keepers, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StorageError):
        take(keepers.publish("new", 2), tmp_path / "file" / NAME, keepers.own)


def test_what_came_with_the_program_is_signed_by_two_of_three(tmp_path: Path) -> None:
    ours = the_programs_own(tmp_path)
    root = Metadata[Root].from_file(str(ours / "root.json"))
    for role in root.signed.roles.values():
        assert role.threshold == 2
        assert len(set(role.keyids)) == 3
    root.verify_delegate(Root.type, root)
    root.verify_delegate("targets", Metadata[Targets].from_file(str(ours / "targets.json")))
    root.verify_delegate("snapshot", Metadata[Snapshot].from_file(str(ours / "snapshot.json")))
    root.verify_delegate("timestamp", Metadata[Timestamp].from_file(str(ours / "timestamp.json")))
    targets = Metadata[Targets].from_file(str(ours / "targets.json")).signed
    assert targets.version == Catalogue.read(ours / NAME).version
    with (ours / NAME).open("rb") as content:
        targets.targets[NAME].verify_length_and_hashes(content)


def test_no_private_key_lies_in_the_repository(tmp_path: Path) -> None:
    def is_private(file: Path) -> bool:
        try:
            load_pem_private_key(file.read_bytes(), None)
        except (ValueError, TypeError):
            return False
        return True

    control = tmp_path / "control.pem"
    control.write_bytes(signing.new_keys()[0].private_bytes)
    assert is_private(control)
    root = Path(__file__).resolve().parents[4]
    looked = [*(root / "assets").rglob("*"), *(root / "tools").rglob("*")]
    assert not any(is_private(file) for file in looked if file.is_file())
