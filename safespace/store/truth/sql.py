# SPDX-License-Identifier: AGPL-3.0-or-later
"""A database as the chain and the witness see it, who know nothing of how it is opened."""

from typing import Any, Protocol

from safespace.store.truth.seal import Seal

Row = tuple[Any, ...]


class Sql(Protocol):
    """What `connection.Database` is to them; it says what each does, and what it raises."""

    @property
    def seal(self) -> Seal: ...

    def rows(self, sql: str, *values: object) -> list[Row]: ...

    def row(self, sql: str, *values: object) -> Row | None: ...

    def change(self, sql: str, *values: object) -> int: ...

    def settle(self) -> None: ...
