# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace ask`: one question, one answer, through the open window if it holds the space."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click

from safespace.cli import passphrase
from safespace.cli.output import (
    end_if_failed,
    json_option,
    say_noticed,
    show_help_card,
    show_json,
    show_mark,
    show_words,
    space_option,
)
from safespace.domain import TaskKind
from safespace.errors import EngineError, InUse, Usage
from safespace.i18n import N_, _
from safespace.session.entrance import Entrance
from safespace.session.holder import silent
from safespace.session.leaving.origin import Origin, answer_file
from safespace.session.turn import asking, tasks
from safespace.session.turn.line import in_line, passing_by

HANDED_BACK: Final = 10
"""Exit code when no AI answered: the question is the person's again."""

_PATIENCE_S: Final = 60
_LOOK_EVERY_S: Final = 0.2
_LARGEST: Final = 16 << 20


@click.command()
@click.argument("text", metavar="TEXT|-")
@click.option("--anyway", is_flag=True, help=N_("Ask even if the model's card does not cover it."))
@click.option(
    "--task",
    type=click.Choice([kind.value for kind in tasks.FORMS]),
    help=N_("What to do with the text."),
)
@click.option(
    "--detail",
    default="",
    metavar="WORDS",
    help=N_("How, for whom, into which language: what the task leaves open."),
)
@click.option(
    "--document",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=N_("Take this file into the space, and ask about it."),
)
@click.option(
    "--marked",
    is_flag=True,
    help=N_("Print a Markdown file that says, to programs too, what wrote it."),
)
@json_option
@space_option
def ask(
    text: str,
    anyway: bool,
    task: str | None,
    detail: str,
    document: Path | None,
    marked: bool,
    as_json: bool,
    space_name: str | None,
) -> None:
    question = _standard_input() if text == "-" else text
    if detail and not task:
        raise Usage(_("A detail belongs to a task."), _("Say which: --task translation"))
    wanted = tasks.Task(TaskKind(task), detail) if task else None
    outcome: Mapping[str, Any] | None = None
    helped: Mapping[str, Any] | None = None
    for part in _parts(question, anyway, wanted, document, space_name):
        match part:
            case {"words": words} if not (as_json or marked):
                show_words(words)
            case {"waiting": True}:
                click.echo(in_line(), err=True)
            case {"passing_by": True}:
                click.echo(passing_by(), err=True)
            case {"noted": sentence}:
                click.echo(sentence, err=True)
            case {"help": card}:
                helped = card
                if not as_json:
                    show_help_card(card, err=True)
            case {"outcome": whole}:
                outcome = whole
            case _:
                end_if_failed(part)
    if outcome is None:
        raise EngineError(_("The window closed before the answer was whole."), _("Ask again."))
    if as_json:
        show_json({**outcome, "help": helped})
    else:
        if marked and outcome["model"]:
            show_words(answer_file(outcome["answer"], _origin(outcome)))
        if outcome["route"] == "human" and outcome["answer"]:
            click.echo(outcome["answer"], nl=False)
        click.echo()
        show_mark(outcome)
    if outcome["route"] == "human" and not outcome["answer"]:
        raise click.exceptions.Exit(HANDED_BACK)


def _origin(outcome: Mapping[str, Any]) -> Origin:
    return Origin(outcome["model"], outcome["route"], outcome["at"], outcome["partial"])


def _parts(
    question: str,
    anyway: bool,
    task: tasks.Task | None,
    document: Path | None,
    space_name: str | None,
) -> Iterator[asking.Part]:
    entrance = Entrance.here()
    info = entrance.find(space_name)
    word = passphrase.existing()
    patience = time.monotonic() + _PATIENCE_S
    told = False
    while True:
        with suppress(InUse):
            session = entrance.unlock(info, word)
            break
        with suppress(InUse):
            chosen = {"task": str(task.kind), "detail": task.detail} if task else {}
            if document:
                chosen["document"] = str(document.absolute())
            yield from entrance.through(
                info, word, "ask", text=question, overridden=anyway, **chosen
            )
            return
        # Most likely another `ask`, which answers no knock and is soon done.
        if time.monotonic() > patience:
            raise silent()
        if not told:
            click.echo(_("Another program has this space open; waiting for it."), err=True)
        told = True
        time.sleep(_LOOK_EVERY_S)
    try:
        say_noticed(session.truth.noticed())
        for part in asking.ask(session, question, document=document, overridden=anyway, task=task):
            if outcome := part.get("outcome"):
                yield {"outcome": {**outcome, "unlock_ms": session.unlock_ms}}
            else:
                yield part
    finally:
        session.close()


def _standard_input() -> str:
    if sys.stdin is None:
        raise Usage(_("Standard input is closed."), _("Give the question: safespace ask TEXT"))
    untrusted = sys.stdin.buffer.read(_LARGEST + 1)
    if len(untrusted) > _LARGEST:
        raise Usage(_("The question is longer than 16 MiB."), _("Ask about a part of it."))
    try:
        return untrusted.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Usage(_("The question is not UTF-8 text."), _("Convert it first.")) from problem
