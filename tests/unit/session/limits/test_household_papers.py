# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever befalls the household's papers while every space is locked, doubt closes."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import NO_LIMITS, Level, Limits, LimitsTime
from safespace.errors import StorageError
from safespace.session.entrance import Entrance
from safespace.session.limits import document as documents
from safespace.session.limits.bound import Bound
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.own import OwnLimits
from safespace.session.limits.papers import Papers
from safespace.session.limits.signer import Signer
from safespace.store.rooms import household as table

from .households import HOUSE, MUMS, TIGHTER, Household, household
from .test_limits import NOW, PASSPHRASE, Clock, accept


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Household:
    return household(entrance, home)


def lax(version: int, key: Ed25519PrivateKey) -> bytes:
    of = key.public_key().public_bytes_raw()
    return documents.sign(Document(HOUSEHOLD, version, "Mum", of, True, None, NO_LIMITS), key)


def missing(family: Household) -> None:
    shutil.rmtree(family.paper.parent)


def older(family: Household) -> None:
    family.rule(Limits(Level.AT_MY_SIDE))
    first = family.paper.read_bytes()
    family.rule()
    for info in family.entrance.spaces():
        family.inside(info.name, lambda _session: None)
    family.paper.write_bytes(first)


def forged(family: Household) -> None:
    family.paper.write_bytes(lax(9, Ed25519PrivateKey.generate()))


def replayed(family: Household) -> None:
    """A document that Mum did sign, but for Kim's space."""
    info = family.entrance.find("Kim")
    for _version in range(3):
        family.mum(lambda mum: mum.wards.offer(info, NO_LIMITS, adult=True))
    shutil.copy(family.papers / "document", family.paper)


def edited(family: Household) -> None:
    data = family.paper.read_bytes()
    changed = data.replace(b'"highest":1', b'"highest":4').replace(b'"minutes":30', b'"minutes":99')
    assert changed != data
    family.paper.write_bytes(changed)


FAULTS = [missing, older, forged, replayed, edited]


@pytest.mark.torture("space.household_closes")
@pytest.mark.parametrize("befalls", FAULTS)
def test_whatever_befalls_the_paper_a_space_begins_under_the_last_known_limits(
    befalls: Callable[[Household], None], family: Household
) -> None:
    family.rule()
    befalls(family)
    held = family.begin("Bo")
    assert held
    assert (held.highest, held.minutes) == (HOUSE.highest, HOUSE.minutes)
    assert family.begin("Cy", MUMS) == NO_LIMITS
    family.mum(lambda _mum: None)
    assert family.begin("Dee") == HOUSE, "the guardian's space has laid out its own again"


@pytest.mark.torture("space.household_closes")
@pytest.mark.parametrize("befalls", FAULTS)
def test_whatever_befalls_every_copy_what_held_holds(
    befalls: Callable[[Household], None], family: Household
) -> None:
    family.rule()
    family.begin("Bo")
    befalls(family)
    junk = family.paper.read_bytes() if family.paper.exists() else b""
    for copy in family.copies():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(junk)
    assert family.holds("Bo") == HOUSE


@pytest.mark.torture("space.household_closes")
def test_a_clock_that_was_set_back_closes(family: Household) -> None:
    family.rule()
    family.begin("Bo")
    session = family.open("Bo")
    space, info = session._space, family.entrance.find("Bo")
    clock = Clock()
    limits = OwnLimits(
        space.limits,
        Bound(space.household, Papers(None, info.folder.parent), info),
        Signer(space.limits, space.household),
        info.id,
        None,
        clock,
    )
    assert limits.time() is LimitsTime.OPEN
    limits.note_use(29 * 60)
    clock.now = NOW.replace(hour=2)
    assert limits.time() is LimitsTime.CLOCK
    clock.now = NOW
    limits.note_use(60)
    assert limits.time() is LimitsTime.MINUTES
    session.close()


@pytest.mark.parametrize("befalls", ["pipe", "folder", "flood", "binary"])
def test_odd_papers_neither_hold_up_nor_hide_what_another_copy_says(
    befalls: str, family: Household
) -> None:
    family.rule()
    family.paper.unlink()
    match befalls:
        case "pipe":
            os.mkfifo(family.paper)
        case "folder":
            family.paper.mkdir()
        case "flood":
            lines = [lax(1, Ed25519PrivateKey.generate()) for _paper in range(40)]
            family.paper.write_bytes(b"".join(lines))
        case "binary":
            family.paper.write_bytes(bytes(range(256)) * 4096)
    held = family.begin("Bo")
    assert held
    assert (held.highest, held.minutes) == (HOUSE.highest, HOUSE.minutes)


def test_a_space_is_not_there_before_it_is_under_them(
    family: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    family.rule()

    def full(*_any: object) -> None:
        raise StorageError("full", "")

    with monkeypatch.context() as broken:
        broken.setattr(table, "keep", full)
        with pytest.raises(StorageError):
            family.begin("Bo")
    assert "Bo" not in [info.name for info in family.entrance.spaces()]
    assert family.begin("Bo") == HOUSE


def test_a_guardian_who_hides_has_no_copy_in_their_folder(family: Household) -> None:
    family.rule()
    folder = family.entrance.find("Mum").folder
    assert (folder / "household").exists()
    family.mum(lambda mum: mum.at_entrance.hide())
    family.mum(lambda _mum: None)
    assert not (folder / "household").exists()
    assert family.begin("Bo", MUMS) == NO_LIMITS, "the guardian is found by the name they signed"
    assert family.begin("Cy") == HOUSE


def test_who_takes_every_copy_away_is_told_on(family: Household) -> None:
    family.rule()
    shutil.rmtree(family.paper.parent)
    for copy in family.copies():
        copy.unlink(missing_ok=True)
    assert family.begin("Bo") == NO_LIMITS, "nothing is left to know them by"
    session = family.open("Mum")
    assert session.household.outside() == ["Bo"]
    assert "without the household's limits: Bo" in session.notice
    session.close()
    assert family.begin("Cy") == HOUSE


def test_a_space_put_back_takes_the_newest_again_and_the_guardian_is_told(
    family: Household,
) -> None:
    family.rule()
    family.begin("Bo")
    folder = family.entrance.find("Bo").folder
    shutil.copytree(folder, family.home / "old")
    family.rule(TIGHTER)
    assert family.holds("Bo") == TIGHTER
    family.kim(lambda _kim: None)  # Kim's space holds a receipt from now on
    shutil.rmtree(family.paper.parent)
    shutil.rmtree(folder)
    shutil.copytree(family.home / "old", folder)
    assert family.holds("Bo") == TIGHTER
    session = family.open("Mum")
    (seen,) = session.wards.every()
    assert seen.went_back_to == 1
    assert "“Bo” went back to limits version 1" in session.notice
    session.close()


def test_a_folder_from_before_is_under_what_others_remember(family: Household) -> None:
    folder, backup = family.entrance.find("Kim").folder, family.backup("Kim")
    shutil.copytree(folder, family.home / "before")
    shutil.rmtree(folder)
    family.rule()
    assert family.entrance.restore(backup, PASSPHRASE).folder == folder
    assert family.holds("Kim") == HOUSE
    shutil.rmtree(folder)
    shutil.copytree(family.home / "before", folder)
    assert family.holds("Kim") == HOUSE


def test_a_backup_beside_its_space_is_under_the_newest_limits_known(family: Household) -> None:
    kim = family.entrance.find("Kim")
    family.mum(lambda mum: mum.wards.offer(kim, HOUSE, adult=True))
    family.kim(accept)
    backup = family.backup("Kim")
    family.mum(lambda mum: mum.wards.offer(kim, TIGHTER, adult=True))
    assert family.holds("Kim") == TIGHTER
    shutil.rmtree(family.papers)
    info = family.entrance.restore(backup, PASSPHRASE)
    assert info.id != kim.id
    assert family.holds(info.name) == TIGHTER, "as the receipt of that space says"
    session = family.open("Mum")
    assert sorted(seen.name for seen in session.wards.every()) == ["Kim", info.name]
    session.wards.offer(info, HOUSE, adult=True)
    session.close()
    assert family.holds(info.name) == HOUSE, "it follows what is signed for it"
