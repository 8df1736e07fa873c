# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a task went where it went: in sentences, with what would change it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from safespace.domain import Mark, Message, Route
from safespace.i18n import _, ngettext
from safespace.session.leaving.origin import by
from safespace.session.session import Session
from safespace.session.turn.judging import Explanation
from safespace.ui.chat.mark import mark_badge, said_when
from safespace.ui.chat.sources import cited
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import button, column, label, row
from safespace.ui.kit.sheet import Sheet
from safespace.ui.kit.theme import Space


class WhyDialog(Sheet):
    """Explains the mark of one answer. What would change it is worked out in the background."""

    def __init__(self, message: Message, session: Session, ops: Ops, parent: QWidget) -> None:
        mark = message.mark
        assert mark
        self._body = column(gap=Space.STEP)
        self._plain = label("", "body")
        close = button(_("Close"), self.accept, "main")
        super().__init__(
            parent,
            _("Why"),
            mark_badge(mark.route),
            self._plain,
            label(_where(mark, message.at), "label", "quiet"),
            self._body,
            acts=row(-1, close),
        )
        close.setFocus()
        ops.run(self, lambda: session.why(message.id), self._explain)

    def _explain(self, explanation: Explanation) -> None:
        self._plain.setText(explanation.sentence)
        self._add(_("Because"), explanation.sentences[1:] and explanation.sentences)
        self._add(_("The model read, beside your words"), _read(explanation))
        self._add(_("What would change it"), explanation.could or explanation.ways_on or _none())
        QTimer.singleShot(0, self, self.fit)  # the new lines are shown by then

    def _add(self, heading: str, sentences: Iterable[str]) -> None:
        lines = [label(sentence) for sentence in sentences]
        if lines:
            self._body.addLayout(column(label(heading, "strong", "quiet"), *lines, gap=Space.SMALL))


def _read(explanation: Explanation) -> Iterator[str]:
    """What the model was told with the question."""
    if explanation.instructed:
        yield _("Your instructions")
    for line in explanation.memory:
        yield _("From your memory: {line}").format(line=line)
    if count := explanation.forgotten:
        yield ngettext(
            "A line of your memory that is no longer there",
            "{count} lines of your memory that are no longer there",
            count,
        ).format(count=count)
    for quoted in explanation.sources:
        yield _("From your documents: {place}").format(place=cited(quoted))
    if count := explanation.erased:
        yield ngettext(
            "A place in a document that is no longer there",
            "{count} places in documents that are no longer there",
            count,
        ).format(count=count)
    if explanation.sought and not (explanation.sources or explanation.erased):
        yield _("Your documents were looked through, and nothing in them fitted.")


def _none() -> tuple[str, ...]:
    return (_("Nothing that could be otherwise would take it further."),)


def _where(mark: Mark, at: datetime) -> str:
    if mark.route is Route.HUMAN:
        where = _("No model saw this.")
    elif mark.route is Route.LOCAL:
        where = _("{model} answered on this computer. Nothing was sent.").format(model=by(mark))
    else:
        where = _("{model} answered on the cooperative's computers.").format(model=mark.model)
    recorded = (
        _("The decision is in your activity record, without your words.")
        if mark.recorded
        else _("The decision could not be written into your activity record: not recorded.")
    )
    return f"{said_when(at)}. {where} {recorded}"
