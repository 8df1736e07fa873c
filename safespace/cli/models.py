# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace models`: what lies on the shelf and could, and putting a file there."""

import difflib
import sys
import tempfile
from pathlib import Path

import click

from safespace import paths
from safespace.cli.model_rows import card_row, fit_row, progress_row, row_of
from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Level, ModelCard
from safespace.errors import NeedsConfirm, NoModel, Unanswered, Usage
from safespace.i18n import N_, _
from safespace.local_ai.shelf import outlook
from safespace.local_ai.shelf.fit import show_bytes
from safespace.local_ai.shelf.shelf import ShelfModel
from safespace.session import suitability
from safespace.session.computer import Computer
from safespace.session.fetching import wording
from safespace.session.fetching.held import not_over
from safespace.session.fetching.order import Notes, Progress, Stage
from safespace.session.file_lock import is_held
from safespace.session.session import Session

_LOOK_S = 0.25


@click.group()
def models() -> None:
    pass


@models.command(name="list", help=N_("Name the models on the shelf."))
@click.option("--all", "every", is_flag=True, help=N_("Every one that the catalogue knows, too."))
@json_option
def list_(every: bool, as_json: bool) -> None:
    computer = Computer.here()
    found = computer.shelf.models()
    there = {model.path.name for model in found}
    others = [card for card in computer.catalogue.cards if every and card.file not in there]
    if as_json:
        rows = [*map(row_of, found), *map(card_row, others)]
        show_json(rows)
        return
    for model in found:
        show_words(f"{model.name}  {show_bytes(model.size)}  {model.path.name}\n")
    for progress in not_over(computer.shelf.folder):
        show_words(f"{progress.file}  {wording.said(progress)}\n")
    if others:
        click.echo(_("Known, and not on this computer:"))
    for card in others:
        stands = _("can be fetched") if card.fetchable else _("bring its file yourself")
        click.echo(f"{card.name}  {suitability.size_said(card)}  {card.licence}  {stands}")
    if not found and not others:
        click.echo(_("The shelf is empty. Put a model there: safespace models import FILE"))


@models.command(help=N_("Show the card of a model, and whether it fits this computer."))
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    computer = Computer.here()
    card, model = _known(computer, name)
    machine = suitability.machine_with(computer.cards())
    if model:
        seen = suitability.of_model(model, computer.shelf, machine)
    else:
        assert card  # one of the two is known
        seen = suitability.of_card(card, computer.shelf, machine)
    if as_json:
        row = row_of(model) if model else {}
        show_json({**(card_row(card) if card else {}), **row, "fit": fit_row(seen)})
        return
    show_words(f"{card.name if card else name}\n")
    for line in suitability.told(card) if card else ():
        show_words(f"{line}\n")
    finds = model.finds if model else bool(card and card.finds)
    if finds and not card:
        click.echo(suitability.finding())
    for line in suitability.fit(seen, finds=finds):
        click.echo(line)


@models.command(help=N_("Fetch the file of a model, or go on; Ctrl-C pauses."))
@click.argument("name")
@json_option
@space_option
def get(name: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        computer = Computer.here()
        card = computer.catalogue.called(name)
        if card is None:
            raise _unknown(computer, name)
        if not as_json:
            machine = suitability.machine_with(computer.cards())
            seen = suitability.of_card(card, computer.shelf, machine)
            for line in suitability.fit(seen, finds=card.finds):
                click.echo(line, err=True)
        progress = _followed(session, card)
    if as_json:
        show_json(progress_row(progress))
    if progress.stage is Stage.FAILED:
        raise Unanswered(wording.said(progress))
    if not as_json:
        click.echo(wording.said(progress))


@models.command(help=N_("Let a fetching rest; “get” goes on."))
@click.argument("name")
def pause(name: str) -> None:
    computer = Computer.here()
    card = computer.catalogue.called(name)
    if card is None or not card.file:
        raise _unknown(computer, name)
    notes = Notes(computer.shelf.folder, card.file)
    if not is_held(notes.held):
        raise Usage(_("It is not being fetched just now."), _("“safespace models list” shows it."))
    notes.ask_to_pause()
    click.echo(_("It will pause in a moment."))


@models.command(name="import", help=N_("Put a GGUF model file on the shelf."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--language",
    "languages",
    metavar="CODE",
    multiple=True,
    help=N_("A language it speaks, such as en or de; may be given several times."),
)
@click.option(
    "--for-all", is_flag=True, help=N_("For every account of this computer, where you may.")
)
@json_option
def import_(file: Path, languages: tuple[str, ...], for_all: bool, as_json: bool) -> None:
    shelf = Computer.here().shelf
    model = shelf.add(file, languages=frozenset(languages), for_all=for_all)
    if as_json:
        show_json(row_of(model))
    else:
        click.echo(_("{file} is on the shelf.").format(file=model.path.name))
        if model.finds:
            click.echo(suitability.finding())
        elif model.card is None:
            click.echo(
                _("Nothing is known of it, so its every question comes back to you first.")
                + " "
                + _("Say which languages it speaks: --language CODE.")
            )


@models.command(help=N_("Read a model's file whole, and compare it with its card."))
@click.argument("name")
@json_option
def verify(name: str, as_json: bool) -> None:
    computer = Computer.here()
    model = computer.shelf.verify(_on_shelf(computer, name).path.name)
    known = bool(model.card and model.card.sha256)
    if as_json:
        show_json({**row_of(model), "verified": known})
    elif known:
        click.echo(_("{file} is the file on its card, to the byte.").format(file=model.path.name))
    else:
        click.echo(
            _(
                "{file} is a model file. Nobody can tell whether it is the one its maker made."
            ).format(file=model.path.name)
        )


@models.command(help=N_("Delete a model's file from the shelf."))
@click.argument("name")
@click.option("--confirm", is_flag=True, help=N_("Deleting it is meant."))
@json_option
def remove(name: str, confirm: bool, as_json: bool) -> None:
    computer = Computer.here()
    model = _on_shelf(computer, name)
    if not confirm:
        raise NeedsConfirm(
            _("Others who have a space on this computer may use the same models.")
            + " "
            + _("{model} takes {size} of disk.").format(
                model=model.name, size=show_bytes(model.size)
            ),
            _("Add --confirm to go on."),
        )
    freed = computer.shelf.remove(model.path.name)
    if as_json:
        show_json({"name": name, "freed": freed})
    else:
        click.echo(_("{model} was deleted.").format(model=model.name))
        click.echo(_("{size} are free again.").format(size=show_bytes(freed)))


@models.command(help=N_("Measure how fast this computer answers, with a model on the shelf."))
@click.argument("name", required=False, default="")
@json_option
@space_option
def calibrate(name: str, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        if session.level() is Level.NO_AI:
            raise Usage(
                _("You are at level 0, No AI: no model is loaded."),
                _("You can choose another level at any time."),
            )
        computer = Computer.here()
        model = computer.shelf.choose(_on_shelf(computer, name).path.name if name else "")
        engine = computer.engine()
        try:
            done = outlook.calibrate(engine, model)
        finally:
            engine.close()
    if as_json:
        show_json(
            {
                "file": model.path.name,
                "tokens_per_s": round(done.tokens_per_s, 1),
                "threads": done.threads,
            }
        )
    else:
        click.echo(
            _("{model} answers with {speed:.0f} tokens a second on this computer.").format(
                model=model.name, speed=done.tokens_per_s
            )
        )


@models.command(help=N_("Take a newer catalogue of models from a folder; it must be signed."))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
def catalogue(folder: Path, as_json: bool) -> None:
    from safespace.local_ai.shelf import trust  # nobody else needs what checks signatures

    taken = trust.take(folder, paths.taken_catalogue())
    if as_json:
        show_json({"version": taken.version, "models": len(taken.cards)})
    else:
        click.echo(
            _("The catalogue is version {version} now, with {count} models.").format(
                version=taken.version, count=len(taken.cards)
            )
        )


@models.command(help=N_("For who keeps the catalogue: fetch a file, note what it tells."))
@click.argument("name")
@click.argument("address")
@click.option(
    "--catalogue",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=N_("The catalogue that is written; it must be signed afterwards."),
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help=N_("A host that may pass the file on; may be given several times."),
)
@json_option
@space_option
def refresh(
    name: str,
    address: str,
    file: Path,
    hosts: tuple[str, ...],
    as_json: bool,
    space_name: str | None,
) -> None:
    from safespace.local_ai.shelf.refreshing import facts_of, with_facts

    before = file.read_text("utf-8")
    with_facts(before, name, {})  # before anything is fetched for a card that is not there
    with opened(space_name) as session, tempfile.TemporaryDirectory() as scratch:
        came = Path(scratch, "model.gguf")
        session.fetching.learning.fetch(address, hosts, came)
        facts = facts_of(came, address.rpartition("/")[2], address, hosts)
    file.write_text(with_facts(before, name, facts), "utf-8")
    if as_json:
        show_json(dict(facts))
    else:
        click.echo(
            _("{model}: {size}, SHA-256 {digest}. Sign the catalogue now.").format(
                model=name, size=show_bytes(int(str(facts["size"]))), digest=facts["sha256"]
            )
        )


def _known(computer: Computer, name: str) -> tuple[ModelCard | None, ShelfModel | None]:
    """What the catalogue and the shelf have of this name. Raises NoModel."""
    card = computer.catalogue.called(name)
    try:
        model = computer.shelf.called(card.name if card else name)
    except NoModel:
        if card is None:
            raise _unknown(computer, name) from None
        return card, None
    return card or model.card, model


def _on_shelf(computer: Computer, name: str) -> ShelfModel:
    """The model of this name. Raises NoModel with the names that there are."""
    try:
        return computer.shelf.called(name)
    except NoModel as problem:
        there = ", ".join(model.name for model in computer.shelf.models())
        way_on = (
            _("There is: {models}.").format(models=there)
            if there
            else _("The shelf is empty. Put a model there: safespace models import FILE")
        )
        raise NoModel(problem.sentence, way_on) from None


def _unknown(computer: Computer, name: str) -> NoModel:
    """Nothing is called so; what might have been meant is named."""
    known = [
        *(model.name for model in computer.shelf.models()),
        *(card.name for card in computer.catalogue.cards),
    ]
    meant = [one for one in known if one.casefold().startswith(name.casefold())]
    meant = meant or difflib.get_close_matches(name, known, n=1)
    return NoModel(
        _("No model is called “{name}”.").format(name=name),
        _("Did you mean {near}?").format(near=meant[0])
        if name and meant
        else _("“safespace models list --all” names them."),
    )


def _followed(session: Session, card: ModelCard) -> Progress:
    """Begin, and follow it to its end; Ctrl-C pauses it."""
    progress = session.fetching.get(card)
    shown = sys.stderr is not None and sys.stderr.isatty()
    try:
        while not session.fetching.wait(_LOOK_S):
            now = session.fetching.of(card)
            if shown and now:
                click.echo(f"\r\x1b[K{now.part:.0%}  {wording.said(now)}", nl=False, err=True)
    except KeyboardInterrupt:
        session.fetching.pause(card.file)
        session.fetching.wait(5)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
    return session.fetching.of(card) or progress
