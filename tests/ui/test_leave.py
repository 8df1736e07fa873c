# SPDX-License-Identifier: AGPL-3.0-or-later
"""Leaving in the window: an export after the passphrase, and the end of a space after its name."""

import json
from pathlib import Path

from safespace.session.entrance import Entrance
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver
from tests.ui.test_a11y import nameless


def open_leaving(ada: Driver) -> None:
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    ada.press("Take everything along, or erase this space…")
    ada.until(ada.main.leaving.isVisible)


def test_everything_is_taken_along_once_the_passphrase_is_right(
    at_home: Driver, tmp_path: Path
) -> None:
    at_home.ask("Words of mine")
    open_leaving(at_home)
    at_home.main.leaving.write_into(tmp_path / "out")
    at_home.type("Passphrase or recovery code", "wrong")
    at_home.press("Write everything")
    at_home.until(lambda: "not the passphrase" in at_home.texts)
    assert not (tmp_path / "out").exists()
    at_home.type("Passphrase or recovery code", PASSPHRASE)
    at_home.press("Write everything")
    at_home.until(lambda: "Written to" in at_home.texts)
    (written,) = (tmp_path / "out").glob("safespace-*/space.json")
    assert "Words of mine" in json.dumps(json.loads(written.read_text("utf-8")))


def test_what_would_go_is_listed_and_stays_until_it_is_confirmed(
    at_home: Driver, echo: Entrance
) -> None:
    made = at_home.main._session.backups.make()
    open_leaving(at_home)
    folder = echo.find("Ada").folder
    for file in (made.file, folder / "space.db", folder / "space.json"):
        assert str(file) in at_home.texts
    assert "solid-state disk" in at_home.texts
    assert nameless(at_home.main) == []
    at_home.press("Erase this space…")
    assert nameless(at_home.window) == []
    at_home.type("Passphrase or recovery code", PASSPHRASE)
    assert "Erase for ever" not in at_home.buttons()  # without its name
    at_home.type("Name of the space", "Ada")
    at_home.type("Passphrase or recovery code", "wrong")
    at_home.press("Erase for ever")
    at_home.until(lambda: "not the passphrase" in at_home.texts)
    at_home.press("Leave it as it is")
    assert made.file.exists()
    assert at_home.main._session.conversations() == []  # it is still open


def test_erased_it_says_what_is_gone_and_ends_at_the_entrance(
    at_home: Driver, echo: Entrance
) -> None:
    at_home.ask("Words of mine")
    made = at_home.main._session.backups.make()
    folder = echo.find("Ada").folder
    open_leaving(at_home)
    at_home.press("Erase this space…")
    at_home.type("Passphrase or recovery code", PASSPHRASE)
    at_home.type("Name of the space", "Ada")
    at_home.press("Erase for ever")
    at_home.until(lambda: "These files are gone" in at_home.texts)
    for file in (made.file, folder / "space.db", folder / "space.json"):
        assert str(file) in at_home.texts
        assert not file.exists()
    assert "solid-state disk" in at_home.texts
    assert "could not be destroyed" not in at_home.texts
    assert echo.spaces() == []
    at_home.press("Close")
    at_home.until(lambda: at_home.afresh == 1)
