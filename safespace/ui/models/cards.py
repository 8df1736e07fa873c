# SPDX-License-Identifier: AGPL-3.0-or-later
"""One card for each model: on the shelf, being fetched, or known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from safespace.domain import ModelCard
from safespace.i18n import _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.local_ai.shelf.outlook import Outlook
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session import suitability
from safespace.session.fetching import wording
from safespace.session.fetching.order import Progress, Stage
from safespace.ui.kit.flow import Flow
from safespace.ui.kit.parts import button, column, frame, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import Space


@dataclass(frozen=True, slots=True)
class Acts:
    """What the buttons of a card do."""

    fetch: Callable[[ModelCard, Outlook], object]
    go_on: Callable[[ModelCard], object]
    pause: Callable[[str], object]
    drop: Callable[[str], object]
    check: Callable[[ShelfModel], object]
    measure: Callable[[ShelfModel], object]
    tell: Callable[[ShelfModel], object]
    delete: Callable[[ShelfModel], object]
    page: Callable[[str], object]


def card_of_model(model: ShelfModel, seen: Outlook | None, acts: Acts) -> QWidget:
    """A model on the shelf."""
    name = _("{model}, {size}").format(model=model.name, size=show_bytes(model.size))
    check = _named(
        button(_("Check its file"), partial(acts.check, model)),
        _("Check the file of {model}").format(model=model.name),
    )
    measure = _named(
        button(_("Measure its pace"), partial(acts.measure, model)),
        _("Measure the pace of {model}").format(model=model.name),
    )
    buttons = [check] if model.finds else [check, measure]
    lines = [] if seen is None else [*suitability.fit(seen, finds=model.finds)]
    if model.finds:
        lines.insert(0, suitability.finding())
    if model.card and model.card.sha256:
        buttons.insert(0, _about(model.card, model.name, acts))
    elif not model.finds:
        buttons.insert(0, _telling(model, acts))
        lines.insert(0, _languages_told(model.card))
    delete = button(_("Delete {model}…").format(model=model.name), partial(acts.delete, model))
    return _card(name, lines, [*buttons, delete])


def _telling(model: ShelfModel, acts: Acts) -> QPushButton:
    tell = button(_("Say what it speaks…"), partial(acts.tell, model))
    return _named(tell, _("Say what {model} speaks").format(model=model.name))


def _languages_told(card: ModelCard | None) -> str:
    """What is known of a model that no catalogue knows."""
    if card is None:
        return _("Nothing is known of it, so its every question comes back to you first.")
    return _("Languages: {languages}.").format(languages=", ".join(sorted(card.languages)))


class FetchingCard(QWidget):
    """One that is on its way, or was."""

    def __init__(self, progress: Progress, card: ModelCard | None, acts: Acts) -> None:
        super().__init__()
        name, file = progress.name, progress.file
        pause = _named(
            button(_("Pause"), partial(acts.pause, file)), _("Pause {name}").format(name=name)
        )
        drop = _named(
            button(_("Give it up"), partial(acts.drop, file)),
            _("Give up {name}").format(name=name),
        )
        if progress.stage is Stage.RUNNING:
            buttons = [pause]
        elif card and card.fetchable:
            go_on = button(_("Go on"), partial(acts.go_on, card))
            buttons = [_named(go_on, _("Go on with {name}").format(name=name)), drop]
        else:
            buttons = [drop]
        self._said = label("", "small", "quiet")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("How much of {name} is here").format(name=name))
        self.tell(progress)
        self.setLayout(column(_card(name, (), buttons, self._said, self._bar)))

    def tell(self, progress: Progress) -> None:
        """How it stands now, at the same stage."""
        self._said.setText(wording.said(progress))
        self._bar.setValue(int(progress.part * 1000))


def card_of(card: ModelCard, seen: Outlook, acts: Acts) -> QWidget:
    """One that the catalogue knows."""
    name = _("{model}, {size}").format(model=card.name, size=suitability.size_said(card))
    lines = [
        (_("Licence: {licence}.") if card.terms else _("Licence: {licence}, a free one.")).format(
            licence=card.licence
        ),
        *([suitability.finding()] if card.finds else []),
        *suitability.fit(seen, finds=card.finds),
    ]
    buttons = [_about(card, card.name, acts)]
    if card.fetchable:
        fetch = button(_("Fetch {model}…").format(model=card.name), partial(acts.fetch, card, seen))
        buttons.append(fetch)
    else:
        lines.append(_("To be verified: bring its file yourself."))
    return _card(name, lines, buttons)


def _about(card: ModelCard, name: str, acts: Acts) -> QPushButton:
    def show() -> None:
        close = button(_("Close"), lambda: sheet.accept(), "main")
        page = [button(_("Its maker's page…"), partial(acts.page, card.source))]

        sheet = Sheet(
            made.window(),
            name,
            label(name, "title"),
            *(label(line, "body") for line in suitability.told(card)),
            acts=row(*(page if card.source else []), -1, close),
        )
        sheet.open()
        close.setFocus()

    made = button(_("About {model}…").format(model=name), show)
    return made


def _card(
    name: str, lines: Iterable[str], buttons: Iterable[QPushButton], *more: QWidget
) -> QWidget:
    told = [label(said, "small", "quiet")] if (said := " ".join(lines)) else []
    return frame(
        "card",
        column(
            label(name, "strong"),
            *told,
            *more,
            Flow(*buttons),
            margin=Space.STEP,
            gap=Space.NEAR,
        ),
    )


def _named(made: QPushButton, name: str) -> QPushButton:
    made.setAccessibleName(name)
    return made
