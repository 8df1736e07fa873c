# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the bytes of a file to its text, place by place. Runs in the walled child alone.

Nothing that a file refers to is looked for: no entity, no style sheet, no picture, no address.
A place is a page where the format has pages, else None.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import PurePosixPath
from typing import Final
from zlib import error as BadStream

import pypdfium2
from lxml import etree, html

from safespace.domain import Reading
from safespace.local_ai.documents.kinds import DOCX, EPUB, HTML, MAIL, ODT, PDF

Place = tuple[int | None, str]

LARGEST: Final = 64 << 20
"""Bytes that what is read of a packed file may unpack to, all together."""
_WORDS: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
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
_WHITE: Final = re.compile(r"[ \t\r\n\f\v]+")
_SPOKEN: Final = ("From", "To", "Cc", "Date", "Subject")


class Unreadable(Exception):
    """The text cannot be had; `reading` says why."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.value)
        self.reading = reading


_BROKEN: Final = (
    *(etree.LxmlError, zipfile.BadZipFile, BadStream, EOFError, KeyError, ValueError),
    NotImplementedError,  # what zipfile says of a way of packing that it does not know
)


def places(type_: str, untrusted: bytes) -> Iterator[Place]:
    """The text of a file of the media type `type_`. Raises Unreadable."""
    try:
        yield from READERS[type_](untrusted)
    except _BROKEN:
        raise Unreadable(Reading.DAMAGED) from None


def _pdf(untrusted: bytes) -> Iterator[Place]:
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
            page.close()
        except pypdfium2.PdfiumError:  # one page is broken, not all of them
            broken = True
            continue
        yield number + 1, text.replace("\r\n", "\n").replace("\ufffe", "")
    if broken:
        raise Unreadable(Reading.DAMAGED)


def _docx(untrusted: bytes) -> Iterator[Place]:
    packed = _Packed(untrusted)
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if name == "word/document.xml" or name in packed.names:
            yield from _paragraphs(
                packed.part(name),
                paragraph={f"{_WORDS}p"},
                said=f"{_WORDS}t",
                spaces={f"{_WORDS}tab": "\t", f"{_WORDS}br": "\n", f"{_WORDS}cr": "\n"},
                turn=f"{_WORDS}lastRenderedPageBreak",
            )


def _odt(untrusted: bytes) -> Iterator[Place]:
    yield from _paragraphs(
        _Packed(untrusted).part("content.xml"),
        paragraph={f"{_TEXT}p", f"{_TEXT}h"},
        said=None,
        spaces={f"{_TEXT}s": " ", f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"},
        turn=f"{_TEXT}soft-page-break",
    )


def _paragraphs(
    part: bytes, *, paragraph: set[str], said: str | None, spaces: Mapping[str, str], turn: str
) -> Iterator[Place]:
    """Paragraphs of XML, gathered by page as the program that wrote it last saw them.

    `said` is the element whose text counts, or all of a paragraph's do; `turn` begins a page.
    A paragraph is looked at when it has ended: until then, what follows its parts may be missing.
    """

    def words(element: etree._Element) -> Iterator[str | None]:
        """The text in `element`, and None where a page begins."""
        name = element.tag
        if name == turn:
            yield None
        elif isinstance(name, str):
            yield spaces.get(name, "")
            if element.text and (said is None or name == said):
                yield element.text
        for child in element:
            yield from words(child)
            if child.tag in paragraph:
                yield "\n"
            if said is None and child.tail:
                yield child.tail

    page, depth, turned = 1, 0, False
    gathered: list[str] = []
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
            if word is not None:
                gathered.append(word)
                continue
            if any(gathered):
                yield page, "".join(gathered)
                gathered = []
            page, turned = page + 1, True
        if ended:
            gathered.append("\n")
        element.clear()
    if gathered:
        yield page if turned else None, "".join(gathered)


def _html(untrusted: bytes) -> Iterator[Place]:
    yield None, _seen(untrusted)


def _seen(untrusted: bytes) -> str:
    """The words of a page of HTML as somebody would see them, one block a line."""
    try:
        untrusted.decode("utf-8")
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # as the page itself says
    parser = html.HTMLParser(
        encoding=encoding, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    if not untrusted.strip():
        return ""
    root = html.document_fromstring(untrusted, parser=parser)
    lines, words = list[str](), list[str]()

    def end_line() -> None:
        line = _WHITE.sub(" ", "".join(words)).strip()
        words.clear()
        if line:
            lines.append(line)

    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            skipped += name in _UNSEEN
            if name in _BLOCKS:
                end_line()
            if element.text and not skipped:
                words.append(element.text)
            continue
        skipped -= name in _UNSEEN
        if name in _BLOCKS:
            end_line()
        elif name in ("td", "th"):
            words.append(" ")
        if element.tail and not skipped:
            words.append(element.tail)
    end_line()
    return "\n".join(lines)


def _epub(untrusted: bytes) -> Iterator[Place]:
    packed = _Packed(untrusted)
    container = _xml(packed.part("META-INF/container.xml"))
    rootfile = container.find(f".//{_CONTAINER}rootfile")
    if rootfile is None:
        raise Unreadable(Reading.DAMAGED)
    where = PurePosixPath(str(rootfile.get("full-path")))
    book = _xml(packed.part(str(where)))
    files = {item.get("id"): item.get("href") for item in book.iter(f"{_OPF}item")}
    order = [item.get("idref") for item in book.iter(f"{_OPF}itemref")]
    for name in order:
        file = files.get(name)
        if file and str(where.parent / file) in packed.names:
            yield None, _seen(packed.part(str(where.parent / file)))


def _mail(untrusted: bytes) -> Iterator[Place]:
    letter = message_from_bytes(untrusted, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    lines = [f"{name}: {letter[name]}" for name in _SPOKEN if letter[name]]
    body = letter.get_body(("plain", "html"))
    if body is not None:
        payload = body.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        lines += ["", _seen(data) if body.get_content_subtype() == "html" else _plain(body, data)]
    lines += [name for part in letter.iter_attachments() if (name := part.get_filename())]
    yield None, "\n".join(lines)


def _plain(body: MIMEPart, data: bytes) -> str:
    try:
        return data.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _xml(part: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(part, parser)


class _Packed:
    """A packed file that unpacks no further than it may."""

    def __init__(self, untrusted: bytes) -> None:
        self._file = zipfile.ZipFile(io.BytesIO(untrusted))
        self._left = LARGEST
        self.names = frozenset(self._file.namelist())

    def part(self, name: str) -> bytes:
        """One part. Raises Unreadable, KeyError."""
        try:
            with self._file.open(name) as part:
                data = part.read(self._left + 1)
        except RuntimeError:  # what zipfile raises where a password is asked for
            raise Unreadable(Reading.LOCKED) from None
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(Reading.TOO_MUCH)
        return data


READERS: Final[Mapping[str, Callable[[bytes], Iterator[Place]]]] = {
    PDF: _pdf,
    DOCX: _docx,
    ODT: _odt,
    HTML: _html,
    EPUB: _epub,
    MAIL: _mail,
}
