# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen reader is told: finished answers once, errors at once, single words never."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_Politeness = QAccessible.AnnouncementPoliteness


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have `text` read out; `urgent` interrupts, and is for errors alone."""
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(_Politeness.Assertive if urgent else _Politeness.Polite)
    QAccessible.updateAccessibility(event)
