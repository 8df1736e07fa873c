# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keepers of a catalogue, with keys made for one test."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner

from safespace import paths
from safespace.local_ai.shelf.catalogue import NAME
from tools import signing

LATER = timedelta(days=30)
CARD = """\
[[model]]
name = "Known"
file = ""
maker = "Somebody"
licence = "MIT"
languages = ["en"]
not_for = []
demonstration = false
parameters = 1
source = "https://models.example/known"
"""


@dataclass
class Keepers:
    """Three who keep a catalogue; the program came with `own`, at version 1."""

    folder: Path
    keys: list[CryptoSigner] = field(default_factory=signing.new_keys)

    def __post_init__(self) -> None:
        self.own = self.publish("own", 1)
        signing.root_of(self.keys, self.ends()).to_file(str(self.own / "root.json"))

    def ends(self, later: timedelta = LATER) -> datetime:
        return datetime.now(UTC).replace(microsecond=0) + later

    def publish(
        self,
        name: str,
        version: int,
        keys: Sequence[CryptoSigner] | None = None,
        later: timedelta = LATER,
    ) -> Path:
        """A folder with the catalogue of that version, signed."""
        folder = self.folder / name
        folder.mkdir()
        (folder / NAME).write_text(f"version = {version}\n\n{CARD}", "utf-8")
        signers = self.keys[:2] if keys is None else keys
        signing.sign(folder / NAME, folder, signers, self.ends(later))
        return folder


def the_programs_own(folder: Path) -> Path:
    """A copy of what the program came with."""
    return Path(shutil.copytree(paths.assets() / "models", folder / "ours"))
