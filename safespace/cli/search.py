# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace search`: where in a space some words stand. No AI takes part in it."""

import dataclasses
import sys
from typing import Final

import click

from safespace.cli import passphrase
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Hit
from safespace.i18n import _
from safespace.session.entrance import Entrance

_LARGEST: Final = 4_000
"""Bytes of standard input that are read; more words than that find nothing more exact."""


@click.command()
@click.argument("text", metavar="TEXT|-")
@json_option
@space_option
def search(text: str, as_json: bool, space_name: str | None) -> None:
    if text == "-":
        untrusted = sys.stdin.buffer.read(_LARGEST) if sys.stdin else b""
        text = untrusted.decode("utf-8", "replace")
    entrance = Entrance.here()
    session = entrance.unlock(entrance.find(space_name), passphrase.existing(), warm=False)
    try:
        hits = session.search(text)
    finally:
        session.close()
    if as_json:
        show_json([{**dataclasses.asdict(hit), "at": hit.at.isoformat()} for hit in hits])
        return
    for hit in hits:
        show_words(f"{hit.title or _('Without a title')}  {hit.at.astimezone():%Y-%m-%d}\n")
        if hit.message is not None:
            show_words(f"  {_marked(hit)}\n")
    if not hits:
        click.echo(_("Nothing found."))


def _marked(hit: Hit) -> str:
    """The excerpt with its words between asterisks, which every terminal can show."""
    shown, end = "", 0
    for start, after in hit.marks:
        shown += f"{hit.excerpt[end:start]}*{hit.excerpt[start:after]}*"
        end = after
    return shown + hit.excerpt[end:]
