# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much comes out of one document: its child keeps to it, and its parent sees that it does."""

from typing import Final

MOST_CHARACTERS: Final = 20_000_000
"""Of text: the Bible has four million."""
MOST_LOOKED_AT: Final = 5_000
"""Pictures that are so much as looked at."""
MOST_SAID: Final = 2_000
"""Characters about a picture."""
MOST_SHOWN: Final = 200
"""Pictures."""
ROOM: Final = 48 << 20
"""Bytes of packed rows, of all pictures."""
