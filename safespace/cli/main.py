# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands, and the one place where an error becomes a sentence and an exit code."""

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from safespace import __version__
from safespace.cli.interrupted import in_good_order
from safespace.errors import Known, SafeSpaceError, StorageError
from safespace.i18n import N_, _

COMMANDS: Final = {
    "ask": N_("Ask one question; “-” reads it from standard input."),
    "chat": N_("Talk in the terminal."),
    "search": N_("Search everything you keep; “-” reads the words from standard input."),
    "notes": N_("Read, write, find or delete notes."),
    "documents": N_("Take files into the space, find them, take copies out."),
    "assistant": N_("Tell the assistant how to answer; save prompts."),
    "memory": N_("Read, write or delete what is to be remembered."),
    "folders": N_("Put things together, and say how long they are kept."),
    "level": N_("Show or change how far you engage with AI."),
    "consents": N_("Show or change which topics may leave unasked at level 4."),
    "space": N_("Create, list, lock, export or back up a space, or look into its bin."),
    "models": N_("Show the model shelf, or put a model file on it."),
    "config": N_("Show or change settings."),
    "activity": N_("Show what was decided, what left this computer, and check the record."),
    "guard": N_("Ask the guard about a text, or let it prove its rules."),
    "bench": N_("Measure how fast the assistant is here; prints JSON."),
    "doctor": N_("Say what is installed, what is missing, and what to type."),
}


class _Commands(click.Group):
    """Loads a command's module only when it is used: starting is what people wait for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"safespace.cli.{name}"), name)
        assert isinstance(command, click.Command)
        command.help = COMMANDS[name]
        return _translated(command)


def _translated(command: click.Command) -> click.Command:
    """`command` with its help, and that of all below it, in the chosen language."""
    command.help = _(command.help) if command.help else None
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = _(option.help)
    if isinstance(command, click.Group):
        command.commands = {name: _translated(below) for name, below in command.commands.items()}
    return command


@click.command(cls=_Commands, help=N_("AI on your own terms. Without a command: the window."))
@click.version_option(__version__, prog_name="safespace")
def safespace() -> None:
    pass


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors go to standard error, in one sentence."""
    try:
        with in_good_order():
            code = _translated(safespace).main(
                list(arguments), prog_name="safespace", standalone_mode=False
            )
    except click.exceptions.Abort:
        click.echo(_("Stopped."), err=True)
        return 130
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except Known as problem:
        click.echo(str(problem), err=True)
        return problem.exit_code
    except SafeSpaceError as defect:
        click.echo(str(defect), err=True)
        return 1
    except SystemExit:  # click's way when whoever read our output has gone
        return 141
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            return _bug(problem)
        _abandon_output()
        click.echo(_("The output could not be written: the disk is full."), err=True)
        return StorageError.exit_code
    except Exception as defect:  # noqa: BLE001 - the one place where a command's bugs end
        return _bug(defect)
    return code if isinstance(code, int) else 0  # click returns the code of an Exit


def _abandon_output() -> None:
    """Nobody takes our output: let nothing try again when Python ends (docs of `signal`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(defect: Exception) -> int:
    from safespace.session.checks import bugs

    click.echo(str(bugs.keep(defect)), err=True)
    return 1


def say_no_screen() -> None:
    """Say why the terminal opens when the window was expected."""
    click.echo(_("No window can open here, so this is Safe Space in the terminal."))
