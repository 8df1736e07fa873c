# SPDX-License-Identifier: AGPL-3.0-or-later
"""A computer with a guardian: a space begins under the household's limits, or with their word."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safespace.domain import NO_LIMITS, Level, Limits, Topic
from safespace.errors import Usage, WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.session import Session

from .households import HOUSE, MUMS, TIGHTER, Household, household
from .test_limits import PASSPHRASE, accept


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Household:
    return household(entrance, home)


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


def test_limits_of_another_guardian_hold_beside_them(family: Household) -> None:
    family.begin("Bo")
    bo = family.entrance.find("Bo")
    of_kim = Limits(Level.AT_MY_SIDE, frozenset({Topic.LEGAL}), minutes=10)
    family.kim(lambda kim: kim.wards.offer(bo, of_kim, adult=True))
    family.inside("Bo", accept)
    backup = family.backup("Bo")
    shutil.rmtree(bo.folder)
    family.rule()
    family.entrance.restore(backup, PASSPHRASE)
    both = Limits(
        Level.WHEN_I_ASK, frozenset({Topic.LEGAL, Topic.MONEY}), minutes=10, cooperative=False
    )
    assert family.holds("Bo") == both
    session = family.open("Bo")
    document = session.limits.document()
    assert document
    assert (document.guardian, document.adult) == ("Kim, Mum", False)
    with pytest.raises(Usage, match="Only Kim, Mum"):
        session.limits.end()
    session.close()


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
