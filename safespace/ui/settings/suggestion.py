# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which known model would suit this computer, in words."""

from safespace.i18n import _
from safespace.local_ai.machine import this_machine
from safespace.local_ai.shelf.catalogue import Catalogue
from safespace.local_ai.shelf.fit import expected_size, show_bytes, suggest


def suggestion(catalogue: Catalogue) -> tuple[str, str]:
    """The name of the model and a sentence on what it needs. Takes a moment: any thread."""
    card = suggest(catalogue.cards, this_machine())
    if card is None:
        return "", _("None that we know would run well on this computer.")
    return card.name, _(
        "By {maker}, licence {licence}. It needs about {size} of memory, and as much room on disk."
    ).format(maker=card.maker, licence=card.licence, size=show_bytes(expected_size(card)))
