# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of HTML, books and letters made of them. Runs in the walled child alone."""

import base64
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from functools import partial
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from lxml import etree, html

from safespace.domain import Reading
from safespace.local_ai.documents.found import LARGEST_PICTURE, Found, Place, Unreadable
from safespace.local_ai.documents.packed import Packed, xml

_CONTAINER: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_UNSEEN: Final = ("script", "style", "template", "noscript", "head", "svg", "math")
_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
_SHOWN: Final = ("img", "image")
"""Also SVG's, with which books show their cover."""
_ADDRESSES: Final = ("src", "href", "xlink:href")
_WHITE: Final = re.compile(r"[ \t\r\n\f\v]+")
_SPOKEN: Final = ("From", "To", "Cc", "Date", "Subject")


def page(untrusted: bytes) -> Iterator[Place | Found]:
    """Text and pictures of a page of HTML. Raises LxmlError."""
    yield from _joined(_seen(untrusted, _in_address))


def book(untrusted: bytes) -> Iterator[Place | Found]:
    """Chapters of an EPUB, in their order. Raises Unreadable, LxmlError, KeyError, BadZipFile."""
    packed = Packed(untrusted)
    container = xml(packed.part("META-INF/container.xml"))
    rootfile = container.find(f".//{_CONTAINER}rootfile")
    if rootfile is None:
        raise Unreadable(Reading.DAMAGED)
    where = PurePosixPath(str(rootfile.get("full-path")))
    book = xml(packed.part(str(where)))
    files = {item.get("id"): item.get("href") for item in book.iter(f"{_OPF}item")}
    order = [item.get("idref") for item in book.iter(f"{_OPF}itemref")]
    for name in order:
        file = files.get(name)
        if file and str(where.parent / file) in packed.names:
            chapter = where.parent / file
            fetching = partial(_in_book, packed, chapter.parent)
            yield from _joined(_seen(packed.part(str(chapter)), fetching))


def _in_book(packed: Packed, folder: PurePosixPath, address: str) -> Callable[[], bytes] | None:
    name = normpath(folder / address)
    return partial(packed.picture, name) if name in packed.names else _in_address(address)


def letter(untrusted: bytes) -> Iterator[Place | Found]:
    """A letter (RFC 5322): who wrote to whom, its text, what is attached."""
    yield from _joined(_told(untrusted))


def _told(untrusted: bytes) -> Iterator[str | Found]:
    said = message_from_bytes(untrusted, policy=policy.default)
    assert isinstance(said, EmailMessage)
    yield from (f"{head}: {said[head]}" for head in _SPOKEN if said[head])
    body = said.get_body(("plain", "html"))
    if body is not None:
        yield ""
        payload = body.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if body.get_content_subtype() == "html":
            yield from _seen(data, _in_address)
        else:
            yield _plain(body, data)
    yield from filter(None, (part.get_filename() for part in said.iter_attachments()))
    for part in said.walk():
        if part.get_content_maintype() == "image":
            yield Found(None, part.get_filename() or "", partial(part.get_payload, decode=True))


def _plain(body: MIMEPart, data: bytes) -> str:
    try:
        return data.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _in_address(address: str) -> Callable[[], bytes] | None:
    """What an address holds itself (RFC 2397); nothing is fetched."""
    head, _comma, data = address.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    return lambda: base64.b64decode(data[: 2 * LARGEST_PICTURE])


def _joined(parts: Iterator[str | Found]) -> Iterator[Place | Found]:
    """Lines as one text, up to each picture."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        if lines:
            yield None, "\n".join(lines)
            lines = []
        yield part
    if lines:
        yield None, "\n".join(lines)


def _seen(
    untrusted: bytes, fetching: Callable[[str], Callable[[], bytes] | None]
) -> Iterator[str | Found]:
    """The words of a page of HTML as somebody would see them, one block a line, and its pictures.

    `fetching` says what brings the picture that has an address.
    """
    try:
        untrusted.decode("utf-8")
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # as the page itself says
    parser = html.HTMLParser(
        encoding=encoding, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    if not untrusted.strip():
        return
    root = html.document_fromstring(untrusted, parser=parser)
    words: list[str] = []

    def line() -> Iterator[str]:
        said = _WHITE.sub(" ", "".join(words)).strip()
        words.clear()
        if said:
            yield said

    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            skipped += name in _UNSEEN
            if name in _BLOCKS:
                yield from line()
            if name in _SHOWN:
                address = next((element.get(one) for one in _ADDRESSES if element.get(one)), "")
                if fetch := fetching(address.strip()):
                    yield from line()
                    yield Found(None, element.get("alt") or "", fetch)
            if element.text and not skipped:
                words.append(element.text)
            continue
        skipped -= name in _UNSEEN
        if name in _BLOCKS:
            yield from line()
        elif name in ("td", "th"):
            words.append(" ")
        if element.tail and not skipped:
            words.append(element.tail)
    yield from line()
