# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys and recovery in the window: each act, the paper's drill, the keyring, backups, restoring."""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QLabel

from safespace import isolation
from safespace.errors import WrongPassphrase
from safespace.session import openings
from safespace.session.entrance import Entrance
from safespace.session.keys.drill import Drill, Sheet
from safespace.store import acts
from safespace.store.keys.keyring import Keyring
from safespace.store.rooms.activity import Exit, Line, Way
from safespace.ui import afresh
from safespace.ui.entrance.recovery_words import RecoveryWords
from safespace.ui.entrance.restore_page import RestorePage
from safespace.ui.keys.asking import Asking
from safespace.ui.keys.opened_before import OpenedBefore
from safespace.ui.kit.theme import Theme
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.test_a11y import nameless

ComeIn = Callable[[Entrance], Driver]
FRESH = "six other and rather longer words"
PRESENT = "Present passphrase or recovery code"
ON_PAPER = "I have these words on paper, away from this computer"


def open_keys(ada: Driver) -> None:
    ada.press("Settings")
    ada.until(lambda: ada.main.settings.isVisible())
    ada.press("Keys and recovery…")
    ada.until(lambda: "Made on" in ada.main.keys.recovery.state)


def come_back(ada: Driver, entrance: Entrance, come_in: ComeIn, passphrase: str) -> Driver:
    ada.leave()
    again = come_in(entrance)
    again.unlock(passphrase)
    return again


def words_shown(ada: Driver) -> str:
    """The recovery code on the screen."""
    (shown,) = seen(ada.window, RecoveryWords)
    words = [label.text() for label in seen(shown, QLabel) if label.accessibleName()]
    return " ".join(word for word in words if word.isalpha())


def refused(ada: Driver) -> str:
    """What the sheet in front says."""
    sheet = ada.window
    assert isinstance(sheet, Asking)
    ada.until(sheet.messages.isVisible)
    return sheet.messages.text


def test_a_new_passphrase_in_the_window(at_home: Driver, echo: Entrance, come_in: ComeIn) -> None:
    open_keys(at_home)
    at_home.press("Choose a new passphrase…")
    at_home.type(PRESENT, "not it")
    assert "Use the new passphrase" not in at_home.buttons()
    at_home.type("New passphrase", FRESH)
    at_home.type("The same once more", FRESH)
    assert nameless(at_home.window) == []
    at_home.press("Use the new passphrase")
    assert "not the passphrase" in refused(at_home)
    at_home.type(PRESENT, PASSPHRASE)
    at_home.press("Use the new passphrase")
    at_home.until(lambda: "The new passphrase opens your space." in at_home.texts)
    come_back(at_home, echo, come_in, FRESH)


def test_a_new_sheet_ends_the_old_one(
    at_home: Driver, echo: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_keys(at_home)
    at_home.press("Make a new sheet…")
    at_home.type(PRESENT, PASSPHRASE)
    at_home.press("Make a new sheet")
    at_home.until(lambda: "Done" in at_home.buttons() or ON_PAPER in at_home.buttons())
    code = words_shown(at_home)
    assert "Done" not in at_home.buttons()
    assert "A printer may keep a copy" in at_home.texts
    printed: list[list[Line]] = []
    (words,) = seen(at_home.window, RecoveryWords)
    record = at_home.main._session.activity

    class Paper:
        def print_(self, _printer: object) -> None:
            printed.append(record.lines())

    monkeypatch.setattr(words, "sheet", Paper)
    at_home.press("Print")
    dialog = at_home.window
    assert isinstance(dialog, QPrintDialog)
    dialog.accepted.emit(QPrinter())
    dialog.reject()
    at_home.until(lambda: bool(printed))
    assert [one.way for one in printed[0] if isinstance(one, Exit)] == [Way.SHEET]
    at_home.press(ON_PAPER)
    at_home.press("Done")
    at_home.press("Try the paper…")
    at_home.type("Recovery code", " ".join(reversed(code.split())))
    at_home.press("Try it")
    refused(at_home)
    at_home.type("Recovery code", code)
    at_home.press("Try it")
    at_home.until(lambda: "it opens the space" in at_home.main.keys.recovery.state)


def test_somebody_knows_it_leads_through_the_entrance_and_back(
    at_home: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    at_home.ask("Words of mine")
    open_keys(at_home)
    at_home.press("Make a new key…")
    assert "locked first" in at_home.texts
    at_home.press("Lock and go on")
    info = echo.find("Ada")
    assert at_home.renewal == info.id
    at_home.leave()

    ada = come_in(echo)  # the fresh process, told by the old one
    ada.entrance.renew_by_id(info.id)
    assert nameless(ada.window) == []
    ada.type(PRESENT, "not it")
    ada.press("Go on")
    ada.until(lambda: "not the passphrase" in ada.entrance.page.messages.text)
    ada.type(PRESENT, PASSPHRASE)
    ada.press("Go on")
    ada.until(lambda: "Choose a passphrase" in ada.texts)
    ada.type("Passphrase", FRESH)
    ada.type("The same once more", FRESH)
    ada.press("Make a new key")
    ada.until(lambda: ON_PAPER in ada.buttons())
    code = words_shown(ada)
    ada.press(ON_PAPER)
    ada.press("Go on")
    assert "What still opens as before" in ada.texts
    assert "on sticks" in ada.texts
    ada.press("Go on")
    with pytest.raises(WrongPassphrase):
        echo.unlock(info, PASSPHRASE)
    ada.unlock(FRESH)
    assert [found.title for found in ada.main._session.conversations()] == ["Words of mine"]
    ada.leave()
    echo.unlock_with_recovery(info, code).close()


def test_somebody_knows_it_can_be_called_off_on_its_way(
    echo: Entrance, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, code = echo.create("Ada", PASSPHRASE)
    session.close()
    go_on = Event()
    begin = acts._begin

    def slowly(*arguments: Any) -> None:
        assert go_on.wait(30)
        begin(*arguments)

    monkeypatch.setattr(acts, "_begin", slowly)
    ada = come_in(echo)
    ada.entrance.renew(echo.find("Ada"))
    ada.type(PRESENT, PASSPHRASE)
    ada.press("Go on")
    ada.until(lambda: "Choose a passphrase" in ada.texts)
    ada.type("Passphrase", FRESH)
    ada.type("The same once more", FRESH)
    ada.press("Make a new key")
    ada.until(lambda: "Reading back what was written…" in ada.texts)
    assert nameless(ada.window) == []
    ada.press("Call it off")
    assert "Call it off" not in ada.buttons()
    go_on.set()
    ada.until(lambda: "there is no new key" in ada.entrance.page.messages.text)
    echo.unlock_with_recovery(echo.find("Ada"), code).close()
    ada.press("Leave it as it is")
    ada.unlock(PASSPHRASE)


def test_closing_the_window_calls_a_new_key_off(
    echo: Entrance, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or its recovery code would be made, and seen by nobody."""
    session, code = echo.create("Ada", PASSPHRASE)
    session.close()
    begin, begun, go_on = acts._begin, Event(), Event()

    def slowly(*arguments: Any) -> None:
        begun.set()
        assert go_on.wait(30)
        begin(*arguments)

    monkeypatch.setattr(acts, "_begin", slowly)
    ada = come_in(echo)
    info = echo.find("Ada")
    ada.entrance.renew(info)
    ada.type(PRESENT, PASSPHRASE)
    ada.press("Go on")
    ada.until(lambda: "Choose a passphrase" in ada.texts)
    ada.type("Passphrase", FRESH)
    ada.type("The same once more", FRESH)
    ada.press("Make a new key")
    ada.until(begun.is_set)
    ada.leave()
    go_on.set()
    for _try in range(200):
        if not echo.is_held(info):
            break
        time.sleep(0.05)
    echo.unlock_with_recovery(info, code).close()


def test_the_fresh_process_knows_which_space_gets_a_new_key(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: dict[str, str] = {}
    monkeypatch.setattr(isolation, "begin_again", lambda _arguments, more: left.update(more))
    for renewal in ("", "485d084729f97552"):
        afresh.start_afresh(QByteArray(b"place"), renewal)
        monkeypatch.setenv(afresh.VARIABLE, left[afresh.VARIABLE])
        assert afresh.Curtain().renewal == renewal
    monkeypatch.setenv(afresh.VARIABLE, "00;../../elsewhere")
    assert afresh.Curtain().renewal == ""


def test_leaving_it_as_it_is_changes_nothing(echo: Entrance, come_in: ComeIn) -> None:
    session, _code = echo.create("Ada", PASSPHRASE)
    session.close()
    ada = come_in(echo)
    ada.entrance.renew_by_id("no such space")
    assert "Somebody knows it" not in ada.texts
    ada.entrance.renew(echo.find("Ada"))
    ada.press("Leave it as it is")
    ada.unlock(PASSPHRASE)


@pytest.fixture
def week_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sheet was made more than a week ago."""
    read = Drill.sheet

    def aged(drill: Drill) -> Sheet:
        sheet = read(drill)
        made = sheet.made - timedelta(days=8) if sheet.passed is None else sheet.made
        return Sheet(made, sheet.passed, sheet.put_off)

    monkeypatch.setattr(Drill, "sheet", aged)


def test_the_paper_is_asked_for_after_a_week_and_again_if_put_off(
    at_home: Driver, echo: Entrance, come_in: ComeIn, week_later: None
) -> None:
    assert "Do you still have the sheet?" not in at_home.texts  # on the first day
    ada = come_back(at_home, echo, come_in, PASSPHRASE)
    ada.until(lambda: "Do you still have the sheet?" in ada.texts)
    assert nameless(ada.window) == []
    ada.press("Not now")
    ada.until_idle()
    put_off = ada.main._session.keys.drill.sheet().put_off
    assert put_off is not None
    assert datetime.now(UTC) - put_off < timedelta(minutes=5)
    again = come_back(ada, echo, come_in, PASSPHRASE)
    again.until_idle()
    open_keys(again)
    assert "Do you still have the sheet?" not in again.texts


def test_a_lost_sheet_leads_to_a_new_one_or_to_a_new_key(at_home: Driver) -> None:
    at_home.main.keys.recovery.ask()
    at_home.press("I lost it")
    assert "If somebody may have it" in at_home.texts
    at_home.press("A new sheet")
    assert "A new recovery sheet" in at_home.texts
    at_home.press("Leave it as it is")
    at_home.main.keys.recovery.ask()
    at_home.press("I lost it")
    at_home.press("A new key")
    assert at_home.renewal


class Remembering:
    """A keyring in memory: a double, so that this test asks no service of the computer."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


def test_the_keyring_is_turned_on_and_off_and_opens(echo: Entrance, come_in: ComeIn) -> None:
    kept = Remembering()
    echo._keyring._keyring = Keyring(lambda: kept)
    session, _code = echo.create("Ada", PASSPHRASE)
    session.close()
    ada = come_in(echo)
    assert "Open with this computer's keyring" not in ada.buttons()
    ada.unlock(PASSPHRASE)
    open_keys(ada)
    ada.until(lambda: "Let the keyring open it…" in ada.buttons())
    ada.press("Let the keyring open it…")
    ada.type(PRESENT, PASSPHRASE)
    assert "Let it open the space" not in ada.buttons()
    ada.press("Nobody but me uses this account")
    ada.press("Let it open the space")
    ada.until(lambda: "It opens this space" in ada.main.keys.keyring.state)
    ada.leave()

    again = come_in(echo)
    again.press("Open with this computer's keyring")
    again.until(lambda: again.is_in)
    open_keys(again)
    again.until(lambda: "Let it open no longer" in again.buttons())
    again.press("Let it open no longer")
    again.until(lambda: "does not open this space" in again.main.keys.keyring.state)
    again.until(lambda: not kept.kept)


def test_a_keyring_that_fails_leaves_the_passphrase(echo: Entrance, come_in: ComeIn) -> None:
    kept = Remembering()
    echo._keyring._keyring = Keyring(lambda: kept)
    session, _code = echo.create("Ada", PASSPHRASE)
    session.close()
    echo.acts.keyring_on(echo.find("Ada"), PASSPHRASE, alone=True)
    kept.kept.clear()
    ada = come_in(echo)
    ada.press("Open with this computer's keyring")
    ada.until(lambda: "holds nothing for this space" in ada.entrance.page.messages.text)
    ada.unlock(PASSPHRASE)


def test_where_it_is_not_offered_it_says_why(echo: Entrance, come_in: ComeIn) -> None:
    for name in ("Ada", "Grace"):
        session, _code = echo.create(name, PASSPHRASE)
        session.close()
    ada = come_in(echo)
    ada.press("Ada")
    ada.unlock(PASSPHRASE)
    open_keys(ada)
    ada.until(lambda: "Several spaces lie under this account" in ada.texts)
    assert "Let the keyring open it…" not in ada.buttons()


def test_who_opened_the_space_before_is_said(at_home: Driver, echo: Entrance) -> None:
    open_keys(at_home)
    (at_first,) = seen(at_home.main, OpenedBefore)
    assert "Not yet." in [label.text() for label in seen(at_first, QLabel)]
    at_home.press("Lock")
    info = echo.find("Ada")
    echo.unlock(info, PASSPHRASE).close()
    session = echo.unlock(info, PASSPHRASE)
    session.close()
    shown = OpenedBefore(session.openings)
    (said,) = openings.said(session.openings)
    assert said in [label.text() for label in shown.findChildren(QLabel)]
    shown.deleteLater()


@pytest.mark.usefixtures("no_daily_backup")
def test_a_backup_is_made_tried_out_and_listed(at_home: Driver, home: Path, tmp_path: Path) -> None:
    open_keys(at_home)
    at_home.until(lambda: "None is there yet" in at_home.texts)
    at_home.press("Make a backup now")
    at_home.until(lambda: at_home.texts.count("Made and verified: ") == 2)  # said, and listed
    (made,) = (home / "backups").glob("*.safespace")
    assert f"They lie in {made.parent}" in at_home.texts
    assert nameless(at_home.main) == []
    (try_out,) = [name for name in at_home.buttons() if name.startswith("Try out the backup of")]
    at_home.press(try_out)
    at_home.until(lambda: "is whole and opens" in at_home.texts)
    made.write_bytes(made.read_bytes()[:-1])
    at_home.press(try_out)
    at_home.until(lambda: "no backup of Safe Space" in at_home.texts or "damaged" in at_home.texts)
    at_home.main._session.set("backup.folder", str(tmp_path / "stick"))
    at_home.press("Make a backup now")
    at_home.until(lambda: "stick is not there" in at_home.texts)


@pytest.mark.parametrize("by_code", [False, True])
def test_a_space_comes_back_from_a_backup_at_the_entrance(
    echo: Entrance, come_in: ComeIn, home: Path, by_code: bool
) -> None:
    session, code = echo.create("Ada", PASSPHRASE)
    made = session.backups.make()
    session.close()
    file = made.file.rename(home / made.file.name)
    shutil.rmtree(home / "spaces")  # as on a new computer
    ada = come_in(echo)
    ada.press("Bring a space back from a backup")
    assert nameless(ada.window) == []
    page = ada.entrance.page
    assert isinstance(page, RestorePage)
    page.choose(file)
    ada.type("Passphrase or recovery code", "not it")
    ada.press("Bring it back")
    ada.until(page.messages.isVisible)
    ada.type("Passphrase or recovery code", code if by_code else PASSPHRASE)
    ada.press("Bring it back")
    ada.until(lambda: "Use the recovery code" in ada.buttons())
    ada.unlock(PASSPHRASE)
