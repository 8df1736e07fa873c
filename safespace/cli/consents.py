# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace consents`: topics that may leave unasked at level 4, for 90 days."""

import click

from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, space_option
from safespace.domain import Topic
from safespace.guard import wording
from safespace.i18n import N_, _
from safespace.session.consents import TOPICS

_topic = click.argument("topic", type=click.Choice([topic.value for topic in TOPICS]))


@click.group()
def consents() -> None:
    pass


@consents.command("list", help=N_("Show what you agreed to, and until when."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        standing = session.consents.standing()
    if as_json:
        show_json([{"topic": one.topic.value, "ends": one.ends.isoformat()} for one in standing])
        return
    if not standing:
        click.echo(_("None: whatever would leave, you are asked."))
    for one in standing:
        until = _("{topic}: until {day}")
        click.echo(until.format(topic=one.topic.value, day=one.ends.date().isoformat()))


@consents.command(help=N_("Let what is about TOPIC leave unasked at level 4, for 90 days."))
@_topic
@space_option
def give(topic: str, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.consents.give(Topic(topic))
    said = _("At level 4, what is about {topic} may leave unasked for 90 days.")
    click.echo(said.format(topic=wording.topic_name(Topic(topic))))


@consents.command(help=N_("Be asked about TOPIC again, from now on."))
@_topic
@space_option
def withdraw(topic: str, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.consents.withdraw(Topic(topic))
    click.echo(_("You are asked again."))
