# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safespace config`: the table of settings, in the terminal."""

import click

from safespace import paths
from safespace.cli import passphrase
from safespace.cli.output import json_option, show_json, space_option
from safespace.i18n import _
from safespace.session.entrance import Entrance
from safespace.session.session import Session
from safespace.settings import TABLE, ComputerSettings, Scope, Setting, Value, find


@click.command()
@click.argument("key", required=False)
@click.argument("value", required=False)
@json_option
@space_option
def config(key: str | None, value: str | None, as_json: bool, space_name: str | None) -> None:
    if key is None:
        _list(as_json)
        return
    setting = find(key)
    if setting.scope is Scope.COMPUTER:
        kept: ComputerSettings | Session = ComputerSettings(paths.settings_file())
        now = _get_or_set(kept, setting, value)
    else:
        entrance = Entrance.here()
        info = entrance.find(space_name)
        session = entrance.unlock(info, passphrase.existing(), warm=False)
        try:
            now = _get_or_set(session, setting, value)
        finally:
            session.close()
    if as_json:
        show_json({"key": key, "value": now})
    else:
        click.echo(setting.show(now))


def _get_or_set(kept: ComputerSettings | Session, setting: Setting, value: str | None) -> Value:
    if value is not None:
        kept.set(setting.key, setting.parse(value))
    return kept.get(setting.key)


def _list(as_json: bool) -> None:
    """Every setting with its words; values of a space need its passphrase, so name its key."""
    if as_json:
        show_json(
            [
                {
                    "key": setting.key,
                    "scope": setting.scope,
                    "default": setting.default,
                    "allowed": setting.allowed(),
                    "doc": _(setting.doc),
                }
                for setting in TABLE
            ]
        )
        return
    for setting in TABLE:
        click.echo(click.style(setting.key, bold=True) + f"  ({setting.allowed()})")
        click.echo(f"  {_(setting.label)}. {_(setting.doc)}")
    click.echo(_("One alone shows what it is set to: safespace config KEY"))
