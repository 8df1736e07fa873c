# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is found in a document: its text and its pictures, where they stand. Or why it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from safespace.domain import Reading

LARGEST_PICTURE: Final = 16 << 20
"""Bytes of the file of one picture."""
MOST_PIXELS: Final = 40_000_000
"""Of a picture, before it is made smaller."""

Place = tuple[int | None, str]
"""A page where the format has pages, else None, and its text or some of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture, on a page where there are pages, and what it `says` for who cannot see it.

    `fetch` brings its file, or of a PDF the picture as it was drawn; it may raise anything.
    """

    page: int | None
    says: str
    fetch: Callable[[], Any]


class Unreadable(Exception):
    """The text cannot be had; `reading` says why."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.value)
        self.reading = reading
