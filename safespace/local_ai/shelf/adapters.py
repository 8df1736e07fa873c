# SPDX-License-Identifier: AGPL-3.0-or-later
"""LoRA adapters: small files that change how a model speaks, in a folder beside the models."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safespace.errors import ModelDamaged, StorageError, Usage
from safespace.i18n import _
from safespace.local_ai.gguf.head import read_head

FOLDER: Final = "adapters"
"""Where they lie on the shelf: the worker, which reads the shelf alone, reads them too."""
_SUFFIX: Final = re.compile(r"\.gguf$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShelfAdapter:
    """An adapter. `kind` is the kind of model it is for, such as "llama"; `size` is in bytes."""

    name: str
    kind: str
    size: int


class Adapters:
    """Those in `folder`. Single-threaded; creates the folder when it adds one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def every(self) -> list[ShelfAdapter]:
        """By name; a file that is none, or cannot be read, is left out."""
        found = []
        for file in sorted(self._folder.glob("*.gguf")):
            try:
                found.append(ShelfAdapter(file.name, _kind(file), file.stat().st_size))
            except (ModelDamaged, StorageError, OSError):
                continue
        return found

    def file(self, name: str) -> Path:
        """The file of the adapter called so. Raises Usage if there is none."""
        if name not in [one.name for one in self.every()]:
            raise Usage(
                _("There is no adapter called “{name}”.").format(name=name),
                _("Choose another one, or none, under Settings, Assistant."),
            )
        return self._folder / name

    def add(self, file: Path) -> ShelfAdapter:
        """Put a copy of `file` there. Raises ModelDamaged if it is no adapter, StorageError."""
        kind = _kind(file)
        name = _SUFFIX.sub("", file.name) + ".gguf"
        part = self._folder / f"{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, part)
            part.replace(self._folder / name)
            size = (self._folder / name).stat().st_size
        except OSError as problem:
            part.unlink(missing_ok=True)
            raise StorageError(
                _("The adapter could not be put into {folder}.").format(folder=self._folder),
                _("Check that there is room and that you may write there."),
            ) from problem
        return ShelfAdapter(name, kind, size)

    def remove(self, name: str) -> None:
        """Delete one, for everybody on this computer. Raises Usage, StorageError."""
        file = self.file(name)
        try:
            file.unlink()
        except OSError as problem:
            raise StorageError(
                _("{file} could not be deleted.").format(file=name),
                _("Check that you may write there."),
            ) from problem


def _kind(file: Path) -> str:
    """For which kind of model a file is an adapter. Raises ModelDamaged, StorageError."""
    values = read_head(file).values
    if (values.get("general.type"), values.get("adapter.type")) != ("adapter", "lora"):
        raise ModelDamaged(
            _("{file} is no adapter that Safe Space can use.").format(file=file.name),
            _("It takes LoRA adapters in GGUF format."),
        )
    return str(values.get("general.architecture", ""))
