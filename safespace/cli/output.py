# SPDX-License-Identifier: AGPL-3.0-or-later
"""What commands share on the way out: JSON, and the words beside an answer."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from safespace.i18n import N_, _, ngettext
from safespace.session.checks.truth import Noticed
from safespace.session.openings import said
from safespace.store.rooms.openings import Opening

json_option = click.option(
    "--json", "as_json", is_flag=True, help=N_("Print JSON with stable keys.")
)
space_option = click.option("--space", "space_name", metavar="NAME", help=N_("Which space."))


def show_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_openings(openings: Iterable[Opening]) -> None:
    """When the space was opened before; nothing at its first opening."""
    for number, line in enumerate(said(openings)):
        if number == 0:
            click.echo(_("Opened before:"))
        click.echo(f"  {line}")


def say_noticed(noticed: Iterable[Noticed]) -> None:
    """What was noticed about the space's files, until it is ticked off."""
    found = list(noticed)
    for one in found:
        click.echo(str(one.said), err=True)
    if found:
        click.echo(_("When you have seen this: safespace space verify --seen"), err=True)


_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters save tab and line feed (every sequence of ECMA-48 begins with one), and
halves of characters."""


def show_words(untrusted: str) -> None:
    """Some of what a model says. It could retitle, rewrite or copy if its controls got through."""
    click.echo(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", untrusted), nl=False)


def show_help_card(card: Mapping[str, Any], *, err: bool = False) -> None:
    """The quiet card with help lines."""
    click.echo(card["sentence"], err=err)
    for line in card["lines"]:
        click.echo(f"  {line['number']}  {line['name']}: {line['helps']}", err=err)


def end_if_failed(reply: Mapping[str, Any]) -> None:
    """End as the process that holds the space would have: with its sentence and its code."""
    if sentence := reply.get("failed"):
        click.echo(sentence, err=True)
        raise click.exceptions.Exit(reply["exit_code"])


def lines_read(count: int) -> str:
    """How much of their memory a model read."""
    read = ngettext(
        "it read {count} line of your memory", "it read {count} lines of your memory", count
    )
    return read.format(count=count)


def cited(number: int, title: str, page: int | None) -> str:
    """A place in a document that an answer draws on, on one line."""
    shown = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", title)
    if page is None:
        return _("[{number}] {title}").format(number=number, title=shown)
    return _("[{number}] {title}, page {page}").format(number=number, title=shown, page=page)


def show_mark(outcome: Mapping[str, Any]) -> None:
    """Where an answer came from and why, beneath it."""
    if outcome["route"] == "human":
        origin = _("No AI")
    else:
        origin = _("Here, by {model}").format(model=outcome["model"])
    notes = [origin]
    if outcome["demonstration"]:
        notes.append(_("a demonstration: English only, and it makes things up"))
    if outcome["memory"]:
        notes.append(lines_read(outcome["memory"]))
    if outcome["sought"] and not outcome["sources"]:
        notes.append(_("nothing about it is in your documents"))
    if outcome["partial"]:
        notes.append(_("not whole"))
    if not outcome["recorded"]:
        notes.append(_("not recorded"))
    click.echo(click.style("— " + "; ".join(notes), dim=True), err=True)
    for source in outcome["sources"]:
        click.echo(cited(source["number"], source["title"], source["page"]), err=True)
    if outcome["crowded"]:
        click.echo(outcome["crowded"], err=True)
    if outcome["route"] == "human":
        for reason in outcome["reasons"]:
            click.echo(reason, err=True)
        for way_on in outcome["ways_on"]:
            click.echo(way_on, err=True)
    if outcome["overridable"]:
        click.echo(_("To ask it anyway, this once: --anyway, or /anyway while talking."), err=True)
