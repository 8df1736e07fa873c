# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bin in the window: what was deleted comes back, or goes for ever after a question."""

from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless


def delete(ada: Driver, text: str) -> None:
    """Ask something and put the conversation into the bin."""
    ada.press("New conversation")
    ada.until_idle()
    ada.ask(text)
    ada.until_idle()
    ada.press("Delete conversation…")
    assert "30 days" in ada.texts
    ada.press("Delete conversation")
    ada.until(lambda: ada.messages == ())


def look_into_bin(ada: Driver) -> None:
    ada.press("Bin")
    ada.until(lambda: ada.main.bin.isVisibleTo(ada.main))


def test_a_conversation_is_restored_from_the_bin(at_home: Driver) -> None:
    look_into_bin(at_home)
    assert "The bin is empty." in at_home.texts
    assert "Empty the bin…" not in at_home.buttons()
    at_home.press("Back", at_home.main.bin)
    delete(at_home, "Herons")
    look_into_bin(at_home)
    assert "Stays 30 days" in at_home.texts
    assert nameless(at_home.main) == []
    at_home.press("Restore “Herons”")
    at_home.until(lambda: at_home.main.side.list.count() == 1)
    assert "The bin is empty." in at_home.texts
    at_home.main.side.list.setCurrentRow(0)
    at_home.until(lambda: len(at_home.messages) == 2)


def test_deleting_for_ever_asks_first_and_takes_only_that_one(at_home: Driver) -> None:
    for text in ("Herons", "Storks", "Cranes"):
        delete(at_home, text)
    look_into_bin(at_home)
    at_home.press("Delete “Storks” for ever…")
    assert "cannot be brought back" in at_home.texts
    at_home.press("Keep it")
    at_home.press("Delete “Storks” for ever…")
    at_home.press("Delete for ever")
    at_home.until(lambda: "Storks" not in at_home.texts)
    assert "Herons" in at_home.texts
    at_home.press("Empty the bin…")
    at_home.press("Empty the bin")
    at_home.until(lambda: "The bin is empty." in at_home.texts)
    assert at_home.main._session.bin.every() == []
    assert at_home.main.side.list.count() == 0
