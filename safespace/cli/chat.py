# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace chat`: the same assistant without a screen."""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import click

from safespace.cli import line_editor, passphrase
from safespace.cli.called_off import unless_called_off
from safespace.cli.keys import show_code
from safespace.cli.output import (
    say_noticed,
    show_help_card,
    show_mark,
    show_openings,
    show_words,
    space_option,
)
from safespace.cli.talk_lock import TalkLock
from safespace.cli.yes_or_no import said_yes
from safespace.domain import Level, Route, TaskKind
from safespace.errors import Known, Usage, WaitFirst, WrongPassphrase
from safespace.guard import wording
from safespace.guard.wording.pins import WORDS, pin_meaning
from safespace.i18n import N_, _
from safespace.session import knocks
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.session.turn import asking, events
from safespace.session.turn.line import in_line, passing_by
from safespace.session.turn.tasks import FORMS, Task
from safespace.store.spaces import SpaceInfo

_OPENINGS: Final = 3
"""How many of the earlier openings are shown; `space unlock-check` shows all that are kept."""
_COMMAND: Final = re.compile(r"/[a-z]+")


@click.command()
@click.option("--recovery", is_flag=True, help=N_("Unlock with the recovery code."))
@click.option("--keyring", is_flag=True, help=N_("Unlock by this computer's keyring."))
@space_option
def chat(recovery: bool, keyring: bool, space_name: str | None) -> None:
    entrance = Entrance.here()
    if not entrance.spaces():
        session = _created(entrance)
    elif keyring:
        session = entrance.unlock_with_keyring(entrance.find(space_name))
    else:
        session = _unlocked(entrance, entrance.find(space_name), recovery=recovery)
    lock = TalkLock(session, line_editor.begin())
    session.listen(
        knocks.handlers(
            session,
            come_up=lambda: None,
            lock=lock.lock,
            changed=lambda: None,
        )
    )
    lock.watch(entrance)
    try:
        if session.notice:
            click.echo(session.notice, err=True)
        say_noticed(session.truth.noticed())
        show_openings(session.openings[:_OPENINGS])
        _say_level(session.level())
        click.echo(
            _(
                "Commands: /level N, /pin no-ai, here, redacted or off, /anyway, /new, /quit; /task"
                " summary, rewrite, translation, explanation or letter, and how, for the next line."
                " Ctrl+C stops an answer."
            )
        )
        _talk(session, lock)
        _back_up(session)
    finally:
        lock.close()


def _back_up(session: Session) -> None:
    """Make the backup that is due before the space closes; Ctrl+C is the way past it."""
    if not session.backups.due():
        return
    click.echo(_("Making the backup of today; Ctrl+C closes without it."))
    unless_called_off(session.backups.at_close, session.backups.skip)


def _unlocked(entrance: Entrance, info: SpaceInfo, *, recovery: bool) -> Session:
    while True:
        try:
            if recovery:
                return entrance.unlock_with_recovery(info, passphrase.recovery_code())
            return entrance.unlock(info, passphrase.existing())
        except WrongPassphrase as problem:
            click.echo(str(problem), err=True)
            if passphrase.is_given():
                raise
        except WaitFirst as problem:
            if passphrase.is_given():
                raise
            click.echo(str(problem), err=True)
            time.sleep(problem.seconds)


def _created(entrance: Entrance) -> Session:
    click.echo(_("Welcome. A space keeps what you say and write, sealed by your passphrase."))
    name = click.prompt(_("What shall we call you here?"))
    click.echo(_("If passphrase and recovery code are both lost, nobody can help you."))
    session, code = entrance.create(name, passphrase.fresh())
    show_code(session.name, code)
    return session


def _talk(session: Session, lock: TalkLock) -> None:
    talk, begun = _Talk(session), session.draft(None)
    if "\n" in begun:  # it stays for the window, which has room for it
        begun = ""
    while True:
        lock.conversation = talk.conversation
        try:
            click.echo()
            line = line_editor.ask("> ", begun).strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if line == "/quit":
            return
        if begun:
            session.save_draft(None, "")
        begun = ""
        try:
            talk.take(line)
        except Known as problem:
            click.echo(f"\n{problem}", err=True)


class _Talk:
    """What one line leads to. Lines follow each other in one conversation, until `/new`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.conversation: int | None = None
        self._first_pin = Route.COOP
        self._task: Task | None = None
        self._last: tuple[str, Task | None] | None = None

    def take(self, line: str) -> None:
        """Do what `line` says. Raises what a turn fails with, and Usage."""
        match line.split():
            case []:
                pass
            case ["/new"]:
                self.conversation, self._first_pin = None, Route.COOP
            case ["/level", ("0" | "1" | "2" | "3" | "4") as number]:
                _change_level(self._session, Level(int(number)))
            case ["/pin", word] if word in WORDS:
                self._pin(WORDS[word])
            case ["/task", word, *detail] if word in FORMS:
                self._task = Task(TaskKind(word), " ".join(detail))
            case ["/anyway"] if self._last:
                self._answer(*self._last, overridden=True)
            case [word, *_rest] if _COMMAND.fullmatch(word):
                raise Usage(
                    _("{word} is no command here, or it lacks a word.").format(word=word),
                    _("It was not asked of a model. The commands are: {commands}.").format(
                        commands="/level N, /pin WORD, /task KIND, /anyway, /new, /quit"
                    ),
                )
            case _:
                self._last, self._task = (line, self._task), None
                self._answer(*self._last, overridden=False)

    def _pin(self, route: Route) -> None:
        if self.conversation is None:
            self._first_pin = route
        else:
            self._session.engagement.pin(self.conversation, route)
        click.echo(pin_meaning(route))

    def _answer(self, text: str, task: Task | None, *, overridden: bool) -> None:
        parts = asking.ask(
            self._session,
            text,
            conversation=self.conversation,
            overridden=overridden,
            pin=self._first_pin,
            task=task,
            agree=_agreed,
        )
        with _interrupt_stops(self._session):
            for part in parts:
                match part:
                    case {"conversation": conversation}:
                        self.conversation = conversation
                    case {"words": words}:
                        show_words(words)
                    case {"waiting": True}:
                        click.echo(in_line())
                    case {"passing_by": True}:
                        click.echo(passing_by())
                    case {"help": card}:
                        show_help_card(card)
                    case {"outcome": outcome}:
                        if outcome["route"] == "human":
                            click.echo(outcome["answer"], nl=False)
                        click.echo()
                        show_mark(outcome)


@contextmanager
def _interrupt_stops(session: Session) -> Iterator[None]:
    """Ctrl+C stops the answer, and pressed again, the program: a model that loads is no answer."""

    def stop(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        Thread(target=session.stop, daemon=True).start()  # this one may hold the session's lock

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _agreed(outgoing: events.Outgoing) -> bool:
    """Show what would leave, and ask."""
    click.echo(_("This, and nothing else, would go to {place}.").format(place=outgoing.place))
    show_words(outgoing.body.decode("utf-8", "replace") + "\n")
    return said_yes(_("Send exactly this? Otherwise it is answered here."))


def _change_level(session: Session, level: Level) -> None:
    before = session.level()
    up = level > before
    if up:
        for sentence in session.engagement.gains(before, level):
            click.echo(sentence)
        question = _("Going up a level is deliberate. Go to {level}?")
        if not said_yes(question.format(level=wording.level_name(level))):
            return
    session.set_level(level, confirmed=up)
    _say_level(level)


def _say_level(level: Level) -> None:
    click.echo(f"{wording.level_name(level)}: {wording.level_meaning(level)}")
