# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far *somebody knows it* has come, in words."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from safespace.i18n import N_, _


class Stage(StrEnum):
    """The last one cannot be called off: the new key is in force."""

    ENCRYPTING = "encrypting"
    PROVING = "proving"
    BACKUPS = "backups"


Told = Callable[[Stage, float | None], None]
"""Hears the stage, and which part of it is done where that is known. Any thread."""

_SAID: Final = {
    Stage.ENCRYPTING: N_("Encrypting everything anew…"),
    Stage.PROVING: N_("Reading back what was written…"),
    Stage.BACKUPS: N_("The new key is in force. Making the backup anew…"),
}


def said(stage: Stage) -> str:
    """What is being done."""
    return _(_SAID[stage])
