# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace guard`: ask the guard about a text, and let it prove its rules. Opens no space."""

import json
import sys
from typing import Any, Final

import click

from safespace import paths
from safespace.cli.output import json_option, show_json, show_words
from safespace.domain import Level, Route
from safespace.errors import Known, Usage
from safespace.guard import wording
from safespace.guard.detect.scan import Scanner
from safespace.guard.reading.reader import Reader
from safespace.guard.reading.windows import Look
from safespace.i18n import N_, _
from safespace.session.computer import Computer
from safespace.session.dry_run import Checked, Checker, outcome
from safespace.session.turn.second_look import look_of

_LEVELS: Final = click.IntRange(0, 4)
_no_model = click.option(
    "--no-model",
    is_flag=True,
    help=N_("Let no model of the shelf read along."),
)
_level = click.option(
    "--level", type=_LEVELS, required=True, metavar="N", help=N_("As at this level.")
)
_region = click.option(
    "--region", metavar="XX", help=N_("Country of telephone numbers without a prefix.")
)


@click.group()
def guard() -> None:
    pass


@guard.command(help=N_("Judge one JSON object per line, as JSON."))
@_level
@_region
@click.option(
    "--jsonl",
    is_flag=True,
    required=True,
    expose_value=False,
    help=N_("Lines of JSON in and out."),
)
@_no_model
def check(level: int, region: str | None, no_model: bool) -> None:
    checker = _checker(level, region, no_model=no_model)
    for untrusted in sys.stdin.buffer:
        if not untrusted.strip():
            continue
        click.echo(json.dumps(_judged(untrusted, checker)))


def _judged(untrusted: bytes, checker: Checker) -> dict[str, Any]:
    try:
        line = json.loads(untrusted.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict):
        return {"id": None, "route": "human", "error": _("A line is not a JSON object.")}
    try:
        return outcome(line.get("id"), checker.check(line))
    except Usage as problem:
        return {"id": line.get("id"), "route": "human", "error": str(problem)}


@guard.command(help=N_("Say why a text from standard input would go where it would."))
@_level
@_region
@_no_model
def explain(level: int, region: str | None, no_model: bool) -> None:
    untrusted = sys.stdin.buffer.read().decode("utf-8", "replace")
    checked = _checker(level, region, no_model=no_model).check({"text": untrusted})
    show_words("".join(f"{line}\n" for line in _explained(checked)))


@guard.command(help=N_("Try the rules in every state, and in every state one step stricter."))
@json_option
@click.pass_context
def prove(context: click.Context, as_json: bool) -> None:
    from safespace.guard.proving import prove as proving

    proof = proving.prove()
    if as_json:
        show_json(
            {
                "states": proof.states,
                "edges": proof.edges,
                "violations": len(proof.violations),
                "seconds": round(proof.seconds, 3),
                "routes": dict(proof.routes),
            }
        )
    else:
        click.echo(
            _("{states} states, {edges} edges, {violations} violations, {seconds} seconds").format(
                states=proof.states,
                edges=proof.edges,
                violations=len(proof.violations),
                seconds=f"{proof.seconds:.2f}",
            )
        )
        for one in proof.violations:
            click.echo(f"{one.fact}: {one.strict} / {one.lax}: {one.what}")
    context.exit(1 if proof.violations else 0)


def _checker(level: int, region: str | None, *, no_model: bool) -> Checker:
    if region is not None and not (len(region) == 2 and region.isascii() and region.isalpha()):
        raise Usage(_("A region is a country in two letters, such as DE."))
    folder = paths.assets() / "guard"
    country = region.upper() if region else None
    look = None if no_model else _look()
    return Checker(Reader(folder), Scanner(folder), Level(level), country, look)


def _look() -> Look | None:
    """How the model on the shelf reads along; None: it is too weak for that, or there is none."""
    computer = Computer.here()
    try:
        model = computer.shelf.choose("")
    except Known:
        return None
    return look_of(computer.engine(), model.path, paths.assets() / "guard" / "readers.toml")


def _explained(checked: Checked) -> list[str]:
    decision = checked.decision
    lines = [wording.plain(decision.route, decision.decisive)]
    lines += map(wording.sentence, decision.decisive[1:])
    lines += filter(None, map(wording.way_on, decision.decisive))
    lines += map(wording.way, checked.ways)
    if decision.route < Route.COOP and not checked.ways:
        lines.append(_("Nothing that could be otherwise would take it further."))
    kinds = sorted({one.kind.value for one in checked.away.found.all})
    if kinds:
        lines.append(_("Found: {kinds}").format(kinds=", ".join(kinds)))
    if decision.obligations:
        lines.append(
            _("Only with: {duties}").format(duties=", ".join(sorted(decision.obligations)))
        )
    return lines
