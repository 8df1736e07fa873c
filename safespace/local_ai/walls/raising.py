# SPDX-License-Identifier: AGPL-3.0-or-later
"""The walls that this system has: raised by the process itself, before it reads anything.

What its parent does besides is in `outside`; what is kept out in the end, `trial` tries.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

TRY: Final = "--try-walls"
"""The first argument of a child that is to try them (`trial`), and serves nobody."""


def raise_walls(readable: Iterable[Path], cards: Sequence[str] = ()) -> tuple[str, ...]:
    """From now on this process reads `readable` and its own program, and touches nothing else
    but graphics cards, of the kinds `cards` that `graphics` knows.

    The walls that the system gave. Call it before any thread is started.
    """
    if sys.platform == "linux":
        from safespace.local_ai.walls import linux as system
    elif sys.platform == "darwin":
        from safespace.local_ai.walls import macos as system
    elif sys.platform == "win32":
        from safespace.local_ai.walls import windows as system
    else:
        return ()
    return system.raise_walls(readable, cards)
