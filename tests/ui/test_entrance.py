# SPDX-License-Identifier: AGPL-3.0-or-later
"""The entrance: wrong passphrases, waiting, the recovery code, several people, damage."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QLabel, QLineEdit

from safespace.domain import Level
from safespace.session.entrance import Entrance
from safespace.ui.entrance.recovery_page import RecoveryPage
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen

ComeIn = Callable[[Entrance], Driver]


def space(entrance: Entrance, name: str) -> str:
    """A space on disk, shut again; returns its recovery code."""
    session, code = entrance.create(name, PASSPHRASE)
    session.close()
    return code


def refused(ada: Driver) -> str:
    """What the page says after a refusal; hides it again."""
    ada.until(lambda: ada.entrance.page.messages.isVisible())
    said = ada.entrance.page.messages.text
    ada.entrance.page.messages.hide()
    return said


def test_a_wrong_passphrase_is_one_sentence_and_then_a_wait(
    echo: Entrance, come_in: ComeIn
) -> None:
    space(echo, "Ada")
    ada = come_in(echo)
    for _try in range(3):
        ada.type("Passphrase", "wrong")
        ada.press("Open")
        said = refused(ada)
        assert "Traceback" not in said
        assert said
    ada.type("Passphrase", "wrong")
    ada.press("Open")
    refused(ada)
    ada.type("Passphrase", "wrong")
    ada.press("Open")
    ada.until(lambda: ada.entrance.page.go.text().startswith("Wait "))
    assert "Somebody else" in ada.buttons()  # nobody is held up by another's waiting
    ada.until(lambda: ada.entrance.page.go.text() == "Open")
    ada.unlock(PASSPHRASE)


def test_the_recovery_code_opens(echo: Entrance, come_in: ComeIn) -> None:
    code = space(echo, "Ada")
    ada = come_in(echo)
    ada.press("Use the recovery code")
    ada.type("Recovery code", code)
    ada.press("Open")
    ada.until(lambda: ada.buttons() != [] and "Lock" in ada.buttons())


def test_several_people_choose_themselves(echo: Entrance, come_in: ComeIn) -> None:
    space(echo, "Ada")
    space(echo, "Grace")
    ada = come_in(echo)
    assert "Who is there?" in ada.texts
    assert {"Ada", "Grace", "Make a new space"} <= set(ada.buttons())
    ada.press("Grace")
    assert "Grace" in ada.texts
    ada.press("Somebody else")
    ada.press("Ada")
    ada.unlock(PASSPHRASE)


def test_a_damaged_space_says_so(echo: Entrance, come_in: ComeIn) -> None:
    space(echo, "Ada")
    space(echo, "Grace")
    for header in echo.find("Ada").folder.glob("space*.json"):
        header.write_text("{")
    ada = come_in(echo)
    (damaged,) = [name for name in ada.buttons() if name.endswith("(damaged)")]
    ada.press(damaged)
    ada.type("Passphrase", PASSPHRASE)
    ada.press("Open")
    assert "damaged" in refused(ada)


def test_the_first_run_cannot_skip_what_matters(echo: Entrance, come_in: ComeIn) -> None:
    ada = come_in(echo)
    assert "Go on" not in ada.buttons()
    ada.type("Your name", "Ada")
    ada.press("Go on")
    assert "nobody can help you" in ada.texts
    ada.type("Passphrase", "horse")
    ada.until(lambda: "does not seal your space" in ada.texts)
    ada.type("The same once more", "house")
    assert "The two are not alike." in ada.texts
    assert "Make my space" not in ada.buttons()
    ada.until(lambda: "Use these words" in ada.buttons())
    ada.press("Use these words")
    (chosen,) = [
        field.text()
        for field in seen(ada.window, QLineEdit)
        if field.accessibleName() == "Passphrase"
    ]
    assert len(chosen.split()) == 5
    ada.type("The same once more", chosen)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    words = [label.text() for label in seen(ada.window, QLabel) if label.accessibleName()]
    code = " ".join(word for word in words if word.isalpha())
    assert len(code.split()) == 12
    ada.press("Copy")
    assert QGuiApplication.clipboard().text() == code
    assert "Go on" not in ada.buttons()
    ada.press("I have these words on paper, away from this computer")
    ada.press("Go on")
    assert {"Choose “When I ask”", "Choose “No AI”"} <= set(ada.buttons())


def test_leaving_midway_leaves_a_space_that_opens(echo: Entrance, come_in: ComeIn) -> None:
    ada = come_in(echo)
    ada.type("Your name", "Ada")
    ada.press("Go on")
    ada.type("Passphrase", PASSPHRASE)
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    ada.leave()
    come_in(echo).unlock(PASSPHRASE)


def test_the_model_page_says_what_it_is_and_what_would_suit(
    real: Entrance, come_in: ComeIn
) -> None:
    ada = come_in(real)
    ada.type("Your name", "Ada")
    ada.press("Go on")
    ada.type("Passphrase", PASSPHRASE)
    ada.type("The same once more", PASSPHRASE)
    ada.press("Make my space")
    ada.until(lambda: "Print" in ada.buttons())
    ada.press("I have these words on paper, away from this computer")
    ada.press("Go on")
    ada.press("Choose “When I ask”")
    ada.until(lambda: "makes things up" in ada.texts)
    ada.until(lambda: "of memory" in ada.texts or "None that we know" in ada.texts)


def test_a_second_window_on_one_space_brings_up_the_first(echo: Entrance, come_in: ComeIn) -> None:
    first = come_in(echo)
    first.make_space("Ada", PASSPHRASE, Level.NO_AI)
    first.main.showMinimized()
    second = come_in(echo)
    second.type("Passphrase", PASSPHRASE)
    second.press("Open")
    second.until(lambda: "come to the front" in second.entrance.page.messages.text)
    first.until(lambda: not first.main.isMinimized())


def test_the_recovery_code_can_be_printed(echo: Entrance, come_in: ComeIn) -> None:
    ada = come_in(echo)
    page = RecoveryPage("Ada", "one two three", ada.entrance.ops, lambda: None)
    ada.entrance.turn_to(page)
    ada.press("Print")
    assert isinstance(ada.window, QPrintDialog)
    ada.window.reject()
    sheet = page.words.sheet().toPlainText()
    for words in ("Space: Ada", "1. one", "2. two", "3. three", "Kept by:"):
        assert words in sheet
