# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the model shelf: cards, bringing a file, fetching one from a place that is slow."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QProgressBar

from safespace.domain import Level, ModelCard
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.shelf import Shelf
from safespace.session.entrance import Entrance
from safespace.store.spaces import Spaces
from safespace.ui.link_dialog import LinkDialog
from safespace.ui.models.bring_part import BringPart
from tests.tiny_model import write_tiny_model
from tests.ui.conftest import PASSPHRASE
from tests.ui.driver import Driver, seen
from tests.ui.test_a11y import nameless
from tests.unit.door.far_side import far_side
from tests.unit.session.conftest import CARD, CHEAP, EMPTY_MODEL
from tests.unit.session.fetching.test_room import CONTENT, Held, card_at

KNOWN = replace(
    CARD,
    name="Unseen",
    file="",
    size=None,
    sha256=None,
    parameters=4_000_000_000,
    data="Made of books.",
    limits="It errs.",
    terms="Restricted: not for armies.",
    languages=frozenset({"de"}),
)
Come = Callable[[Entrance], Driver]


@pytest.fixture
def held() -> Iterator[Held]:
    one = Held()
    yield one
    one.go.set()


def texts(ada: Driver) -> str:
    return "\n".join(label.text() for label in seen(ada.main, QLabel))


def at_the_shelf(echo: Entrance, home: Path, come_in: Come, *cards: ModelCard) -> Driver:
    """Ada's window at the page of models, with these cards in the catalogue."""
    catalogue = Catalogue((CARD, KNOWN, *cards))
    computer = replace(echo.computer, catalogue=catalogue, shelf=Shelf(home / "models", catalogue))
    ada = come_in(Entrance(computer, Spaces(home / "spaces"), CHEAP))
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    open_models(ada)
    return ada


def open_models(ada: Driver) -> None:
    ada.press("Settings")
    ada.until(ada.main.settings.isVisible)
    ada.press("Models…")
    ada.until(ada.main.models.isVisible)


def test_cards_say_what_is_known_before_anything_is_fetched(
    echo: Entrance, home: Path, come_in: Come
) -> None:
    ada = at_the_shelf(echo, home, come_in)
    said = texts(ada)
    for part in (
        "Echo",
        "Unseen",
        "about 2.4 GB",
        "of memory",
        "tokens a second",
        "To be verified",
    ):
        assert part in said
    assert not [name for name in ada.buttons() if name.startswith("Fetch")]
    ada.press("About Unseen…")
    ada.until(lambda: ada.window is not ada.main)
    sheet = "\n".join(label.text() for label in seen(ada.window, QLabel))
    for part in ("Restricted: not for armies.", "Made of books.", "It errs.", "de"):
        assert part in sheet
    ada.press("Close")


def test_a_file_is_brought_by_choice_or_dropped(echo: Entrance, home: Path, come_in: Come) -> None:
    ada = at_the_shelf(echo, home, come_in)
    (part,) = seen(ada.main, BringPart)
    part.add(home / "missing.gguf")
    ada.until(lambda: part.outcome not in ("", "Checking and copying…"))
    assert "on the shelf now" not in part.outcome
    model = write_tiny_model(home / "dropped.gguf")
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(model))])
    ada.main.models.dropEvent(
        QDropEvent(
            QPointF(QPoint(1, 1)),
            Qt.DropAction.CopyAction,
            urls,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    ada.until((home / "models" / "dropped.gguf").exists)
    ada.until(lambda: "dropped, " in texts(ada))
    assert "dropped is on the shelf now." in texts(ada)
    assert "Nothing is known of it" in texts(ada)
    ada.press("Say what dropped speaks")
    ada.until(lambda: ada.window is not ada.main)
    assert nameless(ada.window) == nameless(ada.main) == []
    ada.type("Languages", "EN, german")
    ada.press("Keep")
    ada.until(lambda: "“german” is no code of a language." in texts(ada))
    ada.press("Say what dropped speaks")
    ada.until(lambda: ada.window is not ada.main)
    ada.type("Languages", "en de")
    ada.press("Keep")
    ada.until(lambda: "Languages: de, en." in texts(ada))


def _stands(file: Path, there: bool) -> bool:
    return file.exists() is there


def test_a_model_is_deleted_after_a_question_which_says_what_that_frees(
    echo: Entrance, home: Path, come_in: Come
) -> None:
    ada = at_the_shelf(echo, home, come_in)
    for answer, there in (("Keep it", True), ("Delete it", False)):
        ada.press("Delete Echo…")
        ada.until(lambda: ada.window is not ada.main)
        ada.press(answer)
        ada.until(lambda: ada.window is ada.main)
        ada.until_idle()
        ada.until(partial(_stands, home / "models" / CARD.file, there))
    ada.until(lambda: "Echo was deleted. 0 kB are free again." in texts(ada))
    ada.until(lambda: "No model yet." in texts(ada))


def test_how_fast_a_model_is_can_be_measured_at_a_press(
    real: Entrance, home: Path, come_in: Come
) -> None:
    ada = come_in(real)
    ada.make_space("Ada", PASSPHRASE, Level.WHEN_I_ASK)
    open_models(ada)
    assert "rule of thumb" in texts(ada)
    ada.press("Measure the pace of SmolLM2 135M")
    ada.until(lambda: "tokens a second on this computer." in texts(ada))
    ada.until(lambda: "measured here" in texts(ada))


def test_the_page_of_a_models_maker_is_shown_before_it_is_opened(
    echo: Entrance, home: Path, come_in: Come
) -> None:
    ada = at_the_shelf(
        echo, home, come_in, replace(KNOWN, name="Far", source="https://far.example/m")
    )
    ada.press("About Far…")
    ada.until(lambda: ada.window is not ada.main)
    ada.press("Its maker's page…")
    ada.until(lambda: isinstance(ada.window, LinkDialog))
    assert isinstance(ada.window, LinkDialog)
    assert ada.window.shown_address == "https://far.example/m"
    ada.press("Stay here")
    ada.press("Close")


def test_a_file_is_checked(echo: Entrance, home: Path, come_in: Come) -> None:
    ada = at_the_shelf(echo, home, come_in)
    ada.press("Check the file of Echo")
    ada.until(lambda: "is the file on its card" in texts(ada))
    (home / "models" / CARD.file).write_bytes(EMPTY_MODEL + b"!")
    ada.press("Check the file of Echo")
    ada.until(lambda: "damaged" in texts(ada))


def test_a_model_is_fetched_after_a_question_paused_and_gone_on_with(
    echo: Entrance, home: Path, come_in: Come, held: Held
) -> None:
    with far_side(held) as side:
        ada = at_the_shelf(echo, home, come_in, card_at(side))
        session = ada.main._session
        ada.press("Fetch Far…")
        ada.until(lambda: ada.window is not ada.main)
        asked = "\n".join(label.text() for label in seen(ada.window, QLabel))
        assert f"127.0.0.1:{side.port}" in asked
        assert side.lines == 0
        assert session.get("door.models") == "off"
        ada.press("Fetch it")
        ada.until(lambda: "are here." in texts(ada))
        assert session.get("door.models") == "on"
        assert held.half_way.wait(60)
        ada.until(lambda: 0 < _bar(ada).value() < 1000)
        ada.press("Pause Far")
        ada.until(lambda: "Paused:" in texts(ada))
        held.go.set()
        assert {"Go on with Far", "Give up Far"} <= set(ada.buttons())
        ada.press("Give up Far")
        ada.until(lambda: "Paused:" not in texts(ada))
        assert not list((home / "models").glob("far*"))


def test_what_came_whole_stands_on_the_shelf(
    echo: Entrance, home: Path, come_in: Come, held: Held
) -> None:
    held.go.set()
    with far_side(held) as side:
        ada = at_the_shelf(echo, home, come_in, card_at(side))
        ada.press("Fetch Far…")
        ada.until(lambda: ada.window is not ada.main)
        ada.press("Fetch it")
        ada.until(lambda: "Check the file of Far" in ada.buttons())
    assert (home / "models" / "far.gguf").read_bytes() == CONTENT


def test_at_level_0_the_page_is_empty(echo: Entrance, home: Path, come_in: Come) -> None:
    ada = at_the_shelf(echo, home, come_in)
    assert "Unseen" in texts(ada)
    ada.main.go_to_level(Level.NO_AI)
    assert "Unseen" not in texts(ada)
    assert "Models…" not in ada.buttons()


def _bar(ada: Driver) -> QProgressBar:
    (bar,) = seen(ada.main.models, QProgressBar)
    return bar
