# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the bytes of a file to its text and pictures, in order. Runs in the walled child alone.

Nothing outside a file is looked for: no entity, no style sheet, no address. A picture is found
where it stands and drawn later (`album`), when the text is safe.
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from zlib import error as BadStream

from lxml import etree

from safespace.domain import Reading
from safespace.local_ai.documents import office, pdf, web
from safespace.local_ai.documents.found import Found, Place, Unreadable
from safespace.local_ai.documents.kinds import DOCX, EPUB, HTML, MAIL, ODT, PDF, PICTURES

_BROKEN: Final = (
    *(etree.LxmlError, zipfile.BadZipFile, BadStream, EOFError, KeyError, ValueError),
    NotImplementedError,  # what zipfile says of a way of packing that it does not know
)


def places(type_: str, untrusted: bytes) -> Iterator[Place | Found]:
    """Text and pictures of a file of the media type `type_`, in order. Raises Unreadable."""
    try:
        yield from READERS[type_](untrusted)
    except _BROKEN:
        raise Unreadable(Reading.DAMAGED) from None


def _picture(untrusted: bytes) -> Iterator[Place | Found]:
    yield Found(None, "", lambda: untrusted)


READERS: Final[Mapping[str, Callable[[bytes], Iterator[Place | Found]]]] = {
    **dict.fromkeys(PICTURES, _picture),
    PDF: pdf.pages,
    DOCX: office.word,
    ODT: office.libre,
    HTML: web.page,
    EPUB: web.book,
    MAIL: web.letter,
}
