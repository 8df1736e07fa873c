# SPDX-License-Identifier: AGPL-3.0-or-later
"""Limits in the window: both read the same sheet, and do there what they do in the terminal."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from safespace.domain import NO_LIMITS, Level, Topic
from safespace.ui.limits.agreement import Agreement, SheetView
from safespace.ui.limits.halves import Halves
from tests.ui.driver import Driver, seen
from tests.ui.family import Family, accept, says
from tests.ui.test_a11y import nameless


def sheet_shown(driver: Driver) -> list[str]:
    (view,) = seen(driver.main.limits, SheetView)
    return [label.text() for label in seen(view, QLabel)]


def sides(driver: Driver) -> list[str]:
    """What stands on both sides below the sheet, without what only one of them can press."""
    (agreement,) = seen(driver.main.limits, Agreement)
    quiet = [label for label in seen(agreement.halves, QLabel) if label.property("tone") == "quiet"]
    return [label.text() for label in quiet]


def clear(driver: Driver, name: str) -> None:
    (field,) = [field for field in seen(driver.window, QLineEdit) if field.accessibleName() == name]
    field.clear()


def test_limits_are_signed_accepted_and_read_alike(family: Family) -> None:
    mum = family.limits_of("Mum")
    assert "This space has no limits." in mum.texts
    assert nameless(mum.window) == []
    mum.press("Sign limits for another space…")
    assert nameless(mum.window) == []
    assert "A child's limits need a day of their end" in mum.texts
    assert "Sign this sheet" not in mum.buttons()
    mum.type("They end on", "2035-01-01")
    mum.choose("Highest level", "1 · When I ask")
    mum.press("Money")
    mum.press("Add hours")
    assert nameless(mum.window) == []
    mum.press("Only so many minutes with AI a day:")
    preview = sheet_shown(mum)
    assert "AI only at these hours: 15:00–18:00." in preview
    assert "At most 60 minutes with AI a day." in preview
    mum.press("Sign this sheet")
    says(mum, "Signed. It holds once “Kim” accepts it inside.")
    assert sheet_shown(mum) == preview
    says(mum, "Its member has not accepted any yet.")
    both = sides(mum)
    assert "Nothing of what is in it." in both[1]
    assert both[-1] == "Cannot end these limits alone."
    mum.leave()
    assert family.held() == NO_LIMITS

    family.inside("Kim", lambda kim: kim.set_level(Level.AT_MY_SIDE, confirmed=True))
    kim = family.limits_of("Kim")
    assert kim.main.level is Level.AT_MY_SIDE
    says(kim, "Mum offers these limits.")
    assert sheet_shown(kim) == preview
    assert sides(kim) == both
    assert nameless(kim.window) == []
    kim.press("Accept these limits…")
    says(kim, "Only Mum can change or end them.")
    kim.press("Accept")
    says(kim, "These limits hold now.")
    kim.until(lambda: kim.main.level is Level.WHEN_I_ASK)
    assert sheet_shown(kim) == preview
    assert "End these limits…" not in kim.buttons()
    assert nameless(kim.window) == []
    kim.leave()
    held = family.held()
    assert held
    assert (held.highest, held.topics) == (Level.WHEN_I_ASK, frozenset({Topic.MONEY}))
    assert (held.hours, held.minutes, held.override) == (((900, 1080),), 60, False)


def test_what_is_missing_is_said_before_anything_is_signed(family: Family) -> None:
    mum = family.limits_of("Mum")
    mum.press("Sign limits for another space…")
    for typed, said in (
        ("May 2035", "is no day"),
        ("2001-01-01", "lies ahead"),
        ("2099-01-01", "grown up"),
    ):
        mum.type("They end on", typed)
        assert said in mum.texts
        assert "Sign this sheet" not in mum.buttons()
    mum.type("They end on", "2035-01-01")
    mum.press("Add hours")
    for typed in ("19:00", "noon", "25:00"):
        mum.type("From", typed)
        assert "Hours end after they begin" in mum.texts
        assert "AI only" not in "".join(sheet_shown(mum))
    mum.press("Take these hours away")
    mum.press("Only so many minutes with AI a day:")
    clear(mum, "Minutes a day")
    assert "A day has 0 to 1440 minutes." in mum.texts
    mum.press("Only so many minutes with AI a day:")
    mum.press("Only the models ticked here:")
    assert "Tick a model" in mum.texts
    mum.press("Echo")
    assert "Only these models: echo.gguf." in mum.texts
    mum.choose("For whom", "An adult: can end them alone, at once")
    clear(mum, "They end on")
    mum.press("Sign this sheet")
    says(mum, "Signed.")
    (kim,) = family.entrance.spaces()[:1]
    assert [ward.space for ward in mum.main._session.wards.every()] == [kim.id]


@pytest.mark.parametrize(
    ("answer", "confirmed", "then"),
    [
        ("Yes, today “Kim”", False, None),
        ("Yes, always… “Kim”", True, None),
        ("No “Kim”", False, 30),
    ],
)
def test_a_request_names_its_limit_and_is_answered(
    family: Family, answer: str, confirmed: bool, then: int | None
) -> None:
    family.agree()
    kim = family.limits_of("Kim")
    kim.press("Ask for more minutes")
    says(kim, "Asked for: more minutes. Mum has not answered yet.")
    assert "Ask for more minutes" not in kim.buttons()
    kim.leave()

    mum = family.limits_of("Mum")
    says(mum, "“Kim” asks for: more minutes.")
    assert nameless(mum.window) == []
    mum.press(answer)
    if confirmed:
        mum.press("Lift it")
    mum.until(lambda: "asks for" not in mum.texts)
    mum.leave()

    held = family.held()
    assert held
    assert held.minutes == then
    (ward,) = family.seen()
    assert ward.document.limits.minutes == (None if confirmed else 30)
    kim = family.limits_of("Kim")
    assert "has not answered yet" not in kim.texts


def test_a_guardian_changes_and_ends_them(family: Family) -> None:
    family.agree()
    mum = family.limits_of("Mum")
    before = sheet_shown(mum)
    mum.press("Change… “Kim”")
    assert sheet_shown(mum) == [before[0].replace("1", "2"), *before[1:]]
    mum.choose("Highest level", "0 · No AI")
    mum.press("Sign this sheet")
    says(mum, "Signed. It holds there from the next unlock.")
    says(mum, "Version 1 is in force there until it is unlocked again.")
    mum.leave()
    held = family.held()
    assert held
    assert (held.highest, held.minutes) == (Level.NO_AI, 30)

    mum = family.limits_of("Mum")
    mum.press("End them… “Kim”")
    mum.press("Leave it as it is")
    mum.press("End them… “Kim”")
    mum.press("End them")
    says(mum, "The limits of “Kim” are ended.")
    mum.leave()
    assert family.held() == NO_LIMITS


def test_an_adult_ends_them_alone_and_the_guardian_is_told(family: Family) -> None:
    family.agree(adult=True)
    kim = family.limits_of("Kim")
    kim.press("End these limits…")
    kim.press("End them")
    says(kim, "This space has no limits.")
    kim.leave()
    mum = family.limits_of("Mum")
    says(mum, "Its member ended them.")
    assert "Change… “Kim”" not in mum.buttons()
    mum.press("Take it off this page “Kim”")
    mum.until(lambda: "Its member ended them." not in mum.texts)
    assert family.held() == NO_LIMITS
    mum.leave()
    kim = family.limits_of("Kim")
    assert "offers these limits" not in kim.texts, "what is over is not offered again"


def test_both_sides_stand_beside_each_other_where_there_is_room(family: Family) -> None:
    family.agree()
    mum = family.limits_of("Mum")
    (halves,) = seen(mum.main.limits, Halves)
    mum.main.resize(1280, 800)
    mum.until(lambda: halves.beside)
    mum.main.resize(640, 800)
    mum.until(lambda: not halves.beside)


def test_limits_are_signed_for_a_hidden_space_by_its_name(family: Family) -> None:
    family.inside("Kim", lambda kim: kim.at_entrance.hide())
    mum = family.limits_of("")
    mum.press("Sign limits for another space…")
    mum.type("They end on", "2035-01-01")
    assert "Type the name of the space." in mum.texts
    assert not any("Kim" in text for text in (mum.texts, *mum.buttons()))
    mum.type("Name of the space", "Bo")
    mum.press("Sign this sheet")
    says(mum, "no hidden space called “Bo”")
    mum.type("Name of the space", "Kim")
    mum.press("Sign this sheet")
    says(mum, "Signed.")
    mum.leave()
    family.inside("Kim", accept)
    held = family.held()
    assert held
    assert held.highest is Level.WHEN_I_ASK
