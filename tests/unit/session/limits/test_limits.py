# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guardian and a child, each in their own space: what was agreed holds."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import NO_LIMITS, Level, Limits, LimitsTime, Topic
from safespace.errors import Usage
from safespace.session.entrance import Entrance
from safespace.session.limits import document as documents
from safespace.session.limits.bound import Bound
from safespace.session.limits.document import Document
from safespace.session.limits.own import OwnLimits
from safespace.session.limits.papers import Papers
from safespace.session.limits.sheet import sheet
from safespace.session.limits.signer import Signer
from safespace.session.limits.wards import Seen, widened
from safespace.session.session import Session
from safespace.store.spaces import Spaces

from ..conftest import CHEAP

PASSPHRASE = "five quite ordinary little words"
AGREED = Limits(
    Level.WHEN_I_ASK,
    frozenset({Topic.MONEY}),
    ((15 * 60, 18 * 60),),
    30,
    None,
    cooperative=False,
    override=False,
)
NOW = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Family:
    """Mum signs, Kim accepts; only one space is open at a time."""

    def __init__(self, entrance: Entrance, state: Path) -> None:
        self.entrance = entrance
        self.state = state
        for name in ("Mum", "Kim"):
            entrance.create(name, PASSPHRASE)[0].close()
        self.papers = state / "limits" / entrance.find("Kim").id

    def open(self, name: str) -> Session:
        return self.entrance.unlock(self.entrance.find(name), PASSPHRASE, warm=False)

    def mum(self, act: Callable[[Session], object]) -> None:
        session = self.open("Mum")
        act(session)
        session.close()

    def kim(self, act: Callable[[Session], object]) -> None:
        session = self.open("Kim")
        act(session)
        session.close()

    def sign(self, limits: Limits = AGREED, *, adult: bool = False) -> None:
        kim = self.entrance.find("Kim")
        self.mum(lambda mum: mum.wards.offer(kim, limits, adult=adult, ends=date(2035, 1, 1)))

    def agree(self, limits: Limits = AGREED, *, adult: bool = False) -> None:
        self.sign(limits, adult=adult)
        self.kim(accept)

    def held(self) -> Limits | None:
        held: list[Limits | None] = []
        self.kim(lambda kim: held.append(kim.limits.in_force()))
        return held[0]


@contextmanager
def family_seen(family: Family) -> Iterator[Seen]:
    """Kim as Mum sees her, in Mum's space."""
    session = family.open("Mum")
    (seen,) = session.wards.every()
    session.close()
    yield seen


def accept(session: Session) -> None:
    offered = session.limits.offer()
    assert offered
    session.limits.accept(offered)


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Family:
    spaces = Spaces(home / "spaces", state=home / "state")
    return Family(Entrance(entrance.computer, spaces, CHEAP), home / "state")


def test_what_is_offered_holds_once_it_was_accepted_inside(family: Family) -> None:
    family.sign()
    assert family.held() == NO_LIMITS
    family.kim(accept)
    assert family.held() == AGREED
    with family_seen(family) as seen:
        assert (seen.accepted, seen.went_back_to, seen.asked, seen.ended) == (1, 0, "", False)


def test_both_read_the_same_sheet(family: Family) -> None:
    family.agree()
    sheets: list[tuple[str, ...]] = []
    family.kim(lambda kim: sheets.append(sheet(kim.limits.document(), "Kim", NOW)))  # type: ignore[arg-type]
    with family_seen(family) as seen:
        sheets.append(sheet(seen.document, seen.name, NOW))
    assert sheets[0] == sheets[1]
    assert any("15:00–18:00" in line for line in sheets[0])
    assert any("not a lock" in line for line in sheets[0])


def test_the_next_version_is_taken_at_the_next_unlock(family: Family) -> None:
    family.agree()
    family.sign(NO_LIMITS)
    assert family.held() == NO_LIMITS
    with family_seen(family) as seen:
        assert seen.accepted == 2


def test_no_level_beyond_the_highest_can_be_chosen(family: Family) -> None:
    family.agree()

    def up(kim: Session) -> None:
        with pytest.raises(Usage, match="go up to level 1"):
            kim.set_level(Level.AT_MY_SIDE, confirmed=True)
        kim.set_level(Level.NO_AI)
        kim.set_level(Level.WHEN_I_ASK, confirmed=True)

    family.kim(up)


def missing(family: Family) -> None:
    shutil.rmtree(family.papers)


def older(family: Family) -> None:
    first = (family.papers / "document").read_bytes()
    family.sign(Limits(Level.NO_AI))
    assert family.held() == Limits(Level.NO_AI)
    (family.papers / "document").write_bytes(first)


def forged(family: Family) -> None:
    other = Ed25519PrivateKey.generate()
    own = documents.read((family.papers / "document").read_bytes())
    lax = Document(
        own.space, 9, "Mum", other.public_key().public_bytes_raw(), True, None, NO_LIMITS
    )
    (family.papers / "document").write_bytes(documents.sign(lax, other))


def replayed(family: Family) -> None:
    bo, _code = family.entrance.create("Bo", PASSPHRASE)
    bo.close()
    info = family.entrance.find("Bo")
    for _version in range(3):
        family.mum(lambda mum: mum.wards.offer(info, NO_LIMITS, adult=True))
    shutil.copy(family.state / "limits" / info.id / "document", family.papers / "document")


def edited(family: Family) -> None:
    data = (family.papers / "document").read_bytes()
    changed = data.replace(b'"highest":1', b'"highest":4').replace(b'"version":1', b'"version":2')
    assert changed != data
    (family.papers / "document").write_bytes(changed)


@pytest.mark.torture("space.limits_close")
@pytest.mark.parametrize("befalls", [missing, older, forged, replayed, edited])
def test_whatever_befalls_the_document_the_last_known_limits_hold(
    befalls: Callable[[Family], None], family: Family
) -> None:
    family.agree()
    befalls(family)
    assert family.held() in (AGREED, Limits(Level.NO_AI))
    assert family.held() != NO_LIMITS


@pytest.fixture
def own(family: Family) -> Iterator[tuple[OwnLimits, Clock]]:
    """Kim's limits, by a clock that a test moves."""
    family.agree()
    session = family.open("Kim")
    clock = Clock()
    space, info = session._space, family.entrance.find("Kim")
    bound = Bound(space.household, Papers(None, info.folder.parent), info)
    signer = Signer(space.limits, space.household)
    yield OwnLimits(space.limits, bound, signer, info.id, None, clock), clock
    session.close()


@pytest.mark.torture("space.limits_close")
def test_a_clock_that_was_set_back_closes(own: tuple[OwnLimits, Clock]) -> None:
    limits, clock = own
    assert limits.time() is LimitsTime.OPEN
    limits.note_use(60)
    clock.now = NOW - timedelta(minutes=3)
    assert limits.time() is LimitsTime.OPEN, "it was set right"
    clock.now = NOW - timedelta(minutes=30)
    assert limits.time() is LimitsTime.CLOCK
    clock.now = NOW - timedelta(days=2)
    assert limits.time() is LimitsTime.CLOCK


def test_hours_and_minutes_open_and_close(own: tuple[OwnLimits, Clock]) -> None:
    limits, clock = own
    for hour, expected in ((14, LimitsTime.HOURS), (15, LimitsTime.OPEN), (18, LimitsTime.HOURS)):
        clock.now = NOW.replace(hour=hour)
        assert limits.time() is expected
    clock.now = NOW
    limits.note_use(29 * 60)
    assert limits.time() is LimitsTime.OPEN
    limits.note_use(60)
    assert limits.time() is LimitsTime.MINUTES
    clock.now = NOW + timedelta(days=1)
    assert limits.time() is LimitsTime.OPEN


def test_limits_end_on_their_day(own: tuple[OwnLimits, Clock]) -> None:
    limits, clock = own
    clock.now = datetime(2034, 12, 31, 16, 0, tzinfo=UTC)
    assert limits.in_force() == AGREED
    clock.now = datetime(2035, 1, 1, 0, 0, tzinfo=UTC)
    assert limits.in_force() == NO_LIMITS


def test_limits_that_cannot_be_read_permit_nothing(own: tuple[OwnLimits, Clock]) -> None:
    limits, _clock = own
    limits._table.accept(b"junk")
    assert limits.in_force() is None
    assert limits.time() is LimitsTime.UNKNOWN


def test_a_restore_never_lowers_limits_and_the_guardian_sees_it(family: Family, home: Path) -> None:
    backup: list[Path] = []
    family.agree(Limits(Level.AT_MY_SIDE))
    family.kim(lambda kim: backup.append(kim.backups.make(home).file))
    family.sign(AGREED)
    assert family.held() == AGREED
    info = family.entrance.find("Kim")
    info.folder.rename(home / "elsewhere")
    shutil.rmtree(family.papers)
    family.mum(lambda _mum: None)  # lays out what it holds
    restored = family.entrance.restore(backup[0], PASSPHRASE, recovery=False, name=None)
    assert restored.id == info.id
    assert family.held() in (AGREED, Limits(Level.AT_MY_SIDE))


def test_a_space_that_was_put_back_takes_its_limits_again(family: Family, home: Path) -> None:
    family.agree(Limits(Level.AT_MY_SIDE))
    folder = family.entrance.find("Kim").folder
    shutil.copytree(folder, home / "old")
    family.sign(AGREED)
    assert family.held() == AGREED
    shutil.rmtree(family.papers)
    shutil.rmtree(folder)
    shutil.copytree(home / "old", folder)
    assert family.held() == AGREED
    with family_seen(family) as seen:
        assert seen.went_back_to == 1


def test_a_child_cannot_end_them_and_an_adult_can(family: Family) -> None:
    family.agree()

    def refused(kim: Session) -> None:
        with pytest.raises(Usage, match="Only Mum"):
            kim.limits.end()

    family.kim(refused)
    family.sign(adult=True)
    family.kim(lambda kim: kim.limits.end())
    assert family.held() == NO_LIMITS
    with family_seen(family) as seen:
        assert seen.ended
    family.mum(lambda _mum: None)
    assert family.held() == NO_LIMITS, "nor do receipts bring them back"


def test_a_request_names_the_limit_and_nothing_else(family: Family) -> None:
    family.agree()
    family.kim(lambda kim: kim.limits.request("minutes"))
    paper = (family.papers / "request").read_text()
    assert '"limit":"minutes"' in paper
    assert len(paper) < 400
    with family_seen(family) as seen:
        assert seen.asked == "minutes"
        wider = widened(seen.document.limits, seen.asked)
        space = seen.space
    family.mum(lambda mum: mum.wards.answer(space, wider, always=True))
    held = family.held()
    assert held
    assert held.minutes is None
    assert held.hours == AGREED.hours
    with family_seen(family) as seen:
        assert seen.asked == ""


def test_what_is_granted_once_ends_at_midnight(family: Family) -> None:
    family.agree()
    space = family.entrance.find("Kim").id
    family.mum(lambda mum: mum.wards.answer(space, NO_LIMITS, always=False))
    assert family.held() == NO_LIMITS
    session = family.open("Kim")
    document = session.limits.document()
    session.close()
    assert document
    assert document.until
    assert document.at(document.until) == AGREED


def test_a_forged_request_is_not_heard(family: Family) -> None:
    family.agree()
    with family_seen(family):
        pass  # Mum's space knows Kim's key from now on
    note = {"space": family.entrance.find("Kim").id, "limit": "hours", "key": "00" * 32}
    forged_note = documents.sign_note(note, Ed25519PrivateKey.generate())
    (family.papers / "request").write_bytes(forged_note)
    with family_seen(family) as seen:
        assert seen.asked == ""


def test_withdrawn_limits_are_gone_at_the_next_unlock(family: Family) -> None:
    family.agree()
    space = family.entrance.find("Kim").id
    family.mum(lambda mum: mum.wards.withdraw(space))
    assert family.held() == NO_LIMITS
    family.mum(lambda mum: mum.wards.every() == [] or pytest.fail("still a ward"))


def test_what_was_withdrawn_is_not_offered_and_can_be_signed_anew(family: Family) -> None:
    family.agree()
    kim = family.entrance.find("Kim").id
    family.mum(lambda mum: mum.wards.withdraw(kim))
    family.sign(Limits(Level.NO_AI))
    assert family.held() == Limits(Level.NO_AI), "newer than what this space still held"
    family.mum(lambda mum: mum.wards.withdraw(kim))
    assert family.held() == NO_LIMITS
    family.kim(nothing_offered)


def nothing_offered(session: Session) -> None:
    assert session.limits.offer() is None


def test_a_member_sees_what_they_asked_for_until_it_is_answered(family: Family) -> None:
    family.agree()
    asked: list[str] = []
    family.kim(lambda kim: asked.append(kim.limits.asked()))
    family.kim(lambda kim: kim.limits.request("minutes"))
    family.kim(lambda kim: asked.append(kim.limits.asked()))
    space = family.entrance.find("Kim").id
    family.mum(lambda mum: mum.wards.answer(space, None, always=False))
    family.kim(lambda kim: asked.append(kim.limits.asked()))
    assert asked == ["", "minutes", ""]


def test_the_level_in_force_is_never_above_the_highest(family: Family) -> None:
    levels: list[Level] = []

    def look(kim: Session) -> None:
        levels.append(kim.level())

    family.kim(lambda kim: kim.set_level(Level.AT_MY_SIDE, confirmed=True))
    family.agree()
    family.kim(look)
    family.sign(Limits(Level.NO_AI))
    family.kim(look)
    family.sign(NO_LIMITS)
    family.kim(look)
    assert levels == [Level.WHEN_I_ASK, Level.NO_AI, Level.AT_MY_SIDE]


def test_once_limits_have_ended_the_next_ones_are_accepted_anew(family: Family) -> None:
    family.agree()
    first = (family.papers / "document").read_bytes()
    kim = family.entrance.find("Kim").id
    family.mum(lambda mum: mum.wards.withdraw(kim))
    family.kim(nothing_offered)
    family.sign(Limits(Level.NO_AI))
    assert family.held() == NO_LIMITS
    newest = (family.papers / "document").read_bytes()
    (family.papers / "document").write_bytes(first)
    family.kim(nothing_offered)
    (family.papers / "document").write_bytes(newest)
    family.kim(accept)
    assert family.held() == Limits(Level.NO_AI)
