# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the door writes down: that something leaves, before it does, and how that ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from safespace.domain import Clearance


class End(StrEnum):
    """How a sending ended."""

    WHOLE = "whole"
    CUT = "cut"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Journey:
    """How a sending went: its end, and how many bytes came back."""

    end: End
    received: int


class Record(Protocol):
    """The activity record of the open space, as the door needs it. Called on any thread."""

    def leaves(self, clearance: Clearance) -> int:
        """Write down that this leaves now. Returns when it is on the disk; an id.

        Raises StorageError, and then nothing leaves.
        """

    def ended(self, id_: int, journey: Journey) -> None:
        """Add how it went. Raises StorageError."""
