# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a PDF, by pdfium. Runs in the walled child alone."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Final

import pypdfium2

from safespace.domain import Reading
from safespace.local_ai.documents.found import MOST_PIXELS, Found, Place, Unreadable

_NESTED: Final = 4
"""How deep a picture may lie in the forms of a page."""


def pages(untrusted: bytes) -> Iterator[Place | Found]:
    """The text and the pictures of each page. Raises Unreadable."""
    try:
        document = pypdfium2.PdfDocument(untrusted)
    except pypdfium2.PdfiumError as problem:
        locked = "password" in str(problem).lower()
        raise Unreadable(Reading.LOCKED if locked else Reading.DAMAGED) from None
    broken = False
    for number in range(len(document)):
        try:
            page = document[number]
            lines = page.get_textpage()
            text = lines.get_text_range()
            lines.close()
            pictures = sum(1 for _picture in _images(page))
            page.close()
        except pypdfium2.PdfiumError:  # one page is broken, not all of them
            broken = True
            continue
        yield number + 1, text.replace("\r\n", "\n").replace("\ufffe", "")
        for which in range(pictures):
            yield Found(number + 1, "", partial(_bitmap, document, number, which))
    if broken:
        raise Unreadable(Reading.DAMAGED)


def _images(page: pypdfium2.PdfPage) -> Iterator[Any]:
    yield from page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=_NESTED)


def _bitmap(document: pypdfium2.PdfDocument, number: int, which: int) -> object:
    """A picture of a page as pdfium draws it, with what hides parts of it."""
    page = document[number]
    image = next(islice(_images(page), which, None))
    wide, high = image.get_px_size()
    if wide * high > MOST_PIXELS:
        raise Unreadable(Reading.TOO_MUCH)
    return image.get_bitmap(render=True).to_pil()
