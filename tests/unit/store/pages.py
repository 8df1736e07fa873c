# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the files of a space hold once decrypted, page by page: a scan that trusts no SQL.

SQLCipher 4 (https://www.zetetic.net/sqlcipher/design/): AES-256-CBC, 4096 bytes to a page, of
which the last 80 are the initialisation vector, 16, and the authentication code.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from safespace.store.connection import DATABASE
from safespace.store.keys.wraps import SALT_BYTES, SpaceKey

PAGE: Final = 4096
RESERVE: Final = 80
LOG_HEADER: Final = 32
FRAME_HEADER: Final = 24  # https://www.sqlite.org/fileformat2.html#the_write_ahead_log


def decrypted(folder: Path, key: SpaceKey) -> bytes:
    """Every page of the database, free ones too, and every frame of its write-ahead log."""
    found = [*_pages(folder / DATABASE, key, 0, 0)]
    if (log := folder / f"{DATABASE}-wal").exists():
        found += _pages(log, key, LOG_HEADER, FRAME_HEADER)
    return b"".join(found)


def _pages(file: Path, key: SpaceKey, header: int, frame_header: int) -> Iterator[bytes]:
    data = file.read_bytes()
    for start in range(header, len(data), frame_header + PAGE):
        page = data[start + frame_header : start + frame_header + PAGE]
        if page.startswith(key.salt):  # the first page begins with it, unencrypted
            page = page[SALT_BYTES:]
        sealed, vector = page[:-RESERVE], page[-RESERVE:][:16]
        decryptor = Cipher(AES(key.key), CBC(vector)).decryptor()
        yield decryptor.update(sealed) + decryptor.finalize()
