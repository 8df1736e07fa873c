# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must be said beside an answer, every time: from its mark alone."""

from typing import Final

from safespace.domain import Mark
from safespace.guard import wording
from safespace.guard.deciding.rules import Obligation
from safespace.i18n import N_, _, ngettext

_SAID: Final = {
    Obligation.DEMONSTRATION: N_("A demonstration: English only, and it makes things up."),
    Obligation.CAUTION: N_("It is not made for this question: ask a person who knows."),
}
_SAID_REASONS: Final = ("help.page", "answer.")


def said_beside(mark: Mark) -> str:
    """One or two sentences; empty where there is nothing that must be said."""
    sentences = [_(said) for duty, said in _SAID.items() if duty in mark.obligations]
    sentences += [wording.sentence(r) for r in mark.reasons if r.code.startswith(_SAID_REASONS)]
    if count := len(mark.memory):
        read = ngettext(
            "It read {count} line of your memory.", "It read {count} lines of your memory.", count
        )
        sentences.append(read.format(count=count))
    if mark.sought and not mark.sources:
        sentences.append(_("Nothing about it is in your documents."))
    if not mark.recorded:
        sentences.append(_("Not recorded."))
    return " ".join(sentences)
