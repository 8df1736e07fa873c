# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace chat`: the same assistant without a screen."""

import os

import click

from safespace.cli import passphrase
from safespace.cli.output import show_help_card, show_mark, space_option
from safespace.domain import Level
from safespace.errors import Known, WrongPassphrase
from safespace.guard import wording
from safespace.i18n import _
from safespace.session import asking, knocks
from safespace.session.entrance import Entrance
from safespace.session.session import Session


@click.command()
@space_option
def chat(space_name: str | None) -> None:
    entrance = Entrance.here()
    session = _unlocked(entrance, space_name) if entrance.spaces() else _created(entrance)
    session.listen(
        knocks.handlers(
            session, come_up=lambda: None, lock=lambda: _locked(session), lowered=_say_level
        )
    )
    try:
        _say_level(session.level())
        click.echo(_("Commands: /level N, /anyway, /new, /quit. Ctrl+C stops an answer."))
        _talk(session)
    finally:
        session.close()


def _unlocked(entrance: Entrance, space_name: str | None) -> Session:
    info = entrance.find(space_name)
    while True:
        try:
            return entrance.unlock(info, passphrase.existing())
        except WrongPassphrase as problem:
            click.echo(str(problem), err=True)
            if passphrase.is_given():
                raise


def _created(entrance: Entrance) -> Session:
    click.echo(_("Welcome. A space keeps what you say and write, sealed by your passphrase."))
    name = click.prompt(_("What shall we call you here?"))
    click.echo(_("If passphrase and recovery code are both lost, nobody can help you."))
    session, code = entrance.create(name, passphrase.fresh())
    click.echo(_("Write this recovery code on paper. It is not shown again:"))
    click.echo(f"\n  {code}\n")
    return session


def _talk(session: Session) -> None:
    conversation: int | None = None
    last = ""
    while True:
        try:
            line = input("\n> ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        overridden = line == "/anyway"
        match line.split():
            case []:
                continue
            case ["/quit"]:
                return
            case ["/new"]:
                conversation = None
                continue
            case ["/level", number] if number in "01234":
                _change_level(session, Level(int(number)))
                continue
            case ["/anyway"] if last:
                line = last
            case _:
                last = line
        try:
            conversation = _answer(session, conversation, line, overridden=overridden)
        except Known as problem:
            click.echo(str(problem), err=True)


def _answer(session: Session, conversation: int | None, text: str, *, overridden: bool) -> int:
    for part in asking.ask(session, text, conversation=conversation, overridden=overridden):
        match part:
            case {"words": words}:
                click.echo(words, nl=False)
            case {"help": card}:
                show_help_card(card)
            case {"outcome": outcome}:
                if outcome["route"] == "human":
                    click.echo(outcome["answer"], nl=False)
                click.echo()
                show_mark(outcome)
    return session.conversations()[0].id


def _change_level(session: Session, level: Level) -> None:
    up = level > session.level()
    if up and not click.confirm(
        _("Going up a level is deliberate. Go to {level}?").format(level=wording.level_name(level))
    ):
        return
    session.set_level(level, confirmed=up)
    _say_level(level)


def _locked(session: Session) -> None:
    """Locked from elsewhere: close the space and end this process, whatever it was doing."""
    session.close()
    click.echo(_("Locked."))
    os._exit(0)  # the prompt's thread waits for a line that never comes


def _say_level(level: Level) -> None:
    click.echo(f"{wording.level_name(level)}: {wording.level_meaning(level)}")
