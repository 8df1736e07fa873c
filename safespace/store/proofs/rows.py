# SPDX-License-Identifier: AGPL-3.0-or-later
"""A keyed digest of all rows of a space: two databases that hold the same have the same one."""

import hashlib
import hmac
from typing import Final

from safespace.store.connection import Database
from safespace.store.keys.wraps import SpaceKey

_PURPOSE: Final = b"safespace rows"


def digest(database: Database, key: SpaceKey) -> str:
    """HMAC-SHA256 (RFC 2104), in hex, over the format, and each table's name, count and rows.

    Keyed, since it stands readable in a backup: without the key it tells nothing of the rows.
    Owner thread.
    """
    whole = hmac.new(hmac.digest(key.key, _PURPOSE, "sha256"), digestmod=hashlib.sha256)
    whole.update(ascii(database.row("PRAGMA user_version")).encode())
    for (table,) in database.rows(
        # A virtual table keeps its rows in ordinary ones, which are counted as such.
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ):
        quoted = '"' + table.replace('"', '""') + '"'
        columns = len(database.rows(f"PRAGMA table_info({quoted})"))
        order = ", ".join(map(str, range(1, columns + 1)))
        whole.update(ascii((table, database.row(f"SELECT count(*) FROM {quoted}"))).encode())  # noqa: S608 - a name out of the schema, quoted
        for row in database.each(f"SELECT * FROM {quoted} ORDER BY {order}"):  # noqa: S608 - as above
            whole.update(ascii(row).encode() + b"\n")
    return whole.hexdigest()
