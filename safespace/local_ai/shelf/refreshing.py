# SPDX-License-Identifier: AGPL-3.0-or-later
"""For who keeps the catalogue: a file is fetched, and what only a file can tell is written down.

Address, hosts, size and SHA-256 stand on a card only where somebody did this; the catalogue is
signed afterwards (`tools/signing.py`).
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from safespace.errors import NoModel
from safespace.i18n import _
from safespace.local_ai.gguf.head import read_head

_VERSION: Final = re.compile(r"^version = (\d+)$", re.MULTILINE)
_HEAD: Final = "[[model]]\n"
_KEYS: Final = ("file", "address", "hosts", "size", "sha256")


def facts_of(file: Path, name: str, address: str, hosts: tuple[str, ...]) -> Mapping[str, object]:
    """What a card says of a fetched `file`. Raises ModelDamaged if it is no model, StorageError."""
    read_head(file)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    facts: dict[str, object] = {"file": name, "address": address}
    if hosts:
        facts["hosts"] = list(hosts)
    return {**facts, "size": file.stat().st_size, "sha256": digest}


def with_facts(catalogue: str, name: str, facts: Mapping[str, object]) -> str:
    """The text of a catalogue, one version higher, with `facts` on the card called `name`.

    All else stays as it is written. Raises NoModel if it has no such card.
    """
    before, *cards = catalogue.split(_HEAD)
    found = [n for n, card in enumerate(cards) if f'name = "{name}"\n' in card]
    if len(found) != 1 or not _VERSION.search(before):
        raise NoModel(_("The catalogue has no model “{name}”.").format(name=name))
    lines = cards[found[0]].rstrip("\n").splitlines()
    kept = [line for line in lines if line.partition(" =")[0] not in _KEYS]
    told = [f"{key} = {_toml(facts[key])}" for key in _KEYS if key in facts]
    cards[found[0]] = "\n".join([*kept, *told]) + "\n\n"
    before = _VERSION.sub(lambda now: f"version = {int(now[1]) + 1}", before, count=1)
    return _HEAD.join([before, *cards]).rstrip("\n") + "\n"


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value) if isinstance(value, int) else f'"{value}"'
