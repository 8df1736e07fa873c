# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are marked in an answer and taken along say that AI wrote them."""

from PySide6.QtWidgets import QComboBox

from safespace.domain import Role
from safespace.ui.chat.growing import Growing
from safespace.ui.chat.prose import Prose
from tests.ui.driver import Driver, seen

ANSWER = "The plum tree by the gate"


def taken(prose: Prose) -> str:
    """What the keyboard, the menu or the mouse would take of all of it."""
    prose.selectAll()
    return prose.createMimeDataFromSelection().text()


def answer_of(ada: Driver) -> Prose:
    return seen(ada.main.chat, Prose)[-1]


def choose_marks(ada: Driver, value: str) -> None:
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    (marks,) = (
        box
        for box in seen(ada.main.settings, QComboBox)
        if box.accessibleName() == "Mark of AI text"
    )
    marks.setCurrentIndex(marks.findData(value))
    ada.until_idle()
    ada.press("Back", ada.main.settings)
    ada.until(ada.main.chat.isVisible)


def test_words_taken_of_an_answer_are_signed_until_the_member_turns_it_off(
    at_home: Driver,
) -> None:
    message = at_home.ask(ANSWER)
    assert message.role is Role.MODEL
    at = f"{message.at.astimezone():%Y-%m-%d %H:%M}"
    mark = f"— Written by AI: Echo, on my computer, {at}."
    assert taken(answer_of(at_home)) == f"{ANSWER}\n\n{mark}\n"
    choose_marks(at_home, "off")
    at_home.until(lambda: taken(answer_of(at_home)) == ANSWER)
    choose_marks(at_home, "on")
    at_home.until(lambda: "Written by AI" in taken(answer_of(at_home)))


def test_what_no_model_wrote_is_taken_as_it_is(at_home: Driver) -> None:
    page = at_home.ask("Who can read what I write here?")
    assert page.role is Role.SAFESPACE
    assert page.text
    assert "Written by AI" not in taken(answer_of(at_home))


def test_words_of_an_answer_that_still_grows_are_signed_too(at_home: Driver) -> None:
    growing = Growing(lambda _address: None, at_home.main.chat.signing.unfinished)
    growing.add("The plum")
    growing.flush()
    (_settled, tail) = growing.findChildren(Prose)
    assert taken(tail) == "The plum\n\n— Written by AI.\n"
    growing.deleteLater()
