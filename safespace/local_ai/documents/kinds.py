# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kinds of file are read for their text and their pictures."""

from typing import Final

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"
HTML: Final = "text/html"
EPUB: Final = "application/epub+zip"
MAIL: Final = "message/rfc822"
PICTURES: Final = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""Files that are a picture and nothing else."""
READ: Final = frozenset({PDF, DOCX, ODT, HTML, EPUB, MAIL}) | PICTURES
"""Media types (RFC 6838) whose text and pixels the walled child brings out."""
