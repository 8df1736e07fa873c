# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace bench`: the assistant's figures on this computer, as JSON."""

import subprocess
import sys
from typing import Final

import click

from safespace import paths
from safespace.errors import Known
from safespace.i18n import N_, _

_ASSISTANT: Final = ("engine.", "worker.", "shelf.", "documents.", "ask.")


@click.command()
@click.option(
    "--only", multiple=True, metavar="PREFIX", help=N_("Only figures whose names begin so.")
)
def bench(only: tuple[str, ...]) -> None:
    source = paths.assets().parent
    if not (source / "bench" / "run.py").is_file():
        raise Known(
            _("This is the packed program: it comes without what measures it."),
            _("Take the source of Safe Space and type: make bench"),
        )
    click.echo(_("This takes many minutes. Other work on this computer changes it."), err=True)
    measure = [sys.executable, "-m", "bench.run", "--json", *(only or _ASSISTANT)]
    ended = subprocess.run(measure, cwd=source, check=False)
    raise click.exceptions.Exit(ended.returncode)
