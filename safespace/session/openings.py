# SPDX-License-Identifier: AGPL-3.0-or-later
"""The earlier openings of a space, in words."""

from collections.abc import Iterable, Iterator
from typing import Final

from safespace.i18n import N_, _
from safespace.store.rooms.openings import By, Opening

_BY: Final = {
    By.PASSPHRASE: N_("{at}, by the passphrase"),
    By.RECOVERY_CODE: N_("{at}, by the recovery code"),
    By.KEYRING: N_("{at}, by this computer's keyring"),
}


def said(openings: Iterable[Opening]) -> Iterator[str]:
    """A line for each, in the local time of this computer."""
    for opening in openings:
        yield _(_BY[opening.by]).format(at=f"{opening.at.astimezone():%Y-%m-%d %H:%M}")
