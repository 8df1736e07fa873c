# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would change a decision, in words."""

from typing import Final

from safespace.domain import Route
from safespace.guard.deciding.decision import Way
from safespace.guard.wording.names import filled
from safespace.i18n import N_, _

CHANGES: Final = {
    "override": N_("you ask the model anyway, for this one question"),
    "ask": N_("you ask for it yourself"),
    "level": N_("you go to level {level}, {level_name}"),
    "unreserve": N_("you let AI do {kind}"),
    "unreserve_all": N_("no kind of task is kept for yourself"),
    "allow_topics": N_("you no longer keep {topics} from AI"),
    "send_topics": N_("you no longer keep {topics} on this computer"),
    "send_all_topics": N_("no topic is kept on this computer"),
    "hours": N_("your hours without AI are over"),
    "unpin": N_("you let this conversation go further"),
    "allow_all_topics": N_("no topic is kept from AI"),
    "leave_out": N_("you leave out {kinds}"),
    "model": N_("you choose a model that covers this question"),
    "limits": N_("your limits allow it"),
    "join": N_("you join a cooperative, which cannot be done yet"),
    "conditions": "{conditions}",
}


def way(of: Way) -> str:
    """A counterfactual as a sentence: "It would be answered here if you …"."""
    steps = _(" and ").join(filled(CHANGES[step.code], step.values) for step in of.changes)
    if of.route is Route.LOCAL:
        return _("It would be answered here if {steps}.").format(steps=steps)
    if of.route is Route.COOP_REDACTED:
        return _("It could go to the cooperative, shortened, if {steps}.").format(steps=steps)
    return _("It could go to the cooperative if {steps}.").format(steps=steps)
