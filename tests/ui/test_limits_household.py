# SPDX-License-Identifier: AGPL-3.0-or-later
"""The limits of a household and who may take over, in the window."""

from PySide6.QtWidgets import QLabel

from safespace.domain import NO_LIMITS, Level
from safespace.ui.limits.agreement import SheetView
from safespace.ui.limits.words_sheet import WordsSheet
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import seen
from tests.ui.family import Family, says
from tests.ui.test_a11y import nameless


def test_the_household_is_signed_changed_and_ended(family: Family) -> None:
    mum = family.limits_of("Mum")
    mum.press("Sign limits for this household…")
    assert nameless(mum.window) == []
    assert "For whom" not in mum.texts
    mum.choose("Highest level", "0 · No AI")
    (preview,) = seen(mum.main.limits, SheetView)
    shown = [label.text() for label in seen(preview, QLabel)]
    assert "Spaces that were here before are left alone." in shown
    mum.press("Sign this sheet")
    says(mum, "begin under them")
    (kept,) = seen(mum.main.limits, SheetView)
    assert [label.text() for label in seen(kept, QLabel)] == shown
    assert nameless(mum.window) == []
    bo, _code = family.entrance.create("Bo", PASSPHRASE)
    assert bo.level() is Level.NO_AI
    bo.close()

    mum.press("Change the household's limits…")
    mum.choose("Highest level", "1 · When I ask")
    mum.press("Sign this sheet")
    mum.until(lambda: "End the household's limits…" in mum.buttons())
    assert "Highest level: 1" in mum.texts
    mum.press("End the household's limits…")
    mum.press("End them")
    says(mum, "The household has no limits any more.")
    mum.until(lambda: "Sign limits for this household…" in mum.buttons())
    mum.leave()
    cleo, _code = family.entrance.create("Cleo", PASSPHRASE)
    assert cleo.limits.in_force() == NO_LIMITS
    cleo.close()


def test_another_guardian_of_the_household_is_named(family: Family) -> None:
    family.inside("Mum", lambda mum: mum.household.set(NO_LIMITS))
    kim = family.limits_of("Kim")
    assert "Mum signs the limits of this household." in kim.texts
    assert "Sign limits for this household…" not in kim.buttons()


def test_a_child_sees_no_page_for_guardians(family: Family) -> None:
    family.agree()
    kim = family.limits_of("Kim")
    assert "Limits of this household" not in kim.texts
    assert "Who may take over from you" not in kim.texts


def test_a_paper_lets_somebody_take_over(family: Family) -> None:
    family.agree()
    family.entrance.create("Dad", PASSPHRASE)[0].close()
    mum = family.limits_of("Mum")
    mum.press("Make a paper for it…")
    mum.press("Make the paper")
    mum.until(lambda: isinstance(mum.window, WordsSheet))
    assert nameless(mum.window) == []
    words = [label.text() for label in seen(mum.window, QLabel) if label.accessibleName()]
    mum.press("These words are on paper")
    mum.press("Done")
    mum.until(lambda: "No longer “Whoever has the paper”" in mum.buttons())
    assert "May take over from Mum: whoever has the paper." in mum.texts
    mum.leave()

    dad = family.limits_of("Dad")
    dad.press("Take over from somebody…")
    dad.press("I have the paper")
    dad.type("The twelve words", " ".join(words))
    dad.press("Take over")
    says(dad, "You sign 1 agreement in their place now.")
    dad.leave()
    mum = family.limits_of("Mum")
    says(mum, "Dad signs its limits now.")
    assert "Change… “Kim”" not in mum.buttons()
    mum.leave()
    kim = family.limits_of("Kim")
    assert "signed by Dad" in kim.texts


def test_a_paper_can_be_taken_back(family: Family) -> None:
    codes: list[str] = []
    family.agree()
    family.inside("Mum", lambda mum: codes.append(mum.heirs.new_paper()))
    mum = family.limits_of("Mum")
    mum.press("Change… “Kim”")
    assert "May take over from Mum: whoever has the paper." in mum.texts
    mum.press("Back", mum.main.limits)
    mum.until(lambda: "No longer “Whoever has the paper”" in mum.buttons())
    mum.press("No longer “Whoever has the paper”")
    mum.until(lambda: "No longer “Whoever has the paper”" not in mum.buttons())
    mum.press("Take over from somebody…")
    mum.press("I was named")
    mum.until(lambda: "no limits here that you may take over" in mum.main.messages.text)


def test_who_keeps_the_recovery_sheet_stands_on_it(family: Family) -> None:
    mum = family.limits_of("Mum")
    mum.press("Sign limits for another space…")
    mum.type("They end on", "2035-01-01")
    mum.type("Who keeps the recovery sheet", "Kim")
    assert "kept by Kim" in mum.texts
    mum.press("Sign this sheet")
    says(mum, "Signed.")
    assert "kept by Kim" in mum.texts
