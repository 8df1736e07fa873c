# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace search`: where in a space some words stand, or, from level 2 up where the member has
documents found so, something that means like them.
"""

import dataclasses
from collections.abc import Sequence

import click

from safespace.cli.opened import opened, text_of
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Hit, Kind
from safespace.i18n import N_, _


@click.command()
@click.argument("text", metavar="TEXT|-")
@click.option(
    "--in", "kind", type=click.Choice([kind.value for kind in Kind]), help=N_("Only in these.")
)
@json_option
@space_option
def search(text: str, kind: str | None, as_json: bool, space_name: str | None) -> None:
    said = text_of(text)
    with opened(space_name) as session:
        show_hits(session.search(said, kind=Kind(kind) if kind else None), as_json=as_json)


def show_hits(hits: Sequence[Hit], *, as_json: bool) -> None:
    """What was found: where, and some of the text around it."""
    if as_json:
        show_json([{**dataclasses.asdict(hit), "at": hit.at.isoformat()} for hit in hits])
        return
    for hit in hits:
        where = "" if hit.kind is Kind.CONVERSATION else f"  {hit.kind} {hit.id}"
        title = hit.title or _("Without a title")
        show_words(f"{title}  {hit.at.astimezone():%Y-%m-%d}{where}\n")
        if not hit.in_title:
            page = "" if hit.page is None else _("page {n}: ").format(n=hit.page)
            meant = _("by what it means") + ": " if hit.meant else ""
            show_words(f"  {page}{meant}{_marked(hit)}\n")
    if not hits:
        click.echo(_("Nothing found."))


def _marked(hit: Hit) -> str:
    """The excerpt with its words between asterisks, which every terminal can show."""
    shown, end = "", 0
    for start, after in hit.marks:
        shown += f"{hit.excerpt[end:start]}*{hit.excerpt[start:after]}*"
        end = after
    return shown + hit.excerpt[end:]
