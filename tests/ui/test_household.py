# SPDX-License-Identifier: AGPL-3.0-or-later
"""The entrance of a computer with a guardian: they are asked, or the household's limits hold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from safespace.domain import NO_LIMITS, Level, Limits
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.store.spaces import Spaces
from safespace.ui.entrance.restore_page import RestorePage
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless
from tests.unit.session.conftest import CHEAP

ComeIn = Callable[[Entrance], Driver]
HOUSE = Limits(Level.WHEN_I_ASK, minutes=30, cooperative=False)
MUMS = "seven otters swim past the mill"


def inside(entrance: Entrance, name: str, act: Callable[[Session], object]) -> None:
    word = MUMS if name == "Mum" else PASSPHRASE
    session = entrance.unlock(entrance.find(name), word, warm=False)
    act(session)
    session.close()


def held(entrance: Entrance, name: str) -> Limits | None:
    found: list[Limits | None] = []
    inside(entrance, name, lambda session: found.append(session.limits.in_force()))
    return found[0]


@pytest.fixture
def household(echo: Entrance, home: Path) -> Entrance:
    """Mum's space, and the limits she signed for the household."""
    spaces = Spaces(home / "spaces", state=home / "state")
    entrance = Entrance(echo.computer, spaces, CHEAP)
    session, _code = entrance.create("Mum", MUMS)
    session.household.set(HOUSE)
    session.close()
    return entrance


def asked(driver: Driver, name: str) -> None:
    """The first run of a space, up to where the guardian is asked."""
    driver.press("Somebody else")
    driver.press("Make a new space")
    driver.type("Your name", name)
    driver.press("Go on")
    driver.type("Passphrase", PASSPHRASE)
    driver.type("The same once more", PASSPHRASE)
    driver.press("Make my space")
    driver.until(lambda: "This household has a guardian" in driver.texts)


def go_in(driver: Driver) -> None:
    """The rest of a first run."""
    driver.until(lambda: "Print" in driver.buttons())
    driver.press("I have these words on paper, away from this computer")
    driver.press("Go on")
    driver.press("Choose “When I ask”")
    driver.until(lambda: "Begin" in driver.buttons())
    driver.press("Begin")
    driver.until(lambda: driver.is_in)


def test_a_first_run_without_the_guardian_begins_under_the_limits_it_shows(
    household: Entrance, come_in: ComeIn
) -> None:
    bo = come_in(household)
    asked(bo, "Bo")
    assert "Mum signed limits for every space" in bo.texts
    assert "At most 30 minutes with AI a day." in bo.texts
    assert "Begin without them" not in bo.buttons(), "no passphrase was typed"
    assert nameless(bo.window) == []
    bo.press("Back")
    bo.type("Passphrase", PASSPHRASE)
    bo.type("The same once more", PASSPHRASE)
    bo.press("Make my space")
    bo.until(lambda: "Begin under these limits" in bo.buttons())
    bo.press("Begin under these limits")
    go_in(bo)
    bo.leave()
    assert held(household, "Bo") == HOUSE


def test_the_guardian_lets_a_space_begin_without_them(household: Entrance, come_in: ComeIn) -> None:
    cy = come_in(household)
    asked(cy, "Cy")
    cy.type("Passphrase of Mum", PASSPHRASE)
    cy.press("Begin without them")
    cy.until(lambda: "not the passphrase of Mum, the guardian" in cy.entrance.page.messages.text)
    assert [info.name for info in household.spaces()] == ["Mum"]
    cy.type("Passphrase of Mum", MUMS)
    cy.press("Begin without them")
    go_in(cy)
    cy.leave()
    assert held(household, "Cy") == NO_LIMITS


@pytest.mark.parametrize(("word", "then"), [("", HOUSE), (MUMS, NO_LIMITS)])
def test_the_guardian_is_asked_when_a_space_comes_back(
    household: Entrance, come_in: ComeIn, home: Path, word: str, then: Limits
) -> None:
    household.create("Kim", PASSPHRASE, MUMS)[0].close()
    made: list[Path] = []
    inside(household, "Kim", lambda kim: made.append(kim.backups.make(home).file))
    driver = come_in(household)
    driver.press("Bring a space back")
    page = driver.entrance.page
    assert isinstance(page, RestorePage)
    page.choose(made[0])
    driver.type("Passphrase or recovery code", PASSPHRASE)
    driver.press("Bring it back")
    driver.until(lambda: "This household has a guardian" in driver.texts)
    if word:
        driver.type("Passphrase of Mum", word)
    driver.press("Begin without them" if word else "Begin under these limits")
    driver.until(lambda: "Open" in driver.buttons())
    driver.leave()
    (back,) = (info for info in household.spaces() if info.name.startswith("Kim ("))
    assert held(household, back.name) == then


def test_where_nobody_is_a_guardian_nobody_is_asked(echo: Entrance, come_in: ComeIn) -> None:
    ada = come_in(echo)
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    assert ada.is_in


def on_limits(entrance: Entrance, come_in: ComeIn, name: str) -> Driver:
    """Somebody's window, on the page on limits."""
    driver = come_in(entrance)
    if name in driver.buttons():
        driver.press(name)
    driver.unlock(MUMS if name == "Mum" else PASSPHRASE)
    driver.press("Settings")
    driver.until(driver.main.settings.isVisible)
    driver.press("Limits…")
    driver.until(driver.main.limits.isVisible)
    return driver


def test_the_guardian_reads_which_spaces_are_outside(household: Entrance, come_in: ComeIn) -> None:
    for copy in household.spaces()[0].folder.parent.parent.rglob("household"):
        copy.unlink()
    household.create("Bo", PASSPHRASE)[0].close()
    mum = on_limits(household, come_in, "Mum")
    assert "Begun on this computer without the household's limits: Bo." in mum.texts


def test_a_second_guardian_is_named_and_takes_over(household: Entrance, come_in: ComeIn) -> None:
    for name in ("Ann", "Kim"):
        household.create(name, PASSPHRASE, MUMS)[0].close()
    mum = on_limits(household, come_in, "Mum")
    mum.press("Name a second guardian…")
    assert nameless(mum.window) == []
    mum.choose("Second guardian", "Kim")
    mum.type("Passphrase of the second guardian", MUMS)
    mum.press("Name them")
    mum.until(lambda: "not the passphrase" in mum.texts)
    mum.type("Passphrase of the second guardian", PASSPHRASE)
    mum.press("Name them")
    mum.until(lambda: "May take over from Mum: Kim." in mum.texts)
    mum.press("Change the household's limits…")
    assert "May take over from Mum: Kim." in mum.texts, "the preview says what will be signed"
    mum.leave()

    kim = on_limits(household, come_in, "Kim")
    assert "Mum signs the limits of this household." in kim.texts
    kim.press("Take over from somebody…")
    kim.press("I was named")
    kim.until(lambda: "version 3, signed by Kim" in kim.texts)
    assert nameless(kim.window) == []
