# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of every kind with a picture in them, made from its bytes."""

import base64
import io
import zipfile

from PIL import Image

from tests.papers import pdf_of

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SAYS = "A heron <in flight>"
RED = (200, 30, 40)
PLACE = "at 48.1 north"
"""Written into the files of pictures, as cameras do."""


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (120, 80),
    colour: tuple[int, ...] = RED,
    mode: str = "RGB",
) -> bytes:
    """The file of a picture of one colour, with words of a camera in it."""
    camera = Image.Exif()
    camera[270] = PLACE
    out = io.BytesIO()
    Image.new(mode, size, colour[0] if mode in ("1", "L", "P") else colour).save(
        out, kind, **({} if kind in ("BMP", "GIF") else {"exif": camera})
    )
    return out.getvalue()


def pdf(jpeg: bytes, *, pages: int = 2, size: tuple[int, int] = (120, 80)) -> bytes:
    """A PDF with words on every page; on the last one, tagged, the picture, drawn across."""
    tagged = b"/MarkInfo << /Marked true >> /StructTreeRoot %d 0 R" % (5 + 2 * pages)
    objects = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % tagged, b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    head = b"<< /Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8"
    shape = b" /Filter /DCTDecode /Width %d /Height %d /Length %d >>" % (*size, len(jpeg))
    objects.append(head + shape + b"\nstream\n" + jpeg + b"\nendstream")
    kids = []
    for number in range(1, pages + 1):
        drawn = b"\n/Figure << /MCID 0 >> BDC q 240 0 0 160 50 400 cm /I1 Do Q EMC"
        shown = drawn if number == pages else b""
        stream = b"BT /F1 10 Tf 50 780 Td (On page %d.) Tj ET" % number + shown
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /StructParents 0"
            b" /Resources << /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    root = len(objects) + 1
    objects.append(
        b"<< /Type /StructTreeRoot /K [%d 0 R] /ParentTree << /Nums [0 [%d 0 R]] >> >>"
        % (root + 1, root + 2)
    )
    objects.append(b"<< /Type /StructElem /S /Document /P %d 0 R /K [%d 0 R] >>" % (root, root + 2))
    objects.append(
        b"<< /Type /StructElem /S /Figure /P %d 0 R /Pg %s /K 0 /Alt (%s) >>"
        % (root + 1, kids[-1], SAYS.encode())
    )
    return pdf_of(objects)


def docx(*pictures: bytes) -> bytes:
    """A text of Word's: a line, then each picture with a line after it; the first has words."""
    said = SAYS.replace("<", "&lt;")
    drawn = "".join(
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"'
        f'{"" if number else f" descr={chr(34)}{said}{chr(34)}"}/><a:blip r:embed="r{number}"/>'
        f"</wp:inline></w:drawing></w:r></w:p><w:p><w:r><w:t>After {number}.</w:t></w:r></w:p>"
        for number in range(len(pictures))
    )
    related = "".join(
        f'<Relationship Id="r{number}" Target="media/image{number}.png"/>'
        for number in range(len(pictures))
    )
    return _packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{_WORDS}" xmlns:a="{_DRAWING}/main"'
            f' xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:r="{_RELATED}"><w:body>'
            f"<w:p><w:r><w:t>Before.</w:t></w:r></w:p>{drawn}</w:body></w:document>",
            "word/_rels/document.xml.rels": "<Relationships xmlns="
            f'"http://schemas.openxmlformats.org/package/2006/relationships">{related}'
            '<Relationship Id="out" TargetMode="External" Target="http://127.0.0.1:1/x.png"/>'
            "</Relationships>",
            **{f"word/media/image{number}.png": one for number, one in enumerate(pictures)},
        }
    )


def odt(picture_: bytes) -> bytes:
    """A text of LibreOffice's: a line, the picture, a line."""
    said = SAYS.replace("<", "&lt;")
    return _packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<o:document-content xmlns:o="{_OFFICE}:office:1.0"'
            f' xmlns:text="{_OFFICE}:text:1.0" xmlns:draw="{_OFFICE}:drawing:1.0"'
            f' xmlns:svg="{_OFFICE}:svg-compatible:1.0" xmlns:x="http://www.w3.org/1999/xlink">'
            "<o:body><text:p>Before.</text:p><text:p><draw:frame>"
            f'<draw:image x:href="Pictures/a.png"/><svg:desc>{said}</svg:desc></draw:frame>'
            "</text:p><text:p>After 0.</text:p></o:body></o:document-content>",
            "Pictures/a.png": picture_,
        }
    )


def html(picture_: bytes) -> bytes:
    """A page: a line, the picture in its address, one that lies elsewhere, a line."""
    data = base64.b64encode(picture_).decode()
    said = SAYS.replace("<", "&lt;")
    return (
        f'<!doctype html><p>Before.</p><img src="data:image/png;base64,{data}" alt="{said}">'
        '<img src="http://127.0.0.1:1/x.png"><img src="/etc/hostname"><p>After 0.</p>'
    ).encode()


def epub(picture_: bytes) -> bytes:
    """A book of one chapter with the picture in it."""
    said = SAYS.replace("<", "&lt;")
    return _packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f'<container xmlns="{_OFFICE}:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
            '<item id="c" href="text/c.xhtml"/></manifest><spine><itemref idref="c"/></spine>'
            "</package>",
            "OPS/text/c.xhtml": "<html><body><p>Before.</p>"
            f'<img src="../art/a.png" alt="{said}"/><p>After 0.</p></body></html>',
            "OPS/art/a.png": picture_,
        }
    )


def mail(picture_: bytes) -> bytes:
    """A letter with the picture attached."""
    data = base64.encodebytes(picture_).decode().replace("\n", "\r\n")
    return (
        "From: Ada <ada@example.org>\r\nTo: Bo <bo@example.org>\r\nSubject: Herons\r\n"
        "Date: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain; charset=utf-8\r\n\r\nBefore.\r\n--b\r\n"
        'Content-Type: image/png; name="x"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{SAYS}"\r\n\r\n{data}\r\n--b--\r\n'
    ).encode()


def _packed(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, how)
    return out.getvalue()
