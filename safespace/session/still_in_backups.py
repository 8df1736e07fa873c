# SPDX-License-Identifier: AGPL-3.0-or-later
"""What backups still hold after something was erased, and until when."""

from collections.abc import Sequence
from datetime import datetime

from safespace.i18n import ngettext
from safespace.store.backups.backups import EVERY, KEPT, Backup


def last_goes(kept: Sequence[Backup], now: datetime) -> datetime | None:
    """When the last of these backups gives way to a newer one; None where there is none.

    So it is if one is made on each day. All of them may hold what is erased `now`: a backup
    is taken to hold whatever is older than itself, and more.
    """
    if not kept:
        return None
    newest = max(backup.made for backup in kept)
    following = max(newest + EVERY, now)  # the next one is made then, the others daily
    return following + (KEPT - 1) * EVERY


def said(kept: Sequence[Backup], now: datetime) -> str:
    """That in a sentence; nothing where no backup is kept."""
    last = last_goes(kept, now)
    if last is None:
        return ""
    return ngettext(
        "{count} backup may still hold it, until about {day}, when newer ones have taken its"
        " place.",
        "{count} backups may still hold it, the last until about {day}, when newer ones have"
        " taken its place.",
        len(kept),
    ).format(count=len(kept), day=f"{last.astimezone():%Y-%m-%d}")
