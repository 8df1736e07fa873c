# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a space's database came to look as it does: one step per format, in order.

A step is never changed once released; the next one is a module of its own. The number of a
database's format is its `user_version`.
"""

from collections.abc import Callable
from typing import Final

from safespace.errors import NewerSpace
from safespace.i18n import _
from safespace.store.connection import Database
from safespace.store.migrations import (
    m001_first,
    m002_openings,
    m003_search_and_bin,
    m004_chain,
    m005_holdings,
    m006_limits,
    m007_pins,
    m008_placeholders,
    m009_record,
    m010_household,
    m011_consents,
    m012_own_words,
    m013_bookmarks,
    m014_passages,
    m015_pictures,
    m016_vectors,
)
from safespace.store.truth import chain

MIGRATIONS: Final[tuple[Callable[[Database], None], ...]] = (
    m001_first.step,
    m002_openings.step,
    m003_search_and_bin.step,
    m004_chain.step,
    m005_holdings.step,
    m006_limits.step,
    m007_pins.step,
    m008_placeholders.step,
    m009_record.step,
    m010_household.step,
    m011_consents.step,
    m012_own_words.step,
    m013_bookmarks.step,
    m014_passages.step,
    m015_pictures.step,
    m016_vectors.step,
)


def migrate(database: Database, *, to: int | None = None) -> None:
    """Bring a database to the newest format, each step whole or not at all, and watch it.

    Or only `to` an older one, for a repair. A step changes what rows look like, so the chain
    begins anew with it.

    Raises NewerSpace, having changed nothing, when it is beyond the newest one known here.
    """
    found = database.row("PRAGMA user_version")
    assert found
    (version,) = found
    if version > len(MIGRATIONS):
        raise NewerSpace(
            _("This space was last used with a newer Safe Space."),
            _("Update Safe Space to open it."),
        )
    witness, unchained = database.witness, not chain.is_kept(database)
    if 0 < version < len(MIGRATIONS) and unchained and not (witness.head or witness.doubt):
        witness.begin(database)  # or a kill would leave a chain without a head: an alarm
    for number, step in enumerate(MIGRATIONS[version:to], start=version + 1):
        with database.transaction():
            step(database)
            if chain.is_kept(database):
                chain.found(database)
            database.change(f"PRAGMA user_version = {number}")
    chain.watch(database)
