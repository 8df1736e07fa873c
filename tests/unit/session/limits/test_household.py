# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer with a guardian: a space begins under the household's limits, or with their word."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import NO_LIMITS, Level, Limits, LimitsTime, Topic
from safespace.errors import StorageError, Usage, WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.limits import document as documents
from safespace.session.limits.bound import Bound
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.limits.own import OwnLimits
from safespace.session.limits.papers import Papers
from safespace.session.limits.signer import Signer
from safespace.session.session import Session
from safespace.store import household as table
from safespace.store.spaces import Spaces

from ..conftest import CHEAP
from .test_limits import NOW, PASSPHRASE, Clock, Family, accept

HOUSE = Limits(Level.WHEN_I_ASK, frozenset({Topic.MONEY}), minutes=30, cooperative=False)
TIGHTER = Limits(Level.NO_AI)
MUMS = "seven otters swim past the mill"


class Household(Family):
    """Mum signs for the household; Bo and others begin spaces in it."""

    def __init__(self, entrance: Entrance, home: Path) -> None:
        super().__init__(entrance, home / "state")
        self.home = home
        self.entrance.acts.new_passphrase(entrance.find("Mum"), PASSPHRASE, MUMS, recovery=False)
        self.paper = home / "state" / "limits" / "household"

    def open(self, name: str) -> Session:
        word = MUMS if name == "Mum" else PASSPHRASE
        return self.entrance.unlock(self.entrance.find(name), word, warm=False)

    def inside(self, name: str, act: Callable[[Session], object]) -> None:
        session = self.open(name)
        try:
            act(session)
        finally:
            session.close()

    def rule(self, limits: Limits = HOUSE) -> None:
        self.mum(lambda mum: mum.household.set(limits))

    def begin(self, name: str, guardian: str = "") -> Limits | None:
        """What holds in a space that was just made."""
        session, _code = self.entrance.create(name, PASSPHRASE, guardian)
        held = session.limits.in_force()
        session.close()
        return held

    def holds(self, name: str) -> Limits | None:
        held: list[Limits | None] = []
        self.inside(name, lambda session: held.append(session.limits.in_force()))
        return held[0]

    def backup(self, name: str) -> Path:
        made: list[Path] = []
        self.inside(name, lambda session: made.append(session.backups.make(self.home).file))
        return made[0]

    def copies(self) -> list[Path]:
        return [self.paper, *(self.home / "spaces").glob("*/household")]


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Household:
    spaces = Spaces(home / "spaces", state=home / "state")
    return Household(Entrance(entrance.computer, spaces, CHEAP), home)


def test_a_space_begins_under_them_unless_the_guardian_says_otherwise(family: Household) -> None:
    assert family.begin("Ann") == NO_LIMITS, "without a guardian nobody is asked"
    assert family.entrance.beginning.household() == []
    family.rule()
    (household,) = family.entrance.beginning.household()
    assert (household.guardian, household.limits) == ("Mum", HOUSE)
    assert family.begin("Bo") == HOUSE
    assert family.begin("Cy", MUMS) == NO_LIMITS
    for name, limits in (("Ann", NO_LIMITS), ("Bo", HOUSE), ("Cy", NO_LIMITS), ("Kim", NO_LIMITS)):
        assert family.holds(name) == limits
    family.mum(lambda mum: mum.household.outside() == [] or pytest.fail("all are known"))


def test_a_wrong_word_makes_no_space(family: Household) -> None:
    family.rule()
    with pytest.raises(WrongPassphrase, match="Mum, the guardian"):
        family.begin("Bo", PASSPHRASE)
    assert "Bo" not in [info.name for info in family.entrance.spaces()]
    family.entrance.find("Mum").folder.rename(family.home / "elsewhere")
    with pytest.raises(Usage, match="No guardian"):
        family.begin("Bo", MUMS)


def test_whoever_bears_the_guardians_name_is_not_the_guardian(family: Household) -> None:
    family.rule()
    folder = family.entrance.find("Mum").folder
    folder.rename(family.home / "elsewhere")
    family.begin("Mum")
    with pytest.raises(Usage, match="No guardian"):
        family.begin("Bo", PASSPHRASE)


def test_a_space_that_is_brought_back_begins_under_them_too(family: Household) -> None:
    backup = family.backup("Kim")
    shutil.rmtree(family.entrance.find("Kim").folder)
    family.rule()
    asked = family.entrance.restore(backup, PASSPHRASE, name="Asked", guardian=MUMS)
    assert family.holds(asked.name) == NO_LIMITS
    info = family.entrance.restore(backup, PASSPHRASE, name="Unasked")
    assert family.holds(info.name) == HOUSE
    again = family.entrance.restore(family.backup("Asked"), PASSPHRASE, name="Again")
    assert family.holds(again.name) == HOUSE, "each time the guardian is asked"


def test_the_guardians_own_space_comes_back_without_them(family: Household) -> None:
    family.rule()
    backup = family.backup("Mum")
    shutil.rmtree(family.entrance.find("Mum").folder)
    family.entrance.restore(backup, MUMS)
    assert family.holds("Mum") == NO_LIMITS
    assert family.begin("Bo", MUMS) == NO_LIMITS


def test_what_the_guardian_signs_takes_their_place(family: Household) -> None:
    family.rule()
    family.begin("Bo")
    bo = family.entrance.find("Bo")

    def sign(mum: Session) -> None:
        (seen,) = mum.wards.every()
        assert (seen.name, seen.accepted, seen.document.limits) == ("Bo", 1, HOUSE)
        mum.wards.offer(bo, TIGHTER, adult=True)

    family.mum(sign)
    assert family.holds("Bo") == TIGHTER
    family.inside("Bo", lambda bo: bo.limits.end())
    assert family.holds("Bo") == NO_LIMITS
    family.mum(lambda mum: mum.wards.withdraw(bo.id))
    family.mum(lambda mum: mum.household.outside() == [] or pytest.fail("Bo was let go"))
    family.begin("Cy")
    cy = family.entrance.find("Cy").id
    family.mum(lambda mum: mum.wards.withdraw(cy))
    assert family.holds("Cy") == NO_LIMITS


def test_a_request_from_under_them_is_answered_for_that_space(family: Household) -> None:
    family.rule()
    family.begin("Bo")
    family.inside("Bo", lambda bo: bo.limits.request("minutes"))

    def grant(mum: Session) -> None:
        (seen,) = mum.wards.every()
        assert seen.asked == "minutes"
        mum.wards.answer(seen.space, NO_LIMITS, always=True)

    family.mum(grant)
    assert family.holds("Bo") == NO_LIMITS
    assert family.begin("Cy") == HOUSE


def test_the_next_version_holds_where_they_hold(family: Household) -> None:
    family.rule()
    family.begin("Bo")
    family.rule(TIGHTER)
    assert family.holds("Bo") == TIGHTER
    assert family.begin("Cy") == TIGHTER
    family.mum(lambda mum: mum.household.end())
    assert family.begin("Dee") == NO_LIMITS
    assert family.holds("Bo") == NO_LIMITS
    family.rule()
    assert family.holds("Bo") == HOUSE


def test_only_one_guardian_signs_for_the_household(family: Household) -> None:
    family.rule()

    def refused(kim: Session) -> None:
        with pytest.raises(Usage, match="Mum signs"):
            kim.household.set(NO_LIMITS)

    family.kim(refused)
    family.begin("Bo")

    def limited(bo: Session) -> None:
        with pytest.raises(Usage, match="has limits itself"):
            bo.household.set(NO_LIMITS)

    family.inside("Bo", limited)


# What can befall the papers while every space is locked


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


# A second guardian, and a paper


def heir(family: Household) -> None:
    info = family.entrance.find("Kim")

    def name(mum: Session) -> None:
        with pytest.raises(WrongPassphrase):
            mum.heirs.add(info, MUMS)
        with pytest.raises(Usage, match="somebody else"):
            mum.heirs.add(family.entrance.find("Mum"), MUMS)
        assert [one.name for one in mum.heirs.candidates()][-1] == "Kim"
        mum.heirs.add(info, PASSPHRASE)

    family.inside("Mum", name)


@pytest.mark.parametrize("seen_by_bo", [True, False])
def test_a_second_guardian_takes_over(family: Household, seen_by_bo: bool) -> None:
    family.rule()
    family.begin("Bo")
    family.mum(lambda mum: mum.wards.every())
    bo = family.entrance.find("Bo")
    family.mum(lambda mum: mum.wards.offer(bo, HOUSE, adult=False, ends=date(2035, 1, 1)))

    def nothing(kim: Session) -> None:
        with pytest.raises(Usage, match="no limits here"):
            kim.heirs.take_over()

    family.kim(nothing)
    heir(family)
    if seen_by_bo:
        family.inside("Bo", lambda bo: bo.notice == "" or pytest.fail("nothing is new for Bo"))
    family.kim(lambda kim: kim.heirs.take_over())
    session = family.open("Bo")
    document = session.limits.document()
    assert document
    assert (document.guardian, document.limits) == ("Kim", HOUSE)
    assert "Kim signs the limits of this space from now on." in session.notice
    session.close()
    family.inside("Kim", lambda kim: kim.wards.change(bo.id, TIGHTER, adult=True))
    assert family.holds("Bo") == TIGHTER
    family.mum(lambda mum: mum.wards.change(bo.id, NO_LIMITS, adult=True))
    assert family.holds("Bo") == TIGHTER, "Mum is not its guardian any more"
    assert family.begin("Cy") == HOUSE
    (household,) = family.entrance.beginning.household()
    assert household.guardian == "Kim"


def test_the_paper_takes_over_for_whoever_holds_it(family: Household) -> None:
    family.rule()
    family.begin("Bo")
    papers: list[str] = []
    family.mum(lambda mum: papers.append(mum.heirs.new_paper()))
    first = papers[0]
    family.mum(lambda mum: papers.append(mum.heirs.new_paper()))
    family.entrance.find("Mum").folder.rename(family.home / "gone")

    def take_over(kim: Session) -> None:
        with pytest.raises(WrongPassphrase):
            kim.heirs.take_over("no such words")
        with pytest.raises(Usage):
            kim.heirs.take_over(first)
        assert kim.heirs.take_over(papers[1]) == [HOUSEHOLD]
        kim.household.set(TIGHTER)
        kim.household.set(TIGHTER)

    family.inside("Kim", take_over)
    assert family.holds("Bo") == TIGHTER
    assert family.begin("Cy") == TIGHTER


def test_nobody_else_takes_over(family: Household) -> None:
    """A document by a key that is no heir, with a word that it was handed over all the same."""
    family.rule()
    family.begin("Bo")
    heir(family)
    family.holds("Bo")
    known = documents.read(family.paper.read_bytes())
    thief, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    mine = Document(
        HOUSEHOLD,
        9,
        "Mum",
        thief.public_key().public_bytes_raw(),
        True,
        None,
        NO_LIMITS,
        heirs=known.heirs,
    )
    by_other = documents.hand(mine, other)
    stolen = documents.Handed(known.heirs[0].key, by_other.signature)
    for handed in (None, by_other, stolen):
        forged = documents.sign(
            Document(
                mine.space, 9, "Mum", mine.key, True, None, NO_LIMITS, heirs=known.heirs,
                handed=handed,
            ),
            thief,
        )  # fmt: skip
        for copy in family.copies():
            copy.write_bytes(forged)
        assert family.holds("Bo") == HOUSE


def test_who_is_dropped_takes_over_no_more(family: Household) -> None:
    family.rule()
    heir(family)
    family.inside("Mum", lambda mum: mum.heirs.drop("Kim"))

    def nothing(kim: Session) -> None:
        with pytest.raises(Usage):
            kim.heirs.take_over()

    family.kim(nothing)
    with pytest.raises(Usage, match="may not take over"):
        family.inside("Mum", lambda mum: mum.heirs.drop("Kim"))


# Both are told


def test_unlinking_tells_both(family: Household) -> None:
    kim = family.entrance.find("Kim")
    family.mum(lambda mum: mum.wards.offer(kim, HOUSE, adult=True))
    family.kim(accept)
    family.kim(lambda kim: kim.limits.end())
    session = family.open("Mum")
    assert "“Kim” ended the limits that you signed." in session.notice
    session.wards.withdraw(kim.id)
    session.wards.offer(kim, HOUSE, adult=True)
    session.close()
    family.kim(accept)
    family.mum(lambda mum: mum.wards.withdraw(kim.id))
    session = family.open("Kim")
    assert "Mum ended the limits of this space." in session.notice
    session.close()
    family.kim(lambda kim: kim.notice == "" or pytest.fail("it was said"))


def test_the_day_of_their_end_ends_them_for_new_spaces(family: Household) -> None:
    family.mum(lambda mum: mum.household.set(HOUSE, ends=date(2035, 1, 1)))
    beginning = family.entrance.beginning
    assert len(beginning.household()) == 1
    beginning._clock = lambda: datetime(2035, 1, 1, tzinfo=UTC)
    assert beginning.household() == []
