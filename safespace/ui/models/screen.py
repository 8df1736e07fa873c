# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the model shelf. All of it is about models, so all of it passes the gate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QWidget

from safespace.domain import ModelCard
from safespace.errors import Known, SafeSpaceError
from safespace.i18n import _
from safespace.local_ai.machine import Machine
from safespace.local_ai.shelf.outlook import Outlook
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session import suitability
from safespace.session.computer import Computer
from safespace.session.fetching.order import Progress, Stage
from safespace.session.session import Session
from safespace.ui.gate import Gate
from safespace.ui.kit.a11y import announce
from safespace.ui.kit.confirm import Confirm
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, label
from safespace.ui.kit.screen import Screen
from safespace.ui.kit.theme import Space
from safespace.ui.link_dialog import ask_about_link
from safespace.ui.models.bring_part import BringPart
from safespace.ui.models.cards import Acts, FetchingCard, card_of, card_of_model
from safespace.ui.models.deleting import ask_to_delete, deleted
from safespace.ui.models.languages_sheet import LanguagesSheet

_SWITCH: Final = "door.models"
_EVERY_MS: Final = 500


@dataclass(frozen=True, slots=True)
class _Read:
    models: Sequence[tuple[ShelfModel, Outlook | None]]
    known: Sequence[tuple[ModelCard, Outlook]]
    fetched: Sequence[Progress]


class ModelsScreen(Screen):
    """What stands on the shelf, what is being fetched, and what the catalogue knows."""

    def __init__(self, session: Session, computer: Computer, ops: Ops, gate: Gate) -> None:
        super().__init__(_("Models"))
        self._session = session
        self._computer = computer
        self._ops = ops
        self._gate = gate
        self._outcome = label("", "strong")
        self._told = ""
        self._fetched: Sequence[Progress] = ()
        self._coming: Sequence[FetchingCard] = ()
        self._bring: BringPart | None = None
        self._again = QTimer(self)
        self._again.setInterval(_EVERY_MS)
        self._again.timeout.connect(self._look)
        self.setAcceptDrops(True)

    def read(self) -> None:
        """Look at the shelf, the catalogue and the disk, then say `ready`."""
        self._told = ""
        self._read(self.ready.emit)

    def _read(self, then: Callable[[], object] = lambda: None) -> None:
        computer, fetching, open_ = self._computer, self._session.fetching, self._gate.is_open

        def read() -> _Read:
            models = computer.shelf.models()
            machine = suitability.machine_with(computer.cards() if open_ else ())
            there = {model.path.name for model in models}
            return _Read(
                [(model, _seen(model, computer, machine)) for model in models],
                [
                    (card, suitability.of_card(card, computer.shelf, machine))
                    for card in computer.catalogue.cards
                    if card.file not in there
                ],
                fetching.every(),
            )

        def show(found: _Read) -> None:
            self._show(found)
            then()

        self._ops.run(self, read, show)

    def _show(self, found: _Read) -> None:
        acts = Acts(
            fetch=self._ask,
            go_on=self._go_on,
            pause=self._pause,
            drop=self._drop,
            check=self._check,
            measure=self._measure,
            tell=self._ask_languages,
            delete=self._ask_to_delete,
            page=self._show_page,
        )
        self._fetched = found.fetched
        self._outcome = label(self._told, "strong")
        self._outcome.setVisible(bool(self._told))
        bring = BringPart(self._computer, self._ops)
        bring.brought.connect(self._brought)
        self._bring = bring
        cards = {card.file: card for card in self._computer.catalogue.cards}
        here = [card_of_model(model, seen, acts) for model, seen in found.models]
        coming = [FetchingCard(one, cards.get(one.file), acts) for one in found.fetched]
        self._coming = coming
        known = [card_of(card, seen, acts) for card, seen in found.known]
        sections = [
            self._section(
                _("On this computer"),
                here or [label(_("No model yet."), "small", "quiet")],
                _("Others who have a space on this computer may use the same models."),
            ),
            self._section(_("Being fetched"), coming) if coming else None,
            bring,
            self._section(
                _("Known to us"),
                known,
                _("What their makers say of them; we have measured none of it."),
            ),
        ]
        self.fill(self._outcome, *(self._gate.admit(part) for part in sections if part))
        if any(one.stage is Stage.RUNNING for one in found.fetched):
            self._again.start()
        else:
            self._again.stop()

    def _section(self, title: str, parts: Sequence[QWidget], note: str = "") -> QWidget:
        made = QWidget()
        said = [label(note, "small", "quiet")] if note else []
        made.setLayout(
            column(label(title, "title"), *said, column(*parts, gap=Space.NEAR), gap=Space.STEP)
        )
        return made

    # Fetching

    def _ask(self, card: ModelCard, seen: Outlook) -> None:
        places = ", ".join(dict.fromkeys((_host(card.address), *card.hosts)))
        sentences = [*suitability.fit(seen, finds=card.finds)]
        if card.terms:
            sentences.append(_(card.terms))
        sentences.append(
            _(
                "It comes from {places}. They see the address of your internet connection, and"
                " which file is asked for: nothing of yours."
            ).format(places=places)
        )
        sentences.append(
            _("Fetching goes on while the space is locked. The setting “Fetch models” is on then.")
        )
        Confirm(
            self.window(),
            _("Fetch {model}?").format(model=card.name),
            sentences,
            _("Fetch it"),
            lambda: self._fetch(card),
            leave=_("Not now"),
        ).open()

    def _fetch(self, card: ModelCard) -> None:
        def fetch() -> None:
            self._session.set(_SWITCH, "on")
            self._session.fetching.get(card)

        self._do(fetch, _("It is being fetched."))

    def _go_on(self, card: ModelCard) -> None:
        self._fetch(card)

    def _pause(self, file: str) -> None:
        self._do(partial(self._session.fetching.pause, file), _("It will pause in a moment."))

    def _drop(self, file: str) -> None:
        self._do(partial(self._session.fetching.drop, file), _("What had come of it was deleted."))

    def _check(self, model: ShelfModel) -> None:
        def check() -> None:
            self._computer.shelf.verify(model.path.name)

        known = bool(model.card and model.card.sha256)
        well = (
            _("{file} is the file on its card, to the byte.")
            if known
            else _("{file} is a model file. Nobody can tell whether it is the one its maker made.")
        )
        self._tell(_("Reading the whole file…"))
        self._do(check, well.format(file=model.path.name))

    # What stands on the shelf

    def _brought(self, outcome: str) -> None:
        self._tell(outcome)
        self._read()

    def _measure(self, model: ShelfModel) -> None:
        def measured() -> str:
            return _("{model} answers with {speed:.0f} tokens a second on this computer.").format(
                model=model.name, speed=self._session.engagement.measure(model)
            )

        self._tell(_("{model} answers for some seconds, to be measured…").format(model=model.name))
        self._do(measured)

    def _ask_languages(self, model: ShelfModel) -> None:
        sheet = LanguagesSheet(self.window(), model)
        sheet.told.connect(partial(self._keep_languages, model))
        sheet.open()

    def _keep_languages(self, model: ShelfModel, languages: frozenset[str]) -> None:
        self._do(
            lambda: self._computer.shelf.tell(model.path.name, languages),
            _("It is kept with the model, for everybody who uses it."),
        )

    def _ask_to_delete(self, model: ShelfModel) -> None:
        def delete() -> str:
            return deleted(model, self._session.engagement.delete_model(model))

        ask_to_delete(self, model, lambda: self._do(delete))

    def _show_page(self, address: str) -> None:
        ask_about_link(QUrl(address), self._session, self._ops, self.window())

    def _do(self, act: Callable[[], object], outcome: str = "") -> None:
        """Do it and say how it came out: `outcome`, or else what `act` gives back."""

        def failed(problem: SafeSpaceError) -> None:
            self._tell(str(problem))
            self._read()

        def done(said: object) -> None:
            self._tell(outcome or str(said))
            self._read()

        self._ops.run(self, act, done, failed, aside=True)

    def _tell(self, outcome: str) -> None:
        self._told = outcome
        self._outcome.setText(outcome)
        self._outcome.setVisible(bool(outcome))
        announce(self, outcome)

    def _look(self) -> None:
        """Look again at what is being fetched, and show it when it moved."""

        def show(found: Sequence[Progress]) -> None:
            if _stages(found) != _stages(self._fetched):
                self._read()  # buttons come and go
                return
            for card, progress in zip(self._coming, found, strict=True):
                card.tell(progress)

        self._ops.run(self, self._session.fetching.every, show)

    def hideEvent(self, event: QHideEvent) -> None:
        self._again.stop()
        super().hideEvent(event)

    # What is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._gate.is_open and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if self._bring and self._gate.is_open and files:
            self._bring.add(Path(files[0]))
            event.acceptProposedAction()


def _stages(found: Sequence[Progress]) -> list[tuple[str, Stage]]:
    return [(progress.file, progress.stage) for progress in found]


def _seen(model: ShelfModel, computer: Computer, machine: Machine) -> Outlook | None:
    try:
        return suitability.of_model(model, computer.shelf, machine)
    except Known:  # a damaged one says so when it is checked
        return None


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0]
