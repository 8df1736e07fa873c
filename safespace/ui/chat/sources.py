# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an answer draws on, below it: each place in a document, quoted, and open on a click."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.session.documents import Quoted
from safespace.ui.kit.parts import button, column, label, row

_SHOWN = 160
"""Characters of a passage that stand beside its name."""


class Sources(QWidget):
    """Filled once `look` has found the places; `wanted` opens one of them."""

    def __init__(
        self,
        look: Callable[[QWidget, Callable[[Sequence[Quoted]], None]], object],
        wanted: Callable[[Quoted], object],
    ) -> None:
        super().__init__()
        self._wanted = wanted
        self.setLayout(column(gap=0))
        self.hide()
        look(self, self._show)

    def _show(self, found: Sequence[Quoted]) -> None:
        layout = self.layout()
        assert layout
        for quoted in found:
            layout.addWidget(self._line(quoted))
        self.setVisible(bool(found))

    def _line(self, quoted: Quoted) -> QWidget:
        named = cited(quoted)
        open_ = button(named, lambda: self._wanted(quoted), "plain", icon="file-text")
        open_.setAccessibleName(_("Source {named}: open it").format(named=named))
        said = " ".join(quoted.words.split())
        cut = f"{said[:_SHOWN]}…" if len(said) > _SHOWN else said
        words = label(_("“{words}”").format(words=cut), "small", "quiet")
        made = QWidget()
        made.setLayout(column(row(open_, -1), words, gap=0))
        return made


def cited(quoted: Quoted) -> str:
    """A place on one line."""
    if quoted.page is None:
        return _("[{number}] {title}").format(number=quoted.number, title=quoted.title)
    return _("[{number}] {title}, page {page}").format(
        number=quoted.number, title=quoted.title, page=quoted.page
    )
