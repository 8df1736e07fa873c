# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that hold others, as ZIP does, and the XML in them. Runs in the walled child alone."""

import io
import zipfile
from typing import Final

from lxml import etree

from safespace.domain import Reading
from safespace.local_ai.documents.found import LARGEST_PICTURE, Unreadable

LARGEST: Final = 64 << 20
"""Bytes that what is read of a packed file may unpack to, all together."""


class Packed:
    """A packed file that unpacks no further than it may."""

    def __init__(self, untrusted: bytes) -> None:
        self._file = zipfile.ZipFile(io.BytesIO(untrusted))
        self._left = LARGEST
        self.names = frozenset(self._file.namelist())

    def part(self, name: str) -> bytes:
        """One part. Raises Unreadable, KeyError."""
        return self._read(name, self._left)

    def picture(self, name: str) -> bytes:
        """One part that is a picture. Raises as `part` does."""
        return self._read(name, min(self._left, LARGEST_PICTURE))

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self._file.open(name) as part:
                data = part.read(most + 1)
        except RuntimeError:  # what zipfile raises where a password is asked for
            raise Unreadable(Reading.LOCKED) from None
        self._left = max(0, self._left - len(data))
        if len(data) > most:
            raise Unreadable(Reading.TOO_MUCH)
        return data


def xml(part: bytes) -> etree._Element:
    """A part that is XML. Raises LxmlError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(part, parser)
