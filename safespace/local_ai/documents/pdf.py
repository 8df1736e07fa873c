# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a PDF, by pdfium. Runs in the walled child alone."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any, Final

import pypdfium2
from pypdfium2 import raw

from safespace.domain import Reading
from safespace.local_ai.documents.found import MOST_PIXELS, Found, Place, Unreadable

_NESTED: Final = 4
"""How deep a picture may lie in the forms of a page."""
_MOST_ELEMENTS: Final = 10_000
"""Of a page's structure that are looked at."""


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
        except pypdfium2.PdfiumError:  # one page is broken, not all of them
            broken = True
            continue
        yield number + 1, text.replace("\r\n", "\n").replace("\ufffe", "")
        with suppress(pypdfium2.PdfiumError):
            said = list(_said_of_images(page))
            for which, says in enumerate(said):
                yield Found(number + 1, says, partial(_bitmap, document, number, which))
        page.close()
    if broken:
        raise Unreadable(Reading.DAMAGED)


def _said_of_images(page: pypdfium2.PdfPage) -> Iterator[str]:
    """Of each picture of a page, what it shows, where the PDF is tagged (ISO 32000-1, 14.9.3)."""
    images = [raw.FPDFPageObj_GetMarkedContentID(image) for image in _images(page)]
    said: dict[int, str] = {}
    tree = raw.FPDF_StructTree_GetForPage(page) if any(one >= 0 for one in images) else None
    if tree:
        left = [
            (raw.FPDF_StructTree_GetChildAtIndex(tree, place), "")
            for place in range(raw.FPDF_StructTree_CountChildren(tree))
        ]
        for _element in range(_MOST_ELEMENTS):
            if not left:
                break
            element, around = left.pop()
            if not element:
                continue
            says = _words(element) or around
            for place in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element)):
                said[raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, place)] = says
            left += (
                (raw.FPDF_StructElement_GetChildAtIndex(element, place), says)
                for place in range(raw.FPDF_StructElement_CountChildren(element))
            )
        raw.FPDF_StructTree_Close(tree)
    yield from (said.get(one, "") for one in images)


def _words(element: object) -> str:
    size = raw.FPDF_StructElement_GetAltText(element, None, 0)
    told = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetAltText(element, told, size)
    return told.raw.decode("utf-16-le", "replace").rstrip("\0")


def _images(page: pypdfium2.PdfPage) -> Iterator[Any]:
    yield from page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=_NESTED)


def _bitmap(document: pypdfium2.PdfDocument, number: int, which: int) -> object:
    """A picture of a page as pdfium draws it, with what hides parts of it."""
    page = document[number]
    image = next(islice(_images(page), which, None))
    wide, high = image.get_px_size()
    if wide * high > MOST_PIXELS:
        raise Unreadable(Reading.TOO_MUCH)
    return image.get_bitmap(render=True).to_pil()
