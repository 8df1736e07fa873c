# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a fetching stands, in words."""

from typing import Final

from safespace.i18n import N_, _
from safespace.local_ai.shelf.fit import show_bytes
from safespace.session.fetching.order import Progress, Stage, Trouble

_TROUBLES: Final = {
    Trouble.UNREACHABLE: N_("It cannot be reached, or breaks off again and again. Try later."),
    Trouble.ELSEWHERE: N_(
        "It was passed on to a place that its card does not name, so it was not fetched."
    ),
    Trouble.TOO_LONG: N_(
        "What lies there is longer than the file on its card: it was left there. Get it from its"
        " maker, or wait for a newer catalogue."
    ),
    Trouble.OTHER_FILE: N_(
        "What came is not the file on its card: it was thrown away. Get it from its maker, or"
        " wait for a newer catalogue."
    ),
    Trouble.NO_ROOM: N_("The disk is full. Make room, and go on."),
    Trouble.NO_DISK: N_("The disk of the shelf cannot be written. Look whether it is there."),
}


def said(progress: Progress) -> str:
    """How it stands, in a sentence or two."""
    have, whole = show_bytes(progress.done), show_bytes(progress.size)
    match progress.stage:
        case Stage.RUNNING:
            return _("{have} of {whole} are here.").format(have=have, whole=whole)
        case Stage.PAUSED:
            return _("Paused: {have} of {whole} are here.").format(have=have, whole=whole)
        case Stage.DONE:
            return _("It is on the shelf.")
    assert progress.trouble
    return _(_TROUBLES[progress.trouble])
