# SPDX-License-Identifier: AGPL-3.0-or-later
"""Name and picture at the entrance: each space decides, and of a picture only pixels are kept."""

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtWidgets import QAbstractButton

from safespace.errors import StorageError, Usage
from safespace.session.drawing import drawn
from safespace.session.entrance import Entrance
from safespace.store.keys.header import LARGEST_PICTURE
from safespace.ui.entrance.restore_page import RestorePage
from safespace.ui.kit.theme import Theme
from safespace.ui.settings import portrait
from safespace.ui.settings.shown_part import ShownPart
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.test_a11y import nameless

ComeIn = Callable[[Entrance], Driver]
PLANTED = "Taken behind the old boathouse"


def photograph(file: Path, width: int = 640, height: int = 480) -> Path:
    """A picture in a file whose name, and a text inside it, tell more than the picture does."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#D02010"))
    image.setText("Description", PLANTED)
    assert image.save(str(file))
    return file


def settings_of(driver: Driver) -> ShownPart:
    driver.press("Settings")
    driver.until(driver.main.settings.isVisible)
    (part,) = seen(driver.main.settings, ShownPart)
    return part


def space(entrance: Entrance, name: str) -> None:
    entrance.create(name, PASSPHRASE)[0].close()


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_of_a_picture_only_its_pixels_are_kept(theme: Theme, tmp_path: Path, kind: str) -> None:
    file = photograph(tmp_path / f"boathouse-2019.{kind}")
    assert PLANTED.encode() in file.read_bytes() or kind == "jpg", "the control"
    kept = portrait.small(drawn(file))
    for told in (PLANTED, "boathouse", "Description", "tEXt", "Exif"):
        assert told.encode() not in kept
    image = QImage.fromData(QByteArray(kept))
    assert (image.width(), image.height()) == (portrait.SIDE, portrait.SIDE)
    assert image.pixelColor(5, 5).red() > 200
    assert not image.textKeys()


def test_even_noise_is_small_enough(theme: Theme, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(portrait.SIDE * portrait.SIDE * 4)  # noqa: S311
    side = portrait.SIDE
    assert QImage(noise, side, side, QImage.Format.Format_RGB32).save(str(tmp_path / "n.png"))
    assert len(portrait.small(drawn(tmp_path / "n.png"))) <= LARGEST_PICTURE


def claiming(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b""))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", claiming(60_000, 60_000)],
)
def test_what_is_no_picture_is_refused(theme: Theme, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(data)
    with pytest.raises(Usage):
        drawn(file)
    assert portrait.pixmap(data, 48, 1).isNull()


def test_no_reader_of_qt_sees_a_file_that_was_chosen(theme: Theme, tmp_path: Path) -> None:
    """What comes out of the child is measured; what only looks like a picture is nothing."""
    file = photograph(tmp_path / "me.png")
    assert PLANTED.encode() in file.read_bytes()
    longer = claiming(96, 96)
    assert portrait.pixmap(longer, 48, 1).isNull()
    with pytest.raises(Usage):
        portrait.small(longer)
    assert not portrait.pixmap(portrait.small(drawn(file)), 48, 1).isNull()


def test_a_picture_that_was_kept_before_is_still_shown(theme: Theme) -> None:
    """Qt's own writer wrote it, with a line on how large its dots are."""
    image = QImage(portrait.SIDE, portrait.SIDE, QImage.Format.Format_RGB888)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    kept = bytes(buffer.data().data())
    assert b"pHYs" in kept
    shown = portrait.pixmap(kept, 48, 1).toImage()
    assert shown.pixelColor(24, 24).red() == 255


def test_a_missing_file_is_said(theme: Theme, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        drawn(tmp_path / "away.png")


def test_a_kept_picture_claims_no_room_when_it_is_drawn(theme: Theme) -> None:
    large = QImage(200, 200, QImage.Format.Format_RGB32)
    large.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(large)
    assert portrait.pixmap(bytes(buffer.data().data()), 48, 1).isNull()


def test_a_picture_is_shown_at_the_entrance(
    at_home: Driver, echo: Entrance, come_in: ComeIn, tmp_path: Path
) -> None:
    space(echo, "Grace")
    part = settings_of(at_home)
    assert nameless(at_home.window) == []
    part.take(photograph(tmp_path / "me.png"))
    at_home.until(lambda: "Take the picture away" in at_home.buttons())
    at_home.leave()
    headers = [file.read_bytes() for file in echo.find("Ada").folder.glob("*.json")]
    assert not any(b"me.png" in data for data in headers)

    door = come_in(echo)
    assert icon_colour(door.button("Ada")) == "red"
    assert icon_colour(door.button("Grace")) != "red"
    assert nameless(door.window) == []
    door.press("Ada")
    door.unlock(PASSPHRASE)
    settings_of(door)
    door.until(lambda: "Take the picture away" in door.buttons())
    door.press("Take the picture away")
    door.until(lambda: "Take the picture away" not in door.buttons())
    assert echo.find("Ada").picture == b""


def icon_colour(button: QAbstractButton) -> str:
    icon = button.icon().pixmap(button.iconSize()).toImage()
    middle = icon.pixelColor(icon.height() // 2, icon.height() // 2)
    return "red" if middle.red() > 150 and middle.green() < 80 else "other"


def test_a_hidden_space_is_opened_by_typing_its_name(
    at_home: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    space(echo, "Grace")
    space(echo, "Linus")
    settings_of(at_home)
    at_home.until(lambda: "Show my name" in at_home.buttons())
    at_home.press("Show my name")
    at_home.until(lambda: "Nothing is shown." in at_home.texts)
    assert "Choose a picture…" not in at_home.buttons()
    at_home.leave()

    door = come_in(echo)
    assert {"Grace", "Linus"} <= set(door.buttons())
    hidden = echo.hidden("ada").id
    assert not any("Ada" in name or hidden in name for name in door.buttons())
    door.press("A space that is not shown")
    assert nameless(door.window) == []
    assert "Go on" not in door.buttons()
    door.type("Name of the space", "Alan")
    door.press("Go on")
    door.until(lambda: "no hidden space called “Alan”" in door.entrance.page.messages.text)
    door.type("Name of the space", "Ada")
    door.press("Go on")
    door.until(lambda: "Open" in door.buttons())
    door.unlock(PASSPHRASE)
    assert door.main._session.name == "Ada"
    settings_of(door)
    door.until(lambda: "Nothing is shown." in door.texts)
    door.press("Show my name")
    door.until(lambda: "Your name is shown" in door.texts)
    assert [info.name for info in echo.shown()] == ["Ada", "Grace", "Linus"]


def test_where_every_space_is_hidden_nobody_is_sent_to_make_one(
    at_home: Driver, echo: Entrance, come_in: ComeIn
) -> None:
    at_home.main._session.at_entrance.hide()
    at_home.leave()
    door = come_in(echo)
    assert "Who is there?" in door.texts
    assert "A space that is not shown" in door.buttons()


def test_a_name_that_others_show_is_refused_in_words(at_home: Driver, echo: Entrance) -> None:
    at_home.main._session.at_entrance.hide()
    space(echo, "Ada")
    settings_of(at_home)
    at_home.until(lambda: "Nothing is shown." in at_home.texts)
    at_home.press("Show my name")
    at_home.until(lambda: "already a space called “Ada”" in at_home.texts)
    assert not at_home.main._session.at_entrance.now().name


def test_a_hidden_space_that_is_brought_back_says_no_id(
    at_home: Driver, echo: Entrance, come_in: ComeIn, tmp_path: Path
) -> None:
    at_home.main._session.at_entrance.hide()
    backup = at_home.main._session.backups.make(tmp_path).file
    at_home.leave()
    space(echo, "Grace")
    space(echo, "Linus")
    door = come_in(echo)
    door.press("Bring a space back")
    page = door.entrance.page
    assert isinstance(page, RestorePage)
    page.choose(backup)
    door.type("Passphrase or recovery code", PASSPHRASE)
    door.press("Bring it back")
    door.until(lambda: "A space that is not shown" in door.texts)
    door.unlock(PASSPHRASE)
    assert door.main._session.name == "Ada"
