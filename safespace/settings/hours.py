# SPDX-License-Identifier: AGPL-3.0-or-later
"""Windows of the day, as a person writes them."""

import re
from typing import Final

_WINDOW: Final = re.compile(r"\s*(\d{1,2}):([0-5]?\d)\s*-\s*(\d{1,2}):([0-5]?\d)\s*", re.ASCII)


def window(text: str) -> tuple[int, int]:
    """A window of the day such as "22:00-07:00", in minutes after midnight; its end may be
    the next morning. Raises ValueError for anything else.
    """
    found = _WINDOW.fullmatch(text)
    if not found:
        raise ValueError(text)
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if begin > 24 * 60 or end > 24 * 60 or begin == end:
        raise ValueError(text)
    return begin, end


def is_window(text: str) -> bool:
    """Whether `window` can read it."""
    try:
        window(text)
    except ValueError:
        return False
    return True
