# SPDX-License-Identifier: AGPL-3.0-or-later
"""Markdown from a model loads nothing, runs nothing, opens nothing. Each with a control."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from safespace.store.rooms.activity import Exit, Way
from safespace.ui.chat.growing import Growing
from safespace.ui.chat.prose import Prose
from safespace.ui.kit.theme import Theme
from safespace.ui.link_dialog import LinkDialog
from tests.ui.driver import Driver

PIXELS = 40


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = QImage(PIXELS, PIXELS, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    file = tmp_path / "planted.png"
    assert image.save(str(file))
    return file


class Careless(QTextBrowser):
    """The control: a browser as Qt has it, which notes what it is asked to load."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        self.asked.append(QUrl(name).toString())
        return super().loadResource(kind, name)


def markdown(picture: Path) -> str:
    local = QUrl.fromLocalFile(str(picture)).toString()
    return (
        f"![one]({local}) ![two](//host/share/a.png) ![*three* words](https://example.org/a.png)\n\n"
        "<img src='https://example.org/b.png'> <script>alert(1)</script>\n\n"
        "[a link](https://example.org/path)"
    )


def test_without_links_each_is_words_and_address(qtbot: QtBot, theme: Theme) -> None:
    prose = Prose(links=False)
    qtbot.addWidget(prose)
    prose.show_markdown("See [more **here**](https://x.example/?q=1) or <https://y.example/>.")
    assert prose.toPlainText() == "See more here (https://x.example/?q=1) or https://y.example/."
    assert "href" not in prose.toHtml()
    control = Prose()
    qtbot.addWidget(control)
    control.show_markdown("[more](https://x.example/)")
    assert "href" in control.toHtml()


def loaded(document: QTextDocument, picture: Path) -> bool:
    """Whether the planted file's pixels reached the document."""
    kind = QTextDocument.ResourceType.ImageResource.value
    image = document.resource(kind, QUrl.fromLocalFile(str(picture)))
    return bool(image) and image.width() == PIXELS


def test_a_picture_is_never_loaded(qtbot: QtBot, theme: Theme, picture: Path) -> None:
    control, prose = Careless(), Prose()
    for browser in (control, prose):
        qtbot.addWidget(browser)
        browser.resize(600, 400)
    control.document().setMarkdown(markdown(picture))
    control.document().adjustSize()
    assert any("example.org/a.png" in name for name in control.asked)
    assert any(name.endswith("host/share/a.png") for name in control.asked)
    assert loaded(control.document(), picture)  # the planted file was read

    prose.show_markdown(markdown(picture))
    prose.document().adjustSize()
    prose.grab()
    assert not loaded(prose.document(), picture)
    assert prose.document().size().height() < control.document().size().height() + PIXELS * 3


def test_a_picture_is_shown_as_its_words(qtbot: QtBot, theme: Theme, picture: Path) -> None:
    prose = Prose()
    qtbot.addWidget(prose)
    prose.show_markdown(markdown(picture))
    text = prose.toPlainText()
    assert "[picture not loaded: one]" in text
    assert "[picture not loaded: three words]" in text
    assert "￼" not in text


def test_html_is_text(qtbot: QtBot, theme: Theme) -> None:
    control, prose = QTextBrowser(), Prose()
    for browser in (control, prose):
        qtbot.addWidget(browser)
    control.setMarkdown("a <b>bold</b> word")
    prose.show_markdown("a <b>bold</b> word")
    assert control.toPlainText() == "a bold word"
    assert prose.toPlainText() == "a <b>bold</b> word"


def test_going_somewhere_goes_nowhere(qtbot: QtBot, theme: Theme, picture: Path) -> None:
    page = picture.with_suffix(".html")
    page.write_text("planted words")
    control, prose = QTextBrowser(), Prose()
    for browser in (control, prose):
        qtbot.addWidget(browser)
        browser.setSource(QUrl.fromLocalFile(str(page)))
    assert "planted" in control.toPlainText()
    assert prose.toPlainText() == ""


def test_a_streamed_picture_is_not_loaded_either(qtbot: QtBot, theme: Theme, picture: Path) -> None:
    growing = Growing(lambda _address: None, str)
    qtbot.addWidget(growing)
    growing.add(markdown(picture))
    growing.flush()
    growing.grab()
    shown = growing.findChildren(Prose)
    assert shown
    assert not any(loaded(prose.document(), picture) for prose in shown)
    assert "[picture not loaded: one]" in "".join(prose.toPlainText() for prose in shown)


def test_a_link_only_asks(at_home: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    whole = "https://example.org/a?who=" + "x" * 300
    at_home.ask(f"[home]({whole})")
    prose = [prose for prose in at_home.main.findChildren(Prose) if "home" in prose.toPlainText()]
    assert not prose[-1].openLinks()
    assert not prose[-1].openExternalLinks()
    assert whole in asked(at_home, prose[-1], whole).shown_address
    at_home.press("Stay here")
    assert opened == []
    asked(at_home, prose[-1], whole)
    at_home.press("Open the link")
    assert opened == [whole]
    record = at_home.main._session.activity
    at_home.until(lambda: isinstance(record.lines()[0], Exit))
    assert [line.way for line in record.lines() if isinstance(line, Exit)] == [Way.LINK]
    assert "example" not in str(record.lines())
    asked(at_home, prose[-1], "https://example.org/?q=GB29NWBK60161331926819")
    assert "Open the link" not in at_home.buttons()
    assert "an account number" in at_home.texts


def asked(ada: Driver, prose: Prose, address: str) -> LinkDialog:
    prose.anchorClicked.emit(QUrl(address))

    def shown() -> LinkDialog | None:
        dialog = ada.window
        return (
            dialog if isinstance(dialog, LinkDialog) and address in dialog.shown_address else None
        )

    ada.until(lambda: shown() is not None)
    dialog = shown()
    assert dialog
    return dialog


@pytest.mark.parametrize("address", ["javascript:alert(1)", "smb://host/share", "x-app:do"])
def test_other_kinds_of_address_are_never_opened(qtbot: QtBot, theme: Theme, address: str) -> None:
    parent = Prose()
    qtbot.addWidget(parent)
    dialog = LinkDialog(QUrl(address), parent)
    dialog.show()
    assert "Open the link" not in {
        button.accessibleName() for button in dialog.findChildren(type(dialog.stay))
    }


def test_blocks_that_are_added_look_like_a_whole(qtbot: QtBot, theme: Theme) -> None:
    text = "# Title\n\nSome words.\n\n```\ncode\n```\n\n- a\n- b\n\nThe end."
    whole, piecemeal = Prose(), Prose()
    for prose in (whole, piecemeal):
        qtbot.addWidget(prose)
    whole.show_markdown(text)
    for block in text.split("\n\n"):
        piecemeal.append_markdown(block + "\n\n")
    assert piecemeal.toPlainText().split() == whole.toPlainText().split()
