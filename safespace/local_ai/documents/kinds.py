# SPDX-License-Identifier: AGPL-3.0-or-later
"""What kinds of file are read for their text."""

from typing import Final

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"
HTML: Final = "text/html"
EPUB: Final = "application/epub+zip"
MAIL: Final = "message/rfc822"
READ: Final = frozenset({PDF, DOCX, ODT, HTML, EPUB, MAIL})
"""Media types (RFC 6838) whose text the walled child brings out."""
