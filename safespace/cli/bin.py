# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace space bin`: what was deleted in the last 30 days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from safespace.cli.opened import opened
from safespace.cli.output import json_option, show_json, show_words, space_option
from safespace.domain import Kind
from safespace.errors import NeedsConfirm
from safespace.i18n import N_, _, ngettext
from safespace.session.session import Session
from safespace.session.still_in_backups import last_goes, said
from safespace.store.backups.backups import Backup
from safespace.store.rooms.deletion import erased_at

_kind = click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
_number = click.argument("number", type=int)
_confirm = click.option("--confirm", is_flag=True, help=N_("Yes, for ever."))
_renew = click.option(
    "--renew-backups",
    is_flag=True,
    help=N_("Then make a backup and remove the earlier ones, which may hold it still."),
)


@click.group(name="bin", help=N_("See, restore or erase what was deleted."))
def bin_() -> None:
    pass


@bin_.command(name="list", help=N_("Name what can be restored, the last deleted first."))
@json_option
@space_option
def list_(as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        found = session.bin.every()
    rows = [
        {
            "kind": heading.kind.value,
            "id": heading.id,
            "title": heading.title,
            "deleted": heading.deleted.isoformat(),
            "erased": erased_at(heading).isoformat(),
        }
        for heading in found
        if heading.deleted
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        title = row["title"] or _("Without a title")
        show_words(f"{row['kind']} {row['id']}  {str(row['deleted'])[:10]}  {title}\n")
    if not rows:
        click.echo(_("The bin is empty."))


@bin_.command(help=N_("Take out of the bin what “list” names, such as: note 3"))
@_kind
@_number
@json_option
@space_option
def restore(kind: str, number: int, as_json: bool, space_name: str | None) -> None:
    with opened(space_name) as session:
        session.bin.restore(Kind(kind), number)
    if as_json:
        show_json({"kind": kind, "id": number})
    else:
        click.echo(_("It is where it was."))


@bin_.command(help=N_("Erase what “list” names. It cannot be brought back."))
@_kind
@_number
@_confirm
@_renew
@json_option
@space_option
def erase(
    kind: str,
    number: int,
    confirm: bool,
    renew_backups: bool,
    as_json: bool,
    space_name: str | None,
) -> None:
    def one(session: Session) -> int:
        session.bin.erase(Kind(kind), number)
        return 1

    count, after = _erase(one, confirm, renew_backups, space_name)
    if as_json:
        show_json({"erased": count, **after.facts()})
        return
    click.echo(_("It was erased."))
    after.say()


@bin_.command(help=N_("Erase all that is in the bin. It cannot be brought back."))
@_confirm
@_renew
@json_option
@space_option
def empty(confirm: bool, renew_backups: bool, as_json: bool, space_name: str | None) -> None:
    def every(session: Session) -> int:
        count = len(session.bin.every())
        session.bin.empty()
        return count

    count, after = _erase(every, confirm, renew_backups, space_name)
    if as_json:
        show_json({"erased": count, **after.facts()})
        return
    click.echo(
        ngettext("{count} thing was erased.", "{count} things were erased.", count).format(
            count=count
        )
    )
    after.say()


@dataclass(frozen=True, slots=True)
class _After:
    """Which backups there are afterwards; `renewed`: the only one was made after the erasing."""

    kept: tuple[Backup, ...]
    renewed: bool

    def facts(self) -> dict[str, object]:
        """As JSON values; `held_until` is when the last backup goes that may hold it still."""
        last = None if self.renewed else last_goes(self.kept, datetime.now(UTC))
        return {
            "backups": [str(backup.file) for backup in self.kept],
            "backups_renewed": self.renewed,
            "held_until": last and last.isoformat(),
        }

    def say(self) -> None:
        """What backups still hold, or that none does."""
        if self.renewed:
            click.echo(_("The only backup there is now: {file}").format(file=self.kept[0].file))
        elif held := said(self.kept, datetime.now(UTC)):
            click.echo(held)
            click.echo(_("To have it in none at once: safespace space backup --only"))


def _erase(
    act: Callable[[Session], int], confirm: bool, renew_backups: bool, space_name: str | None
) -> tuple[int, _After]:
    """Do it; how many things were erased, and what backups there are then."""
    if not confirm:
        raise NeedsConfirm(
            _("What is erased cannot be brought back."), _("Add --confirm to go on.")
        )
    with opened(space_name) as session:
        count = act(session)
        if renew_backups:
            return count, _After((session.backups.make(only=True),), renewed=True)
        return count, _After(tuple(session.backups.kept()), renewed=False)
