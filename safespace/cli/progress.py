# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a long act has come: one line on standard error, written over again and again."""

import sys

import click

from safespace.session.keys.stages import Stage, said

_LINE_ANEW = "\r\x1b[K"


class Progress:
    """Shows nothing where standard error is no terminal. Any thread."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._last = ""

    def tell(self, stage: Stage, part: float | None) -> None:
        """Show `stage`, and of a `part` between 0 and 1 how many hundredths."""
        line = said(stage) if part is None else f"{said(stage)} {part * 100:.0f} %"
        if self._shown and line != self._last:
            self._last = line
            click.echo(f"{_LINE_ANEW}{line}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line empty for what comes."""
        if self._last:
            click.echo(_LINE_ANEW, nl=False, err=True)
