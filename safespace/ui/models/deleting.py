# SPDX-License-Identifier: AGPL-3.0-or-later
"""The question before a model's file is deleted."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from safespace.i18n import _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.ui.kit.confirm import Confirm


def ask_to_delete(asker: QWidget, model: ShelfModel, delete: Callable[[], object]) -> None:
    """Say what deleting it means, and do it after a yes."""
    Confirm(
        asker.window(),
        _("Delete {model}?").format(model=model.name),
        [
            _("Others who have a space on this computer may use the same models."),
            _("To have it again, its file has to be brought here again."),
        ],
        _("Delete it"),
        delete,
        leave=_("Keep it"),
        grave=True,
    ).open()


def deleted(model: ShelfModel, freed: int) -> str:
    """That it is gone, and what that frees."""
    gone = _("{model} was deleted.").format(model=model.name)
    return f"{gone} " + _("{size} are free again.").format(size=show_bytes(freed))
