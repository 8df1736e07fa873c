# SPDX-License-Identifier: AGPL-3.0-or-later
"""A question that a yes answers, in the member's language."""

import click

from safespace.i18n import _


def said_yes(question: str) -> bool:
    """Ask once. Whatever is no yes is a no: another word, nothing, the end of the input, Ctrl-C."""
    yes, no = _("yes"), _("no")
    choice = f"{question} [{yes[:1]}/{no[:1].upper()}]"
    try:
        answer = click.prompt(choice, default="", show_default=False)
    except click.Abort:
        return False
    typed = answer.strip().casefold()
    return bool(typed) and yes.casefold().startswith(typed)
