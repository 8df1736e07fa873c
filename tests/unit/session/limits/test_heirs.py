# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second guardian, or a paper, takes over; nobody else does."""

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safespace.domain import NO_LIMITS
from safespace.errors import Usage, WrongPassphrase
from safespace.session.entrance import Entrance
from safespace.session.limits import document as documents
from safespace.session.limits.document import HOUSEHOLD, Document
from safespace.session.session import Session

from .households import HOUSE, MUMS, TIGHTER, Household, household
from .test_limits import PASSPHRASE


@pytest.fixture
def family(entrance: Entrance, home: Path) -> Household:
    return household(entrance, home)


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
