# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole check of an open space: every page, the tables' order, every entry and row.

In steps, so that the member's work goes between them.
"""

from collections.abc import Generator

from safespace.errors import Damaged
from safespace.store.connection import Database
from safespace.store.rooms import findings
from safespace.store.truth import chain
from safespace.store.truth.witness import Doubt, Wrong


def steps(database: Database) -> Generator[None, None, None]:
    """Check `database`, noting what is wrong as a finding. Each step ends within a second or so.

    Raises StorageError when a finding cannot be noted.
    """
    try:
        database.settle()
        database.check()
        yield
        if database.rows("PRAGMA quick_check(1)") != [("ok",)]:
            findings.note(database, Doubt(Wrong.DAMAGED))
        yield
        gaps = yield from chain.prove(database)
        if gaps:
            findings.note(database, Doubt(Wrong.GAP, sum(max(0, gap.rows) for gap in gaps)))
        if gaps or chain.outgrown(database):  # noted is noted: from now on what is there counts
            with database.transaction():
                chain.found(database)
    except Damaged:
        findings.note(database, Doubt(Wrong.DAMAGED))
