# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of every kind that is read for its text, made from words."""

import io
import zipfile
from collections.abc import Sequence
from html import escape

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def pdf(pages: Sequence[str]) -> bytes:
    """A PDF with one page for each text (ASCII), in lines of 80 characters."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for text in pages:
        lines, line = [], ""
        for word in text.split():
            if len(line) + len(word) > 80:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        shown = "".join(f"({_escaped(one)}) Tj T*\n" for one in [*lines, line])
        stream = f"BT /F1 10 Tf 12 TL 50 780 Td\n{shown}ET".encode("ascii")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    named = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (named, len(kids))
    return pdf_of(objects)


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of them its root (ISO 32000-1, 7.5)."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n" % (len(objects) + 1, start)
    return bytes(out + b"%%EOF\n")


def docx(pages: Sequence[str]) -> bytes:
    """A text of Word's, a paragraph for each line."""
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = ""
    for number, text in enumerate(pages):
        for place, line in enumerate(text.split("\n")):
            first = turn if number and not place else ""
            body += f"<w:p>{first}<w:r><w:t>{escape(line)}</w:t></w:r></w:p>"
    document = f'<w:document xmlns:w="{_WORDS}"><w:body>{body}</w:body></w:document>'
    return packed({"word/document.xml": document})


def odt(pages: Sequence[str]) -> bytes:
    """A text of LibreOffice's, a paragraph for each line."""
    body = ""
    for number, text in enumerate(pages):
        for place, line in enumerate(text.split("\n")):
            first = "<text:soft-page-break/>" if number and not place else ""
            body += f"<text:p>{first}<text:span>{escape(line)}</text:span></text:p>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<o:document-content xmlns:o="{_OFFICE}:office:1.0"'
            f' xmlns:text="{_OFFICE}:text:1.0"><o:body>{body}</o:body></o:document-content>',
        }
    )


def html(text: str) -> bytes:
    """A page with scripts, styles and things from elsewhere around the text."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return (
        "<!doctype html><html><head><title>t</title><style>p { color: red }</style>"
        "<script>unseen()</script></head><body>"
        f'<img src="http://127.0.0.1:1/x.png"><!-- unseen -->{lines}</body></html>'
    ).encode()


def epub(chapters: Sequence[str]) -> bytes:
    """A book, its chapters in an order that is not that of their names."""
    count = len(chapters)
    names = [f"c{count - number}" for number in range(count)]
    items = "".join(f'<item id="{name}" href="{name}.xhtml"/>' for name in sorted(names))
    order = "".join(f'<itemref idref="{name}"/>' for name in names)
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'<container xmlns="{_OFFICE}:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf">'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for name, text in zip(names, chapters, strict=True):
        files[f"OPS/{name}.xhtml"] = (
            f"<html><body><h1>{name}</h1><p>{escape(text)}</p></body></html>"
        )
    return packed(files)


def mail(text: str) -> bytes:
    """A letter with a body in two forms and something attached."""
    return (
        "From: Ada <ada@example.org>\r\nTo: Bo <bo@example.org>\r\nSubject: =?utf-8?q?Pl=C3=A4ne?="
        "\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\n"
        'Content-Type: text/x-c; name="plan.c"\r\n'
        'Content-Disposition: attachment; filename="plan.c"\r\n\r\nunseen\r\n--b--\r\n'
    ).encode()


def packed(files: dict[str, str]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, text, how)
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
