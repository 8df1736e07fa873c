# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's own ways out, judged before they are taken."""

from safespace.guard import addresses
from safespace.session.computer import Computer


class Exits:
    """Any thread."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer

    def in_address(self, shown: str, decoded: str) -> tuple[str, ...] | None:
        """What a link's address would carry out, each in words; None if that cannot be told."""
        return addresses.carried(shown, decoded, self._computer.scanner)
