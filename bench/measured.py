# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a measurer gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One value, and in words what else was seen while measuring it."""

    value: float
    beside: str
