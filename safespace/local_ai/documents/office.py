# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts of Word's and LibreOffice's. Runs in the walled child alone."""

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from posixpath import normpath
from typing import Final

from lxml import etree

from safespace.local_ai.documents.found import Found, Place
from safespace.local_ai.documents.packed import Packed, xml

_WORDS: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_OLDER: Final = "{urn:schemas-microsoft-com:vml}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FRAME: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_VECTORS: Final = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_LINK: Final = "{http://www.w3.org/1999/xlink}"


def word(untrusted: bytes) -> Iterator[Place | Found]:
    """Text and pictures of a DOCX. Raises Unreadable, LxmlError, KeyError, BadZipFile."""
    packed = Packed(untrusted)
    for name in ("document", "footnotes", "endnotes"):
        if name == "document" or f"word/{name}.xml" in packed.names:
            targets = _targets(packed, f"word/_rels/{name}.xml.rels")
            yield from _paragraphs(
                packed.part(f"word/{name}.xml"),
                paragraph={f"{_WORDS}p"},
                said=f"{_WORDS}t",
                spaces={f"{_WORDS}tab": "\t", f"{_WORDS}br": "\n", f"{_WORDS}cr": "\n"},
                turn=f"{_WORDS}lastRenderedPageBreak",
                shown=partial(_drawn, packed, targets),
            )


def _targets(packed: Packed, name: str) -> Mapping[str, str]:
    """Which part of a text of Word's a relation stands for; those to outside it are not named."""
    if name not in packed.names:
        return {}
    return {
        str(one.get("Id")): normpath(f"word/{one.get('Target')}")
        for one in xml(packed.part(name)).iter(f"{_RELATIONS}Relationship")
        if one.get("TargetMode") != "External"
    }


def _drawn(
    packed: Packed, targets: Mapping[str, str], element: etree._Element, page: int | None
) -> Found | None:
    if element.tag == f"{_DRAWING}blip":
        name = element.get(f"{_RELATED}embed")
        around = element.iterancestors(f"{_PLACED}inline", f"{_PLACED}anchor")
        told = next((one for box in around for one in box.iter(f"{_PLACED}docPr")), None)
        says = "" if told is None else told.get("descr") or ""
    elif element.tag == f"{_OLDER}imagedata":
        name, says = element.get(f"{_RELATED}id"), element.get("title") or ""
    else:
        return None
    part = targets.get(name or "", "")
    return Found(page, says, partial(packed.picture, part)) if part in packed.names else None


def libre(untrusted: bytes) -> Iterator[Place | Found]:
    """Text and pictures of an ODT. Raises as `word` does."""
    packed = Packed(untrusted)

    def shown(element: etree._Element, page: int | None) -> Found | None:
        name = element.get(f"{_LINK}href") if element.tag == f"{_FRAME}image" else None
        frame = element.getparent()
        if name not in packed.names or frame is None:
            return None
        told = frame.find(f"{_VECTORS}desc")
        says = "" if told is None else told.text or ""
        return Found(page, says, partial(packed.picture, name))

    yield from _paragraphs(
        packed.part("content.xml"),
        paragraph={f"{_TEXT}p", f"{_TEXT}h"},
        said=None,
        spaces={f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"},
        turn=f"{_TEXT}soft-page-break",
        shown=shown,
    )


def _paragraphs(
    part: bytes,
    *,
    paragraph: set[str],
    said: str | None,
    spaces: Mapping[str, str],
    turn: str,
    shown: Callable[[etree._Element, int | None], Found | None],
) -> Iterator[Place | Found]:
    """Paragraphs of XML, gathered by page as the program that wrote it last saw them.

    `said` is the element whose text counts, or all of a paragraph's do; `turn` begins a page;
    `shown` knows a picture. A paragraph is looked at when it has ended: until then, what follows
    its parts may be missing.
    """

    def words(element: etree._Element) -> Iterator[str | etree._Element]:
        """The text in `element`, and each element that may begin a page or be a picture."""
        name = element.tag
        if isinstance(name, str):
            yield element
            yield spaces.get(name, "")
            if element.text and (said is None or name == said):
                yield element.text
        for child in element:
            yield from words(child)
            if child.tag in paragraph:
                yield "\n"
            if said is None and child.tail:
                yield child.tail

    paged = etree.QName(turn).localname.encode() in part
    page, depth = 1, 0
    gathered: list[str] = []

    def flush() -> Iterator[Place]:
        if any(gathered):
            yield page if paged else None, "".join(gathered)
            gathered.clear()

    steps = etree.iterparse(
        io.BytesIO(part),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for event, element in steps:
        name = element.tag
        if event == "start":
            depth += name in paragraph
            continue
        depth -= name in paragraph
        if depth:
            continue
        ended = name in paragraph
        for word in words(element) if ended or name == turn else ():
            if isinstance(word, str):
                gathered.append(word)
            elif word.tag == turn:
                yield from flush()
                page += 1
            elif found := shown(word, page if paged else None):
                yield from flush()
                yield found
        if ended:
            gathered.append("\n")
        element.clear()
    yield from flush()
